"""Projects and their years over HTTP."""

from datetime import date
from typing import Any

from django.http import HttpRequest
from django.utils.timezone import localdate
from django.utils.translation import gettext_noop as _
from ninja import Query, Router, Schema
from pydantic import Field

from chengshu.kernel.http.facade import Id, Page, PageAsked, narrow_to_words, person_of, read_page
from chengshu.performance.facade import projects
from chengshu.performance.facade.projects import ProjectYear
from chengshu.performance.http.records import plain

router = Router(tags=["projects"])
years = Router(tags=["projects"])


class ProjectRow(Schema):
    """A project with the names of its organisations of today and the money of its newest year, in 元."""

    id: int
    code: str
    name: str
    unit_id: int
    unit_name: str
    department_id: int
    department_name: str
    started_on: date
    ended_on: date | None
    is_secret: bool
    newest_year: int | None
    newest_budget: str | None
    newest_executed: str | None


class ProjectRecord(ProjectRow):
    """A project as it is described."""

    description: str


class YearRow(Schema):
    """A budget year of a project with its money, in 元."""

    id: int
    project_id: int
    project_code: str
    project_name: str
    unit_id: int
    unit_name: str
    year: int
    initial: str | None
    budget: str | None
    executed: str | None


class ProjectPage(Page[ProjectRow]):
    """One page of projects."""


class YearPage(Page[YearRow]):
    """One page of budget years."""


class ProjectsAsked(PageAsked):
    """Which projects are asked for."""

    unit: list[Id] = Field(default_factory=list, max_length=200, description="实施单位的编号，可多选")
    department: list[Id] = Field(default_factory=list, max_length=200, description="主管部门的编号，可多选")
    running: bool = Field(default=False, description="只要没有结束的")


class YearsAsked(PageAsked):
    """Which budget years are asked for."""

    project: list[Id] = Field(default_factory=list, max_length=200, description="项目的编号，可多选")
    unit: list[Id] = Field(default_factory=list, max_length=200, description="实施单位的编号，可多选")
    year: int | None = Field(None, ge=1990, le=2100, description="年度")


@router.get("", response=ProjectPage, summary=_("项目列表"))
def list_projects(request: HttpRequest, asked: Query[ProjectsAsked]) -> dict[str, Any]:
    """List the projects in sight by name."""
    today = localdate()
    rows = projects.list_projects(person_of(request), on=today)
    if asked.unit:
        rows = rows.filter(unit__in=asked.unit)
    if asked.department:
        rows = rows.filter(department__in=asked.department)
    if asked.running:
        rows = rows.exclude(ended_on__lt=today)
    found = narrow_to_words(rows, asked, ("name__icontains", "code__icontains"))
    return read_page(found, asked, _write_row, order=["name"])


@router.get("/{project_id}", response=ProjectRecord, summary=_("一个项目"))
def get_project(request: HttpRequest, project_id: Id) -> ProjectRecord:
    """Give a project in sight."""
    found = projects.get_project(project_id, viewer=person_of(request), on=localdate())
    return ProjectRecord(**_write_row(found).model_dump(), description=found.description)


@years.get("", response=YearPage, summary=_("项目年度及资金"))
def list_years(request: HttpRequest, asked: Query[YearsAsked]) -> dict[str, Any]:
    """List the budget years of projects in sight, newest first."""
    rows = projects.list_years(person_of(request), on=localdate())
    chosen = {"project__in": asked.project, "unit__in": asked.unit, "year": asked.year}
    rows = rows.filter(**{lookup: value for lookup, value in chosen.items() if value})
    found = narrow_to_words(rows, asked, ("project__name__icontains", "project__code__icontains"))
    return read_page(found, asked, _write_year, order=["-year", "-unit_id"])


@years.get("/{year_id}", response=YearRow, summary=_("一个项目年度"))
def get_year(request: HttpRequest, year_id: Id) -> YearRow:
    """Give a budget year of a project in sight."""
    return _write_year(projects.get_year(year_id, viewer=person_of(request), on=localdate()))


def _write_row(project: Any) -> ProjectRow:
    return ProjectRow(
        id=project.pk,
        code=project.code,
        name=project.name,
        unit_id=project.unit_id,
        unit_name=project.unit_name or "",
        department_id=project.department_id,
        department_name=project.department_name or "",
        started_on=project.started_on,
        ended_on=project.ended_on,
        is_secret=project.is_secret,
        newest_year=project.newest_year,
        newest_budget=plain(project.newest_budget_yuan),
        newest_executed=plain(project.newest_executed_yuan),
    )


def _write_year(year: ProjectYear) -> YearRow:
    return YearRow(
        id=year.pk,
        project_id=year.project_id,
        project_code=year.project.code,
        project_name=year.project.name,
        unit_id=year.unit_id,
        unit_name=getattr(year, "unit_name", "") or "",
        year=year.year,
        initial=plain(year.initial_yuan),
        budget=plain(year.budget_yuan),
        executed=plain(year.executed_yuan),
    )
