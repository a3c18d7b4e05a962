"""Re-scoring: what each line and the whole form get by the rules, and why."""

import tomllib
from collections.abc import Mapping
from decimal import Decimal
from functools import cache
from importlib.resources import files

from chengshu.performance.contracts import Rescored, RescoredLine
from chengshu.performance.rules.assessment import Assessment, Outcome
from chengshu.performance.rules.rounding import decimals_of, round_half_up, step
from chengshu.performance.rules.rulesets import RuleSet
from chengshu.performance.rules.sums import possible_points
from chengshu.performance.rules.view import FormView, Row

_HUNDRED = Decimal(100)
_ZERO = Decimal(0)


@cache
def _reasons() -> Mapping[str, tuple[str, str]]:
    path = files("chengshu.performance.rules").joinpath("lexicons", "scoring.toml")
    return {key: (entry["zh"], entry["en"]) for key, entry in tomllib.loads(path.read_text("utf-8")).items()}


def rescore(view: FormView) -> Rescored:
    """Score the form by its rule set: unrounded comparison, each line rounded half up at the end.

    Lines that no formula covers, and lines read with doubt, keep their printed score; the total is None where such a
    line has none, or where rows could not be read.
    """
    lines = [_score_execution(view), *(_score_row(view, row) for row in view.rows)]
    counted = [line for line in lines if line is not None]
    scores = [line.score for line in counted if line.score is not None]
    is_whole = len(scores) == len(counted) and not view.is_unreadable("/indicators")
    total = sum(scores, _ZERO) if scores and is_whole else None
    printed = view.form.total.score
    deserved = None if printed is None else view.rules.grade_of(printed)
    grade = None if total is None else view.rules.grade_of(total)
    changed = grade is not None and deserved is not None and grade != deserved
    return Rescored(total, grade, view.form.grade or deserved, changed, tuple(counted))


def execution_points(view: FormView) -> Decimal:
    """Give the weight of the execution rate: the printed one, else that of the likely ones which the score fits."""
    possible, score = possible_points(view.form, view.rules), view.form.money.total.score
    if len(possible) > 1 and score is not None and view.rate is not None:
        for points in possible:
            if round_half_up(_share_of(points, view.rate, view.rules), decimals_of(score)) == score:
                return points
    return possible[0]


def execution_score(view: FormView, rate: Decimal) -> Decimal:
    """Give the unrounded execution score of a rate in per cent, capped at its weight."""
    return _share_of(execution_points(view), rate, view.rules)


def _share_of(points: Decimal, rate: Decimal, rules: RuleSet) -> Decimal:
    return min(points * rate / _HUNDRED, points * rules.execution_cap)


def _score_execution(view: FormView) -> RescoredLine | None:
    money = view.form.money.total
    if money.weight is None and money.score is None:
        return None  # execution is not scored here, or stands among the indicators
    if view.rate is None or view.is_doubtful("/money/total/budget", "/money/total/executed"):
        return _line("/money/total", money.weight, money.score, money.score, "no_amounts")
    points = execution_points(view)
    score = round_half_up(execution_score(view, view.rate), view.rules.score_digits)
    shown = round_half_up(view.rate, 4)
    return _line("/money/total", points, money.score, score, "execution", rate=f"{shown:f}", points=f"{points:f}")


def _score_row(view: FormView, row: Row) -> RescoredLine:
    verdict, weight, rules = row.assessment, row.weight, view.rules
    if weight is None:
        return _line(row.path, None, row.score, row.score, "no_weight")
    if view.is_doubtful(f"{row.path}/target", f"{row.path}/actual", f"{row.path}/weight"):
        return _line(row.path, weight, row.score, row.score, "doubtful")
    if verdict.outcome is Outcome.MET:
        return _line(row.path, weight, row.score, round_half_up(weight, rules.score_digits), "met")
    if verdict.share is not None:
        score = round_half_up(max(min(verdict.share, Decimal(1)), _ZERO) * weight, rules.score_digits)
        return _line(row.path, weight, row.score, score, _figure_key(verdict, rules), share=_percent(verdict.ratio))
    if verdict.low is not None and verdict.high is not None and row.score is not None:
        return _score_words(row, weight, rules)
    return _line(row.path, weight, row.score, row.score, _kept_key(row))


def _figure_key(verdict: Assessment, rules: RuleSet) -> str:
    if verdict.outcome is Outcome.EXCEEDED:
        return f"exceeded_{rules.reverse_formula}"
    if verdict.outcome is Outcome.SHORT and verdict.share == 0 and verdict.ratio:
        return "below_pass"
    return str(verdict.outcome.value)


def _kept_key(row: Row) -> str:
    if row.target is None:
        return "no_target"
    if row.actual is None:
        return "no_actual"
    if row.assessment.outcome is Outcome.LATE:
        return "late"
    if (row.target.value is None) != (row.actual.value is None):
        return "mixed"
    return "units" if row.target.value is not None and row.assessment.ratio is None else "unknown"


def _score_words(row: Row, weight: Decimal, rules: RuleSet) -> RescoredLine:
    verdict = row.assessment
    low, high = word_bounds(verdict, weight)
    printed = row.score or _ZERO
    kind = verdict.outcome.value
    if printed < low:
        return _line(row.path, weight, row.score, round_half_up(low, rules.score_digits), f"{kind}_raised")
    if printed > high or (verdict.is_open and printed == high):
        top = high - step(rules.score_digits) if verdict.is_open else high
        return _line(row.path, weight, row.score, round_half_up(top, rules.score_digits), f"{kind}_lowered")
    return _line(row.path, weight, row.score, row.score, f"{kind}_kept")


def word_bounds(verdict: Assessment, weight: Decimal) -> tuple[Decimal, Decimal]:
    """Give the lowest and highest score of an answer in words (the highest excluded where the band is open)."""
    return (verdict.low or _ZERO) * weight, (verdict.high or _ZERO) * weight


def _percent(ratio: Decimal | None) -> str:
    return "" if ratio is None else f"{round_half_up(ratio * _HUNDRED, 2):f}%"


def _line(
    field: str, weight: Decimal | None, printed: Decimal | None, score: Decimal | None, key: str, **facts: str
) -> RescoredLine:
    why, why_en = _reasons()[key]
    return RescoredLine(field, weight, printed, score, why.format_map(facts), why_en.format_map(facts))
