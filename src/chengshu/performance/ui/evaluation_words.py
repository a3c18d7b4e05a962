"""The words of self-evaluations' pages: states, saves, fields; and lines, findings and gaps ready to be shown."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from chengshu.kernel.indicators.facade import Measurement
from chengshu.performance.contracts import Finding, Money, MoneyRow
from chengshu.performance.facade import evaluations
from chengshu.performance.facade.evaluations import (
    Assessed,
    Coverage,
    Edition,
    Evaluation,
    Gap,
    GoalIndicator,
    ResultRow,
)
from chengshu.performance.ui.goal_paper import ShownChange, ShownVersion
from chengshu.performance.ui.goal_words import name_level, row_of
from chengshu.performance.ui.wording import language, share_pct, words, write_figure

NOT_OPENED = "none"
STATES: Mapping[str, Promise] = {
    NOT_OPENED: gettext_lazy("未开始自评"),
    "draft": gettext_lazy("填报中"),
    "submitted": gettext_lazy("待部门审核"),
    "department_approved": gettext_lazy("待财政审核"),
    "approved": gettext_lazy("已审核"),
}
_CAUSES: Mapping[str, Promise] = {
    "save": gettext_lazy("保存"),
    "measure": gettext_lazy("计量"),
    "unmeasure": gettext_lazy("改为凭材料填报"),
    "document": gettext_lazy("上传佐证材料"),
    "restore": gettext_lazy("恢复旧版本"),
}
FIELDS: Mapping[str, Promise] = {
    "result": gettext_lazy("年度总体目标完成情况"),
    "actual": gettext_lazy("实际完成值"),
    "score": gettext_lazy("得分"),
    "score_reason": gettext_lazy("打分依据或调整理由"),
    "deviation": gettext_lazy("偏差原因分析及改进措施"),
    "document_note": gettext_lazy("在材料中的位置"),
    "measurement_id": gettext_lazy("计量"),
    "document_id": gettext_lazy("佐证材料"),
}
_RESTS_ON = frozenset({"measurement_id", "document_id"})


@dataclass(frozen=True, slots=True)
class Line:
    """One indicator as a page shows it; figures are written, "" for none. `evidence` is measured, document or none.

    `waiting` says what has to be there before it can be counted; "" where nothing is waited for.
    """

    number: int
    goal: GoalIndicator
    row: ResultRow
    level1: str
    level2: str
    weight: str
    rule_score: str
    score: str
    is_changed: bool
    why: str
    evidence: str
    document: str
    measurement: Measurement | None
    waiting: str = ""


@dataclass(frozen=True, slots=True)
class ShownFinding:
    """One finding in words, with the place on the page that it speaks of."""

    number: int
    level: str
    level_name: str
    code_name: str
    message: str
    basis: str
    anchor: str


def draw_lines(evaluation: Evaluation, assessed: Assessed) -> tuple[Line, ...]:
    """Give the indicators in the order of the form."""
    results, kept = evaluations.results_of(evaluation), evaluations.read_measurements(evaluation)
    waiting = evaluations.list_waiting_promises(evaluation)
    lines = []
    rows = zip(evaluations.list_promises(evaluation), assessed.content.rows, assessed.settled.lines, strict=True)
    for number, (goal, row, line) in enumerate(rows):
        result = results.get(goal.pk)
        document = result.document if result else None
        measurement = kept.get(row.measurement_id or 0)
        lines.append(
            Line(
                number=number,
                goal=goal,
                row=row,
                level1=name_level(goal.level1),
                level2=name_level(goal.level2),
                weight=_points(line.weight),
                rule_score=_points(line.rule_score),
                score=_points(line.score),
                is_changed=line.score != line.rule_score,
                why=(line.why_en if language() == "en" else line.why) if row.actual else "",
                evidence="measured" if measurement else "document" if document else "none",
                document=document.name if document else "",
                measurement=measurement,
                waiting=waiting.get(goal.pk, ""),
            )
        )
    return tuple(lines)


def _points(points: Decimal | None) -> str:
    return "" if points is None else write_figure(points)


def word_findings(findings: Sequence[Finding]) -> list[ShownFinding]:
    """Put findings into words, the gravest first."""
    named, is_english = words(), language() == "en"
    order = {"error": 0, "breach": 1, "hint": 2}
    graded = sorted(findings, key=lambda finding: order[finding.level.value])
    return [
        ShownFinding(
            number=number,
            level=finding.level.value,
            level_name=named.levels[finding.level],
            code_name=named.code(finding.code),
            message=finding.message_en if is_english else finding.message,
            basis=finding.basis,
            anchor=anchor_of(finding.field),
        )
        for number, finding in enumerate(graded, start=1)
    ]


def anchor_of(pointer: str) -> str:
    """Give the id of the place on the page that a pointer leads to."""
    if (row := row_of(pointer)) is not None:
        return f"line-{row}"
    return "money" if pointer.startswith("/money") else "result"


def word_gaps(gaps: Sequence[Gap]) -> list[tuple[str, str]]:
    """Give each gap with the id of its place on the page."""
    return [(anchor_of(gap.field), evaluations.word_gap(gap)) for gap in gaps]


def word_coverage(covered: Coverage) -> str:
    """Say how much rests on measurement."""
    share = share_pct(covered.measured_points, covered.points)
    return _("%(measured)s 项计量，共 %(all)s 项；占分值的 %(share)s%%") % {
        "measured": covered.measured,
        "all": covered.indicators,
        "share": "0" if share is None else write_figure(share),
    }


def word_money(money: Money) -> list[tuple[str, MoneyRow]]:
    """Give the money block's rows with their names, as the form prints them."""
    return [
        (_("年度资金总额"), money.total),
        (_("当年财政拨款"), money.fiscal),
        (_("上年结转资金"), money.carried_over),
        (_("其他资金"), money.other),
    ]


def word_version(edition: Edition) -> ShownVersion:
    """Put a save into words."""
    changes = tuple(
        ShownChange(
            change["name"],
            str(FIELDS.get(change["field"], change["field"])),
            _word_value(change["field"], change["before"]),
            _word_value(change["field"], change["after"]),
        )
        for change in edition.changes
    )
    cause = str(_CAUSES.get(edition.cause, edition.cause))
    return ShownVersion(edition.version, cause, edition.editor.display_name, edition.saved_at, changes)


def _word_value(field: str, value: str) -> str:
    """Write a kept value; what a figure rests on goes by its number."""
    return _("第 %(number)s 号") % {"number": value} if value and field in _RESTS_ON else value


def name_state(state: str) -> str:
    """Name a state."""
    return str(STATES[state])
