"""What is sent again: a failed delivery is tried again, the same content in another cycle is a delivery of that cycle."""

import csv
import io
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
from chengshu.kernel.indicators.facade import Window, measure
from chengshu.resources.contracts.catalogue import Cycle
from chengshu.resources.facade import collection, work
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


class TestWaived:
    """Of a file that is added to others the corrected one is another content: the failed one stays, until somebody says so."""

    @pytest.fixture
    def failed(self, town: Town) -> Delivery:
        source = a_source(town, mode=WriteMode.MERGE, key=("编号",))
        with pytest.raises(KeyAmbiguous):
            _send(source, town, TWICE, _at(15, 9))
        _send(source, town, a_file("1,张三,1", "2,李四,2"), _at(15, 10))
        return Delivery.objects.get(state="failed")

    def test_leaves_the_work_list_with_a_reason(self, town: Town, failed: Delivery, client: Client) -> None:
        page, waive = (reverse(f"resources:{name}", args=[failed.pk]) for name in ("delivery", "delivery-waive"))
        client.force_login(town.operator)
        assert [item.kind for item in work.list_work(town.operator, now=NOW)] == ["failed"]
        assert "不再处理的理由" in client.get(page).content.decode()
        assert "请写明不再处理的理由" in client.post(waive, {"reason": " "}, follow=True).content.decode()
        assert "更正文件已收下" in client.post(waive, {"reason": "更正文件已收下"}, follow=True).content.decode()
        assert list(work.list_work(town.operator, now=NOW)) == []
        assert "不再处理的理由" not in client.get(page).content.decode()
        (entry,) = [e for e in list_entries(f"delivery:{failed.pk}") if e.action == "resources.waive_delivery"]
        assert (entry.actor, entry.reason) == (town.operator, "更正文件已收下")
        with pytest.raises(DeliveryClosed):
            collection.waive_delivery(failed, reason="再说一次", actor=town.operator, now=NOW)

    def test_is_told_apart_in_the_list_and_its_file(self, town: Town, failed: Delivery, client: Client) -> None:
        client.force_login(town.operator)
        page = reverse("resources:deliveries")
        assert "没有成功" in client.get(page, {"state": "failed"}).content.decode()
        collection.waive_delivery(failed, reason="更正文件已收下", actor=town.operator, now=NOW)
        receipt = client.get(reverse("resources:delivery", args=[failed.pk])).content.decode()
        assert "没有成功，不再处理" in receipt
        told = {
            states: [line["状态"] for line in self._lines(client, page, states)]
            for states in (("failed",), ("waived",), ("failed", "waived"), ("taken", "waived"), ())
        }
        assert told == {
            ("failed",): [],
            ("waived",): ["没有成功，不再处理"],
            ("failed", "waived"): ["没有成功，不再处理"],
            ("taken", "waived"): ["已归集", "没有成功，不再处理"],
            (): ["已归集", "没有成功，不再处理"],
        }
        (line,) = self._lines(client, page, ("waived",))
        assert line["不再处理的理由"] == "更正文件已收下"

    def _lines(self, client: Client, page: str, states: tuple[str, ...]) -> list[dict[str, str]]:
        """Give the lines of the list's file, with every column."""
        asked = {"state": list(states), "export": "csv", "columns": ["state", "waived"]}
        answer = client.get(page, asked)
        content = b"".join(answer.streaming_content) if answer.streaming else answer.content  # type: ignore[attr-defined]
        return sorted(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))), key=lambda line: line["状态"])

    def test_stands_there_again_once_it_was_tried_again(self, town: Town, failed: Delivery) -> None:
        collection.waive_delivery(failed, reason="更正文件已收下", actor=town.operator, now=NOW)
        collection.retry_delivery(failed, actor=town.operator, now=NOW)
        with pytest.raises(KeyAmbiguous):
            take_delivery(failed.pk, report=lambda _stage, _rows: None, now=lambda: NOW)
        assert [item.kind for item in work.list_work(town.operator, now=NOW)] == ["failed"]

    def test_is_for_who_collects_there_and_for_failed_ones(self, town: Town, failed: Delivery) -> None:
        with pytest.raises(PermissionRefused):
            collection.waive_delivery(failed, reason="不要了", actor=town.other, now=NOW)
        taken = Delivery.objects.get(state="taken")
        with pytest.raises(DeliveryClosed):
            collection.waive_delivery(taken, reason="不要了", actor=town.operator, now=NOW)


A, B = a_file("1,张三,1"), a_file("2,李四,2", "3,王五,3")


