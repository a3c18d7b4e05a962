"""What an indicator's answer is worth by the rules: met or short, the score that follows, how sure that is."""

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache

from chengshu.base.quantities import Kind, Quantity, base_unit, common_values
from chengshu.performance.rules.lexicon import (
    are_close_units,
    graded_scales,
    member_of,
    one_of,
    scale_nouns,
    scales_of,
    words,
)
from chengshu.performance.rules.rulesets import RuleSet

_CALENDAR_UNIT = re.compile(r"[年月][底末初前份中上下]|[日号][前底]|季度[底末初前]|[号点]$")
_YEAR_MONTH = re.compile(r"(?<![0-9])(?:19|20)[0-9]{2}\.(?:0?[1-9]|1[0-2])(?![0-9])")
_WHOLE_DATE = 3  # figures in a date of year, month and day
_MONTH_DATE = 2
_HUNDRED = Decimal(100)
_NEARLY = Decimal("0.9")  # the part of "about 100" from which it is about reached
_ZERO = Decimal(0)
_ONE = Decimal(1)
_TWO = Decimal(2)


class Outcome(StrEnum):
    """How a printed answer compares with its target."""

    MET = "met"
    SHORT = "short"  # a positive figure below its target
    EXCEEDED = "exceeded"  # a figure above the limit it had to stay under
    ZERO_EXCEEDED = "zero_exceeded"  # the target is nothing at all, and something happened
    LATE = "late"  # a day after the deadline, for which no formula gives a score
    WORDS_MET = "words_met"
    WORDS_PARTIAL = "words_partial"
    WORDS_UNMET = "words_unmet"
    UNKNOWN = "unknown"


WORDS = frozenset({Outcome.WORDS_MET, Outcome.WORDS_PARTIAL, Outcome.WORDS_UNMET})
UNMET = frozenset({Outcome.SHORT, Outcome.EXCEEDED, Outcome.ZERO_EXCEEDED})


@dataclass(frozen=True, slots=True)
class Assessment:
    """The verdict on one answer.

    `ratio` is actual ÷ target where both are figures of one unit. `share` is the part of the weight that the rule
    set's formula gives (None where no formula applies); `lenient` the larger share that another usual formula gives.
    `low` and `high` bound the share of answers in words, `high` excluded where `is_open`. `is_sure` is False where
    the target prints no direction and more may not be better.
    """

    outcome: Outcome
    ratio: Decimal | None = None
    share: Decimal | None = None
    lenient: Decimal | None = None
    low: Decimal | None = None
    high: Decimal | None = None
    is_open: bool = False
    is_sure: bool = True


UNKNOWN = Assessment(Outcome.UNKNOWN)


def assess(name: str, target: Quantity | None, actual: Quantity | None, rules: RuleSet) -> Assessment:
    """Judge an answer against its target; `name` tells the direction where no sign is printed."""
    if target is None or actual is None:
        return UNKNOWN
    if target.value is None:
        if target.kind is Kind.DATE and actual.kind is Kind.DATE:
            return _assess_dates(target, actual)
        return _assess_words(target, actual, rules) if actual.value is None else UNKNOWN
    if actual.value is None:
        return UNKNOWN
    pair = comparable_values(target, actual)
    if pair is None or (pair[0] != pair[1] and (_is_calendar(target) or _is_calendar(actual))):
        return UNKNOWN
    return _assess_figures(name, target, actual, pair, rules)


def comparable_values(target: Quantity, actual: Quantity) -> tuple[Decimal, Decimal] | None:
    """Give both figures in one unit; close units (人, 人次) and a missing unit are taken as the same."""
    pair = common_values(target, actual)
    if pair is not None and not target.unit and min(pair) < 1 < max(pair) and min(pair) > 0:
        return None  # 0.97 beside 95: a share beside a percentage
    if pair is not None or target.value is None or actual.value is None:
        return pair
    if "%" in (target.unit, actual.unit) and min(abs(target.value), abs(actual.value)) <= 1:
        return None  # 0.95 beside 90% may be a share
    if not actual.unit or not target.unit or are_close_units(target.unit, actual.unit):
        return target.value, actual.value
    return None


