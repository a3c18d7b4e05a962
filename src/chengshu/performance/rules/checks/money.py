"""The money block: execution rate and score, sums, units, swings."""

from collections.abc import Iterator
from decimal import Decimal

from chengshu.performance.contracts import Finding, MoneyRow
from chengshu.performance.rules.lexicon import one_of
from chengshu.performance.rules.notices import find
from chengshu.performance.rules.rounding import Fit, decimals_of, judge, round_half_up, step
from chengshu.performance.rules.scoring import execution_points, execution_score
from chengshu.performance.rules.view import FormView, is_unit_apart, own_slack, rate_bounds

_HUNDRED = Decimal(100)
_ZERO = Decimal(0)
_HALF = Decimal("0.5")
_ALIKE = Decimal("0.001")  # part of an amount that rounding to ten thousands may cost
_TOTAL = "/money/total"
_RATE_CELLS = (f"{_TOTAL}/budget", f"{_TOTAL}/executed")
_COLUMNS = ("initial", "budget", "executed")
_COLUMN_NAMES = {"initial": "年初预算数", "budget": "全年预算数", "executed": "全年执行数"}
_COLUMN_NAMES_EN = {"initial": "initial budget", "budget": "budget", "executed": "executed amount"}
_ROW_NAMES = {"total": "年度资金总额", "fiscal": "当年财政拨款", "carried_over": "上年结转资金", "other": "其他资金"}


def check_rate(view: FormView) -> Iterator[Finding]:
    """RATE_WRONG, RATE_BASE, UNIT: the printed rate against executed ÷ budget, on every row that prints one."""
    for name in ("total", "fiscal", "carried_over", "other"):
        row: MoneyRow = getattr(view.form.money, name)
        if row.rate is not None:
            yield from _check_rate_of(view, f"/money/{name}", _ROW_NAMES[name], row)


def _check_rate_of(view: FormView, path: str, label: str, row: MoneyRow) -> Iterator[Finding]:
    base_name = view.rules.rate_base
    base = row.initial if base_name == "initial" else row.budget
    if base is None or row.executed is None or row.rate is None or base <= 0 or row.executed < 0:
        return
    fit, exact = _judge_rate(view, row.rate, row.executed, base)
    if fit is Fit.EXACT:
        return
    cells = (f"{path}/{base_name}", f"{path}/executed")
    expected = f"{round_half_up(exact, max(decimals_of(row.rate), 2)):f}"
    facts = {"label": label, "executed": f"{row.executed:,f}", "base": f"{base:,f}"}
    key = _explain_rate(view, row, base) if fit is Fit.WRONG else _rounding_key(view, row, base, fit, exact)
    if fit is Fit.WRONG and path != _TOTAL:
        key = "RATE_WRONG.part"  # most forms print no rate on these rows: what stands there may be a neighbour's
    yield find(view, key, f"{path}/rate", printed=row.rate, expected=expected, cells=cells, **facts)


def _judge_rate(view: FormView, printed: Decimal, executed: Decimal, base: Decimal) -> tuple[Fit, Decimal]:
    """Compare a rate by the decimals of the whole form; what only an amount's own decimals allow is NEAR."""
    exact, half, slack = executed / base * _HUNDRED, view.slack, view.rules.rate_slack
    fit = judge(printed, *rate_bounds(executed, base, half, half), exact, slack)
    if fit is not Fit.WRONG:
        return fit, exact
    loose = rate_bounds(executed, base, own_slack(executed, half), own_slack(base, half))
    return (fit if judge(printed, *loose, exact, slack) is Fit.WRONG else Fit.NEAR), exact


def _rounding_key(view: FormView, row: MoneyRow, base: Decimal, fit: Fit, exact: Decimal) -> str:
    """Name how a rate that is nearly right was rounded: cut off, up, or in a way that the amounts leave open."""
    printed, executed = row.rate or _ZERO, row.executed or _ZERO
    low, high = rate_bounds(executed, base, view.slack, view.slack)
    unit = step(decimals_of(printed))
    if fit is Fit.CUT:
        return "RATE_WRONG.open" if low <= printed + unit / 2 and printed - unit / 2 <= high else "RATE_WRONG.cut"
    return "RATE_WRONG.up" if _ZERO < printed - exact < unit else "RATE_WRONG.near"


