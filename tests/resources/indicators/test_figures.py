"""Every figure of the data service is what one counts by hand over what was done, and the same whenever it is measured."""

import json
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from conftest import NOW
from django.test import override_settings
from django.urls import resolve
from resources.indicators.city import CITY, LATE, City, found_city, moment
from resources.indicators.counting import count_all, mechanisms, obligations
from resources.indicators.recounting import recount

from chengshu.kernel.indicators.facade import (
    Window,
    get_spec,
    list_specs,
    measure,
    read_evidence,
    verify_measurement,
)
from chengshu.kernel.tickets import facade as tickets
from chengshu.resources.contracts.catalogue import Cycle
from chengshu.resources.facade import collection, service
from chengshu.resources.facade.collection import DataSource, PromiseContent
from chengshu.resources.models.collection import DueDelivery
from chengshu.resources.models.months import MonthRecord

KEPT_BY_MONTH = ("resources.management_capacity", "resources.standing_mechanisms")
YEAR = Window(date(2024, 1, 1), date(2024, 12, 31))


@pytest.fixture
def city(db: None, tmp_path: Path) -> City:
    tasks = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
    with override_settings(LAKE_ROOT=tmp_path / "lake", TASKS=tasks):
        return found_city()


def test_figures_are_those_counted_by_hand_and_facts_stay_what_they_were(city: City) -> None:
    _figures_are_those_counted_by_hand()
    _figures_are_those_recounted_from_the_rows()
    _a_month_is_kept_as_it_stood_when_it_was_over(city)
    _overdue_work_counts_where_it_was_due_also_when_it_is_done(city)
    _what_was_due_stays_when_the_promise_changes(city)


def _figures_are_those_counted_by_hand() -> None:
    expected = count_all()
    kept = {key: measure(key, YEAR, f"organisation:{CITY}", actor=None, now=LATE) for key in expected}
    assert {key: float(found.value or 0) for key, found in kept.items()} == expected
    again = {key: measure(key, YEAR, f"organisation:{CITY}", actor=None, now=LATE) for key in expected}
    assert {key: found.digest for key, found in again.items()} == {key: found.digest for key, found in kept.items()}
    assert all(verify_measurement(found).same for found in kept.values())
    elsewhere = [measure(key, YEAR, "organisation:S-SC", actor=None, now=LATE) for key in expected]
    assert not any(found.counted for found in elsewhere)


def _figures_are_those_recounted_from_the_rows() -> None:
    """Over months, over a quarter that begins elsewhere and over a time before everything: by plain Python over all rows."""
    months = [Window(date(2024, month, 1), date(2024, month, 28)) for month in range(1, 7)]
    odd = [Window(date(2024, 3, 20), date(2024, 5, 19)), Window(date(2019, 1, 1), date(2019, 12, 31)), YEAR]
    for window in [*months, *odd]:
        for key, value in recount(window.first, window.last).items():
            kept = measure(key, window, f"organisation:{CITY}", actor=None, now=LATE)
            assert (key, window, kept.value if kept.value is None else float(kept.value)) == (key, window, value)


def _a_month_is_kept_as_it_stood_when_it_was_over(city: City) -> None:
    rows = MonthRecord.objects.order_by("month_on", "topic")
    told = {chapter: {} for chapter in ("obligation", "mechanism")}  # type: dict[str, dict[tuple[int, str], bool]]
    for one in rows:
        told[one.chapter][one.month_on.month, one.topic] = one.items == one.kept
    assert told == {"obligation": obligations(), "mechanism": mechanisms()}
    before = [measure(key, YEAR, "", actor=None, now=LATE) for key in KEPT_BY_MONTH]
    assert service.note_months(LATE) == 0
    assert service.note_months(moment(7, 1)) == 0  # the day of grace is not over
    first = measure(KEPT_BY_MONTH[0], Window(date(2024, 3, 1), date(2024, 3, 31)), "", actor=None, now=LATE)
    names = [column.name for column in get_spec(KEPT_BY_MONTH[0]).columns]
    lines = [dict(zip(["key", "up", "down", *names], json.loads(line), strict=True)) for line in read_evidence(first)]
    assert [(line["title"], line["items"], line["kept"], line["is_kept"]) for line in lines] == [
        ("计划的质量检查当月完成", 1, 1, True),
        ("办完的服务工单和报障按时回访", 4, 4, True),
    ]
    assert all(resolve(line["page"]) for line in lines)
    extra = PromiseContent(Cycle.YEARLY, 24, NOW.date())
    collection.keep_promise(DataSource.objects.get(name="闲置"), extra, actor=city.town.operator, now=NOW)
    assert all(verify_measurement(one).same for one in before)


def _overdue_work_counts_where_it_was_due_also_when_it_is_done(city: City) -> None:
    april, key = Window(date(2024, 4, 1), date(2024, 4, 30)), "resources.work_on_time_rate"
    before = measure(key, april, "", actor=None, now=LATE)
    assert (before.value, before.counted) == (Decimal(0), 2)
    left = tickets.Ticket.objects.get(kind="data_work", state="working")
    given = tickets.Given(note="终于办好")
    tickets.act(
        left.pk, "finish", actor=city.handler, now=LATE + timedelta(hours=1), expected_version=None, given=given
    )
    assert verify_measurement(before).same
    assert measure(key, Window(date(2024, 6, 1), date(2024, 6, 30)), "", actor=None, now=LATE).counted == 0


def _what_was_due_stays_when_the_promise_changes(city: City) -> None:
    owed, register = DueDelivery.objects.order_by("due_at"), DataSource.objects.get(name="登记")
    first = list(owed.values_list("due_at", flat=True))
    assert len(first) == 3
    assert collection.note_dues(LATE) == 0
    weekly = PromiseContent(Cycle.WEEKLY, 24, LATE.date())
    collection.keep_promise(register, weekly, actor=city.town.operator, now=moment(7, 7))
    assert owed.count() == 4  # June, by the promise of then
    assert collection.note_dues(moment(7, 16)) == 2
    assert list(owed.values_list("due_at", flat=True))[:3] == first
    other = DataSource.objects.get(name="名册")
    collection.keep_promise(other, PromiseContent(Cycle.DAILY, 1, NOW.date()), actor=city.town.operator, now=NOW)
    assert not owed.filter(source=other).exists()


def test_units_and_definitions_are_told_for_all() -> None:
    ours = [spec for spec in list_specs() if spec.key.startswith("resources.")]
    assert {spec.key for spec in ours} >= {key for key in count_all() if key.startswith("resources.")}
    assert all(spec.unit and str(spec.definition) for spec in ours)
