"""Reads of self-evaluations: lists, one with all that its page shows, scores and gaps of a content, its history."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, BinaryIO

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from chengshu.kernel.files.facade import open_file
from chengshu.kernel.grants import facade as grants
from chengshu.kernel.indicators import facade as indicators
from chengshu.kernel.indicators.facade import Measurement
from chengshu.kernel.organisations import facade as organisations
from chengshu.performance.contracts import Checked, Form
from chengshu.performance.contracts.evaluations import EvaluationContent, Gap, ResultRow, Settled
from chengshu.performance.contracts.year import SheetKind, SheetState, Step
from chengshu.performance.errors import SheetNotFound
from chengshu.performance.models import (
    Decision,
    Edition,
    EvaluatedIndicator,
    Evaluation,
    GoalIndicator,
    Project,
    ProjectYear,
)
from chengshu.performance.queries.forms_of_years import form_of, plain
from chengshu.performance.queries.goals import may
from chengshu.performance.rules.checking import check_form
from chengshu.performance.rules.rulesets import get_rule_set
from chengshu.performance.rules.stages import STEPS, list_steps
from chengshu.performance.rules.year.evaluation_merging import from_record
from chengshu.performance.rules.year.evaluations import fill_scores, list_gaps, settle


@dataclass(frozen=True, slots=True)
class Assessed:
    """A content, saved or only typed, as the rules see it: the form with its scores, what is found, what is missing."""

    content: EvaluationContent
    form: Form
    settled: Settled
    checked: Checked
    gaps: tuple[Gap, ...]


def list_evaluation_years(viewer: grants.Viewer, *, on: date) -> QuerySet[ProjectYear]:
    """Return the years in sight that have approved goals or a self-evaluation, unordered, with `unit_name`."""
    added: dict[str, Any] = {"unit_name": organisations.name_expression(on, of="unit_id")}
    rows: QuerySet[ProjectYear] = ProjectYear.objects.visible_to(viewer, on=on)
    begun = rows.filter(Q(goal_sheet__state=SheetState.APPROVED) | Q(evaluation__isnull=False))
    return begun.select_related("project", "goal_sheet", "evaluation__edited_by").annotate(**added)


def get_evaluation(evaluation_id: int, *, viewer: grants.Viewer, on: date) -> Evaluation:
    """Return a self-evaluation in sight with year, project, goals, editor, results and their documents.

    Raises:
        SheetNotFound: there is none, or not for this person.
    """
    rows = Evaluation.objects.visible_to(viewer, on=on)
    found: Evaluation | None = load_fully(rows).filter(pk=evaluation_id).first()
    if found is None:
        raise SheetNotFound(_("没有这份自评，或您无权查看。"), sheet=evaluation_id)
    return found


def load_fully(rows: QuerySet[Evaluation]) -> QuerySet[Evaluation]:
    """Have year, project, goals, editor, results and documents come with the rows, in few questions."""
    return rows.select_related("project_year__project", "project_year__goal_sheet", "edited_by").prefetch_related(
        "indicators__document", "project_year__goal_sheet__indicators"
    )


def list_promises(evaluation: Evaluation) -> list[GoalIndicator]:
    """List the promised indicators in the order of the form."""
    return sorted(evaluation.project_year.goal_sheet.indicators.all(), key=lambda row: row.number)


def results_of(evaluation: Evaluation) -> Mapping[int, EvaluatedIndicator]:
    """Give the kept results by the id of their promise."""
    return {result.goal_id: result for result in evaluation.indicators.all()}


def content_of_evaluation(evaluation: Evaluation) -> EvaluationContent:
    """Give the kept content, a row for each promise; a score that is the rules' is none by hand."""
    results = results_of(evaluation)
    rows = tuple(_row_of(goal, results.get(goal.pk)) for goal in list_promises(evaluation))
    return EvaluationContent(evaluation.actual, rows)


def _row_of(goal: GoalIndicator, result: EvaluatedIndicator | None) -> ResultRow:
    if result is None:
        return ResultRow(goal.pk, goal.name)
    return ResultRow(
        goal_id=goal.pk,
        name=goal.name,
        actual=result.actual,
        score=plain(result.score) if result.score != result.rule_score else None,
        score_reason=result.score_reason,
        deviation=result.deviation,
        document_note=result.document_note,
        measurement_id=result.measurement_id,
        document_id=result.document_id,
    )


