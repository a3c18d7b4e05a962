"""Writing self-evaluations: open one, save it whole, let registered indicators measure, keep documents."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from chengshu.base.texts import drop_controls
from chengshu.kernel.accounts.facade import User
from chengshu.kernel.audit.facade import record
from chengshu.kernel.files.facade import EVIDENCE, FileError, store_file
from chengshu.kernel.grants import facade as grants
from chengshu.kernel.indicators import facade as indicators
from chengshu.kernel.indicators.facade import IndicatorError, Measurement, Window
from chengshu.performance.contracts import Level
from chengshu.performance.contracts.evaluations import EvaluationContent, Proof, ResultRow
from chengshu.performance.contracts.goals import Change
from chengshu.performance.contracts.year import SheetKind, SheetState
from chengshu.performance.errors import GoalsNotApproved, ProjectNotFound, ResultInvalid, SheetNotFound
from chengshu.performance.models import Edition, EvaluatedIndicator, Evaluation, GoalIndicator, ProjectYear
from chengshu.performance.operations.sheets import begin_edit, keep_edit
from chengshu.performance.queries.evaluations import (
    Assessed,
    assess_content,
    content_of_evaluation,
    content_of_version,
    list_promises,
    list_waiting_promises,
    load_fully,
    results_of,
    scope_of,
)
from chengshu.performance.queries.forms_of_years import rules_of_year
from chengshu.performance.queries.measured import write_value
from chengshu.performance.rules.rulesets import RuleSet, get_rule_set
from chengshu.performance.rules.year.evaluation_merging import list_changes, to_record
from chengshu.performance.rules.year.evaluations import cover

_LENGTHS = {"actual": 200, "score_reason": 300, "deviation": 2000, "document_note": 200}
RESULT_LENGTH = 5000
_MOST_POINTS = Decimal(1000)
_OPENED_AT_ONCE = 200
_SHOWN_CHANGES = 50  # changes that an audit entry spells out; the edition has all


@transaction.atomic
def open_evaluation(project_year_id: int, *, actor: User, now: datetime) -> Evaluation:
    """Open the self-evaluation of a year on its approved goals; give the one that stands when it was opened already.

    Raises:
        ProjectNotFound: there is no such year, or not in sight of the actor.
        PermissionRefused: he may not evaluate it.
        GoalsNotApproved: the year has no goals that finance approved.
    """
    day = localdate(now)
    rows = ProjectYear.objects.visible_to(actor, on=day).select_related("goal_sheet", "evaluation")
    year = rows.filter(pk=project_year_id).first()
    if year is None:
        raise ProjectNotFound(_("没有这个项目年度，或您无权查看。"), year=project_year_id)
    grants.require(actor, "performance.evaluate", year.unit_id, on=day, scope=f"project:{year.project_id}")
    if hasattr(year, "evaluation"):
        standing: Evaluation = year.evaluation
        return standing
    if not hasattr(year, "goal_sheet") or year.goal_sheet.state != SheetState.APPROVED:
        raise GoalsNotApproved(_("绩效目标批复以后才能开始自评。"), year=project_year_id)
    return _open(year, actor=actor, now=now)


def open_due_evaluations(now: datetime) -> int:
    """Open the self-evaluations of the year that has just ended, for goals that are approved; tell how many.

    Done by the system itself, some at a time; nothing is due while they all stand.
    """
    ended = localdate(now).year - 1
    due = ProjectYear.objects.filter(year=ended, goal_sheet__state=SheetState.APPROVED, evaluation__isnull=True)
    years = list(due.order_by("pk")[:_OPENED_AT_ONCE])
    for year in years:
        with transaction.atomic():
            _open(year, actor=None, now=now)
    return len(years)


def _open(year: ProjectYear, *, actor: User | None, now: datetime) -> Evaluation:
    goals = list(GoalIndicator.objects.filter(sheet__project_year=year))
    try:
        with transaction.atomic():
            opened = Evaluation.objects.create(
                project_year=year,
                rules=rules_of_year(year.year),
                edited_by=actor,
                edited_at=now,
                indicator_count=len(goals),
                indicator_weight=sum((goal.weight or Decimal(0) for goal in goals), Decimal(0)),
            )
    except IntegrityError:
        return Evaluation.objects.get(project_year=year)
    EvaluatedIndicator.objects.bulk_create(EvaluatedIndicator(evaluation=opened, goal=goal) for goal in goals)
    record(actor, "performance.open_evaluation", f"evaluation:{opened.pk}", now=now, details={"project_year": year.pk})
    return opened


@transaction.atomic
def save_evaluation(
    evaluation_id: int, content: EvaluationContent, version: int, *, actor: User, now: datetime
) -> tuple[Evaluation, tuple[Change, ...]]:
    """Save what was typed and score it anew; nothing is written when nothing changed. Gives what changed.

    A measured value is not typed over: take the measurement off first. What figures rest on stays as it is.

    Raises:
        SheetNotFound, PermissionRefused, SheetClosed, SheetStale: as `begin_edit`.
        ResultInvalid: a text is too long, a score out of range, a row is not of this self-evaluation, or a figure or
            score was typed for an indicator that waits for something to be counted.
    """
    sheet = _begin(evaluation_id, version, actor=actor, now=now)
    before = content_of_evaluation(sheet)
    after = _clean(content, before, list_waiting_promises(sheet))
    return sheet, _write(sheet, before, after, "save", actor=actor, now=now)


@transaction.atomic
def restore_evaluation(evaluation_id: int, target: int, version: int, *, actor: User, now: datetime) -> Evaluation:
    """Bring back what was typed in an earlier version; what figures rest on stays. `version` is the one that was seen.

    Raises:
        SheetNotFound, PermissionRefused, SheetClosed, SheetStale: as `begin_edit`.
    """
    sheet = _begin(evaluation_id, version, actor=actor, now=now)
    before = content_of_evaluation(sheet)
    known = {row.goal_id for row in before.rows}
    kept = content_of_version(sheet, target)
    waiting = list_waiting_promises(sheet)
    rows = tuple(row for row in kept.rows if row.goal_id in known and row.goal_id not in waiting)
    after = _clean(replace(kept, rows=rows), before, waiting)
    _write(sheet, before, after, "restore", actor=actor, now=now)
    return sheet


def measure_indicator(evaluation_id: int, goal_id: int, version: int, *, actor: User, now: datetime) -> Evaluation:
    """Fill one indicator by measuring it over the year, and keep the measurement as its evidence.

    The measurement is a record of its own and is kept first; the result then takes it in one transaction.

    Raises:
        SheetNotFound, PermissionRefused, SheetClosed, SheetStale: as `begin_edit`.
        ResultInvalid: no registered indicator measures it.
        IndicatorError: it could not be measured.
    """
    with transaction.atomic():
        sheet = _begin(evaluation_id, version, actor=actor, now=now)
        goal = _promise(sheet, goal_id)
    kept = measure_goal(sheet.project_year, goal, actor=actor, now=now)
    return take_measurements(evaluation_id, {goal_id: kept}, version, actor=actor, now=now)


def measure_missing(
    evaluation_id: int, version: int, *, actor: User, now: datetime
) -> tuple[Evaluation, int, tuple[str, ...]]:
    """Measure every indicator that has a registered one and no measurement yet, and take them all in one save.

    Those that wait for something to be counted are left as they are.

    Gives the self-evaluation, how many were measured, and for each that could not be, its name and why.

    Raises:
        SheetNotFound, PermissionRefused, SheetClosed, SheetStale: as `begin_edit`.
    """
    with transaction.atomic():
        sheet = _begin(evaluation_id, version, actor=actor, now=now)
        rows = content_of_evaluation(sheet).rows
        missing = {row.goal_id for row in rows if row.measurement_id is None} - set(list_waiting_promises(sheet))
    taken: dict[int, Measurement] = {}
    failed: list[str] = []
    for goal in list_promises(sheet):
        if not goal.measured_by or goal.pk not in missing:
            continue
        try:
            taken[goal.pk] = measure_goal(sheet.project_year, goal, actor=actor, now=now)
        except IndicatorError as fault:
            failed.append(f"{goal.name}：{fault.message}")
    return take_measurements(evaluation_id, taken, version, actor=actor, now=now), len(taken), tuple(failed)


def measure_goal(year: ProjectYear, goal: GoalIndicator, *, actor: User, now: datetime) -> Measurement:
    """Measure a promised indicator over its year; raise ResultInvalid where none is registered for it."""
    if not goal.measured_by:
        raise ResultInvalid(_("这项指标没有对应的登记指标，请填报数值并上传佐证材料。"), goal=goal.pk)
    window = Window(date(year.year, 1, 1), date(year.year, 12, 31))
    return indicators.measure(goal.measured_by, window, scope_of(year, goal), actor=actor, now=now)


@transaction.atomic
def take_measurements(
    evaluation_id: int, taken: Mapping[int, Measurement], version: int, *, actor: User, now: datetime
) -> Evaluation:
    """Let results rest on measurements, given by the id of the promise, and score anew.

    Raises:
        SheetNotFound, PermissionRefused, SheetClosed, SheetStale: as `begin_edit`.
    """
    sheet = _begin(evaluation_id, version, actor=actor, now=now)
    before = content_of_evaluation(sheet)
    rules = get_rule_set(sheet.rules)
    targets = {goal.pk: goal.target for goal in list_promises(sheet)}
    rows = tuple(
        _measured(row, taken[row.goal_id], targets[row.goal_id], rules) if row.goal_id in taken else row
        for row in before.rows
    )
    _write(sheet, before, replace(before, rows=rows), "measure", actor=actor, now=now)
    return sheet


def _measured(row: ResultRow, kept: Measurement, target: str, rules: RuleSet) -> ResultRow:
    return replace(row, actual=write_value(kept, target, rules), measurement_id=kept.pk)


@transaction.atomic
def drop_measurement(evaluation_id: int, goal_id: int, version: int, *, actor: User, now: datetime) -> Evaluation:
    """Take the measurement off a result, which then takes a figure with a document; the measurement itself is kept.

    Raises:
        SheetNotFound, PermissionRefused, SheetClosed, SheetStale: as `begin_edit`.
    """
    sheet = _begin(evaluation_id, version, actor=actor, now=now)
    _promise(sheet, goal_id)
    before = content_of_evaluation(sheet)
    rows = tuple(
        replace(row, actual="", measurement_id=None) if row.goal_id == goal_id and row.measurement_id else row
        for row in before.rows
    )
    _write(sheet, before, replace(before, rows=rows), "unmeasure", actor=actor, now=now)
    return sheet


@transaction.atomic
def attach_document(
    evaluation_id: int, goal_id: int, proof: Proof, version: int, *, actor: User, now: datetime
) -> Evaluation:
    """Keep a document as the evidence of a result, with where in it the figure stands.

    Raises:
        SheetNotFound, PermissionRefused, SheetClosed, SheetStale: as `begin_edit`.
        ResultInvalid: the file is empty or too large, the note too long, or the indicator waits for its conditions.
    """
    sheet = _begin(evaluation_id, version, actor=actor, now=now)
    if (reason := list_waiting_promises(sheet).get(_promise(sheet, goal_id).pk)) is not None:
        raise ResultInvalid(_("待具备条件：%(reason)s") % {"reason": reason}, goal=goal_id, field="document")
    told = _shape(proof.note, "document_note", goal_id)
    try:
        stored = store_file(proof.content, name=drop_controls(proof.name), owner=actor, now=now, accepted=EVIDENCE)
    except FileError as refused:
        raise ResultInvalid(refused.message, goal=goal_id, field="document") from refused
    before = content_of_evaluation(sheet)
    rows = tuple(
        replace(row, document_id=stored.pk, document_note=told) if row.goal_id == goal_id else row
        for row in before.rows
    )
    _write(sheet, before, replace(before, rows=rows), "document", actor=actor, now=now)
    return sheet


def _begin(evaluation_id: int, version: int, *, actor: User, now: datetime) -> Evaluation:
    """Begin an edit, with a result for every promise, and everything read at once."""
    sheet = begin_edit(Evaluation, SheetKind.EVALUATION, evaluation_id, version, actor=actor, now=now)
    goals = GoalIndicator.objects.filter(sheet__project_year=sheet.project_year_id, evaluated__isnull=True)
    EvaluatedIndicator.objects.bulk_create(EvaluatedIndicator(evaluation=sheet, goal=goal) for goal in goals)
    return load_fully(Evaluation.objects.all()).get(pk=sheet.pk)


def _promise(sheet: Evaluation, goal_id: int) -> GoalIndicator:
    for goal in list_promises(sheet):
        if goal.pk == goal_id:
            return goal
    raise SheetNotFound(_("没有这项指标，或您无权查看。"), sheet=sheet.pk, goal=goal_id)


def _clean(content: EvaluationContent, before: EvaluationContent, waiting: Mapping[int, str]) -> EvaluationContent:
    """Bring texts into shape and take only what may be typed; rows that were not sent stay as they are."""
    _refuse_figures(content, before, waiting)
    sent = {row.goal_id: row for row in content.rows}
    if unknown := set(sent) - {row.goal_id for row in before.rows}:
        raise ResultInvalid(_("这一行不在这份自评里，请刷新后再填。"), row=min(unknown))
    actual = drop_controls(content.actual.replace("\r\n", "\n")).strip()
    if len(actual) > RESULT_LENGTH:
        raise ResultInvalid(_("这一栏最多 %(most)s 字。") % {"most": RESULT_LENGTH}, field="result")
    rows = tuple(_clean_row(row, sent[row.goal_id]) if row.goal_id in sent else row for row in before.rows)
    return EvaluationContent(actual, rows)


def _refuse_figures(content: EvaluationContent, before: EvaluationContent, waiting: Mapping[int, str]) -> None:
    """Refuse what is typed for indicators that wait; what stood there from before may stay or go, and counts for nothing."""
    kept = {row.goal_id: row for row in before.rows}
    for row in content.rows:
        if row.goal_id not in waiting:
            continue
        was = kept.get(row.goal_id, row)
        if row.actual.strip() not in {"", was.actual} or row.score not in {None, was.score}:
            raise ResultInvalid(
                _("“%(name)s”待具备条件，不能填报数值或得分：%(reason)s")
                % {"name": row.name, "reason": waiting[row.goal_id]},
                row=row.goal_id,
                field="actual",
            )


def _clean_row(kept: ResultRow, sent: ResultRow) -> ResultRow:
    texts: dict[str, Any] = {name: _shape(getattr(sent, name), name, kept.goal_id) for name in _LENGTHS}
    score = sent.score
    if score is not None and (not 0 <= score <= _MOST_POINTS or score != round(score, 4)):
        raise ResultInvalid(_("得分应为 0 至 1000 的数，最多四位小数。"), row=kept.goal_id, field="score")
    if kept.measurement_id is not None:
        texts["actual"] = kept.actual
    return replace(kept, score=score, **texts)


def _shape(text: str, field: str, goal_id: int) -> str:
    shaped = drop_controls(text.replace("\r\n", "\n")).strip()
    if len(shaped) > _LENGTHS[field]:
        raise ResultInvalid(_("这一栏最多 %(most)s 字。") % {"most": _LENGTHS[field]}, row=goal_id, field=field)
    return shaped


def _write(
    sheet: Evaluation,
    before: EvaluationContent,
    after: EvaluationContent,
    cause: str,
    *,
    actor: User,
    now: datetime,
) -> tuple[Change, ...]:
    assessed = assess_content(sheet, after)
    # A score by hand that is the rules' is none by hand.
    settled = zip(after.rows, assessed.settled.lines, strict=True)
    rows = tuple(replace(row, score=None) if row.score == line.rule_score else row for row, line in settled)
    after = replace(after, rows=rows)
    changes = list_changes(before, after)
    if not changes:
        return ()
    _write_rows(sheet, after, assessed)
    _write_sums(sheet, after, assessed)
    keep_edit(sheet, actor=actor, now=now)
    told = [{"indicator": c.name, "field": c.field, "before": c.before[:200], "after": c.after[:200]} for c in changes]
    Edition.objects.create(
        project_year_id=sheet.project_year_id,
        kind=SheetKind.EVALUATION,
        sheet_id=sheet.pk,
        version=sheet.version,
        cause=cause,
        editor=actor,
        saved_at=now,
        content=to_record(after),
        changes=[
            {"row": c.row, "name": c.name, "field": c.field, "before": c.before, "after": c.after} for c in changes
        ],
    )
    facts = {"version": sheet.version, "changes": len(changes), "listed": told[:_SHOWN_CHANGES]}
    record(actor, f"performance.{cause}_evaluation", f"evaluation:{sheet.pk}", now=now, details=facts)
    return changes


_COLUMNS = (
    "actual", "score_reason", "deviation", "document_note", "measurement_id", "document_id", "rule_score", "score",
)  # fmt: skip


def _write_rows(sheet: Evaluation, content: EvaluationContent, assessed: Assessed) -> None:
    results = results_of(sheet)
    changed = []
    for row, line in zip(content.rows, assessed.settled.lines, strict=True):
        result = results[row.goal_id]
        for name in _COLUMNS[:6]:
            setattr(result, name, getattr(row, name))
        result.rule_score, result.score = line.rule_score, line.score
        changed.append(result)
    names = [name.removesuffix("_id") if name == "document_id" else name for name in _COLUMNS]
    EvaluatedIndicator.objects.bulk_update(changed, names)


def _write_sums(sheet: Evaluation, content: EvaluationContent, assessed: Assessed) -> None:
    settled, covered = assessed.settled, cover(assessed.form, content)
    levels = [finding.level for finding in assessed.checked.findings]
    sheet.actual = content.actual
    sheet.execution_score = settled.execution.score if settled.execution else None
    sheet.total, sheet.grade = settled.total, settled.grade
    sheet.error_count, sheet.breach_count = levels.count(Level.ERROR), levels.count(Level.BREACH)
    sheet.indicator_count, sheet.indicator_weight = covered.indicators, covered.points
    sheet.evidence_count, sheet.evidence_weight = covered.measured, covered.measured_points
