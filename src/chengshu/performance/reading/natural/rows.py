"""Sets the words of the indicator rows back into cells by the cheapest walk over the columns of the header.

Each word is in a column; from one word to the next the walk stays in the column (a cell of several words), goes on to
a later column, or begins a new row. What a word looks like, a column left empty and a cell of two words each cost
something; the cheapest walk is found by dynamic programming, one step a word.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import accumulate

from chengshu.base.texts import parse_decimal
from chengshu.performance.reading.columns import INDICATOR_COSTS
from chengshu.performance.reading.kinds import BARE, CATEGORY, CLASS, EITHER, LABEL, LONG, NUMBER, TEXT, kind_of
from chengshu.performance.reading.lexicon import Lexicon, bare_label
from chengshu.performance.reading.natural.glued import list_cuts
from chengshu.performance.reading.natural.words import Word, make_word

Placed = list[tuple[int, list[Word]]]  # column index, its words

_NEVER = 1e6
_STAY = {"level3": 0.9, "target": 1.3, "figure": 1.3, "actual": 1.3, "reason": 0.4, "ignored": 1.0}
_MISSING = {"level3": 5.0, "target": 1.2, "actual": 1.2, "weight": 3.0, "score": 3.0, "figure": 2.0, "ignored": 0.7}
_LABELS = ("level1", "level2")
_LABEL_AS_VALUE = 6.0  # a class or category in a column of values
_LONE_CLASS = 0.3  # a class without a category behind it
_EITHER_AS_CLASS = 0.8  # a word that is first of all a category
_EMPTY_ROW = 2.0  # a category whose row nobody filled in
_NOT_AT_LINE_START = 0.6
_REASON_FOR_FULL_MARKS = 1.6
_LESS, _ABOVE = 0.2, 3.0  # a score below its weight, and one above it
_NO_POINTS = 1.5  # a weight or score of nought, seldom as it is
_EMPTY, _EMPTY_LABEL = 0.05, 0.3  # an empty cell stands for any column, less likely for a merged one
_IGNORED, _IGNORED_ODD = 0.3, 1.0  # columns that are not read hold explanations or points, seldom else
_LABEL_KINDS = frozenset({CLASS, CATEGORY, EITHER, BARE, LABEL})
_NUMBERED = re.compile(r"指标\d{1,2}[:：]")


@dataclass(frozen=True, slots=True)
class Walk:
    """The rows that the walk found, and its cost a row."""

    rows: list[Placed]
    cost: float


@dataclass(frozen=True, slots=True)
class _Way:
    """The cheapest way to a word in a column: the step before and its column; `opened` when the word begins a row."""

    cost: float
    before: "_Step | None" = None
    column: int = 0
    opened: bool = False


@dataclass(slots=True)
class _Step:
    """A word between two positions of the text, and the cheapest way to it for every column."""

    start: int
    end: int
    word: Word
    kind: str
    ways: list[_Way] = field(default_factory=list)


class _Costs:
    """The costs of one header's columns, worked out once."""

    def __init__(self, roles: Sequence[str], *, by_lines: bool) -> None:
        self.roles = roles
        self.by_lines = by_lines
        self._before = [0.0, *accumulate(_MISSING.get(role, 0.0) for role in roles)]

    def skip(self, start: int, end: int) -> float:
        """Leave the columns from start up to end empty."""
        return self._before[end] - self._before[start]

    def leave(self, column: int) -> float:
        """End a row behind the column."""
        if self.roles[column] in _LABELS:
            return _EMPTY_ROW
        return self.skip(column + 1, len(self.roles))

    def fit(self, word: Word, kind: str, column: int, lexicon: Lexicon) -> float:
        """Put a word of that kind into the column."""
        role = self.roles[column]
        if role in _LABELS:
            return _label_fit(word, kind, role, lexicon)
        if not kind:
            return _EMPTY
        if kind in (CLASS, CATEGORY, EITHER) and role != "level3":
            return _LABEL_AS_VALUE
        if role == "ignored":
            return _IGNORED if kind in (TEXT, LONG, NUMBER) else _IGNORED_ODD
        if role in ("weight", "score") and word.key == "0":
            return _NO_POINTS
        return INDICATOR_COSTS.fit[role].get(kind, _NEVER)


def _label_fit(word: Word, kind: str, role: str, lexicon: Lexicon) -> float:
    if not kind:
        return _EMPTY_LABEL
    if kind not in _LABEL_KINDS:
        return _NEVER
    if kind == EITHER and role == "level1" and bare_label(word.key) in lexicon.categories:
        return _EITHER_AS_CLASS
    return INDICATOR_COSTS.fit[role].get(kind, _NEVER)


