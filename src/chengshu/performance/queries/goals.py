"""Reads of goals: lists, one sheet, its history, what earlier years say, and what waits for whom."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from chengshu.kernel.grants import facade as grants
from chengshu.kernel.organisations import facade as organisations
from chengshu.performance.contracts import Finding
from chengshu.performance.contracts.goals import Background, GoalContent, PastValue
from chengshu.performance.contracts.year import SheetKind, SheetState, Step
from chengshu.performance.errors import SheetNotFound
from chengshu.performance.models import (
    Decision,
    Edition,
    EvaluatedIndicator,
    GoalIndicator,
    GoalSheet,
    IndicatorRecord,
    ProjectYear,
    Viewer,
    batch_filter,
)
from chengshu.performance.queries.comparison import project_core
from chengshu.performance.queries.forms_of_years import form_of_content, rules_of_year
from chengshu.performance.rules.rulesets import get_rule_set
from chengshu.performance.rules.stages import STEPS, list_steps
from chengshu.performance.rules.view import compact_text
from chengshu.performance.rules.year.goal_checks import check_goals

_YEARS_BACK = 6
_MOST_RECORDS = 500


def list_goal_years(viewer: grants.Viewer, *, on: date) -> QuerySet[ProjectYear]:
    """Return the years in sight with their goals if they have any, unordered, with `unit_name` and `indicator_count`."""
    per_sheet = GoalIndicator.objects.filter(sheet__project_year=OuterRef("pk")).order_by().values("sheet")
    counted = per_sheet.annotate(n=Count("pk")).values("n")
    added: dict[str, Any] = {
        "unit_name": organisations.name_expression(on, of="unit_id"),
        "indicator_count": Coalesce(Subquery(counted), 0),
    }
    rows: QuerySet[ProjectYear] = ProjectYear.objects.visible_to(viewer, on=on)
    return rows.select_related("project", "goal_sheet__edited_by").annotate(**added)


def list_goal_budget_years(viewer: grants.Viewer, *, on: date) -> list[int]:
    """List the budget years in sight, newest first."""
    rows = ProjectYear.objects.visible_to(viewer, on=on).values_list("year", flat=True)
    return sorted(set(rows.order_by().distinct()), reverse=True)


def list_goal_units(viewer: grants.Viewer, *, on: date) -> list[tuple[int, str]]:
    """List the units that have years in sight, with their name, by name."""
    ids = ProjectYear.objects.visible_to(viewer, on=on).order_by().values_list("unit_id", flat=True).distinct()
    names = organisations.names_on(list(ids), on)
    return sorted(names.items(), key=lambda item: (item[1], item[0]))


def get_goals(sheet_id: int, *, viewer: grants.Viewer, on: date) -> GoalSheet:
    """Return a sheet in sight with year, project, editor and indicators.

    Raises:
        SheetNotFound: there is none, or not for this person.
    """
    rows = GoalSheet.objects.visible_to(viewer, on=on).select_related(
        "project_year__project", "edited_by", "copied_from__project_year"
    )
    sheet: GoalSheet | None = rows.prefetch_related("indicators").filter(pk=sheet_id).first()
    if sheet is None:
        raise SheetNotFound(_("没有这份绩效目标，或您无权查看。"), sheet=sheet_id)
    return sheet


def find_last_sheet(year: ProjectYear) -> GoalSheet | None:
    """Find the goals of the project's latest earlier year that has any, with their indicators."""
    earlier = GoalSheet.objects.filter(project_year__project_id=year.project_id, project_year__year__lt=year.year)
    rows = earlier.select_related("project_year").prefetch_related("indicators")
    found: GoalSheet | None = rows.order_by("-project_year__year").first()
    return found


def has_last_sheet(year: ProjectYear) -> bool:
    """Tell whether an earlier year of the project has goals to copy."""
    same = GoalSheet.objects.filter(project_year__project_id=year.project_id)
    return bool(same.filter(project_year__year__lt=year.year).exists())


def read_results(sheet: GoalSheet) -> dict[str, str]:
    """Read what each indicator reached, by its id as text; those without a result are left out."""
    rows = EvaluatedIndicator.objects.filter(goal__sheet=sheet).exclude(actual="").values_list("goal_id", "actual")
    return {str(goal): actual for goal, actual in rows}


def read_background(year: ProjectYear, content: GoalContent, *, viewer: Viewer, on: date) -> Background:
    """Read what earlier years say of the same indicators: own ones, and published forms of the same project by name."""
    past: dict[str, list[PastValue]] = defaultdict(list)
    own = GoalIndicator.objects.filter(
        sheet__project_year__project_id=year.project_id,
        sheet__project_year__year__lt=year.year,
        sheet__project_year__year__gte=year.year - _YEARS_BACK,
    )
    facts = own.values_list("sheet__project_year__year", "name", "target", "evaluated__actual", "sheet__expected")
    texts: dict[int, str] = {}
    for then, name, target, actual, expected in facts:
        texts[then] = expected
        past[compact_text(name)].append(PastValue(then, "own", target, actual or ""))
    for value, name in _published(year, content, viewer, on):
        past[compact_text(name)].append(value)
    ordered = {name: tuple(sorted(values, key=_newest_first)) for name, values in past.items()}
    return Background(ordered, texts[max(texts)] if texts else "")