def _explain_rate(view: FormView, row: MoneyRow, base: Decimal) -> str:
    """Name what the wrong rate was computed from, where something fits."""
    if row.rate is None or row.executed is None:
        return "RATE_WRONG.wrong"
    other = row.budget if view.rules.rate_base == "initial" else row.initial
    if other and other > 0 and other != base and _judge_rate(view, row.rate, row.executed, other)[0] is Fit.EXACT:
        return "RATE_BASE" if view.rules.rate_base == "budget" else "RATE_BASE.budget"
    if row.rate > 0 and is_unit_apart(row.rate, row.executed / base * _HUNDRED, view.rules):
        return "UNIT.rate"
    if row.rate > 0 and _judge_rate(view, row.rate, row.executed, base * _HUNDRED)[0] is Fit.EXACT:
        return "UNIT.share"
    return "RATE_WRONG.wrong"


def check_rate_score(view: FormView) -> Iterator[Finding]:
    """RATE_SCORE_WRONG: the execution score against the unrounded rate; one from a well printed rate passes too."""
    money = view.form.money.total
    if money.score is None or view.rate is None or view.rate_low is None or view.rate_high is None:
        return
    if money.weight is None and money.score > view.rules.execution_points:
        return
    low, high = execution_score(view, view.rate_low), execution_score(view, view.rate_high)
    exact = execution_score(view, view.rate)
    fit = judge(money.score, low, high, exact, view.rules.rate_slack)
    if fit is Fit.EXACT or _fits_printed_rate(view):
        return
    digits = max(decimals_of(money.score), view.rules.score_digits)
    yield find(
        view,
        f"RATE_SCORE_WRONG.{'wrong' if fit is Fit.WRONG else 'near'}",
        f"{_TOTAL}/score",
        printed=money.score,
        expected=round_half_up(exact, digits),
        cells=(*_RATE_CELLS, f"{_TOTAL}/weight"),
        rate=f"{round_half_up(view.rate, 4):f}",
        points=f"{execution_points(view):f}",
    )


def _fits_printed_rate(view: FormView) -> bool:
    """Whether the score follows from the printed rate, and that rate is not itself wrong."""
    money = view.form.money.total
    base = money.initial if view.rules.rate_base == "initial" else money.budget
    if money.rate is None or money.score is None or money.executed is None or not base:
        return False
    if _judge_rate(view, money.rate, money.executed, base)[0] is Fit.WRONG:
        return False
    return round_half_up(execution_score(view, money.rate), decimals_of(money.score)) == money.score


def check_rate_score_bounds(view: FormView) -> Iterator[Finding]:
    """SCORE_ABOVE_WEIGHT: an execution score above its weight or below nothing."""
    money = view.form.money.total
    if money.score is None or money.weight is None or _ZERO <= money.score <= money.weight:
        return
    key = "SCORE_ABOVE_WEIGHT" if money.score > 0 else "SCORE_ABOVE_WEIGHT.negative"
    field = f"{_TOTAL}/score"
    yield find(
        view,
        key,
        field,
        printed=money.score,
        expected=money.weight,
        cells=(f"{_TOTAL}/weight",),
        label="预算执行率",
        label_en="the execution rate",
    )


def check_components(view: FormView) -> Iterator[Finding]:
    """COMPONENT_SUM, UNIT: every column's total against fiscal + carried over + other."""
    money = view.form.money
    slack = view.slack
    for column in _COLUMNS:
        total: Decimal | None = getattr(money.total, column)
        parts: list[Decimal | None] = [getattr(row, column) for row in (money.fiscal, money.carried_over, money.other)]
        given = [part for part in parts if part is not None]
        if total is None or not given or sum(given, _ZERO) == total:
            continue
        yield from _check_sum(view, column, total, parts, slack)


