"""Indicators over HTTP: list them, measure them, read what was measured with its evidence, and verify it."""

from datetime import date
from typing import Annotated, Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.timezone import localdate
from django.utils.translation import gettext_noop as _
from ninja import Path, Query, Router, Schema, Status
from pydantic import Field

from chengshu.kernel.grants import facade as grants
from chengshu.kernel.http.facade import Asked, Id, Line, Page, PageAsked, person_of, read_page
from chengshu.kernel.indicators import facade as indicators
from chengshu.kernel.indicators.facade import Aggregation, Direction, IndicatorSpec

router = Router(tags=["indicators"], by_alias=True)
measurements = Router(tags=["indicators"], by_alias=True)
Key = Annotated[str, Path(max_length=80, pattern=r"^[A-Za-z0-9_.-]+$")]
Scope = Annotated[
    str, Field(max_length=121, pattern=r"^([a-z_]+:[^\x00-\x1f\x7f]+)?$", description="如 organisation:代码")
]


class IndicatorRow(Schema):
    """A registered indicator."""

    key: str
    name: str
    unit: str
    direction: Direction
    aggregation: Aggregation
    definition: str
    scopes: list[str] = Field(description="组织以外可以按什么计量")
    query: str


class IndicatorPage(Page[IndicatorRow]):
    """One page of indicators."""


class MeasurementRecord(Schema):
    """A measurement with what its value rests on; decimals are texts."""

    id: int
    key: str
    name: str
    unit: str
    value: str | None
    numerator: str
    denominator: str | None
    first: date = Field(alias="from")
    until: date
    scope: str
    query: str
    digest: str
    sample: list[Any]


class MeasurementPage(Page[MeasurementRecord]):
    """One page of measurements."""


class MeasurementsAsked(PageAsked):
    """Which measurements are asked for."""

    key: list[Line] = Field(default_factory=list, max_length=50, description="指标编号，可多选")
    scope: Scope = ""


class MeasuringAsked(Asked):
    """The days to measure, both included, and over what; an empty scope is the whole city."""

    first: date = Field(alias="from")
    until: date
    scope: Scope = ""


class VerificationRecord(Schema):
    """Whether the facts are the ones that were counted; the keys of those that are not, where the old ones were kept."""

    same: bool
    was: str
    now: str = Field(alias="is")
    added: list[str] | None
    removed: list[str] | None
    altered: list[str] | None


@router.get("", response=IndicatorPage, summary=_("登记的指标"))
def list_indicators(request: HttpRequest, asked: Query[PageAsked]) -> dict[str, Any]:
    """List the registered indicators by key."""
    grants.require_anywhere(person_of(request), indicators.SEE, on=localdate())
    words = asked.q.casefold().split()
    rows = [_write_spec(spec) for spec in indicators.list_specs()]
    found = [row for row in rows if all(word in f"{row.key} {row.name}".casefold() for word in words)]
    first = (asked.page - 1) * asked.size
    return {"items": found[first : first + asked.size], "page": asked.page, "size": asked.size, "count": len(found)}


@router.get("/{key}", response=IndicatorRow, summary=_("一个指标"))
def get_indicator(request: HttpRequest, key: Key) -> IndicatorRow:
    """Give a registered indicator."""
    grants.require_anywhere(person_of(request), indicators.SEE, on=localdate())
    return _write_spec(indicators.get_spec(key))


@router.post("/{key}/measurements", response={201: MeasurementRecord}, summary=_("计量一个指标"))
def measure_indicator(request: HttpRequest, key: Key, asked: MeasuringAsked) -> Status[dict[str, Any]]:
    """Measure an indicator over days and a scope, and keep the value with its evidence."""
    viewer, now = person_of(request), timezone.now()
    grants.require_anywhere(viewer, indicators.MEASURE, on=localdate(now))
    window = indicators.Window(asked.first, asked.until)
    kept = indicators.measure(key, window, asked.scope, actor=viewer, now=now)
    return Status(201, indicators.write_record(kept))


@measurements.get("", response=MeasurementPage, summary=_("计量记录"))
def list_measurements(request: HttpRequest, asked: Query[MeasurementsAsked]) -> dict[str, Any]:
    """List the measurements in sight, newest first."""
    rows = indicators.list_measurements(person_of(request), on=localdate())
    if asked.key:
        rows = rows.filter(key__in=asked.key)
    if asked.scope:
        kind, _colon, code = asked.scope.partition(":")
        rows = rows.filter(scope_kind=kind, scope_code=code)
    for word in asked.q.split():
        rows = rows.filter(key__icontains=word)
    return read_page(rows, asked, indicators.write_record, order=["-measured_at"])


@measurements.get("/{measurement_id}", response=MeasurementRecord, summary=_("一次计量"))
def get_measurement(request: HttpRequest, measurement_id: Id) -> dict[str, Any]:
    """Give a measurement in sight with what its value rests on."""
    return indicators.write_record(indicators.get_measurement(measurement_id, person_of(request), on=localdate()))


@measurements.post("/{measurement_id}/verification", response=VerificationRecord, summary=_("复核一次计量"))
def verify_measurement(request: HttpRequest, measurement_id: Id) -> dict[str, Any]:
    """Run the kept query over today's facts and say whether they are the ones that were counted."""
    viewer, now = person_of(request), timezone.now()
    kept = indicators.get_measurement(measurement_id, viewer, on=localdate(now))
    found = indicators.verify_again(kept, actor=viewer, now=now)
    return {
        "same": found.same,
        "was": found.was,
        "is": found.now,
        "added": found.added,
        "removed": found.removed,
        "altered": found.altered,
    }


def _write_spec(spec: IndicatorSpec) -> IndicatorRow:
    return IndicatorRow(
        key=spec.key,
        name=str(spec.name),
        unit=spec.unit,
        direction=spec.direction,
        aggregation=spec.aggregation,
        definition=str(spec.definition),
        scopes=list(spec.scopes),
        query=spec.sql,
    )