def _assess_dates(target: Quantity, actual: Quantity) -> Assessment:
    if target.text == actual.text:
        return Assessment(Outcome.MET, share=_ONE)
    if target.day is None or actual.day is None or actual.is_limit:
        return UNKNOWN
    if actual.day <= target.day:
        return Assessment(Outcome.MET, share=_ONE)
    return Assessment(Outcome.LATE, is_sure=target.is_limit) if _first_day(actual) > target.day else UNKNOWN


def _first_day(printed: Quantity) -> date:
    """Give the earliest day that a printed date may mean: 2021年8月 may be the first of August."""
    day = printed.day or date.max
    parts = len(re.findall(r"[0-9]+", printed.text))
    if parts >= _WHOLE_DATE:
        return day
    return day.replace(day=1) if parts == _MONTH_DATE else day.replace(month=1, day=1)


def _assess_figures(
    name: str, target: Quantity, actual: Quantity, pair: tuple[Decimal, Decimal], rules: RuleSet
) -> Assessment:
    if target.kind is Kind.RANGE or actual.kind is Kind.RANGE:
        return _assess_range(target, actual, pair)
    if min(pair) < 0 and pair[0] <= 0:
        return _assess_change(target, actual, pair)
    limit, value = pair[0], max(pair[1], _ZERO)
    ratio = value / limit if limit else None
    is_reverse = target.sign in {"≤", "<"}
    if actual.is_limit:
        return _assess_limit(actual, limit, pair[1], ratio, is_reverse=is_reverse)
    if is_reverse:
        return _assess_reverse(limit, value, ratio, rules)
    if limit <= 0:
        return _assess_zero(name, target, limit, value)
    return _assess_positive(name, target, value / limit, rules)


def _assess_change(target: Quantity, actual: Quantity, pair: tuple[Decimal, Decimal]) -> Assessment:
    """Judge a rate of change, which may lie below nothing: met where the sign says so; no formula scores the rest."""
    limit, value = pair
    is_met = (target.sign in {"≤", "<"} and value <= limit) or (target.sign in {"≥", ">"} and value >= limit)
    return Assessment(Outcome.MET, share=_ONE) if (is_met and not actual.is_limit) or limit == value else UNKNOWN


def _is_calendar(quantity: Quantity) -> bool:
    """Whether a figure counts months or days of the calendar (12月底前, 2021.12) and is no amount."""
    return bool(_CALENDAR_UNIT.match(quantity.unit) or (not quantity.unit and _YEAR_MONTH.search(quantity.text)))


def _assess_positive(name: str, target: Quantity, ratio: Decimal, rules: RuleSet) -> Assessment:
    is_unsigned = target.sign in {None, "="}
    if ratio != 1 and is_unsigned and _may_be_reverse(name, target):
        return Assessment(Outcome.UNKNOWN, ratio)
    if ratio >= 1:
        return Assessment(Outcome.MET, ratio, _ONE, is_sure=ratio == 1 or not is_unsigned)
    if is_unsigned and _is_rough(target.text) and ratio >= _NEARLY:
        return Assessment(Outcome.UNKNOWN, ratio)
    share = _ZERO if ratio < rules.pass_share else ratio
    return Assessment(Outcome.SHORT, ratio, share, is_sure=target.sign is not None or _is_more_better(name, target))


def _may_be_reverse(name: str, target: Quantity) -> bool:
    """Whether less may be better though no sign says so: failures, durations, money."""
    if target.kind is Kind.DURATION or base_unit(target.unit.partition("/")[0])[0] == "元":
        return True
    return bool(one_of("direction", "reverse").search(name))


def _is_more_better(name: str, target: Quantity) -> bool:
    """Whether more is surely better though no sign says so: all of something, things counted, rates of success."""
    if target.kind is Kind.PERCENT and target.value != _HUNDRED:
        return bool(one_of("direction", "positive").search(name))
    return not _is_rough(target.text) and (bool(target.unit) or bool(one_of("direction", "positive").search(name)))