def is_measurable(goal: GoalIndicator) -> bool:
    """Whether a registered indicator measures it, and what that counts is there."""
    return bool(goal.measured_by) and indicators.find_awaited(goal.measured_by) is None


def list_waiting_promises(evaluation: Evaluation) -> Mapping[int, str]:
    """Give why a promised indicator cannot be counted yet, by its id; of those only that wait for something."""
    awaited = ((goal.pk, indicators.find_awaited(goal.measured_by)) for goal in list_promises(evaluation))
    return {pk: str(found.reason) for pk, found in awaited if found is not None}


def assess_content(evaluation: Evaluation, content: EvaluationContent) -> Assessed:
    """Score and check a content, saved or only typed, by the rule set of the self-evaluation."""
    form, waiting = form_of(evaluation), _is_waiting(evaluation)
    content = replace(
        content,
        rows=tuple(
            replace(row, actual="", score=None, measurement_id=None) if waits else row
            for row, waits in zip(content.rows, waiting, strict=True)
        ),
    )
    rows = tuple(
        replace(printed, actual=row.actual or None, reason=row.deviation or None, score=None)
        for printed, row in zip(form.indicators, content.rows, strict=True)
    )
    rules = get_rule_set(evaluation.rules)
    form = replace(form, indicators=rows, goal=replace(form.goal, actual=content.actual or None))
    settled = settle(form, [row.score for row in content.rows], rules)
    scored = fill_scores(form, settled)
    checked = _leave_out(check_form(scored, rules), waiting)
    gaps = list_gaps(
        content,
        settled,
        checked.findings,
        bound=[bool(goal.measured_by) for goal in list_promises(evaluation)],
        waiting=waiting,
        is_approved=evaluation.project_year.goal_sheet.state == SheetState.APPROVED,
    )
    return Assessed(content, scored, settled, checked, gaps)


def _is_waiting(evaluation: Evaluation) -> list[bool]:
    waiting = list_waiting_promises(evaluation)
    return [goal.pk in waiting for goal in list_promises(evaluation)]


def _leave_out(checked: Checked, waiting: Sequence[bool]) -> Checked:
    """Leave out what is found of lines that wait: that they are empty is no mistake of whoever fills in."""
    paths = tuple(f"/indicators/{at}/" for at, waits in enumerate(waiting) if waits)
    kept = tuple(found for found in checked.findings if not f"{found.field}/".startswith(paths)) if paths else None
    return checked if kept is None else replace(checked, findings=kept)


def scope_of(year: ProjectYear, goal: GoalIndicator) -> str:
    """Give the scope that an indicator is measured over: its own, else the project where that can be, else the unit."""
    if goal.scope:
        return goal.scope
    if PROJECT_SCOPE in indicators.get_spec(goal.measured_by).scopes:
        return f"{PROJECT_SCOPE}:{year.project.code}"
    return f"organisation:{year.unit.code}"


PROJECT_SCOPE = "project"


def resolve_project(code: str) -> tuple[int, int | None]:
    """Give the id of a project and of its unit; raise KeyError when there is none of this code."""
    found: tuple[int, int] | None = Project.objects.filter(code=code).values_list("pk", "unit_id").first()
    if found is None:
        raise KeyError(code)
    return found


def read_measurements(evaluation: Evaluation) -> Mapping[int, Measurement]:
    """Give the measurements that the results rest on, by id.

    Who may see a self-evaluation may see what its figures rest on: they are part of it.
    """
    ids = [result.measurement_id for result in evaluation.indicators.all() if result.measurement_id is not None]
    rows = Measurement.objects.filter(pk__in=ids).select_related("measured_by", "evidence")
    return {kept.pk: kept for kept in rows}


def open_evidence_document(
    evaluation_id: int, goal_id: int, *, viewer: grants.Viewer, on: date
) -> tuple[str, BinaryIO]:
    """Give name and bytes of the document under a result; the caller closes the stream.

    Raises:
        SheetNotFound: there is none in sight.
    """
    document = _result_in_sight(evaluation_id, goal_id, viewer=viewer, on=on).document
    if document is None:
        raise SheetNotFound(_("这项指标没有上传佐证材料。"), sheet=evaluation_id, goal=goal_id)
    return document.name, open_file(document)


