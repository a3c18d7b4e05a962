"""Goals that are right, to be bent by one thing at a time."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from chengshu.performance.contracts.goals import GoalContent, GoalRow

TODAY = date(2024, 3, 15)
_CLASSES = {"数量": "产出", "质量": "产出", "时效": "产出", "成本": "产出", "服务对象满意度": "满意度"}


def a_row(name: str, target: str, weight: int | None, category: str = "数量", key: str = "") -> GoalRow:
    level1 = f"{_CLASSES.get(category, '效益')}指标"
    points = None if weight is None else Decimal(weight)
    return GoalRow(key or f"new-{name}", level1, f"{category}指标", name, target, points)


ROWS = (
    a_row("线路巡检次数", "≥4次", 20),
    a_row("网络可用率", "≥99.9%", 15, "质量"),
    a_row("报修工单按时办结率", "≥95%", 10, "时效"),
    a_row("单位线路成本", "≤12万元", 5, "成本"),
    a_row("业务覆盖率", "=100%", 30, "社会效益"),
    a_row("使用人员满意度", "≥90%", 10, "服务对象满意度"),
)


def a_content(expected: str = "保障政务外网全年稳定运行，报修工单按时办结，线路巡检到位。") -> GoalContent:
    return GoalContent(expected, ROWS)


def with_row(content: GoalContent, at: int, **changed: object) -> GoalContent:
    """Change one row by its place."""
    rows = list(content.rows)
    rows[at] = replace(rows[at], **changed)  # type: ignore[arg-type]  # the fields of a row
    return replace(content, rows=tuple(rows))
