"""Defects of names, classes and goals."""

from collections.abc import Mapping
from random import Random
from types import MappingProxyType

from chengshu.synthetic.forms.composing import LOW_RATE
from chengshu.synthetic.forms.drafts import Draft, PlantedDefect
from chengshu.synthetic.forms.planting.rows import Planter, pointer, take, take_row
from chengshu.synthetic.forms.vocabulary import Vocabulary

SATISFACTION = "满意度指标"


def _name_after_class(rng: Random, _: Vocabulary, draft: Draft) -> list[PlantedDefect]:
    number = take_row(rng, draft, lambda row: row.level1 != SATISFACTION and row.reason is None)
    if number is None:
        return []
    row = draft.rows[number]
    row.level3 = row.level2
    return [PlantedDefect("INDICATOR_PLACEHOLDER", pointer(number, "level3"))]


def _name_twice(rng: Random, _: Vocabulary, draft: Draft) -> list[PlantedDefect]:
    number = take_row(rng, draft, lambda row: row.level2 == "数量指标" and row.reason is None)
    if number is None:
        return []
    draft.rows[number].level3 = draft.rows[number - 1].level3
    draft.touched.add(number - 1)
    return [PlantedDefect("DUPLICATED", pointer(number, "level3"))]


def _misclassify_satisfaction(rng: Random, _: Vocabulary, draft: Draft) -> list[PlantedDefect]:
    number = take_row(rng, draft, lambda row: row.level2 == "质量指标" and row.unit == "%" and row.reason is None)
    if number is None:
        return []
    draft.rows[number].level3 = "服务对象满意率"
    return [PlantedDefect("MISCLASSIFIED", pointer(number, "level3"))]


def _leave_out_satisfaction(_: Random, __: Vocabulary, draft: Draft) -> list[PlantedDefect]:
    """Fold the satisfaction rows into the benefit class, so that the sums stay right."""
    served = [row for row in draft.rows if row.level1 == SATISFACTION]
    if draft.touched or not take(draft, "classes"):
        return []
    last = len(draft.rows) - len(served) - 1
    receiver = draft.rows[last]
    if receiver.score != receiver.weight:
        return []
    draft.rows = draft.rows[: last + 1]
    receiver.weight += sum(row.weight for row in served)
    receiver.score = receiver.weight
    return [PlantedDefect("NO_SATISFACTION", "/indicators")]


def _put_other_year_in_name(_: Random, __: Vocabulary, draft: Draft) -> list[PlantedDefect]:
    if not take(draft, "names"):
        return []
    draft.project = f"{draft.project}-{draft.year - 1}年度"
    return [PlantedDefect("YEAR_MISMATCH", "/project")]


def _lose_name(_: Random, __: Vocabulary, draft: Draft) -> list[PlantedDefect]:
    if not take(draft, "names"):
        return []
    draft.project = None
    return [PlantedDefect("NAME_MISSING", "/project", is_certain=True)]


def _copy_goal(_: Random, __: Vocabulary, draft: Draft) -> list[PlantedDefect]:
    if draft.purse.rate < LOW_RATE or not take(draft, "goal"):  # the result explains a low rate
        return []
    draft.actual = draft.expected
    return [PlantedDefect("GOAL_COPIED", "/goal/actual")]


PLANTERS: Mapping[str, Planter] = MappingProxyType(
    {
        "INDICATOR_PLACEHOLDER": _name_after_class,
        "DUPLICATED": _name_twice,
        "MISCLASSIFIED": _misclassify_satisfaction,
        "NO_SATISFACTION": _leave_out_satisfaction,
        "YEAR_MISMATCH": _put_other_year_in_name,
        "NAME_MISSING": _lose_name,
        "GOAL_COPIED": _copy_goal,
    }
)
