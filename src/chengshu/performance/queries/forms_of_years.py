"""A project's year as the structured form of published papers, so that one rule engine checks and scores both."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import cache

from django.db.models import Sum

from chengshu.kernel.organisations import facade as organisations
from chengshu.performance.contracts import Form, Goal, Indicator, Money, MoneyRow, Source, Total
from chengshu.performance.contracts.goals import GoalContent, GoalRow
from chengshu.performance.contracts.year import FundSource
from chengshu.performance.models import (
    BudgetAdjustment,
    BudgetLine,
    EvaluatedIndicator,
    Evaluation,
    GoalIndicator,
    GoalSheet,
    Payment,
    ProjectYear,
)
from chengshu.performance.papers.layouts import layout_names
from chengshu.performance.rules.rounding import round_half_up
from chengshu.performance.rules.rulesets import DEFAULT, get_rule_set, list_rule_sets
from chengshu.performance.rules.year.goals import marks_of

_ZERO, _HUNDRED, _CENT, _WAN = Decimal(0), Decimal(100), Decimal("0.01"), Decimal(10_000)
_PLACE = "shanghai"
_WAN_SINCE = 2024  # from this form on the printed unit of money is 万元


@cache
def template_of_year(year: int) -> str:
    """Give the printed form of a budget year: the city's newest that was out by then, its oldest for years before."""
    own = sorted(name for name in layout_names() if name.partition("-")[0] == _PLACE)
    out = [name for name in own if int(name.rpartition("-")[2]) <= year]
    return (out or own or [DEFAULT])[-1 if out else 0]


@cache
def rules_of_year(year: int) -> str:
    """Give the name of the rule set that the papers of a budget year are checked by."""
    template = template_of_year(year)
    return template if template in list_rule_sets() else DEFAULT


def content_of(sheet: GoalSheet) -> GoalContent:
    """Give the kept content of a goal sheet, rows in their order."""
    rows = sorted(sheet.indicators.all(), key=lambda row: row.number)
    return GoalContent(sheet.expected, tuple(_row_of(row) for row in rows))


def form_of_goals(sheet: GoalSheet) -> Form:
    """Give the goals of a year as a form without results: money as budgeted, indicators with target and weight."""
    return form_of_content(sheet.project_year, content_of(sheet), number=sheet.pk)


def form_of_content(year: ProjectYear, content: GoalContent, *, number: int = 0) -> Form:
    """Give a goal content, saved or only typed, as a form; `number` is the sheet's id.

    Unit and department carry no names: the rules of goals do not look at them, and names cost queries.
    """
    rules = get_rule_set(rules_of_year(year.year))
    initial = year.initial_yuan if year.budget_yuan else None
    total = MoneyRow(initial=initial, budget=year.budget_yuan or None, weight=rules.execution_points)
    return Form(
        source=Source(f"goal:{number}", 1),
        template=template_of_year(year.year),
        year=year.year,
        project=year.project.name,
        money_unit="元",
        money=Money(total=total),
        goal=Goal(expected=content.expected or None),
        indicators=tuple(_promise(row) for row in content.rows),
    )


def form_of(evaluation: Evaluation) -> Form:
    """Give a self-evaluation as the form that is printed and scored.

    Money comes from budget, adjustments and payments by source, in the printed unit of the year's form; the execution
    score, the total and the grade are those kept on the evaluation. Four queries beside those of what is not loaded.
    """
    year, goals = evaluation.project_year, evaluation.project_year.goal_sheet
    rules = get_rule_set(evaluation.rules)
    template = template_of_year(year.year)
    unit = "万元" if int(template.rpartition("-")[2]) >= _WAN_SINCE and template.startswith(_PLACE) else "元"
    names = organisations.names_on([year.unit_id, year.project.department_id], date(year.year, 12, 31))
    results = {result.goal_id: result for result in evaluation.indicators.all()}
    promised = sorted(goals.indicators.all(), key=lambda row: row.number)
    money = _money(year, _WAN if unit == "万元" else Decimal(1))
    total = replace(money.total, weight=rules.execution_points, score=plain(evaluation.execution_score))
    return Form(
        source=Source(f"evaluation:{evaluation.pk}", 1),
        template=template,
        year=year.year,
        project=year.project.name,
        department=names.get(year.project.department_id),
        unit=names.get(year.unit_id),
        money_unit=unit,
        money=replace(money, total=total),
        goal=Goal(expected=goals.expected or None, actual=evaluation.actual or None),
        indicators=tuple(_result(row, results.get(row.pk)) for row in promised),
        total=Total(weight=_sum_weights(promised, rules.execution_points), score=plain(evaluation.total)),
        grade=evaluation.grade or None,
    )


