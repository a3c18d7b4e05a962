"""Defects that two forms show together: the later one is bent towards the earlier."""

from collections.abc import Callable, Mapping
from copy import copy
from random import Random
from types import MappingProxyType

from chengshu.synthetic.forms.composing import answer_figure
from chengshu.synthetic.forms.drafts import Draft, PlantedDefect, Row
from chengshu.synthetic.forms.planting.rows import pointer, take
from chengshu.synthetic.forms.vocabulary import Kind

AcrossPlanter = Callable[[Random, Draft, Draft], list[PlantedDefect]]


def _reuse_goal(_: Random, draft: Draft, earlier: Draft) -> list[PlantedDefect]:
    if not take(draft, "goal"):
        return []
    draft.expected = earlier.expected
    return [PlantedDefect("GOAL_REUSED", "/goal/expected")]


def _copy_rows(draft: Draft, earlier: Draft) -> bool:
    """Take over an earlier form's rows; only between drafts of one template that nothing else has bent."""
    if draft.touched or earlier.touched or draft.style != earlier.style:
        return False
    draft.rows = [copy(row) for row in earlier.rows]
    draft.department, draft.unit = earlier.department, earlier.unit
    draft.touched.update(("goal", "rows", *range(len(draft.rows))))
    return True


def _copy_indicators(_: Random, draft: Draft, earlier: Draft) -> list[PlantedDefect]:
    if not _copy_rows(draft, earlier):
        return []
    for row in draft.rows:
        if row.kind is Kind.AT_LEAST and row.unit != "%" and row.score == row.weight:
            answer_figure(row, (row.actual or 0) * 104 // 100 // 100 * 100 + 1_00, draft.style)
    return [PlantedDefect("COPIED_INDICATORS", "/indicators")]


def _copy_actuals(_: Random, draft: Draft, earlier: Draft) -> list[PlantedDefect]:
    if not _copy_rows(draft, earlier):
        return []
    return [PlantedDefect("COPIED_ACTUALS", "/indicators")]


def _state_fact_differently(_: Random, draft: Draft, earlier: Draft) -> list[PlantedDefect]:
    """Put one of the earlier form's counts beside another figure for it, in a form of the same unit and year."""
    if draft.style != earlier.style or earlier.touched:
        return []
    source = next((row for row in earlier.rows if _is_count(row)), None)
    number = next(
        (at for at, row in enumerate(draft.rows) if at > 1 and at not in draft.touched and row.level2 == "数量指标"),
        None,
    )
    if source is None or number is None:
        return []
    row, old = copy(source), draft.rows[number]
    row.weight = row.score = old.weight
    answer_figure(row, (source.actual or 0) + 2_00, draft.style)
    draft.rows[number] = row
    draft.department, draft.unit = earlier.department, earlier.unit
    draft.touched.add(number)
    return [PlantedDefect("CROSS_FORM_CONFLICT", pointer(number, "actual"))]


def _is_count(row: Row) -> bool:
    return row.kind is Kind.AT_LEAST and row.unit != "%" and row.level2 == "数量指标" and row.score == row.weight


PLANTERS: Mapping[str, AcrossPlanter] = MappingProxyType(
    {
        "GOAL_REUSED": _reuse_goal,
        "COPIED_INDICATORS": _copy_indicators,
        "COPIED_ACTUALS": _copy_actuals,
        "CROSS_FORM_CONFLICT": _state_fact_differently,
    }
)
