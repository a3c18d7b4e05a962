"""The papers of the demonstration: three people lead two projects through their years, as they would on the pages.

Only doors of the domains are used, in the order and with the rights of the people. Run again it changes nothing.
"""

import io
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from django.utils import timezone

from chengshu.cli import demonstration_people as people
from chengshu.kernel.accounts.facade import User
from chengshu.performance.contracts.evaluations import GapKind
from chengshu.performance.facade import evaluations, goals, monitoring, projects, publications, reviews
from chengshu.performance.facade.evaluations import Evaluation, Proof, ResultRow
from chengshu.performance.facade.goals import GoalContent, GoalRow, ProjectYear, SheetKind, StepAsked
from chengshu.synthetic.papers import WrittenYear, write_year

_MORNING = 2  # o'clock UTC: ten in the morning of the office
_JUDGED = "本年没有此类工单，按职责履行情况评分。"
_WORDS = "计量期内有超时的工单，已逐件核实原因，并增派值班人员、调整派单顺序。"


@dataclass(frozen=True, slots=True)
class Desk:
    """The three who lead papers on."""

    officer: User
    department: User
    finance: User


def load_papers() -> None:
    """Let the years up to this one be written, decided on, monitored, evaluated, reviewed and made public."""
    desk = Desk(people.find("zhuanyuan"), people.find("shenhe"), people.find("fuhe"))
    today = timezone.localdate()
    goals.load_library(actor=None, now=timezone.now())
    years = list(projects.list_years(desk.officer, on=today).order_by("year", "project__code"))
    if any(hasattr(year, "goal_sheet") for year in years):
        return
    for year in years:
        _promise(year, desk, is_last=year.year == today.year and year is years[-1])
    _monitor(today, desk)
    for year in years:
        if year.year < today.year:
            _evaluate(year, desk, is_open=year is _last_before(years, today.year))
    _review(today.year - 1, desk)


def _last_before(years: list[ProjectYear], number: int) -> ProjectYear:
    return [year for year in years if year.year < number][-1]


def _at(year: int, month: int, day: int) -> datetime:
    """Ten in the morning of that day, or now where that is still to come."""
    return min(datetime(year, month, day, _MORNING, tzinfo=UTC), timezone.now())


def _written(year: ProjectYear) -> WrittenYear:
    return write_year(year.year, falls_short=(year.year + year.project_id) % 2 == 0)


def _promise(year: ProjectYear, desk: Desk, *, is_last: bool) -> None:
    """Write the goals of a year and have them approved; the newest still wait for the department."""
    written, begun = _written(year), _at(year.year, 1, 15)
    sheet = goals.open_goals(year.pk, actor=desk.officer, now=begun)
    rows = tuple(
        GoalRow(f"new{at}", item.level1, item.level2, item.name, item.target, item.weight, item.measured_by)
        for at, item in enumerate(written.indicators, start=1)
    )
    content = GoalContent(written.expected, rows)
    sheet, _changes = goals.save_goals(sheet.pk, content, sheet.version, actor=desk.officer, now=begun)
    lead(SheetKind.GOAL, sheet.pk, sheet.version, desk, begun, steps=1 if is_last else 3)


def lead(kind: SheetKind, sheet_id: int, version: int, desk: Desk, begun: datetime, *, steps: int) -> None:
    """Lead a sheet along its first steps, one a week: handed in, then approved by the department, then by finance."""
    way = (("submit", desk.officer), ("approve", desk.department), ("approve", desk.finance))
    for at, (action, actor) in enumerate(way[:steps]):
        moment = min(begun + timedelta(days=7 * (at + 1)), timezone.now())
        goals.take_step(StepAsked(kind, sheet_id, action, version), actor=actor, now=moment)


def _monitor(today: date, desk: Desk) -> None:
    """Have this year's projects report to the end of July; one report is handed in, others wait."""
    until = date(today.year, 7, 31)
    if today <= until:
        until = date(today.year - 1, 7, 31)
    now = _at(until.year, 8, 3)
    point = monitoring.set_point("1—7月监控", until, date(until.year, 8, 31), actor=desk.finance, now=now)
    monitoring.open_reports(point.pk, now=now)
    sheet = monitoring.list_monitoring(desk.officer, on=today).filter(point=point).order_by("pk").first()
    if sheet is None:
        return
    sheet, _empty = monitoring.measure_monitoring(sheet.pk, sheet.version, actor=desk.officer, now=now)
    written = {item.name: item for item in _written(sheet.project_year).indicators}
    content = monitoring.content_of_monitoring(sheet)
    rows = tuple(
        replace(
            row, value=row.value or written[row.name].halfway, deviation=_WORDS, measure="下半年按月检查，落后的单位每周通报。"
        )
        for row in content.rows
    )  # fmt: skip
    content = replace(content, rows=rows, deviation="合同款集中在下半年支付。", measure="按合同节点催办验收和支付。")
    sheet, _changes = monitoring.save_monitoring(sheet.pk, content, sheet.version, actor=desk.officer, now=now)
    lead(SheetKind.MONITORING, sheet.pk, sheet.version, desk, now, steps=2)