class TestReplaced:
    """Each file takes the place of what the table held."""

    @pytest.fixture
    def source(self, town: Town) -> DataSource:
        return a_source(town, mode=WriteMode.REPLACE)

    def test_table_holds_the_first_file_again_after_the_second(self, town: Town, source: DataSource) -> None:
        first, second, third = (_send(source, town, content, _at(15, 9)) for content in (A, B, A))
        assert (first[1], second[1], third[1]) == (True, True, True)
        assert [row["姓名"] for row in rows_of(source)] == ["张三"]
        assert third[0].pk != first[0].pk
        assert (third[0].taken, third[0].rows_held, third[0].digest) == (1, 1, first[0].digest)
        assert _send(source, town, A, _at(15, 10)) == (third[0], False)
        assert _versions(source) == 3

    def test_also_when_all_three_came_before_the_first_was_taken(self, town: Town, source: DataSource) -> None:
        sent = [
            collection.receive_file(source, content, name="a.csv", actor=town.operator, now=_at(15, 9))[0]
            for content in (A, A, B, A)
        ]
        assert sent[0] == sent[1]
        for delivery in sent:
            take_delivery(delivery.pk, report=lambda _stage, _rows: None, now=lambda: NOW)
        assert [row["姓名"] for row in rows_of(source)] == ["张三"]

    def test_file_without_a_good_row_sent_twice_is_one_delivery(self, town: Town, source: DataSource) -> None:
        _send(source, town, A, _at(15, 9))
        bad, _is_new = _send(source, town, a_file("x,张三,1"), _at(15, 9))
        assert _send(source, town, a_file("x,张三,1"), _at(15, 9)) == (bad, False)


class TestUnchanged:
    """Promised daily, twelve hours after the day; the department has nothing new on the second day."""

    def _source(self, town: Town, mode: WriteMode) -> DataSource:
        source = a_source(town, mode=mode, key=("编号",) if mode is WriteMode.MERGE else ())
        promise = PromiseContent(Cycle.DAILY, 12, date(2024, 1, 1))
        collection.keep_promise(source, promise, actor=town.operator, now=NOW)
        return source

    @pytest.mark.parametrize("mode", list(WriteMode))
    def test_file_is_a_delivery_of_its_day_and_doubles_nothing(self, town: Town, mode: WriteMode) -> None:
        source = self._source(town, mode)
        first, _is_new = _send(source, town, B, _at(15, 9))
        assert _send(source, town, B, _at(15, 10)) == (first, False)
        second, is_new = _send(source, town, B, _at(16, 9))
        assert is_new
        assert second.pk != first.pk
        assert (second.is_unchanged, first.is_unchanged) == (True, False)
        assert (second.state, second.sent, second.version, second.digest) == ("taken", 0, None, first.digest)
        assert _send(source, town, B, _at(16, 10)) == (second, False)
        assert len(rows_of(source)) == 2
        assert _versions(source) == 1
        (found,) = collection.list_punctuality(town.operator, now=_at(16, 20))
        assert (found.lateness, found.taken_at) == (Lateness.ON_TIME, _at(16, 9))

    def test_file_counts_as_on_time_in_the_figure(self, town: Town) -> None:
        source = self._source(town, WriteMode.APPEND)
        for day in (15, 16):
            _send(source, town, B, _at(day, 9))
        collection.note_dues(_at(17))
        days = Window(date(2024, 3, 15), date(2024, 3, 16))
        found = measure("resources.collection_timeliness", days, "organisation:S", actor=None, now=_at(17))
        assert [found.numerator, found.denominator] == [2, 2]

    def test_file_came_late_when_it_was_sent_late(self, town: Town) -> None:
        source = self._source(town, WriteMode.APPEND)
        _send(source, town, B, _at(15, 9))
        _send(source, town, B, _at(16, 14))
        (found,) = collection.list_punctuality(town.operator, now=_at(16, 20))
        assert (found.lateness, found.hours_late) == (Lateness.LATE, 2)

    @pytest.mark.parametrize("mode", [WriteMode.REPLACE, WriteMode.MERGE])
    def test_file_of_the_day_before_yesterday_is_taken_again(self, town: Town, mode: WriteMode) -> None:
        source = self._source(town, mode)
        for day, content in ((15, a_file("2,李四,1")), (16, a_file("2,李四改,2")), (17, a_file("2,李四,1"))):
            delivery, is_new = _send(source, town, content, _at(day, 9))
            assert (is_new, delivery.taken) == (True, 1)
        assert [row["姓名"] for row in rows_of(source)] == ["李四"]

    def test_page_says_that_nothing_changed(self, town: Town) -> None:
        source = self._source(town, WriteMode.APPEND)
        _send(source, town, B, _at(15, 9))
        second, _is_new = _send(source, town, B, _at(16, 9))
        client = Client()
        client.force_login(town.operator)
        assert "没有新的行" in client.get(reverse("resources:delivery", args=[second.pk])).content.decode()

    def test_push_with_its_key_is_the_same_push_on_any_day(self, town: Town) -> None:
        source = self._source(town, WriteMode.APPEND)

        def push(key: str, at: datetime) -> tuple[Delivery, bool]:
            return collection.receive_file(source, A, name="a.csv", actor=town.operator, now=at, push_key=key)

        first, _is_new = push("day-15", _at(15, 9))
        take_delivery(first.pk, report=lambda _stage, _rows: None, now=lambda: _at(15, 9))
        assert push("day-15", _at(16, 9)) == (first, False)
        second, is_new = push("day-16", _at(16, 9))
        assert (is_new, second.is_unchanged) == (True, True)
        assert push("day-16", _at(17, 9)) == (second, False)
