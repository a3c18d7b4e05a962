"""Defects of the money block."""

from collections.abc import Mapping
from random import Random
from types import MappingProxyType

from chengshu.synthetic.forms.composing import rate_of
from chengshu.synthetic.forms.drafts import Draft, PlantedDefect
from chengshu.synthetic.forms.planting.rows import Planter, take
from chengshu.synthetic.forms.styles import fixed
from chengshu.synthetic.forms.vocabulary import Vocabulary

RATE = "/money/total/rate"
SCORE = "/money/total/score"
BUDGET = "/money/total/budget"
OTHER_UNIT = {"元": "万元", "万元": "元"}


def _misprint_rate(rng: Random, _: Vocabulary, draft: Draft) -> list[PlantedDefect]:
    if not take(draft, "money"):
        return []
    purse = draft.purse
    wrong = purse.rate - 150 - int(rng.random() * 600)
    if abs(wrong - rate_of(purse.executed, purse.initial)[0]) < 10:
        wrong -= 50  # else it would be the rate on the initial budget
    purse.rate = wrong
    return [PlantedDefect("RATE_WRONG", RATE, is_certain=True)]


def _misprint_rate_score(rng: Random, _: Vocabulary, draft: Draft) -> list[PlantedDefect]:
    if not take(draft, "money"):
        return []
    draft.purse.score -= 20 + int(rng.random() * 150)
    return [PlantedDefect("RATE_SCORE_WRONG", SCORE, is_certain=True)]


def _divide_by_initial(rng: Random, _: Vocabulary, draft: Draft) -> list[PlantedDefect]:
    if not take(draft, "money"):
        return []
    purse = draft.purse
    purse.initial = purse.budget * (104 + int(rng.random() * 5)) // 100
    purse.rate = rate_of(purse.executed, purse.initial)[0]
    return [PlantedDefect("RATE_BASE", RATE, is_certain=True)]


def _break_component_sum(rng: Random, _: Vocabulary, draft: Draft) -> list[PlantedDefect]:
    if not take(draft, "money"):
        return []
    purse = draft.purse
    purse.fiscal += max(purse.budget * (3 + int(rng.random() * 20)) // 100, 10_00)
    return [PlantedDefect("COMPONENT_SUM", BUDGET, is_certain=True)]


def _name_other_unit(_: Random, __: Vocabulary, draft: Draft) -> list[PlantedDefect]:
    if not take(draft, "money") or not take(draft, "goal"):
        return []
    unit = draft.style.money_unit
    draft.actual = f"全年支付{fixed(draft.purse.executed)}{OTHER_UNIT[unit]}，{draft.project}各项任务已办结。"
    return [PlantedDefect("UNIT", "/goal/actual")]


def _swing_budget(rng: Random, _: Vocabulary, draft: Draft) -> list[PlantedDefect]:
    if not take(draft, "money"):
        return []
    purse = draft.purse
    purse.initial = purse.budget * (160 + int(rng.random() * 200)) // 100
    return [PlantedDefect("BUDGET_SWING", BUDGET)]


def _leave_low_rate_unexplained(rng: Random, _: Vocabulary, draft: Draft) -> list[PlantedDefect]:
    if not take(draft, "money") or not take(draft, "goal"):
        return []
    purse = draft.purse
    purse.executed = purse.budget * (4500 + int(rng.random() * 4000)) // 10000
    purse.rate, purse.score = rate_of(purse.executed, purse.budget)
    draft.actual = f"{draft.project}各项任务已办结，服务对象反映良好。"
    return [PlantedDefect("LOW_EXECUTION_UNEXPLAINED", RATE)]


PLANTERS: Mapping[str, Planter] = MappingProxyType(
    {
        "RATE_WRONG": _misprint_rate,
        "RATE_SCORE_WRONG": _misprint_rate_score,
        "RATE_BASE": _divide_by_initial,
        "COMPONENT_SUM": _break_component_sum,
        "UNIT": _name_other_unit,
        "BUDGET_SWING": _swing_budget,
        "LOW_EXECUTION_UNEXPLAINED": _leave_low_rate_unexplained,
    }
)