def _newest_first(value: PastValue) -> tuple[int, bool]:
    return -value.year, value.source != "own"


def _published(year: ProjectYear, content: GoalContent, viewer: Viewer, on: date) -> list[tuple[PastValue, str]]:
    names = {row.name for row in content.rows if row.name}
    core = project_core(year.project.name)
    if not names or not core:
        return []
    unit = organisations.names_on([year.unit_id], date(year.year, 12, 31)).get(year.unit_id, "")
    by_project = Q(form__project=year.project.name) | (Q(form__unit=unit) if unit else Q(pk__in=()))
    rows = IndicatorRecord.objects.filter(
        by_project,
        batch_filter(viewer, on=on, prefix="form__batch__"),
        level3__in=names,
        form__duplicate_of__isnull=True,
        form__year__lt=year.year,
        form__year__gte=year.year - _YEARS_BACK,
    )
    facts = rows.values_list("form__year", "form__project", "level3", "target", "actual")[:_MOST_RECORDS]
    return [
        (PastValue(then, "form", target, actual), name)
        for then, project, name, target, actual in facts
        if then is not None and project_core(project) == core
    ]


def check_content(year: ProjectYear, content: GoalContent, background: Background) -> tuple[Finding, ...]:
    """Check goals, saved or only typed, by the rule set of their year; gravest findings first."""
    rules = get_rule_set(rules_of_year(year.year))
    return check_goals(content, form_of_content(year, content), rules, background)


def list_editions(sheet: GoalSheet) -> QuerySet[Edition]:
    """Return every save of a sheet, newest first, without contents."""
    rows = Edition.objects.filter(kind=SheetKind.GOAL, sheet_id=sheet.pk)
    return rows.select_related("editor").defer("content").order_by("-version")


def find_edition(sheet: GoalSheet, version: int) -> Edition | None:
    """Find the save that gave this version; None where it was not kept."""
    return Edition.objects.filter(kind=SheetKind.GOAL, sheet_id=sheet.pk, version=version).first()


def get_edition(sheet: GoalSheet, version: int) -> Edition:
    """Return the save that gave this version.

    Raises:
        SheetNotFound: it was not kept.
    """
    edition = find_edition(sheet, version)
    if edition is None:
        raise SheetNotFound(_("没有这个版本。"), sheet=sheet.pk, version=version)
    return edition


def list_decisions(sheet: GoalSheet) -> QuerySet[Decision]:
    """Return the decisions on a sheet, newest first."""
    rows = Decision.objects.filter(kind=SheetKind.GOAL, sheet_id=sheet.pk)
    return rows.select_related("actor").order_by("-decided_at", "-pk")


def list_open_steps(sheet: GoalSheet, *, viewer: grants.Viewer, on: date) -> tuple[Step, ...]:
    """List the steps that the viewer may take with the sheet as it stands."""
    return tuple(
        step
        for step in list_steps(SheetKind.GOAL, SheetState(sheet.state))
        if may(sheet.project_year, step.permission, viewer=viewer, on=on)
    )


def may(year: ProjectYear, permission: str, *, viewer: grants.Viewer, on: date) -> bool:
    """Tell whether the viewer may do this on the year's project."""
    return grants.is_permitted(viewer, permission, year.unit_id, on=on, scope=f"project:{year.project_id}")


def list_waiting_goals(viewer: grants.Viewer, *, on: date) -> QuerySet[GoalSheet]:
    """Return the sheets whose next step is the viewer's, unordered, with year and project: what waits for him.

    A draft waits for who writes it, a handed in one for the department, an approved one of the department for finance.
    """
    waiting = Q(pk__in=())
    for state, action in _NEXT.items():
        permission = next(
            s.permission for s in STEPS if s.kind is SheetKind.GOAL and s.source is state and s.action == action
        )
        seen = GoalSheet.objects.visible_to(viewer, on=on, permission=permission).filter(state=state)
        waiting |= Q(pk__in=seen.values("pk"))
    rows: QuerySet[GoalSheet] = GoalSheet.objects.filter(waiting).select_related("project_year__project", "edited_by")
    return rows


_NEXT = {SheetState.DRAFT: "submit", SheetState.SUBMITTED: "approve", SheetState.DEPARTMENT_APPROVED: "approve"}


def list_years_without_goals(viewer: grants.Viewer, *, on: date) -> QuerySet[ProjectYear]:
    """Return the years that the viewer has to write goals for and nobody opened yet, unordered."""
    rows = ProjectYear.objects.visible_to(viewer, on=on, permission="performance.edit_goal")
    found: QuerySet[ProjectYear] = rows.filter(goal_sheet__isnull=True).select_related("project")
    return found


def name_units(year: ProjectYear, *, on: date) -> Mapping[str, str]:
    """Give the names of department and unit as of the year's end, or of today while it runs."""
    day = min(on, date(year.year, 12, 31))
    names = organisations.names_on([year.unit_id, year.project.department_id], day)
    return {"unit": names.get(year.unit_id, ""), "department": names.get(year.project.department_id, "")}


def list_siblings(year: ProjectYear) -> Sequence[tuple[int, int]]:
    """List the goals of the project's other years: budget year and id of the sheet, newest first."""
    rows = GoalSheet.objects.filter(project_year__project_id=year.project_id).exclude(project_year=year)
    return list(rows.order_by("-project_year__year").values_list(F("project_year__year"), "pk"))
