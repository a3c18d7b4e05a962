"""Checks between forms: the same form, goal, indicators or values twice, and one fact with two figures.

Every search goes through an index (whole text, clauses, name-and-target pairs), so that the work grows with the
number of forms and not with its square; texts are compared letter by letter only where an index already brought two
forms together. A bucket that holds too many forms says nothing special about any two of them and is passed over.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Hashable, Iterator, Mapping, Sequence
from decimal import Decimal
from functools import lru_cache
from itertools import chain
from typing import TypeVar

from rapidfuzz import fuzz

from chengshu.base.quantities import parse_quantity
from chengshu.performance.contracts import Finding
from chengshu.performance.rules.checks.goals import bare_text
from chengshu.performance.rules.lexicon import member_of, sort_of_unit
from chengshu.performance.rules.notices import find
from chengshu.performance.rules.rounding import round_half_up
from chengshu.performance.rules.view import FormView, Row, class_of, compact_text, quoted

_Key = TypeVar("_Key", bound=Hashable)
Found = Iterator[tuple[int, Finding]]

_CROWD = 64  # forms in one bucket beyond which it tells nothing
_CLOSEST = 4  # candidates compared letter by letter
_SHORTEST_CLAUSE = 6
_ALIKE_PROJECTS = 60  # likeness of two project names in per cent from which satisfaction is one fact
_SPLIT = re.compile(r"[,，。;；:：、!！?？\n]+")
_PARTICLES = re.compile("的{2,}")
_DIFFERENT = Decimal("0.005")


def check_across(views: Sequence[FormView]) -> Found:
    """Give the findings between forms, each with the number of the form that it stands on."""
    originals: list[int] = []
    yield from _duplicates(views, originals)
    yield from _reused_goals(views, originals)
    yield from _copied_indicators(views, originals)
    yield from _conflicts(views, originals)
    yield from _budget_resets(views, originals)


def _duplicates(views: Sequence[FormView], originals: list[int]) -> Found:
    """DUPLICATE: same name, year, unit, amounts and scores; fills `originals` with all other forms."""
    first: dict[Hashable, int] = {}
    for number, view in enumerate(views):
        form = view.form
        key = _identity(view)
        earlier = None if key is None else first.setdefault(key, number)
        if form.duplicate_of is not None:
            file, place = form.duplicate_of.file, form.duplicate_of.form
        elif earlier is not None and earlier != number:
            file, place = views[earlier].form.source.file, views[earlier].form.source.form
        else:
            originals.append(number)
            continue
        yield number, find(view, "DUPLICATE", "", file=file, form=place)


def _identity(view: FormView) -> Hashable | None:
    form = view.form
    total = form.money.total
    if total.budget is None or not view.rows:
        return None
    rows = tuple((row.weight, row.score) for row in view.rows)
    return (
        bare_text(compact_text(form.project)),
        form.year,
        compact_text(form.unit),
        total.initial,
        total.budget,
        total.executed,
        rows,
    )


def _name_of(view: FormView) -> str:
    form = view.form
    year = f"{form.year}年" if form.year else ""
    return year + quoted(form.project or "（无名项目）")


def _reused_goals(views: Sequence[FormView], originals: Sequence[int]) -> Found:
    """GOAL_REUSED: a goal that another form already had."""
    whole: dict[str, int] = {}
    by_clause: dict[str, list[int]] = defaultdict(list)
    for number in originals:
        view = views[number]
        goal = bare_text(view.goal)
        if len(goal) < view.rules.goal_length:
            continue
        clauses = _clauses(view.goal)
        other, likeness = whole.get(goal), 100.0
        if other is None:
            other, likeness = _closest_goal(views, number, goal, _candidates(by_clause, clauses))
        if other is not None:
            facts = {"other": _name_of(views[other]), "likeness": f"{likeness:.0f}"}
            yield number, _find(view, "GOAL_REUSED", "/goal/expected", facts)
        whole.setdefault(goal, number)
        _enter(by_clause, clauses, number)


def _clauses(text: str) -> list[str]:
    return [clause for clause in _SPLIT.split(text) if len(clause) >= _SHORTEST_CLAUSE]


def _candidates(index: dict[_Key, list[int]], keys: Sequence[_Key]) -> list[int]:
    buckets = (bucket for key in keys if len(bucket := index.get(key, [])) < _CROWD)
    counted = Counter(chain.from_iterable(buckets))
    return [number for number, _ in counted.most_common(_CLOSEST)]


def _enter(index: dict[_Key, list[int]], keys: Sequence[_Key], number: int) -> None:
    for key in set(keys):
        bucket = index[key]
        if len(bucket) < _CROWD:
            bucket.append(number)


def _closest_goal(
    views: Sequence[FormView], number: int, goal: str, candidates: Sequence[int]
) -> tuple[int | None, float]:
    cutoff = float(views[number].rules.goal_similarity * 100)
    best: int | None = None
    likeness = 0.0
    for other in candidates:
        alike = fuzz.ratio(goal, bare_text(views[other].goal), score_cutoff=cutoff)
        if alike > likeness:
            best, likeness = other, alike
    return best, likeness


def _pairs(view: FormView) -> list[tuple[str, str]]:
    return [(row.name, row.target.text) for row in view.rows if row.name and row.target is not None]


def _copied_indicators(views: Sequence[FormView], originals: Sequence[int]) -> Found:
    """COPIED_INDICATORS, COPIED_ACTUALS: name and target, then value too, of most rows stand in another form."""
    same_set: dict[Hashable, int] = {}
    by_pair: dict[tuple[str, str], list[int]] = defaultdict(list)
    for number in originals:
        view, pairs = views[number], _pairs(views[number])
        if len(pairs) < view.rules.copied_rows:
            continue
        signature = frozenset(pairs)
        candidates = [same_set[signature]] if signature in same_set else _candidates(by_pair, pairs)
        best = max(candidates, key=lambda other: len(signature.intersection(_pairs(views[other]))), default=None)
        if best is not None:
            yield from _compare_rows(view, views[best], number)
        same_set.setdefault(signature, number)
        _enter(by_pair, pairs, number)


def _compare_rows(view: FormView, other: FormView, number: int) -> Found:
    pairs = _pairs(view)
    same = len(set(pairs).intersection(_pairs(other)))
    needed = _needed(view, other)
    if same < needed:
        return
    facts = {"count": len(pairs), "same": same, "other": _name_of(other)}
    yield number, _find(view, "COPIED_INDICATORS", "/indicators", facts)
    equal = len(_answers(view) & _answers(other))
    if equal >= needed:
        yield number, _find(view, "COPIED_ACTUALS", "/indicators", facts | {"same": equal})


def _answers(view: FormView) -> set[tuple[str, str, str]]:
    return {(row.name, row.target.text, row.actual.text) for row in view.rows if row.target and row.actual}


def _conflicts(views: Sequence[FormView], originals: Sequence[int]) -> Found:
    """CROSS_FORM_CONFLICT, SCORE_INCONSISTENT: one indicator of one unit and year with two values, or two shares."""
    groups: dict[Hashable, list[tuple[int, Row]]] = defaultdict(list)
    for number in originals:
        form = views[number].form
        unit = compact_text(form.unit)
        for row in views[number].rows:
            if row.name and row.target is not None and row.actual is not None and not _is_generic(row.name):
                key = (unit, form.year, _one_name(row.name), _what_is_asked(row.target.text))
                groups[key].append((number, row))
    for group in groups.values():
        if 1 < len(group) < _CROWD:
            yield from _conflicts_in(views, group)
            yield from _shares_in(views, group)


def _one_name(name: str) -> str:
    """Give a name without a particle that was typed twice (无资源的的开通时间)."""
    return _PARTICLES.sub("的", name) if "的的" in name else name


@lru_cache(maxsize=16384)
def _what_is_asked(target: str) -> str:
    """Give what makes two targets one: sign, figure and the sort of unit (43个, 43家), or the words."""
    read = parse_quantity(target)
    if read is None or read.value is None or read.upper is not None:
        return target
    return f"{read.sign}{read.value.normalize():f}{sort_of_unit(read.unit)}"


@lru_cache(maxsize=16384)
def _is_generic(name: str) -> bool:
    return name.removesuffix("指标") in member_of("names", "placeholders")


def _conflicts_in(views: Sequence[FormView], group: Sequence[tuple[int, Row]]) -> Found:
    first, theirs = group[0]
    for number, row in group[1:]:
        if number == first or not _conflict(row, theirs):
            continue
        if class_of(row) == "满意度" and not _are_one_project(views[number], views[first]):
            continue
        printed = row.indicator.actual
        facts = {
            "label": row.label,
            "target": row.indicator.target,
            "theirs": theirs.indicator.actual,
            "other": _name_of(views[first]),
        }
        yield number, _find(views[number], "CROSS_FORM_CONFLICT", f"{row.path}/actual", facts, printed=printed)


def _conflict(row: Row, other: Row) -> bool:
    mine, theirs = row.actual, other.actual
    if mine is None or theirs is None or mine.value is None or theirs.value is None:
        return False
    is_one_unit = sort_of_unit(mine.unit) == sort_of_unit(theirs.unit)
    return not mine.is_limit and not theirs.is_limit and is_one_unit and mine.value != theirs.value


def _are_one_project(view: FormView, other: FormView) -> bool:
    """Whether two forms ask the same people: their names are alike, or their goal and most indicators are the same."""
    left, right = compact_text(view.form.project), compact_text(other.form.project)
    if fuzz.ratio(left, right, score_cutoff=_ALIKE_PROJECTS) > 0:
        return True
    is_one_goal = bool(view.goal) and bare_text(view.goal) == bare_text(other.goal)
    return is_one_goal and len(set(_pairs(view)).intersection(_pairs(other))) >= _needed(view, other)


def _needed(view: FormView, other: FormView) -> Decimal:
    """Give how many equal indicators make two forms copies."""
    fewest = min(len(_pairs(view)), len(_pairs(other)))
    return max(view.rules.copied_share * fewest, Decimal(view.rules.copied_rows))


def _shares_in(views: Sequence[FormView], group: Sequence[tuple[int, Row]]) -> Found:
    shares: dict[str, list[tuple[Decimal, int, Row]]] = defaultdict(list)
    for number, row in group:
        if row.weight and row.score is not None and row.score <= row.weight and row.actual is not None:
            shares[row.actual.text].append((row.score / row.weight, number, row))
    for answered in shares.values():
        most, best, _ = max(answered, key=lambda entry: entry[0])
        for share, number, row in answered:
            if most - share > _DIFFERENT and number != best:
                facts = {
                    "label": row.label,
                    "project": _name_of(views[best]),
                    "most": _as_percent(most),
                    "share": _as_percent(share),
                }
                yield (
                    number,
                    _find(views[number], "SCORE_INCONSISTENT.across", f"{row.path}/score", facts, printed=row.score),
                )


def _as_percent(share: Decimal) -> str:
    return f"{round_half_up(share * 100, 2):f}%"


def _budget_resets(views: Sequence[FormView], originals: Sequence[int]) -> Found:
    """BUDGET_RESET: a unit whose executed amounts equal the yearly budgets everywhere, after moving the budgets."""
    groups: dict[Hashable, list[int]] = defaultdict(list)
    for number in originals:
        form = views[number].form
        if form.money.total.budget and form.money.total.executed is not None:
            groups[compact_text(form.department or form.unit), form.year].append(number)
    for group in groups.values():
        rules = views[group[0]].rules
        equal = [number for number in group if _is_equal(views[number])]
        if len(group) < rules.reset_forms or len(equal) < rules.reset_share * len(group):
            continue
        for number in equal:
            total = views[number].form.money.total
            if total.initial is not None and total.initial != total.budget:
                facts = {"count": len(group), "equal": len(equal), "initial": f"{total.initial:f}"}
                yield number, _find(views[number], "BUDGET_RESET", "/money/total/budget", facts, printed=total.budget)


def _is_equal(view: FormView) -> bool:
    total = view.form.money.total
    return total.budget == total.executed


def _find(
    view: FormView, key: str, field: str, facts: Mapping[str, object], *, printed: Decimal | str | None = None
) -> Finding:
    return find(view, key, field, printed=printed, expected=None, cells=(), **facts)