def _check_sum(
    view: FormView, column: str, total: Decimal, parts: list[Decimal | None], slack: Decimal
) -> Iterator[Finding]:
    given = sum((part for part in parts if part is not None), _ZERO)
    field = f"{_TOTAL}/{column}"
    cells = tuple(f"/money/{name}/{column}" for name in ("fiscal", "carried_over", "other"))
    if given > 0 and _is_unit_off(total, given, view.rules.unit_ratio):
        key = "UNIT.components"
    elif abs(total - given) <= _sum_slack(total, parts, slack):
        key = "COMPONENT_SUM.near"
    else:
        key = _sum_key(view, column, total, parts)
    names = {"column": _COLUMN_NAMES[column], "column_en": _COLUMN_NAMES_EN[column]}
    yield find(view, key, field, printed=total, expected=given, cells=cells, **names)


def _is_unit_off(total: Decimal, given: Decimal, ratio: Decimal) -> bool:
    """Whether one amount is the other in ten thousands, but for its rounding."""
    return any(abs(less * ratio - more) <= more * _ALIKE for less, more in ((total, given), (given, total)))


def _sum_slack(total: Decimal, parts: list[Decimal | None], slack: Decimal) -> Decimal:
    """Give how far a total may be off its parts by rounding: by the form's decimals, or by each amount's own."""
    amounts = [total, *(part for part in parts if part)]
    strict = slack * (len(parts) + 1) if slack < _HALF else _ZERO
    return max(strict, sum((own_slack(amount, slack) for amount in amounts if decimals_of(amount)), _ZERO))


def _sum_key(view: FormView, column: str, total: Decimal, parts: list[Decimal | None]) -> str:
    """Tell a wrong sum from one with empty or shifted cells, or with a part that was spent without a budget."""
    money = view.form.money
    if any(getattr(money.total, name) and getattr(money.fiscal, name) is None for name in _COLUMNS):
        return "COMPONENT_SUM.shifted"
    if sum((part for part in parts if part is not None), _ZERO) < total:
        if None in parts:
            return "COMPONENT_SUM.open"
        if view.rules.component_rows == "open":
            return "COMPONENT_SUM.more_rows"
    if column == "executed" and any(row.executed and not row.budget for row in (money.carried_over, money.other)):
        return "COMPONENT_SUM.unbudgeted"
    return "COMPONENT_SUM"


def check_low_execution(view: FormView) -> Iterator[Finding]:
    """LOW_EXECUTION_UNEXPLAINED: below the limit, and neither the result nor a reason says a word about it."""
    if view.rate is None or view.rate_high is None or view.rate_high >= view.rules.low_execution:
        return
    said = [view.result, *(row.reason or "" for row in view.rows)]
    explained = one_of("money", "execution")
    if any(explained.search(text) for text in said) or view.is_unreadable("/goal/actual"):
        return
    field = f"{_TOTAL}/rate"
    rate = round_half_up(view.rate, 2)
    limit = f"{view.rules.low_execution:f}"
    is_here = view.rules.execution_reason == "form" and not any(map(one_of("money", "delay").search, said))
    key = "LOW_EXECUTION_UNEXPLAINED" if is_here else "LOW_EXECUTION_UNEXPLAINED.elsewhere"
    yield find(view, key, field, printed=f"{rate:f}", cells=_RATE_CELLS, limit=limit)


def check_budget_swing(view: FormView) -> Iterator[Finding]:
    """BUDGET_SWING: the yearly budget far from the initial one."""
    money = view.form.money.total
    if money.initial is None or money.budget is None or money.initial == money.budget:
        return
    facts = {"initial": f"{money.initial:,f}", "budget": f"{money.budget:,f}"}
    field = f"{_TOTAL}/budget"
    if money.initial <= 0:
        yield find(view, "BUDGET_SWING.new", field, printed=money.budget, cells=(f"{_TOTAL}/initial",), **facts)
        return
    swing = (money.budget - money.initial) / money.initial * _HUNDRED
    if abs(swing) <= view.rules.budget_swing:
        return
    facts |= {"swing": f"{round_half_up(swing, 1):+f}", "limit": f"{view.rules.budget_swing:f}"}
    yield find(view, "BUDGET_SWING", field, printed=money.budget, cells=(f"{_TOTAL}/initial",), **facts)
