"""Sets the words of run-on indicator rows back into rows.

Every row holds two values (target and actual), two plain figures (weight and score) and a name, which a wrap may have
cut into a piece before and a piece behind the figures; the labels of classes and categories lie in between, at the
middle of the rows that they cover. The cheapest cutting of the words into such rows is found by dynamic programming.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate, compress

from chengshu.base.texts import fold_signs
from chengshu.performance.reading import kinds
from chengshu.performance.reading.kinds import kind_of
from chengshu.performance.reading.lexicon import Lexicon

Row = list[tuple[int, str]]

_LONGEST = 16  # words of a row at most
_MOST_NUMBERS = 4  # two of them may be values
_WRAP = 8  # a name that goes on behind the figures filled its line, which is at least this long
_LABELS = frozenset({kinds.CLASS, kinds.CATEGORY, kinds.EITHER})
_NOT_OPEN = _LABELS | {kinds.BANNER, kinds.NUMBER}
_FIGURE_COST = 4.0  # a figure too many or too few
_NAME_WORD_COST = 2.0  # a name in more than two pieces, a piece
_LABELS_ALONE = 0.2
_TWICE = 0.2  # a word that stands twice in its row, as a value
_VALUE_COST = {kinds.VALUE: 0.0, kinds.FIGURE: 0.0, kinds.WORD: 0.0, kinds.DASH: 0.5, kinds.BARE: 3.0}
_NAME_COST = {kinds.VALUE: 4.0, kinds.FIGURE: 4.0, kinds.WORD: 2.5, kinds.JUNK: 0.3, kinds.DASH: 2.0}


class _Page:
    """The words of a page, and for each what it would cost as a value and as (part of) a name.

    An unknown word is a likelier value when it stands twice in its row.
    """

    def __init__(self, words: Sequence[str], lexicon: Lexicon) -> None:
        self.words = words
        self.signs = [kind_of(word, lexicon) for word in words]
        self.is_label = [sign in _LABELS for sign in self.signs]
        self.is_open = [sign not in _NOT_OPEN for sign in self.signs]
        self.numbers = [0, *accumulate(sign == kinds.NUMBER for sign in self.signs)]
        self.as_name = [_NAME_COST.get(sign, 0.0) for sign in self.signs]
        self._known = [_VALUE_COST.get(sign) for sign in self.signs]
        self._above, self._below = _neighbours(words)

    def as_value(self, index: int, start: int, end: int) -> float:
        """What the word costs as a value of the row from start to end."""
        known = self._known[index]
        if known is not None:
            return known
        if self._above[index] >= start or self._below[index] < end:
            return _TWICE
        return 0.8 + 0.2 * len(self.words[index])


@dataclass(slots=True)
class _Cut:
    """A run of words taken as one row: what that costs, and which of its words are values and names."""

    cost: float
    values: list[int]
    names: list[int]


def unroll_rows(words: Sequence[str], lexicon: Lexicon) -> list[Row]:
    """Give the rows in order, each with its pieces by column (1 class … 7 score); labels between rows stand alone."""
    page = _Page([half for word in words for half in _halves(word)], lexicon)
    return [row for start, end in _cut(page) for row in _rows_of(page, start, end)]


def _neighbours(words: Sequence[str]) -> tuple[list[int], list[int]]:
    """For each word where the same word stands before it (-1: nowhere) and behind it (the count of words: nowhere)."""
    above, below = [-1] * len(words), [len(words)] * len(words)
    seen: dict[str, int] = {}
    for index, word in enumerate(words):
        if word in seen:
            above[index] = seen[word]
            below[seen[word]] = index
        seen[word] = index
    return above, below


def _halves(word: str) -> tuple[str, ...]:
    """Two equal cells that ran together ("合理合理") are two words."""
    middle = len(word) // 2
    if len(word) >= 4 and len(word) % 2 == 0 and word[:middle] == word[middle:] and not word.isdigit():
        return word[:middle], word[middle:]
    return (word,)


def _cut(page: _Page) -> list[tuple[int, int]]:
    count = len(page.words)
    numbers = page.numbers
    written = [0, *accumulate(page.is_open)]
    best = [0.0] + [float("inf")] * count
    before = [0] * (count + 1)
    for end in range(1, count + 1):
        for start in range(end - 1, max(0, end - _LONGEST) - 1, -1):
            figures, texts = numbers[end] - numbers[start], written[end] - written[start]
            least = _least_cost(figures, texts) if figures or texts else 0.0
            if best[start] + least > best[end] or figures > _MOST_NUMBERS:
                continue
            cost = best[start] + _weigh(page, start, end).cost
            if cost <= best[end]:
                best[end], before[end] = cost, start
    cuts: list[tuple[int, int]] = []
    end = count
    while end > 0:
        cuts.append((before[end], end))
        end = before[end]
    return cuts[::-1]


def _least_cost(figures: int, texts: int) -> float:
    """What a row of so many figures and other words costs at least."""
    return _FIGURE_COST * abs(figures - 2) + _NAME_WORD_COST * max(0, texts - 4)


def _weigh(page: _Page, start: int, end: int) -> _Cut:
    """Share the words of a row between the two values and the name, as cheaply as can be."""
    open_words = list(compress(range(start, end), page.is_open[start:end]))
    figures = page.numbers[end] - page.numbers[start]
    if not figures and not open_words:
        return _Cut(_LABELS_ALONE, [], [])
    as_value = {index: page.as_value(index, start, end) for index in open_words}
    preference = sorted([(as_value[index] - page.as_name[index], index) for index in open_words])
    values = {index for _, index in preference[: min(2, max(0, len(open_words) - 1))]}
    if len(open_words) == 1 and page.signs[open_words[0]] in _VALUE_COST:
        values = set(open_words)
    names = [index for index in open_words if index not in values]
    cost = sum([as_value[index] if index in values else page.as_name[index] for index in open_words])
    cost += _FIGURE_COST * abs(figures - 2) + 3.0 * (2 - len(values)) + _name_cost(page, names, start, end)
    cost += 0.1 * page.is_label[end - 1]
    return _Cut(cost, sorted(values), names)


def _name_cost(page: _Page, names: Sequence[int], start: int, end: int) -> float:
    if not names:
        return 3.0
    if len(names) == 1:
        return 0.4 if names[0] < (start + end) / 2 else 0.0
    first, last = len(page.words[names[0]]), len(page.words[names[-1]])
    wrapped = first >= _WRAP and last < first and names[-1] - names[0] > 1
    return (0.2 if wrapped else 2.0) + _NAME_WORD_COST * (len(names) - 2)


def _rows_of(page: _Page, start: int, end: int) -> list[Row]:
    """Give the row of a cut, and before and after it the labels that stand on the border to its neighbours."""
    cut = _weigh(page, start, end)
    words, signs = page.words, page.signs
    before: list[Row] = []
    inside: dict[int, str] = {}
    after: list[Row] = []
    body = [i for i in range(start, end) if not page.is_label[i] and signs[i] != kinds.BANNER]
    for index in (i for i in range(start, end) if page.is_label[i]):
        column = 1 if signs[index] == kinds.CLASS else 2
        if not body or index < body[0] or column in inside:
            before.append([(column, words[index])])
        elif index > body[-1]:
            after.append([(column, words[index])])
        else:
            inside[column] = words[index]
    if not body:
        return before
    target, actual = _ordered([words[index] for index in cut.values])
    weight, score = (*(words[i] for i in body if signs[i] == kinds.NUMBER), "", "")[:2]
    name = " ".join(words[index] for index in cut.names)
    return [*before, [*sorted(inside.items()), (3, name), (4, target), (5, actual), (6, weight), (7, score)], *after]


def _ordered(values: Sequence[str]) -> tuple[str, str]:
    """The target is the value with a sign, else the first."""
    first, second = (*values, "", "")[:2]
    if fold_signs(second)[:1] in tuple("≥≤><=") and fold_signs(first)[:1] not in tuple("≥≤><="):
        return second, first
    return first, second
