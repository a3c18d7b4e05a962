"""Monitoring reports over HTTP."""

from typing import Any

from django.http import HttpRequest
from django.utils.timezone import localdate
from django.utils.translation import gettext_noop as _
from ninja import Query, Router, Schema
from pydantic import Field

from chengshu.kernel.http.facade import Id, Page, narrow_to_words, person_of, read_page
from chengshu.performance.contracts.year import Lamp, SheetKind
from chengshu.performance.facade import monitoring
from chengshu.performance.facade.monitoring import MonitoringSheet
from chengshu.performance.http.records import plain
from chengshu.performance.http.sheets import (
    DecisionRecord,
    OfferedStep,
    SheetRow,
    SheetsAsked,
    SheetStepAsked,
    describe_sheet,
    lead_on,
    offer,
)

router = Router(tags=["monitoring"])


class MonitoringRow(SheetRow):
    """A report at a point of the year; money in 元; no lamp while nothing is entered."""

    point_id: int
    point: str
    budget: str | None
    executed: str | None
    lamp: Lamp | None


class MonitoredIndicatorRecord(Schema):
    """An indicator at the point: value so far, what is expected by the year's end, why it deviates."""

    goal_id: int
    name: str
    target: str
    value: str
    forecast: str
    lamp: Lamp | None
    deviation: str
    measure: str
    measurement_id: int | None


class MonitoringRecord(MonitoringRow):
    """A report with its indicators and the steps that the caller may take."""

    forecast: str | None
    deviation: str
    measure: str
    indicators: list[MonitoredIndicatorRecord]
    offered: list[OfferedStep]


class MonitoringPage(Page[MonitoringRow]):
    """One page of reports."""


class MonitoringAsked(SheetsAsked):
    """Which reports are asked for."""

    lamp: list[Lamp] = Field(default_factory=list, description="灯色，可多选")


@router.get("", response=MonitoringPage, summary=_("监控报告列表"))
def list_monitoring(request: HttpRequest, asked: Query[MonitoringAsked]) -> dict[str, Any]:
    """List the reports in sight, newest year first."""
    rows = monitoring.list_monitoring(person_of(request), on=localdate())
    chosen = {
        "state__in": asked.state,
        "project_year__unit__in": asked.unit,
        "project_year__year": asked.year,
        "lamp__in": asked.lamp,
    }
    rows = rows.filter(**{lookup: value for lookup, value in chosen.items() if value})
    lookups = ("project_year__project__name__icontains", "project_year__project__code__icontains")
    found = narrow_to_words(rows, asked, lookups)
    return read_page(found, asked, _write_row, order=["-project_year__year"])


@router.get("/{sheet_id}", response=MonitoringRecord, summary=_("一份监控报告"))
def get_monitoring(request: HttpRequest, sheet_id: Id) -> dict[str, Any]:
    """Give a report in sight with its indicators in the order of the goals."""
    viewer, today = person_of(request), localdate()
    sheet = monitoring.get_monitoring(sheet_id, viewer=viewer, on=today)
    return {
        **_write_row(sheet).model_dump(),
        "forecast": plain(sheet.forecast_yuan),
        "deviation": sheet.deviation,
        "measure": sheet.measure,
        "indicators": [
            MonitoredIndicatorRecord(
                goal_id=row.goal_id,
                name=row.goal.name,
                target=row.goal.target,
                value=row.value,
                forecast=row.forecast,
                lamp=Lamp(row.lamp) if row.lamp else None,
                deviation=row.deviation,
                measure=row.measure,
                measurement_id=row.measurement_id,
            )
            for row in monitoring.rows_of(sheet)
        ],
        "offered": offer(monitoring.list_open_monitoring_steps(sheet, viewer=viewer, on=today)),
    }


@router.post("/{sheet_id}/steps", response=DecisionRecord, summary=_("推进监控报告"))
def take_monitoring_step(request: HttpRequest, sheet_id: Id, asked: SheetStepAsked) -> DecisionRecord:
    """Lead a report on: hand in, approve, return, withdraw, reopen."""
    return lead_on(request, SheetKind.MONITORING, sheet_id, asked)


def _write_row(sheet: MonitoringSheet) -> MonitoringRow:
    year = sheet.project_year
    return MonitoringRow(
        **describe_sheet(sheet, year, getattr(sheet, "unit_name", "")),
        point_id=sheet.point_id,
        point=sheet.point.name,
        budget=plain(sheet.budget_yuan),
        executed=plain(sheet.executed_yuan),
        lamp=Lamp(sheet.lamp) if sheet.lamp else None,
    )
