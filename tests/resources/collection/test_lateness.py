"""The list of sources says what was due and how late it came, and is narrowed and sorted by it."""

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from conftest import NOW
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from resources.catalogue.town import Town
from resources.collection.fakes import add_delivery
from resources.collection.sources import a_source

from chengshu.resources.contracts.catalogue import Cycle
from chengshu.resources.facade import collection
from chengshu.resources.facade.collection import Lateness, PromiseContent
from chengshu.resources.models import DataSource, Delivery

ZONE = ZoneInfo("Asia/Shanghai")


def _at(day: int, hour: int = 0) -> datetime:
    return datetime(2024, 3, day, hour, tzinfo=ZONE)


def _came(source: DataSource, at: datetime) -> None:
    delivery = add_delivery(source)
    Delivery.objects.filter(pk=delivery.pk).update(state="taken", received_at=at, ended_at=at)


@pytest.fixture
def sources(town: Town) -> dict[str, DataSource]:
    """Sources that promised each day, twelve hours after its end, but for the last two."""
    found = {name: a_source(town, name=name, table=name) for name in ("按时的", "迟的", "缺的", "月报", "没有约定")}
    for name, cycle in (("按时的", Cycle.DAILY), ("迟的", Cycle.DAILY), ("缺的", Cycle.DAILY), ("月报", Cycle.MONTHLY)):
        promise = PromiseContent(cycle, 12, date(2024, 3, 1))
        collection.keep_promise(found[name], promise, actor=town.operator, now=NOW)
    _came(found["按时的"], _at(15, 12))
    _came(found["迟的"], _at(15, 15))
    _came(found["缺的"], _at(14, 9))
    return found


class TestList:
    def test_judges_as_the_page_of_each_source_does(self, town: Town, sources: dict[str, DataSource]) -> None:
        now = _at(15, 20)
        rows: dict[str, Any] = {row.name: row for row in collection.list_punctual_sources(town.operator, now=now)}
        told = {name: (row.lateness, row.due_at) for name, row in rows.items()}
        due = _at(15, 12)
        assert told == {
            "按时的": (Lateness.ON_TIME, due),
            "迟的": (Lateness.LATE, due),
            "缺的": (Lateness.MISSING, due),
            "月报": (None, None),
            "没有约定": (None, None),
        }
        assert (rows["迟的"].late_by, rows["缺的"].late_by) == (timedelta(hours=3), timedelta(hours=8))
        singly = {found.source_id: found for found in collection.list_punctuality(town.operator, now=now)}
        assert {sources[name].pk: told[name] for name in ("按时的", "迟的", "缺的")} == {
            pk: (found.lateness, found.due_at) for pk, found in singly.items()
        }

    def test_owes_nothing_for_a_source_that_is_switched_off(self, town: Town, sources: dict[str, DataSource]) -> None:
        DataSource.objects.filter(pk=sources["缺的"].pk).update(is_active=False)
        row: Any = collection.list_punctual_sources(town.operator, now=_at(15, 20)).get(pk=sources["缺的"].pk)
        assert (row.lateness, row.due_at) == (None, None)

    def test_is_not_seen_by_another_department(self, town: Town, sources: dict[str, DataSource]) -> None:
        assert sources
        assert not collection.list_punctual_sources(town.other, now=_at(15, 20)).exists()

    def test_is_sorted_by_how_late(self, town: Town, sources: dict[str, DataSource]) -> None:
        assert sources
        rows: Any = collection.list_punctual_sources(town.operator, now=_at(15, 20))
        assert [row.name for row in rows.exclude(lateness=None).order_by("-late_by")] == ["缺的", "迟的", "按时的"]


def test_page_is_narrowed_to_what_is_missing_where_the_overview_leads(
    town: Town, sources: dict[str, DataSource]
) -> None:
    client = Client()
    client.force_login(town.steward)
    _came(sources["按时的"], timezone.now())
    missing = f"{reverse('resources:sources')}?lateness=missing"
    assert f'href="{missing}"' in client.get(reverse("resources:service")).content.decode()
    for column in ("due", "lateness", "-late"):
        answer = client.get(f"{missing}&sort={column}")
        page = answer.content.decode()
        shown = {name for name, source in sources.items() if f"/resources/sources/{source.pk}/" in page}
        assert shown == {"迟的", "缺的", "月报"}
        assert "缺交" in page
