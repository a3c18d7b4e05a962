"""Sets the words of run-on indicator rows back into rows.

Every row holds two values (target and actual), two plain figures (weight and score) and a name, which a wrap may have
cut into a piece before and a piece behind the figures; the labels of classes and categories lie in between, at the
middle of the rows that they cover. The cheapest cutting of the words into such rows is found by dynamic programming.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import accumulate

from chengshu.base.texts import fold_signs
from chengshu.performance.reading import kinds
from chengshu.performance.reading.kinds import kind_of
from chengshu.performance.reading.lexicon import Lexicon

Row = list[tuple[int, str]]

_LONGEST = 16  # words of a row at most
_MOST_NUMBERS = 4  # two of them may be values
_WRAP = 8  # a name that goes on behind the figures filled its line, which is at least this long
_LABELS = frozenset({kinds.CLASS, kinds.CATEGORY, kinds.EITHER})
_VALUE_COST = {kinds.VALUE: 0.0, kinds.FIGURE: 0.0, kinds.WORD: 0.0, kinds.DASH: 0.5, kinds.BARE: 3.0}
_NAME_COST = {kinds.VALUE: 4.0, kinds.FIGURE: 4.0, kinds.WORD: 2.5, kinds.JUNK: 0.3, kinds.DASH: 2.0}


@dataclass(slots=True)
class _Cut:
    """A run of words taken as one row: where its words go, and what that costs. `body` is all but the labels."""

    cost: float = 0.0
    body: list[tuple[int, str]] = field(default_factory=list)
    labels: list[tuple[int, str]] = field(default_factory=list)
    figures: list[str] = field(default_factory=list)
    values: list[str] = field(default_factory=list)
    names: list[tuple[int, str]] = field(default_factory=list)


def unroll_rows(words: Sequence[str], lexicon: Lexicon) -> list[Row]:
    """Give the rows in order, each with its pieces by column (1 class … 7 score); labels between rows stand alone."""
    words = [half for word in words for half in _halves(word)]
    signs = [kind_of(word, lexicon) for word in words]
    cuts = _cut(words, signs)
    rows: list[Row] = []
    for start, end in cuts:
        rows.extend(_rows_of(_weigh(words[start:end], signs[start:end]), lexicon))
    return rows


def _halves(word: str) -> tuple[str, ...]:
    """Two equal cells that ran together ("合理合理") are two words."""
    middle = len(word) // 2
    if len(word) >= 4 and len(word) % 2 == 0 and word[:middle] == word[middle:] and not word.isdigit():
        return word[:middle], word[middle:]
    return (word,)


def _cut(words: Sequence[str], signs: Sequence[str]) -> list[tuple[int, int]]:
    count = len(words)
    numbers = [0, *accumulate(sign == kinds.NUMBER for sign in signs)]
    best = [0.0] + [float("inf")] * count
    before = [0] * (count + 1)
    for end in range(1, count + 1):
        for start in range(max(0, end - _LONGEST), end):
            if best[start] >= best[end] or numbers[end] - numbers[start] > _MOST_NUMBERS:
                continue
            cost = best[start] + _weigh(words[start:end], signs[start:end]).cost
            if cost < best[end]:
                best[end], before[end] = cost, start
    cuts: list[tuple[int, int]] = []
    end = count
    while end > 0:
        cuts.append((before[end], end))
        end = before[end]
    return cuts[::-1]


def _weigh(words: Sequence[str], signs: Sequence[str]) -> _Cut:
    cut = _Cut()
    open_words: list[int] = []
    for index, (word, kind) in enumerate(zip(words, signs, strict=True)):
        if kind in _LABELS:
            cut.labels.append((index, word))
        elif kind != kinds.BANNER:
            cut.body.append((index, word))
            if kind == kinds.NUMBER:
                cut.figures.append(word)
            else:
                open_words.append(index)
    if not cut.figures and not open_words:
        cut.cost = 0.2
        return cut
    _share(cut, words, signs, open_words)
    cut.cost += 4.0 * abs(len(cut.figures) - 2) + 3.0 * (2 - len(cut.values)) + _name_cost(cut.names, len(words))
    cut.cost += 0.1 * sum(index == len(words) - 1 for index, _ in cut.labels)
    return cut


def _share(cut: _Cut, words: Sequence[str], signs: Sequence[str], open_words: Sequence[int]) -> None:
    """Share the words between the two values and the name."""
    preference = sorted(open_words, key=lambda i: _as_value(i, words, signs) - _NAME_COST.get(signs[i], 0.0))
    values = sorted(preference[: min(2, max(0, len(open_words) - 1))])
    if len(open_words) == 1 and signs[open_words[0]] in _VALUE_COST:
        values = list(open_words)
    for index in open_words:
        if index in values:
            cut.cost += _as_value(index, words, signs)
            cut.values.append(words[index])
        else:
            cut.cost += _NAME_COST.get(signs[index], 0.0)
            cut.names.append((index, words[index]))


def _as_value(index: int, words: Sequence[str], signs: Sequence[str]) -> float:
    known = _VALUE_COST.get(signs[index])
    if known is not None:
        return known
    if words.count(words[index]) > 1:
        return 0.2
    return 0.8 + 0.2 * len(words[index])


def _name_cost(names: Sequence[tuple[int, str]], count: int) -> float:
    if not names:
        return 3.0
    if len(names) == 1:
        return 0.4 if names[0][0] < count / 2 else 0.0
    wrapped = len(names[0][1]) >= _WRAP and len(names[-1][1]) < len(names[0][1]) and names[-1][0] - names[0][0] > 1
    return (0.2 if wrapped else 2.0) + 2.0 * (len(names) - 2)


def _rows_of(cut: _Cut, lexicon: Lexicon) -> list[Row]:
    """Give the row of a cut, and before and after it the labels that stand on the border to its neighbours."""
    before: list[Row] = []
    inside: dict[int, str] = {}
    after: list[Row] = []
    body = [index for index, _ in cut.body]
    for index, word in cut.labels:
        column = 1 if kind_of(word, lexicon) == kinds.CLASS else 2
        if not body or index < body[0] or column in inside:
            before.append([(column, word)])
        elif index > body[-1]:
            after.append([(column, word)])
        else:
            inside[column] = word
    if not body:
        return before
    target, actual = _ordered(cut.values)
    weight, score = (*cut.figures, "", "")[:2]
    name = " ".join(word for _, word in cut.names)
    return [*before, [*sorted(inside.items()), (3, name), (4, target), (5, actual), (6, weight), (7, score)], *after]


def _ordered(values: Sequence[str]) -> tuple[str, str]:
    """The target is the value with a sign, else the first."""
    first, second = (*values, "", "")[:2]
    if fold_signs(second)[:1] in tuple("≥≤><=") and fold_signs(first)[:1] not in tuple("≥≤><="):
        return second, first
    return first, second
