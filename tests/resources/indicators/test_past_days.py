"""Figures of what is held tell of a past day what stood then, whenever they are measured; nothing later changes them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from importlib import import_module

import pytest
from django.apps import apps
from django.db import connection
from resources.catalogue.town import Town, a_content, found_town
from resources.collection.sources import a_source

from chengshu.kernel.indicators.facade import Measurement, Window, get_spec, measure, verify_measurement
from chengshu.resources.facade import catalogue, collection
from chengshu.resources.facade.catalogue import DataResource, FieldContent, Step, StepAsked
from chengshu.resources.models import DataElement, ResourceStanding, SourceStanding

NEXT_YEAR = datetime(2025, 11, 22, 2, tzinfo=UTC)
HELD = ("resources.compliance_rate", "resources.resources_held", "resources.fields_held")


def _at(month: int, day: int, hour: int = 2) -> datetime:
    return datetime(2024, month, day, hour, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Happened:
    """From `since` on an entry stood so; plain data, counted without a database."""

    entry: str
    since: datetime
    state: str
    fields: int
    faults: int


#: What `_live_through` does, in its order.
HISTORY = (
    Happened("a", _at(3, 18), "draft", 4, 0),
    Happened("a", _at(3, 20), "published", 4, 0),
    Happened("b", _at(3, 25), "draft", 4, 1),
    Happened("a", _at(4, 30, 17), "published", 5, 0),  # one in the morning of 1 May in the city
    Happened("b", _at(5, 10), "draft", 4, 0),
    Happened("b", _at(5, 11), "published", 4, 0),
    Happened("b", _at(6, 10), "withdrawn", 4, 0),
)


def _take(resource: DataResource, step: Step, town: Town, at: datetime) -> None:
    resource.refresh_from_db()
    actor = town.operator if step in {Step.SUBMIT, Step.RESTORE} else town.steward
    asked = StepAsked(resource.pk, step, resource.revision, "事由" if step is Step.WITHDRAW else "")
    catalogue.take_step(asked, actor=actor, now=at)


def _change(resource: DataResource, town: Town, at: datetime, **more: object) -> None:
    resource.refresh_from_db()
    catalogue.change_resource(resource.pk, a_content(**more), seen=resource.revision, actor=town.operator, now=at)


def _live_through(town: Town) -> tuple[DataResource, DataResource]:
    first = catalogue.register_resource(a_content(), actor=town.operator, now=_at(3, 18))
    _take(first, Step.SUBMIT, town, _at(3, 19))
    _take(first, Step.APPROVE, town, _at(3, 20))
    told = {"code": "307/MZ002", "name": "收养登记信息"}
    second = catalogue.register_resource(a_content(**told, summary=""), actor=town.operator, now=_at(3, 25))
    fields = (*a_content().fields, FieldContent("djjg", "登记机关", length=40))
    _change(first, town, _at(4, 28), fields=fields, name="婚姻登记档案")
    _take(first, Step.SUBMIT, town, _at(4, 29))
    _take(first, Step.APPROVE, town, _at(4, 30, 17))
    _change(second, town, _at(5, 10), **told)
    _take(second, Step.SUBMIT, town, _at(5, 10))
    _take(second, Step.APPROVE, town, _at(5, 11))
    _take(second, Step.WITHDRAW, town, _at(6, 10))
    return first, second


def _count(day: date) -> tuple[float | None, int, int]:
    """Give compliance, resources and fields at the end of a day of the city, by hand."""
    until = datetime(day.year, day.month, day.day, 16, tzinfo=UTC)  # midnight in the city
    last = {one.entry: one for one in HISTORY if one.since < until}
    listed = [one for one in last.values() if one.state != "withdrawn"]
    shown = [one for one in listed if one.state == "published"]
    good = sum(not one.faults for one in listed)
    return (100 * good / len(listed) if listed else None), len(shown), sum(one.fields for one in shown)


def _measured(days: Iterable[date]) -> dict[date, list[Measurement]]:
    return {day: [measure(key, Window(day, day), "", actor=None, now=NEXT_YEAR) for key in HELD] for day in days}


DAYS = tuple(
    date(2024, month, day)
    for month, day in ((3, 17), (3, 18), (3, 20), (3, 31), (4, 29), (4, 30), (5, 1), (5, 10), (5, 11), (6, 9), (6, 10))
)


@pytest.mark.django_db
def test_each_day_shows_what_stood_at_its_end_in_the_city() -> None:
    _live_through(found_town())
    found = _measured(DAYS)
    assert {
        day: tuple(one.value if one.value is None else float(one.value) for one in kept) for day, kept in found.items()
    } == {day: _count(day) for day in DAYS}
    assert found[date(2024, 3, 17)][0].value is None  # nothing to count is no hundred per cent


@pytest.mark.django_db
def test_what_happens_later_leaves_the_figures_of_a_past_day_as_they_were() -> None:
    town = found_town()
    first, second = _live_through(town)
    kept = [one for many in _measured(DAYS).values() for one in many]
    _take(second, Step.RESTORE, town, _at(11, 1))
    _change(first, town, _at(11, 2), name="婚姻登记信息（新）", fields=a_content().fields[:2])
    _take(first, Step.SUBMIT, town, _at(11, 3))
    _take(first, Step.APPROVE, town, _at(11, 4))
    assert all(verify_measurement(one).same for one in kept)
    assert [one.digest for many in _measured(DAYS).values() for one in many] == [one.digest for one in kept]
    now = measure(
        "resources.fields_held", Window(date(2024, 11, 30), date(2024, 11, 30)), "", actor=None, now=NEXT_YEAR
    )
    assert now.value == Decimal(2)


@pytest.mark.django_db
def test_an_element_that_changes_leaves_earlier_compliance_as_it_was() -> None:
    from chengshu.resources.operations.keeping import recheck_all  # noqa: PLC0415 - the worker's chore

    town = found_town()
    element = DataElement.objects.create(code="DE1", name="公民身份号码", type="text", length=18, definition="证件号码")
    fields = (*a_content().fields[:2], FieldContent("sfzh", "公民身份号码", length=18, grade=3, element="DE1"))
    entry = catalogue.register_resource(a_content(fields=fields), actor=town.operator, now=_at(3, 18))
    _take(entry, Step.SUBMIT, town, _at(3, 19))
    _take(entry, Step.APPROVE, town, _at(3, 20))
    march = _measured([date(2024, 3, 31)])[date(2024, 3, 31)][0]
    DataElement.objects.filter(pk=element.pk).update(grade=5)
    recheck_all(_at(7, 1))
    recheck_all(_at(7, 2))
    assert (march.value, verify_measurement(march).same) == (Decimal(100), True)
    assert _measured([date(2024, 7, 31)])[date(2024, 7, 31)][0].value == 0
    assert ResourceStanding.objects.filter(resource=entry).count() == 4  # draft, handed in, published, found wanting


@pytest.mark.django_db
def test_a_source_that_is_switched_off_later_still_counts_for_the_year_before() -> None:
    town = found_town()
    source = a_source(town)
    standing = SourceStanding.objects.get(source=source)
    assert (standing.number, standing.is_active, standing.is_backfilled) == (1, True, False)
    off = collection.switch_source(
        source, is_active=False, seen=source.revision, reason="并入新系统", actor=town.operator, now=_at(8, 1)
    )
    collection.switch_source(
        off, is_active=False, seen=off.revision, reason="再按一次", actor=town.operator, now=_at(8, 2)
    )
    rows = SourceStanding.objects.filter(source=source).order_by("number")
    assert list(rows.values_list("number", "since_at", "is_active"))[1:] == [(2, _at(8, 1), False)]


@pytest.mark.django_db
def test_what_stood_before_standings_were_kept_is_told_by_editions_decisions_and_audit() -> None:
    town = found_town()
    _live_through(town)
    source = a_source(town)
    collection.switch_source(source, is_active=False, seen=1, reason="停用", actor=town.operator, now=_at(8, 1))
    held = {day: [one.value for one in kept[1:]] for day, kept in _measured(DAYS).items()}
    sources = list(SourceStanding.objects.order_by("pk").values_list("source", "number", "since_at", "is_active"))
    with connection.cursor() as cursor:  # as it was before the upgrade
        cursor.execute("DELETE FROM resources_resourcestanding")
        cursor.execute("DELETE FROM resources_sourcestanding")
    migration = import_module("chengshu.resources.migrations.0016_earlier_standings")
    for _again in range(2):
        migration.keep_entries(apps, _Editor())
        migration.keep_sources(apps, _Editor())
    found = _measured(DAYS)
    assert {day: [one.value for one in kept[1:]] for day, kept in found.items()} == held
    assert (
        list(SourceStanding.objects.order_by("pk").values_list("source", "number", "since_at", "is_active")) == sources
    )
    assert set(ResourceStanding.objects.values_list("is_backfilled", flat=True)) == {True}
    # How many faults the draft of March had, nobody kept: it is left out instead of guessed.
    assert (found[date(2024, 3, 31)][0].value, found[date(2024, 3, 31)][0].counted) == (Decimal(100), 1)
    assert "没有留存的不计" in str(get_spec("resources.compliance_rate").definition)


class _Editor:
    """What the functions of a migration ask of an editor: the connection that they work on."""

    connection = connection
