"""What the papers of a year share over HTTP: where a paper stands, and leading it on."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from ninja import Schema
from pydantic import Field

from chengshu.kernel.http.facade import Asked, Id, PageAsked, Prose, Version, person_of
from chengshu.performance.contracts.year import SheetKind, SheetState, StepAsked
from chengshu.performance.facade import goals
from chengshu.performance.facade.goals import ProjectYear


class SheetRow(Schema):
    """A paper of a project's year, where it stands and in which version."""

    id: int
    year_id: int
    project_id: int
    project_name: str
    unit_id: int
    unit_name: str
    year: int
    state: SheetState
    version: int
    edited_at: datetime


class OfferedStep(Schema):
    """A step that the caller may take with a paper now."""

    action: str
    target: SheetState
    needs_reason: bool


class SheetsAsked(PageAsked):
    """Which papers are asked for."""

    state: list[SheetState] = Field(default_factory=list, description="状态，可多选")
    unit: list[Id] = Field(default_factory=list, max_length=200, description="实施单位的编号，可多选")
    year: int | None = Field(None, ge=1990, le=2100, description="年度")


class SheetStepAsked(Asked):
    """A step with the version that the caller saw; steps back need a reason."""

    action: str = Field(max_length=24)
    version: Version
    reason: Prose = ""


class DecisionRecord(Schema):
    """Who decided what on which version of a paper."""

    id: int
    kind: SheetKind
    sheet_id: int
    action: str
    from_state: SheetState
    to_state: SheetState
    version: int
    actor_id: int
    decided_at: datetime
    reason: str


def lead_on(request: HttpRequest, kind: SheetKind, sheet_id: int, asked: SheetStepAsked) -> DecisionRecord:
    """Lead a paper on by a step of its way, as the pages do."""
    step = StepAsked(kind, sheet_id, asked.action, asked.version, asked.reason)
    return DecisionRecord.from_orm(goals.take_step(step, actor=person_of(request), now=timezone.now()))


def describe_sheet(sheet: Any, year: ProjectYear, unit_name: str) -> dict[str, Any]:
    """Give what every row and record of a paper says of it."""
    return {
        "id": sheet.pk,
        "year_id": year.pk,
        "project_id": year.project_id,
        "project_name": year.project.name,
        "unit_id": year.unit_id,
        "unit_name": unit_name or "",
        "year": year.year,
        "state": sheet.state,
        "version": sheet.version,
        "edited_at": sheet.edited_at,
    }


def offer(steps: Any) -> list[OfferedStep]:
    """Write the steps that are open to the caller."""
    return [OfferedStep(action=s.action, target=s.target, needs_reason=s.needs_reason) for s in steps]
