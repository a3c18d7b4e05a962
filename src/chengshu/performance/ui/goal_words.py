"""The words of goals' pages: states, steps, fields, marks, classes; and findings beside their rows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from chengshu.performance.contracts import Finding
from chengshu.performance.facade import goals
from chengshu.performance.facade.goals import Mark
from chengshu.performance.ui.wording import language, words, write_figure

NOT_OPENED = "none"
STATES: Mapping[str, Promise] = {
    NOT_OPENED: _("未编报"),
    "draft": _("编报中"),
    "submitted": _("待部门审核"),
    "department_approved": _("待财政审核"),
    "approved": _("已批复"),
}
_LOOKS = {"draft": "running", "approved": "done", NOT_OPENED: "queued"}
STEPS: Mapping[str, Promise] = {
    "submit": _("提交审核"),
    "withdraw": _("撤回修改"),
    "return": _("退回修改"),
    "approve": _("审核通过"),
    "reopen": _("重新打开"),
}
DONE: Mapping[str, Promise] = {
    "submit": _("已提交，等部门审核。"),
    "withdraw": _("已撤回，可以继续修改。"),
    "return": _("已退回，单位会看到您的理由。"),
    "approve": _("已审核通过。"),
    "reopen": _("已重新打开，单位可以修改。"),
}
CAUSES: Mapping[str, Promise] = {
    "open": _("开始编报"),
    "save": _("保存"),
    "copy": _("复制上年"),
    "restore": _("恢复旧版本"),
}
FIELDS: Mapping[str, Promise] = {
    "expected": _("年度总体目标"),
    "order": _("顺序"),
    "row": _("整行"),
    "level1": _("一级指标"),
    "level2": _("二级指标"),
    "name": _("指标名称"),
    "target": _("年度指标值"),
    "weight": _("分值"),
    "measured_by": _("测量方式"),
    "scope": _("测量范围"),
    "marks": _("待核对"),
}
MARKS: Mapping[Mark, Promise] = {
    Mark.DATES: _("写有往年日期"),
    Mark.SAME_TARGET: _("指标值与上年相同"),
    Mark.FAILED: _("上年没有完成"),
}
_LEVELS: Mapping[str, Promise] = {
    "成本指标": _("成本指标"),
    "产出指标": _("产出指标"),
    "效益指标": _("效益指标"),
    "满意度指标": _("满意度指标"),
    "经济成本指标": _("经济成本指标"),
    "社会成本指标": _("社会成本指标"),
    "生态环境成本指标": _("生态环境成本指标"),
    "数量指标": _("数量指标"),
    "质量指标": _("质量指标"),
    "时效指标": _("时效指标"),
    "经济效益指标": _("经济效益指标"),
    "社会效益指标": _("社会效益指标"),
    "生态效益指标": _("生态效益指标"),
    "可持续影响指标": _("可持续影响指标"),
    "服务对象满意度指标": _("服务对象满意度指标"),
}
_GRAVITY = {"error": 0, "breach": 1, "hint": 2}


@dataclass(frozen=True, slots=True)
class GoalRemark:
    """One finding ready to be shown; `row` is its place among the rows, None where it speaks of the whole sheet."""

    number: int
    row: int | None
    level: str
    level_name: str
    code_name: str
    message: str
    basis: str


def name_level(level: str) -> str:
    """Name a class or category in the page's language; others go by their own name."""
    return str(_LEVELS.get(level, level))


def name_state(state: str) -> str:
    """Name a state."""
    return str(STATES[state])


def look_of_state(state: str) -> str:
    """Give the shape and colour of a state."""
    return _LOOKS.get(state, "running")


def word_remarks(findings: Sequence[Finding]) -> list[GoalRemark]:
    """Put findings into words, in their order."""
    is_english, named = language() == "en", words()
    own = {notice.code: notice for notice in goals.goal_notices().values()}
    remarks = []
    for number, finding in enumerate(findings, start=1):
        notice = own.get(finding.code)
        name = (notice.name_en if is_english else notice.name_zh) if notice else named.code(finding.code)
        message = finding.message_en if is_english else finding.message
        level = finding.level.value
        row = row_of(finding.field)
        remarks.append(GoalRemark(number, row, level, named.levels[level], name, message, finding.basis))
    return remarks


def row_of(pointer: str) -> int | None:
    """Give the place of the row that a pointer leads into; None for what is not in a row."""
    parts = pointer.split("/")
    is_row = len(parts) > 2 and parts[1] == "indicators" and parts[2].isdecimal()
    return int(parts[2]) if is_row else None


def worst_level(remarks: Sequence[GoalRemark]) -> str:
    """Give the gravest level among remarks; "" without any."""
    return min((remark.level for remark in remarks), key=_GRAVITY.__getitem__, default="")


def show_value(field: str, value: str) -> str:
    """Write a kept value for people: marks in words, an empty one as such."""
    if field == "marks":
        return "、".join(str(MARKS[mark]) for mark in Mark if mark.value in value.split()) or gettext("已核对")
    if field in {"level1", "level2"}:
        return name_level(value)
    return value or gettext("（空）")


def write_points(points: Decimal) -> str:
    """Write points without idle zeros."""
    return write_figure(points)
