"""Projects and their years out of the database: what a viewer may see, and only that."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery
from django.utils.translation import gettext as _

from chengshu.kernel.audit import facade as audit
from chengshu.kernel.grants import facade as grants
from chengshu.kernel.organisations import facade as organisations
from chengshu.kernel.organisations.facade import Organisation
from chengshu.performance.contracts.projects import ProjectFacts
from chengshu.performance.errors import ProjectNotFound
from chengshu.performance.models import Project, ProjectYear

SEE = "performance.see_project"
EDIT_PROJECT = "performance.edit_project"
EDIT_MONEY = "performance.edit_money"
_HISTORY = 100


def list_projects(viewer: grants.Viewer, *, on: date) -> QuerySet[Project]:
    """List the projects in sight, unordered.

    Each has `unit_name` and `department_name` of that day, and of its newest year `newest_year`, `newest_budget_yuan`
    and `newest_executed_yuan` (null before the first year).
    """
    newest = ProjectYear.objects.filter(project=OuterRef("pk")).order_by("-year")
    added: dict[str, Any] = {
        "unit_name": organisations.name_expression(on, of="unit_id"),
        "department_name": organisations.name_expression(on, of="department_id"),
        "newest_year": Subquery(newest.values("year")[:1]),
        "newest_budget_yuan": Subquery(newest.values("budget_yuan")[:1]),
        "newest_executed_yuan": Subquery(newest.values("executed_yuan")[:1]),
    }
    rows: QuerySet[Project] = Project.objects.visible_to(viewer, on=on).annotate(**added)
    return rows


def get_project(project_id: int, *, viewer: grants.Viewer, on: date) -> Project:
    """Give one project with the names of its organisations.

    Raises:
        ProjectNotFound: there is none in sight.
    """
    project = list_projects(viewer, on=on).filter(pk=project_id).first()
    if project is None:
        raise ProjectNotFound(_("没有这个项目，或您无权查看。"), project=project_id)
    return project


def list_years(viewer: grants.Viewer, *, on: date) -> QuerySet[ProjectYear]:
    """List the years of projects in sight with their projects, unordered; each has the `unit_name` of that day."""
    added: dict[str, Any] = {"unit_name": organisations.name_expression(on, of="unit_id")}
    seen: QuerySet[ProjectYear] = ProjectYear.objects.visible_to(viewer, on=on)
    rows: QuerySet[ProjectYear] = seen.select_related("project").annotate(**added)
    return rows


def get_year(year_id: int, *, viewer: grants.Viewer, on: date) -> ProjectYear:
    """Give one year with its project.

    Raises:
        ProjectNotFound: there is none in sight.
    """
    year = list_years(viewer, on=on).filter(pk=year_id).first()
    if year is None:
        raise ProjectNotFound(_("没有这个项目年度，或您无权查看。"), year=year_id)
    return year


def find_year(project_id: int, year: int, *, viewer: grants.Viewer, on: date) -> ProjectYear | None:
    """Give the project's year in sight, or None."""
    return list_years(viewer, on=on).filter(project=project_id, year=year).first()


def list_budget_years(viewer: grants.Viewer, *, on: date) -> list[int]:
    """List the budget years that projects in sight have, newest first."""
    rows = ProjectYear.objects.visible_to(viewer, on=on).values_list("year", flat=True)
    return list(rows.order_by("-year").distinct())


def list_units(viewer: grants.Viewer, *, on: date) -> list[Organisation]:
    """List the units of projects in sight, by code, with the `name` of that day."""
    return _list_organisations(Project.objects.visible_to(viewer, on=on).order_by().values("unit").distinct(), on)


def list_departments(viewer: grants.Viewer, *, on: date) -> list[Organisation]:
    """List the departments of projects in sight, by code, with the `name` of that day."""
    return _list_organisations(Project.objects.visible_to(viewer, on=on).order_by().values("department").distinct(), on)


def _list_organisations(ids: Any, on: date) -> list[Organisation]:
    return list(organisations.list_organisations(on=on, within=ids).order_by("code"))


def facts_of(project: Project) -> ProjectFacts:
    """Give what is kept of a project, as it stands."""
    return ProjectFacts(
        code=project.code,
        name=project.name,
        department_id=project.department_id,
        unit_id=project.unit_id,
        started_on=project.started_on,
        is_secret=project.is_secret,
        description=project.description,
    )


def list_history(project_id: int) -> list[Any]:
    """List the latest hundred entries of the audit about a project and its years, newest first.

    The caller has asked whether the project is in sight.
    """
    return list(audit.list_entries(f"project:{project_id}")[:_HISTORY])


def permitted_acts(viewer: grants.Viewer, *, unit_id: int, project_id: int, on: date) -> frozenset[str]:
    """Give which of editing the project and its money the viewer may do."""
    asked: Iterable[str] = (EDIT_PROJECT, EDIT_MONEY)
    scope = f"project:{project_id}"
    return frozenset(key for key in asked if grants.is_permitted(viewer, key, unit_id, on=on, scope=scope))
