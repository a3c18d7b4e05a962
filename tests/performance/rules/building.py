"""Forms built right, to be bent by one thing at a time."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from chengshu.performance.contracts import (
    Checked,
    Finding,
    Form,
    Goal,
    Indicator,
    Level,
    Money,
    MoneyRow,
    Source,
    Total,
)
from chengshu.performance.rules.checking import check_form
from chengshu.performance.rules.rulesets import RuleSet, get_rule_set

SHANGHAI = get_rule_set("shanghai-2021")
GRAVE = {Level.ERROR, Level.BREACH}


def number(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


def row(
    level2: str, level3: str | None, target: str | None, actual: str | None, points: str | None, **more: Any
) -> Indicator:
    """One indicator row; `points` is "10" (full marks), "8/10" (score of weight) or "/10" (no score)."""
    classes = {"数量": "产出", "质量": "产出", "时效": "产出", "成本": "产出", "服务对象满意度": "满意度"}
    score, _, weight = (points or "").rpartition("/")
    full = number(weight or None)
    got = full if points and "/" not in points else number(score or None)
    level1 = f"{classes.get(level2, '效益')}指标"
    return Indicator(level1, f"{level2}指标", level3, target, actual, full, got, **more)


ROWS = (
    row("数量", "维护系统数量", "≥12套", "13套", "15"),
    row("质量", "验收合格率", "≥95%", "97%", "15"),
    row("时效", "按时完成率", "≥95%", "96%", "10"),
    row("成本", "单位成本控制", "≤100万元", "98万元", "10"),
    row("经济效益", "节约运行费用", "≥20万元", "21万元", "15"),
    row("社会效益", "服务覆盖率", "≥80%", "82%", "15"),
    row("服务对象满意度", "使用者满意度", "≥90%", "93%", "10"),
)


def amounts(initial: str | None, budget: str | None, executed: str | None) -> MoneyRow:
    return MoneyRow(number(initial), number(budget), number(executed))


def money(
    executed: str = "1000000.00",
    *,
    initial: str = "1000000.00",
    budget: str = "1000000.00",
    rate: str | None = "100.00",
    score: str | None = "10.00",
) -> Money:
    total = replace(amounts(initial, budget, executed), weight=Decimal(10), rate=number(rate), score=number(score))
    return Money(total, amounts(initial, budget, executed), amounts(None, "0", None), amounts(None, "0", None))


def a_form(rows: Sequence[Indicator] = ROWS, **changes: Any) -> Form:
    """A form without a fault; its total follows from the rows and the execution score unless it is given."""
    block: Money = changes.get("money", money())
    scores = [block.total.score, *(item.score for item in rows)]
    weights = [block.total.weight, *(item.weight for item in rows)]
    built = Form(
        source=Source("forms.txt", 1, 1),
        template="shanghai-2021",
        year=2021,
        project="系统运行维护",
        department="某市数据局",
        unit="某市数据中心",
        money_unit="元",
        money=block,
        goal=Goal(
            "全年维护系统不少于12套，保证验收合格，按时完成，使用者满意。",
            "全年维护13套，验收合格率达到97%，节约费用21万元。",
        ),
        indicators=tuple(rows),
        total=Total(_sum(weights), _sum(scores)),
    )
    return replace(built, **changes)


def _sum(values: Sequence[Decimal | None]) -> Decimal | None:
    given = [value for value in values if value is not None]
    return sum(given, Decimal(0)) if len(given) == len(values) else None


def with_row(at: int, **changes: Any) -> Form:
    """The right form with one row changed, its total still the sum of its scores."""
    rows = list(ROWS)
    rows[at] = replace(rows[at], **changes)
    return a_form(rows)


def check(form: Form, rules: RuleSet = SHANGHAI) -> Checked:
    return check_form(form, rules)


def codes(form: Form, rules: RuleSet = SHANGHAI) -> set[str]:
    return {finding.code for finding in check(form, rules).findings}


def only(form: Form, code: str, rules: RuleSet = SHANGHAI) -> Finding:
    """The one finding of this code."""
    found = [finding for finding in check(form, rules).findings if finding.code == code]
    assert len(found) == 1, [finding.message for finding in check(form, rules).findings]
    return found[0]


def grave(form: Form, rules: RuleSet = SHANGHAI) -> list[str]:
    return [finding.message for finding in check(form, rules).findings if finding.level in GRAVE]
