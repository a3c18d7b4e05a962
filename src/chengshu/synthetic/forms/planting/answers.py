"""Defects of targets and actual values."""

from collections.abc import Mapping
from random import Random
from types import MappingProxyType

from chengshu.synthetic.forms.composing import answer_figure
from chengshu.synthetic.forms.drafts import Draft, PlantedDefect, Row
from chengshu.synthetic.forms.planting.rows import Planter, pointer, take, take_row
from chengshu.synthetic.forms.vocabulary import FIGURES, Kind, Vocabulary, pick

NEIGHBOURS = {"人": "人次", "人次": "人", "家": "个", "个": "家", "场": "次", "次": "小时"}
ECHO_SHARE = 0.8  # of the rows; answers in words echo in some templates only
COUNTED = frozenset({"人", "人次", "家", "个", "户", "份", "册", "处"})


def _is_full_figure(row: Row) -> bool:
    return row.kind in FIGURES and row.score == row.weight


def _is_full(row: Row) -> bool:
    return row.score == row.weight


def _lose_target(rng: Random, _: Vocabulary, draft: Draft) -> list[PlantedDefect]:
    number = take_row(rng, draft, _is_full)
    if number is None:
        return []
    draft.rows[number].target_text = None
    return [PlantedDefect("TARGET_MISSING", pointer(number, "target"), is_certain=True)]


def _lose_actual(rng: Random, _: Vocabulary, draft: Draft) -> list[PlantedDefect]:
    number = take_row(rng, draft, _is_full)
    if number is None:
        return []
    draft.rows[number].actual_text = None
    return [PlantedDefect("ACTUAL_MISSING", pointer(number, "actual"), is_certain=True)]


def _overshoot(rng: Random, _: Vocabulary, draft: Draft) -> list[PlantedDefect]:
    number = take_row(rng, draft, lambda row: row.kind is Kind.AT_LEAST and row.unit in COUNTED)
    if number is None:
        return []
    row = draft.rows[number]
    actual = (row.target or 0) * (160 + int(rng.random() * 150)) // 100 // 100 * 100
    answer_figure(row, actual, draft.style)
    row.reason = None
    return [PlantedDefect("TARGET_LOW", pointer(number, "target"))]


def _answer_in_words(rng: Random, _: Vocabulary, draft: Draft) -> list[PlantedDefect]:
    number = take_row(rng, draft, _is_full_figure)
    if number is None:
        return []
    row = draft.rows[number]
    row.actual_text = pick(rng, ("符合", "满意", "及时"))
    return [PlantedDefect("TYPE_MISMATCH", pointer(number, "actual"))]


def _answer_with_limit(rng: Random, _: Vocabulary, draft: Draft) -> list[PlantedDefect]:
    number = take_row(rng, draft, lambda row: row.kind is Kind.AT_LEAST and row.score == row.weight)
    if number is None:
        return []
    row = draft.rows[number]
    row.actual_text = draft.style.target(Kind.AT_LEAST, row.actual or 0, row.unit)
    return [PlantedDefect("ACTUAL_IS_RANGE", pointer(number, "actual"))]


def _answer_off_scale(rng: Random, vocabulary: Vocabulary, draft: Draft) -> list[PlantedDefect]:
    number = take_row(rng, draft, lambda row: row.kind is Kind.WORD and _is_full(row))
    if number is None:
        return []
    row = draft.rows[number]
    row.actual_text = vocabulary.foreign[row.word]
    return [PlantedDefect("ACTUAL_OFF_SCALE", pointer(number, "actual"))]


def _answer_in_other_unit(rng: Random, _: Vocabulary, draft: Draft) -> list[PlantedDefect]:
    number = take_row(rng, draft, lambda row: row.unit in NEIGHBOURS and _is_full_figure(row))
    if number is None:
        return []
    row = draft.rows[number]
    row.actual_text = draft.style.figure(row.actual or 0, NEIGHBOURS[row.unit])
    return [PlantedDefect("UNIT_MISMATCH", pointer(number, "actual"))]


def _echo_targets(_: Random, __: Vocabulary, draft: Draft) -> list[PlantedDefect]:
    figures = [row for row in draft.rows if row.kind in FIGURES]
    if draft.touched or len(figures) < ECHO_SHARE * len(draft.rows) or not take(draft, "answers"):
        return []
    draft.touched.update(range(len(draft.rows)))
    draft.touched.add("goal")
    for row in figures:
        row.reason = None
        answer_figure(row, row.target or 0, draft.style)
    for row in draft.rows:
        if row.kind in {Kind.WITHIN, Kind.DEADLINE}:
            row.actual_text = row.target_text
    return [PlantedDefect("TARGET_ECHO", "/indicators")]


PLANTERS: Mapping[str, Planter] = MappingProxyType(
    {
        "TARGET_MISSING": _lose_target,
        "ACTUAL_MISSING": _lose_actual,
        "TARGET_LOW": _overshoot,
        "TYPE_MISMATCH": _answer_in_words,
        "ACTUAL_IS_RANGE": _answer_with_limit,
        "ACTUAL_OFF_SCALE": _answer_off_scale,
        "UNIT_MISMATCH": _answer_in_other_unit,
        "TARGET_ECHO": _echo_targets,
    }
)