def _is_rough(text: str) -> bool:
    return text.startswith(("约", "大约", "近")) or text.endswith("左右")


def _assess_zero(name: str, target: Quantity, limit: Decimal, value: Decimal) -> Assessment:
    if limit < 0:
        return UNKNOWN
    if target.sign in {"≥", ">"} or value <= 0:
        return Assessment(Outcome.MET, share=_ONE)
    is_sure = target.sign is not None or _may_be_reverse(name, target)
    return Assessment(Outcome.ZERO_EXCEEDED, share=_ZERO, is_sure=is_sure)


def _assess_reverse(limit: Decimal, value: Decimal, ratio: Decimal | None, rules: RuleSet) -> Assessment:
    if value <= limit:
        return Assessment(Outcome.MET, ratio, _ONE)
    if limit <= 0:
        return Assessment(Outcome.ZERO_EXCEEDED, ratio, _ZERO)
    excess = max(_TWO - value / limit, _ZERO)
    inverse = limit / value
    share = excess if rules.reverse_formula == "excess" else inverse
    return Assessment(Outcome.EXCEEDED, ratio, share, lenient=max(excess, inverse))


def _assess_limit(
    actual: Quantity, limit: Decimal, value: Decimal, ratio: Decimal | None, *, is_reverse: bool
) -> Assessment:
    """Judge "≥90%" or "48小时内" given as an answer: met where every value it allows is."""
    if is_reverse and actual.sign in {"≤", "<"} and value <= limit:
        return Assessment(Outcome.MET, ratio, _ONE)
    if not is_reverse and actual.sign in {"≥", ">"} and value >= limit:
        return Assessment(Outcome.MET, ratio, _ONE)
    return UNKNOWN


def _assess_range(target: Quantity, actual: Quantity, pair: tuple[Decimal, Decimal]) -> Assessment:
    if actual.kind is Kind.RANGE or target.upper is None or target.value is None:
        return UNKNOWN
    low, value = pair
    high = target.upper * (low / target.value) if target.value else target.upper
    if low <= value <= high:
        return Assessment(Outcome.MET, share=_ONE)
    if 0 <= value < low:
        return Assessment(Outcome.SHORT, value / low, value / low, lenient=_ONE, is_sure=False)
    return UNKNOWN


def _assess_words(target: Quantity, actual: Quantity, rules: RuleSet) -> Assessment:
    met, partial = rules.qualitative_bands
    outcome = judge_answer(target.text, actual.text)
    if outcome is Outcome.WORDS_MET:
        return Assessment(outcome, low=met, high=_ONE)
    if outcome is Outcome.WORDS_PARTIAL:
        return Assessment(outcome, low=partial, high=met, is_open=True)
    if outcome is Outcome.WORDS_UNMET:
        return Assessment(outcome, low=_ZERO, high=partial, is_open=True)
    return UNKNOWN


@lru_cache(maxsize=16384)
def judge_answer(target: str, answer: str) -> Outcome:
    """Judge an answer in words: met when it repeats the target, is on its scale or says so; else as it says."""
    if answer in scale_nouns():
        return Outcome.UNKNOWN
    if answer == target or answer in member_of("answers", "met"):
        return Outcome.WORDS_MET
    if answer in member_of("answers", "unmet") or _is_opened(answer, "unmet_openings"):
        return Outcome.WORDS_UNMET
    if answer in member_of("answers", "partial") or _is_opened(answer, "partial_openings"):
        return Outcome.WORDS_PARTIAL
    shared = (scales_of(target) & scales_of(answer)) - graded_scales()
    return Outcome.WORDS_MET if shared else Outcome.UNKNOWN


def _is_opened(answer: str, openings: str) -> bool:
    """Whether the answer is a known word behind one of these openings (不及时, 基本健全; but not 未发生 or 不断提升)."""
    return any(
        answer.startswith(opening)
        and (scales_of(rest := answer.removeprefix(opening)) or rest in member_of("answers", "met"))
        for opening in words()["answers"][openings]
    )