def _evaluate(year: ProjectYear, desk: Desk, *, is_open: bool) -> None:
    """Evaluate a year: measure what is registered, type the rest with a document, say why points are lost."""
    now = _at(year.year + 1, 2, 20)
    evaluation = evaluations.open_evaluation(year.pk, actor=desk.officer, now=now)
    evaluation, _count, _faults = evaluations.measure_missing(
        evaluation.pk, evaluation.version, actor=desk.officer, now=now
    )
    _type_in(evaluation, _written(year), desk, now)
    evaluation = _again(evaluation, desk)
    for goal in evaluations.list_promises(evaluation):
        if not goal.measured_by:
            scan = io.BytesIO(f"{goal.name}：{year.year}年度台账（演示材料）\n".encode())
            proof = Proof(f"{goal.name}台账.txt", scan, "合计行")
            evaluation = evaluations.attach_document(
                evaluation.pk, goal.pk, proof, evaluation.version, actor=desk.officer, now=now
            )
    if is_open:
        return
    lead(SheetKind.EVALUATION, evaluation.pk, evaluation.version, desk, now, steps=3)
    if not publications.list_hindrances(_again(evaluation, desk), is_public=False):
        publications.publish(evaluation.pk, None, actor=desk.finance, now=_at(year.year + 1, 4, 20))


def _again(evaluation: Evaluation, desk: Desk) -> Evaluation:
    return evaluations.get_evaluation(evaluation.pk, viewer=desk.officer, on=timezone.localdate())


def _type_in(evaluation: Evaluation, written: WrittenYear, desk: Desk, now: datetime) -> None:
    content = evaluations.content_of_evaluation(_again(evaluation, desk))
    items = {item.name: item for item in written.indicators}
    rows = tuple(
        replace(row, actual=row.actual or items[row.name].actual, deviation=items[row.name].deviation)
        for row in content.rows
    )
    content = replace(content, actual=written.actual, rows=rows)
    rows = tuple(explain(_again(evaluation, desk), content, rows))
    content = replace(content, rows=rows)
    evaluations.save_evaluation(evaluation.pk, content, evaluation.version, actor=desk.officer, now=now)


def explain(
    evaluation: Evaluation, content: evaluations.EvaluationContent, rows: tuple[ResultRow, ...]
) -> Iterator[ResultRow]:
    """Give the rows with words where points are lost, and with a score where the rules leave it to people."""
    missing = {(gap.field, gap.kind) for gap in evaluations.assess_content(evaluation, content).gaps}
    for at, (row, goal) in enumerate(zip(rows, evaluations.list_promises(evaluation), strict=True)):
        kinds = {kind for field, kind in missing if field.startswith(f"/indicators/{at}/")}
        told = replace(row, deviation=_WORDS) if GapKind.DEVIATION in kinds else row
        judged = GapKind.SCORE in kinds
        yield replace(told, score=goal.weight or Decimal(0), score_reason=_JUDGED) if judged else told


def _review(year: int, desk: Desk) -> None:
    """Let finance draw a sample of the last year, lower a line with a reason, and have something mended."""
    now = _at(year + 1, 5, 10)
    if not evaluations.list_evaluation_years(desk.finance, on=timezone.localdate()).filter(year=year).exists():
        return
    asked = reviews.SpotCheckAsked(year, f"{year}年度自评抽查", 1, year, (reviews.StratumBy.DEPARTMENT,))
    spot_check = reviews.draw_spot_check(asked, actor=desk.finance, now=now)
    review = reviews.list_reviews(desk.finance, on=timezone.localdate()).filter(spot_check=spot_check).get()
    lines = reviews.read_lines(review.evaluation)
    scores = []
    for line in lines:
        own = line.own or Decimal(0)
        is_lowered = line.name == "全面巡检轮次"
        scores.append(
            reviews.LineScore(line.key, own - 1 if is_lowered else own, "台账缺一次巡检的签字。" if is_lowered else "")
        )
    edit = reviews.ReviewEdit(review.pk, review.version, tuple(scores), "其余各项与佐证材料相符。")
    review = reviews.save_review(edit, actor=desk.finance, now=now)
    asked_step = reviews.ReviewStepAsked(review.pk, "issue", review.version, "")
    reviews.take_review_step(asked_step, actor=desk.finance, now=now)
    problem = "巡检台账缺签字，请补齐并说明今后怎样避免。"
    reviews.raise_rectification(review.evaluation_id, problem, actor=desk.finance, now=now, review_id=review.pk)
