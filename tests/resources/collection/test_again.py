"""What is sent again: a failed delivery is tried again, the same content in another cycle is a delivery of that cycle."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from conftest import NOW
from django.test import Client
from django.urls import reverse
from resources.catalogue.town import Town
from resources.collection.sources import a_file, a_source, rows_of, send

from chengshu.dataplane.errors import KeyAmbiguous
from chengshu.dataplane.lake.reading import list_snapshots
from chengshu.kernel.audit.facade import list_entries
from chengshu.kernel.grants.facade import PermissionRefused
from chengshu.resources.contracts.catalogue import Cycle
from chengshu.resources.facade import collection
from chengshu.resources.facade.collection import DeliveryClosed, Lateness, PromiseContent, WriteMode
from chengshu.resources.facade.deliveries import open_lake, raw_table, take_delivery
from chengshu.resources.models import DataSource, Delivery

ZONE = ZoneInfo("Asia/Shanghai")
TWICE = a_file("1,张三,1", "1,李四,2")


def _at(day: int, hour: int = 0) -> datetime:
    return datetime(2024, 3, day, hour, tzinfo=ZONE)


def _send(source: DataSource, town: Town, content: bytes, at: datetime) -> tuple[Delivery, bool]:
    """Send a file at a moment, and take it in the same."""
    delivery, is_new = collection.receive_file(source, content, name="登记.csv", actor=town.operator, now=at)
    return take_delivery(delivery.pk, report=lambda _stage, _rows: None, now=lambda: at), is_new


def _versions(source: DataSource) -> int:
    return len(list_snapshots(open_lake(), raw_table(source)))


class TestFailed:
    """Rows were to be merged by a column that does not tell them apart; the source is put right afterwards."""

    @pytest.fixture
    def failed(self, town: Town) -> Delivery:
        source = a_source(town, mode=WriteMode.MERGE, key=("编号",))
        promise = PromiseContent(Cycle.DAILY, 12, date(2024, 1, 1))
        collection.keep_promise(source, promise, actor=town.operator, now=NOW)
        with pytest.raises(KeyAmbiguous):
            _send(source, town, TWICE, _at(15, 9))
        DataSource.objects.update(key=["姓名"])
        return Delivery.objects.get()

    def test_is_taken_when_the_file_is_sent_again_and_judged_by_that_moment(self, town: Town, failed: Delivery) -> None:
        again, is_new = _send(failed.source, town, TWICE, _at(15, 14))
        assert (again.pk, is_new, again.state, again.taken, again.reason) == (failed.pk, True, "taken", 2, "")
        assert len(rows_of(failed.source)) == 2
        (found,) = collection.list_punctuality(town.operator, now=_at(15, 20))
        assert (found.lateness, found.hours_late) == (Lateness.LATE, 2)
        assert _send(failed.source, town, TWICE, _at(15, 15)) == (again, False)
        assert _versions(failed.source) == 1

    def test_is_tried_again_on_its_page_by_who_may_deliver(self, town: Town, failed: Delivery) -> None:
        page, retry = (reverse(f"resources:{name}", args=[failed.pk]) for name in ("delivery", "delivery-retry"))
        client = Client()
        client.force_login(town.operator)
        assert "再试一次" in client.get(page).content.decode()
        assert client.post(retry)["Location"] == page
        failed.refresh_from_db()
        assert (failed.state, failed.author) == ("waiting", town.operator)
        assert "再试一次" not in client.get(page).content.decode()
        assert "没有失败" in client.post(retry, follow=True).content.decode()
        assert [e.action for e in list_entries(f"delivery:{failed.pk}")].count("resources.retry") == 1
        assert take_delivery(failed.pk, report=lambda _stage, _rows: None, now=lambda: NOW).taken == 2

    def test_is_not_tried_again_by_others_nor_once_it_is_taken(self, town: Town, failed: Delivery) -> None:
        with pytest.raises(PermissionRefused):
            collection.retry_delivery(failed, actor=town.other, now=NOW)
        taken = send(failed.source, town, a_file("3,王五,1"))
        with pytest.raises(DeliveryClosed):
            collection.retry_delivery(taken, actor=town.operator, now=NOW)