def _row_of(row: GoalIndicator) -> GoalRow:
    return GoalRow(
        key=str(row.pk),
        level1=row.level1,
        level2=row.level2,
        name=row.name,
        target=row.target,
        weight=plain(row.weight),
        measured_by=row.measured_by,
        scope=row.scope,
        library_id=row.library_id,
        marks=marks_of(row.must_change),
    )


def _promise(row: GoalRow) -> Indicator:
    return Indicator(
        level1=row.level1 or None,
        level2=row.level2 or None,
        level3=row.name or None,
        target=row.target or None,
        weight=row.weight,
    )


def _result(goal: GoalIndicator, result: EvaluatedIndicator | None) -> Indicator:
    promise = Indicator(
        level1=goal.level1 or None,
        level2=goal.level2 or None,
        level3=goal.name or None,
        target=goal.target or None,
        weight=plain(goal.weight),
    )
    if result is None:
        return promise
    return replace(promise, actual=result.actual or None, score=plain(result.score), reason=result.deviation or None)


def plain(value: Decimal | None) -> Decimal | None:
    """Give a figure from the database without the zeros that its column adds."""
    if value is None:
        return None
    bare = value.normalize()
    return bare.quantize(Decimal(1)) if bare == bare.to_integral_value() else bare


def _sum_weights(rows: Iterable[GoalIndicator], execution: Decimal) -> Decimal | None:
    weights = [row.weight for row in rows]
    given = [weight for weight in weights if weight is not None]
    return plain(sum(given, execution)) if given and len(given) == len(weights) else None


def _money(year: ProjectYear, factor: Decimal) -> Money:
    """Add the money up by source; the total is that of the sources, or the kept sums where no source has any."""
    planned, changed, paid = (_by_source(year, table, column) for table, column in _MONEY_TABLES)
    rows = {
        source: _money_row(
            planned.get(source, _ZERO),
            planned.get(source, _ZERO) + changed.get(source, _ZERO),
            paid.get(source),
            factor,
        )
        for source in FundSource
    }
    total = _money_row(year.initial_yuan, year.budget_yuan, year.executed_yuan, factor)
    return Money(total, rows[FundSource.FISCAL], rows[FundSource.CARRIED_OVER], rows[FundSource.OTHER])


_MONEY_TABLES = ((BudgetLine, "initial_yuan"), (BudgetAdjustment, "amount_yuan"), (Payment, "amount_yuan"))


def _by_source(
    year: ProjectYear, table: type[BudgetLine | BudgetAdjustment | Payment], column: str
) -> dict[str, Decimal]:
    sums = table.objects.filter(project_year=year.pk).values_list("source").order_by("source").annotate(sum=Sum(column))
    return dict(sums)


def _money_row(initial: Decimal, budget: Decimal, executed: Decimal | None, factor: Decimal) -> MoneyRow:
    paid = executed or _ZERO
    rate = round_half_up(paid / budget * _HUNDRED, 2) if budget > 0 else _ZERO
    return MoneyRow(_amount(initial, factor), _amount(budget, factor), _amount(paid, factor), rate=rate)


def _amount(value: Decimal, factor: Decimal) -> Decimal:
    """Give an amount in the printed unit with at least two decimals, and as many more as it needs."""
    amount = (value / factor).normalize()
    return amount.quantize(_CENT) if amount == amount.quantize(_CENT) else amount
