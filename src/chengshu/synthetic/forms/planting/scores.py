"""Defects of weights, scores, totals and reasons."""

from collections import Counter
from collections.abc import Mapping
from random import Random
from types import MappingProxyType

from chengshu.synthetic.forms.composing import answer_figure, give_reason
from chengshu.synthetic.forms.drafts import FULL_SCORE, GRADES, Draft, PlantedDefect, Row, grade_of
from chengshu.synthetic.forms.planting.rows import Planter, pointer, take, take_row
from chengshu.synthetic.forms.vocabulary import FIGURES, Kind, Vocabulary, pick


def _is_large_target(row: Row) -> bool:
    """A target that can be missed by a tenth and still be a whole number."""
    return row.kind is Kind.AT_LEAST and row.target is not None and row.target >= 20_00


def _is_full_figure(row: Row) -> bool:
    return row.kind in FIGURES and row.score == row.weight


def _is_full_word(row: Row) -> bool:
    return row.kind is Kind.WORD and row.score == row.weight


def _fall_short(rng: Random, draft: Draft, row: Row) -> None:
    target = row.target or 0
    answer_figure(row, target * (60 + int(rng.random() * 25)) // 100 // 100 * 100, draft.style)


def _break_weight_sum(rng: Random, _: Vocabulary, draft: Draft) -> list[PlantedDefect]:
    number = take_row(rng, draft, lambda row: row.score == row.weight and row.reason is None)
    if number is None or not take(draft, "total"):
        return []
    row = draft.rows[number]
    row.weight += pick(rng, (1_00, 2_00, 3_00, -1_00, -2_00))
    row.score = row.weight
    if draft.total > FULL_SCORE:
        row.weight -= 4_00
        row.score = row.weight
    return [PlantedDefect("WEIGHT_SUM", "/total/weight", is_certain=True)]


def _misprint_total(rng: Random, _: Vocabulary, draft: Draft) -> list[PlantedDefect]:
    if not take(draft, "total"):
        return []
    total = draft.total
    shift = pick(rng, (-1_10, -1_30, -1_50, -2_10, -3_00))  # more than any rounding of the total explains
    if grade_of(total) != grade_of(total + shift):
        return []
    draft.total_shift = shift
    return [PlantedDefect("TOTAL_WRONG", "/total/score", is_certain=True)]


def _misprint_grade(rng: Random, _: Vocabulary, draft: Draft) -> list[PlantedDefect]:
    if not draft.style.has_grade or not take(draft, "total"):
        return []
    names = [name for name, _ in GRADES]
    deserved = names.index(grade_of(draft.total))
    # At least two bands off: another defect may still take some points away.
    draft.grade = pick(rng, [name for at, name in enumerate(names) if abs(at - deserved) > 1])
    return [PlantedDefect("GRADE_WRONG", "/grade", is_certain=True)]


def _score_too_high(rng: Random, vocabulary: Vocabulary, draft: Draft) -> list[PlantedDefect]:
    number = take_row(rng, draft, _is_large_target)
    if number is None:
        return []
    row = draft.rows[number]
    _fall_short(rng, draft, row)
    row.score = row.weight - (row.weight - row.score) // 4
    row.reason = give_reason(rng, vocabulary, row)
    return [PlantedDefect("SCORE_OVER", pointer(number, "score"), is_certain=True)]


def _score_too_low(rng: Random, vocabulary: Vocabulary, draft: Draft) -> list[PlantedDefect]:
    number = take_row(rng, draft, _is_large_target)
    if number is None:
        return []
    row = draft.rows[number]
    _fall_short(rng, draft, row)
    row.score //= 2
    row.reason = give_reason(rng, vocabulary, row)
    return [PlantedDefect("SCORE_UNDER", pointer(number, "score"))]


def _deduct_though_met(rng: Random, vocabulary: Vocabulary, draft: Draft) -> list[PlantedDefect]:
    number = take_row(rng, draft, _is_full_figure)
    if number is None:
        return []
    row = draft.rows[number]
    row.score = row.weight * (70 + int(rng.random() * 25)) // 100
    if rng.random() < 0.5:
        row.reason = give_reason(rng, vocabulary, row)
        return [PlantedDefect("SCORE_MET_BUT_DEDUCTED", pointer(number, "score"))]
    return [
        PlantedDefect("SCORE_MET_BUT_DEDUCTED", pointer(number, "score"), is_certain=True),
        PlantedDefect("REASON_MISSING", pointer(number, "reason"), is_certain=True),
    ]


def _score_above_weight(rng: Random, _: Vocabulary, draft: Draft) -> list[PlantedDefect]:
    number = take_row(rng, draft, _is_full_figure)
    if number is None or not take(draft, "total"):
        return []
    row = draft.rows[number]
    row.score = row.weight + pick(rng, (50, 1_00, 2_00))
    return [PlantedDefect("SCORE_ABOVE_WEIGHT", pointer(number, "score"), is_certain=True)]


def _score_same_answer_differently(rng: Random, vocabulary: Vocabulary, draft: Draft) -> list[PlantedDefect]:
    untouched = [row for number, row in enumerate(draft.rows) if number not in draft.touched]
    answers = Counter(row.actual_text for row in untouched if _is_full_word(row))
    number = take_row(rng, draft, lambda row: _is_full_word(row) and answers[row.actual_text] > 1)
    if number is None:
        return []
    draft.touched.update(other for other, row in enumerate(draft.rows) if row.kind is Kind.WORD)
    row = draft.rows[number]
    row.score = row.weight * 85 // 100
    row.reason = give_reason(rng, vocabulary, row)
    return [PlantedDefect("SCORE_INCONSISTENT", pointer(number, "score"))]


def _drop_reason(rng: Random, _: Vocabulary, draft: Draft) -> list[PlantedDefect]:
    number = take_row(rng, draft, _is_large_target)
    if number is None:
        return []
    row = draft.rows[number]
    _fall_short(rng, draft, row)
    row.reason = pick(rng, (None, None, "无"))
    return [PlantedDefect("REASON_MISSING", pointer(number, "reason"), is_certain=True)]


def _repeat_reason(rng: Random, vocabulary: Vocabulary, draft: Draft) -> list[PlantedDefect]:
    numbers = [take_row(rng, draft, _is_large_target) for _ in range(3)]
    found = [number for number in numbers if number is not None]
    if len(found) < 3 or not take(draft, "reasons"):
        return []
    text = f"因{pick(rng, vocabulary.causes)}，部分任务有差距，已{pick(rng, vocabulary.measures)}。"
    for number in found:
        _fall_short(rng, draft, draft.rows[number])
        draft.rows[number].reason = text
    return [PlantedDefect("REASON_BOILERPLATE", pointer(number, "reason")) for number in sorted(found)]


PLANTERS: Mapping[str, Planter] = MappingProxyType(
    {
        "WEIGHT_SUM": _break_weight_sum,
        "TOTAL_WRONG": _misprint_total,
        "GRADE_WRONG": _misprint_grade,
        "SCORE_OVER": _score_too_high,
        "SCORE_UNDER": _score_too_low,
        "SCORE_MET_BUT_DEDUCTED": _deduct_though_met,
        "SCORE_ABOVE_WEIGHT": _score_above_weight,
        "SCORE_INCONSISTENT": _score_same_answer_differently,
        "REASON_MISSING": _drop_reason,
        "REASON_BOILERPLATE": _repeat_reason,
    }
)