def walk_rows(words: Sequence[Word], roles: Sequence[str], lexicon: Lexicon) -> Walk:
    """Find the rows of the words under the columns `roles` (in printed order)."""
    if not words or "level3" not in roles:
        return Walk([], 0.0)
    costs = _Costs(roles, by_lines=sum(word.opens for word in words) > 1)
    steps, length = _list_steps(words, lexicon)
    arriving: dict[int, list[_Step]] = {}
    for step in steps:
        ways = [_cheapest(step, column, arriving.get(step.start, ()), costs, lexicon) for column in range(len(roles))]
        step.ways.extend(ways)
        arriving.setdefault(step.end, []).append(step)
    ends = [
        (way.cost + costs.leave(column), step, column)
        for step in arriving.get(length, ())
        for column, way in enumerate(step.ways)
    ]
    cost, last, column = min(ends, key=lambda end: end[0])
    rows = _trace(last, column)
    return Walk(rows, cost / len(rows))


def _list_steps(words: Sequence[Word], lexicon: Lexicon) -> tuple[list[_Step], int]:
    """Every word is a step; a run of cells without blanks gives a step for each piece that it may be cut into."""
    steps: list[_Step] = []
    position = 0
    for word in words:
        if not word.glued:
            kind = kind_of(word.key, lexicon) if word.key else ""
            steps.append(_Step(position, position + 1, word, kind))
            position += 1
            continue
        for start, end in list_cuts(word.text, lexicon):
            piece = make_word(word.text[start:end], word.cell)
            steps.append(_Step(position + start, position + end, piece, kind_of(piece.key, lexicon)))
        position += len(word.text)
    return sorted(steps, key=lambda step: (step.start, step.end)), position


def _cheapest(step: _Step, column: int, arriving: Sequence[_Step], costs: _Costs, lexicon: Lexicon) -> _Way:
    """The cheapest way to a word in a column: which step came before, in which column, and whether a row began."""
    fit = costs.fit(step.word, step.kind, column, lexicon)
    if fit >= _NEVER:
        return _Way(_NEVER)
    opening = _opening(step, column, costs)
    if step.start == 0:
        return _Way(opening + fit)
    found = _Way(_NEVER)
    for before in arriving:
        for earlier, way in enumerate(before.ways):
            if way.cost >= found.cost:
                continue
            on = way.cost + _going_on(step, before, earlier, column, costs)
            new = way.cost + costs.leave(earlier) + opening
            if on < found.cost:
                found = _Way(on, before, earlier)
            if new < found.cost:
                found = _Way(new, before, earlier, opened=True)
    return replace(found, cost=found.cost + fit)


def _opening(step: _Step, column: int, costs: _Costs) -> float:
    late = _NOT_AT_LINE_START if costs.by_lines and not step.word.opens else 0.0
    return late + costs.skip(0, column)


def _going_on(step: _Step, before: _Step, earlier: int, column: int, costs: _Costs) -> float:
    if column < earlier:
        return _NEVER
    if column == earlier:
        if not step.word.text or not before.word.text or step.word.glued:
            return _NEVER
        numbered = _NUMBERED.fullmatch(before.word.text) is not None
        return 0.0 if numbered else _STAY.get(costs.roles[column], _NEVER)
    cost = costs.skip(earlier + 1, column)
    if costs.roles[earlier] == "level1" and costs.roles[column] != "level2":
        cost += _LONE_CLASS
    return cost + _points_cost(step, before, (costs.roles[earlier], costs.roles[column]), earlier)


def _points_cost(step: _Step, before: _Step, roles: tuple[str, str], score_column: int) -> float:
    """A score is seldom above its weight; a row with full marks seldom has a reason."""
    if roles == ("weight", "score"):
        weight, score = parse_decimal(before.word.key), parse_decimal(step.word.key)
        if weight is None or score is None or weight == score:
            return 0.0
        return _LESS if score < weight else _ABOVE
    if roles == ("score", "reason"):
        origin = before.ways[score_column].before
        full = origin is not None and origin.word.key == before.word.key
        return _REASON_FOR_FULL_MARKS if full else 0.0
    return 0.0


def _trace(step: _Step, column: int) -> list[Placed]:
    rows: list[Placed] = []
    row: Placed = []
    at: _Step | None = step
    while at is not None:
        if row and row[0][0] == column:
            row[0][1].insert(0, at.word)
        else:
            row.insert(0, (column, [at.word]))
        way = at.ways[column]
        if way.opened or way.before is None:
            rows.insert(0, row)
            row = []
        at, column = way.before, way.column
    return rows