def open_evidence_rows(evaluation_id: int, goal_id: int, *, viewer: grants.Viewer, on: date) -> tuple[str, BinaryIO]:
    """Give name and bytes of the counted rows under a result; the caller closes the stream.

    Raises:
        SheetNotFound: there is no measurement in sight, or its rows were not kept.
    """
    result = _result_in_sight(evaluation_id, goal_id, viewer=viewer, on=on)
    kept = Measurement.objects.select_related("evidence").filter(pk=result.measurement_id or 0).first()
    if kept is None or kept.evidence is None:
        raise SheetNotFound(_("这项指标没有可下载的计量明细。"), sheet=evaluation_id, goal=goal_id)
    return kept.evidence.name, open_file(kept.evidence)


def _result_in_sight(evaluation_id: int, goal_id: int, *, viewer: grants.Viewer, on: date) -> EvaluatedIndicator:
    seen = Evaluation.objects.visible_to(viewer, on=on).filter(pk=evaluation_id).values("pk")
    rows = EvaluatedIndicator.objects.select_related("document").filter(evaluation__in=seen, goal_id=goal_id)
    found: EvaluatedIndicator | None = rows.first()
    if found is None:
        raise SheetNotFound(_("没有这项指标，或您无权查看。"), sheet=evaluation_id, goal=goal_id)
    return found


def list_evaluation_editions(evaluation: Evaluation) -> QuerySet[Edition]:
    """Return every save, newest first, without contents."""
    rows = Edition.objects.filter(kind=SheetKind.EVALUATION, sheet_id=evaluation.pk)
    return rows.select_related("editor").defer("content").order_by("-version")


def content_of_version(evaluation: Evaluation, version: int) -> EvaluationContent:
    """Give the content that a version held; before the first save it was empty."""
    kept = Edition.objects.filter(kind=SheetKind.EVALUATION, sheet_id=evaluation.pk, version=version).first()
    return EvaluationContent() if kept is None else from_record(kept.content)


def list_evaluation_decisions(evaluation: Evaluation) -> QuerySet[Decision]:
    """Return the decisions on a self-evaluation, newest first."""
    rows = Decision.objects.filter(kind=SheetKind.EVALUATION, sheet_id=evaluation.pk)
    return rows.select_related("actor").order_by("-decided_at", "-pk")


def list_evaluation_steps(evaluation: Evaluation, *, viewer: grants.Viewer, on: date) -> tuple[Step, ...]:
    """List the steps that the viewer may take with it as it stands."""
    steps = list_steps(SheetKind.EVALUATION, SheetState(evaluation.state))
    year = evaluation.project_year
    return tuple(step for step in steps if may(year, step.permission, viewer=viewer, on=on))


def list_waiting_evaluations(viewer: grants.Viewer, *, on: date) -> QuerySet[Evaluation]:
    """Return the self-evaluations whose next step is the viewer's, unordered, with year and project."""
    waiting = Q(pk__in=())
    for state, action in _NEXT.items():
        wanted = (SheetKind.EVALUATION, state, action)
        permission = next(step.permission for step in STEPS if (step.kind, step.source, step.action) == wanted)
        seen = Evaluation.objects.visible_to(viewer, on=on, permission=permission).filter(state=state)
        waiting |= Q(pk__in=seen.values("pk"))
    rows: QuerySet[Evaluation] = Evaluation.objects.filter(waiting)
    return rows.select_related("project_year__project", "edited_by")


_NEXT = {SheetState.DRAFT: "submit", SheetState.SUBMITTED: "approve", SheetState.DEPARTMENT_APPROVED: "approve"}


def list_years_without_evaluation(viewer: grants.Viewer, *, on: date) -> QuerySet[ProjectYear]:
    """Return the ended years with approved goals that the viewer has to evaluate and nobody opened yet, unordered."""
    rows = ProjectYear.objects.visible_to(viewer, on=on, permission="performance.evaluate")
    due = rows.filter(goal_sheet__state=SheetState.APPROVED, evaluation__isnull=True, year__lt=on.year)
    found: QuerySet[ProjectYear] = due.select_related("project")
    return found
