"""Yearly goals over HTTP."""

from typing import Any

from django.http import HttpRequest
from django.utils.timezone import localdate
from django.utils.translation import gettext_noop as _
from ninja import Query, Router, Schema

from chengshu.kernel.http.facade import Id, Page, narrow_to_words, person_of, read_page
from chengshu.performance.contracts.year import SheetKind
from chengshu.performance.facade import goals
from chengshu.performance.facade.goals import ProjectYear
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

router = Router(tags=["goals"])


class PromisedIndicator(Schema):
    """One promised indicator; `measured_by` is the registered indicator that will fill it."""

    id: int | None
    level1: str
    level2: str
    name: str
    target: str
    weight: str | None
    measured_by: str
    scope: str


class GoalRecord(SheetRow):
    """The goals of a project's year as they stand, and the steps that the caller may take."""

    expected: str
    indicators: list[PromisedIndicator]
    offered: list[OfferedStep]


class GoalPage(Page[SheetRow]):
    """One page of goals."""


@router.get("", response=GoalPage, summary=_("绩效目标列表"))
def list_goals(request: HttpRequest, asked: Query[SheetsAsked]) -> dict[str, Any]:
    """List the goals in sight, newest year first."""
    rows = goals.list_goal_years(person_of(request), on=localdate()).filter(goal_sheet__isnull=False)
    chosen = {"goal_sheet__state__in": asked.state, "unit__in": asked.unit, "year": asked.year}
    rows = rows.filter(**{lookup: value for lookup, value in chosen.items() if value})
    found = narrow_to_words(rows, asked, ("project__name__icontains", "project__code__icontains"))
    return read_page(found, asked, _write_row, order=["-year"])


@router.get("/{sheet_id}", response=GoalRecord, summary=_("一份绩效目标"))
def get_goals(request: HttpRequest, sheet_id: Id) -> dict[str, Any]:
    """Give goals in sight with their indicators in the order of the paper."""
    viewer, today = person_of(request), localdate()
    sheet = goals.get_goals(sheet_id, viewer=viewer, on=today)
    year, content = sheet.project_year, goals.content_of(sheet)
    return {
        **describe_sheet(sheet, year, goals.name_units(year, on=today)["unit"]),
        "expected": content.expected,
        "indicators": [
            PromisedIndicator(
                id=row.kept_id,
                level1=row.level1,
                level2=row.level2,
                name=row.name,
                target=row.target,
                weight=plain(row.weight),
                measured_by=row.measured_by,
                scope=row.scope,
            )
            for row in content.rows
        ],
        "offered": offer(goals.list_open_steps(sheet, viewer=viewer, on=today)),
    }


@router.post("/{sheet_id}/steps", response=DecisionRecord, summary=_("推进绩效目标"))
def take_goal_step(request: HttpRequest, sheet_id: Id, asked: SheetStepAsked) -> DecisionRecord:
    """Lead goals on: hand in, approve, return, withdraw, reopen."""
    return lead_on(request, SheetKind.GOAL, sheet_id, asked)


def _write_row(year: ProjectYear) -> SheetRow:
    return SheetRow(**describe_sheet(year.goal_sheet, year, getattr(year, "unit_name", "")))
