"""Reads a form that an extractor printed column by column: figures and values by themselves, names and labels apart.

It is known by rows of nothing but values, one behind the other. Its words are set back into the lines of a table where
there is one way to do so; words whose place cannot be told go to their cells as illegible.
"""

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from itertools import product

from chengshu.base.texts import parse_decimal
from chengshu.performance.reading.blocks import find_money_row
from chengshu.performance.reading.column_major.cells import Found, is_one_wrapped, lost, make_line
from chengshu.performance.reading.column_major.money import COLUMNS, ROWS, is_figure, set_money
from chengshu.performance.reading.column_major.rows import Rows, find_run, set_rows
from chengshu.performance.reading.head import NAMES
from chengshu.performance.reading.kinds import BANNER, is_dash, kind_of
from chengshu.performance.reading.lexicon import Lexicon, find_role
from chengshu.performance.reading.lines import Line
from chengshu.performance.reading.natural.words import Word, is_label
from chengshu.performance.reading.natural.zones import column_role

_ROW_COLUMNS = ("level1", "level2", "level3", "target", "actual", "weight", "score")
_YEAR = re.compile(r"\(?20\d\d年?度?\)?")
_MONEY_TITLE_ENDS = ("(元)", "(万元)", "(亿元)", "项目资金")
_LONE_GOAL = 0.5  # how sure it is that a single text under both headings is the result


def rebuild_columns(words: Sequence[Word], lexicon: Lexicon, *, table: int | None = None) -> list[Line] | None:
    """Give the form's lines as those of a true table; None when the mended words are not printed column by column."""
    start = next((index for index, word in enumerate(words) if _is_level(word, lexicon)), None)
    run = find_run(words[start:], lexicon) if start is not None else None
    if start is None or run is None:
        return None
    title = _title_length(words[:start], lexicon)
    goal = _index(words[:start], lexicon.goal, "actual")
    money = set_money(_money_words(words[title:goal], lexicon), lexicon)
    rows = set_rows(words[start:], run, _execution(money), lexicon)
    grid = _Grid(words[:start], words[start:], lexicon)
    tables = [
        [{0: Found(tuple(words[:title]))}],
        grid.head(title),
        grid.money(money),
        grid.goal(goal),
        grid.rows(rows),
    ]
    return [line for cells in tables for row in cells if (line := make_line(row, table)).pieces]


class _Grid:
    """The blocks of a form as rows of cells by column, with the labels that are printed on it."""

    def __init__(self, upper: Sequence[Word], lower: Sequence[Word], lexicon: Lexicon) -> None:
        self._upper, self._lower, self._lexicon = upper, lower, lexicon

    def head(self, title: int) -> list[dict[int, Found]]:
        """The names beside their labels."""
        names = _names(self._upper[title:], self._lexicon)
        return [{0: Found((label,)), 1: name} for label, name in names]

    def money(self, money: dict[str, dict[str, Found]]) -> list[dict[int, Found]]:
        """The header of the money block, the unit of its amounts before it, and its four rows."""
        columns = {name: index for index, name in enumerate(COLUMNS, start=2)}
        header = {find_role(word.key, self._lexicon.money_columns): word for word in reversed(self._upper)}
        title = [word for word in self._upper if word.key.endswith(_MONEY_TITLE_ENDS)][:1]
        labels = {find_money_row(word.key, self._lexicon): word for word in reversed(self._upper)}
        top = {0: Found(tuple(title))} | {columns[name]: Found((header[name],)) for name in COLUMNS if name in header}
        return [top] + [
            {1: Found((labels[name],))} | {columns[column]: cell for column, cell in money[name].items()}
            for name in ROWS
            if name in labels and name in money
        ]

    def goal(self, actual: int) -> list[dict[int, Found]]:
        """Both goals below their headings."""
        expected = _index(self._upper[:actual], self._lexicon.goal, "expected")
        headings = {
            1: Found(tuple(self._upper[expected:actual][:1])),
            4: Found(tuple(self._upper[actual : actual + 1])),
        }
        first = [word for word in self._upper[expected:actual] if self._is_text(word)]
        first = [] if all(map(is_figure, first)) else first
        second = [word for word in self._upper[actual:] if self._is_text(word)]
        return [headings, dict(zip((1, 4), _goals(first, second), strict=True))]

    def rows(self, rows: Rows) -> list[dict[int, Found]]:
        """The header of the indicators, their rows and the total."""
        printed = {column_role(word, self._lexicon): word for word in reversed(self._lower)}
        columns = {role: index for index, role in enumerate(_ROW_COLUMNS)}
        header = {columns[role]: Found((printed[role],)) for role in _ROW_COLUMNS if role in printed}
        below = [{columns[role]: cell for role, cell in row.items()} for row in rows.rows]
        label = [word for word in self._lower if find_role(word.key, self._lexicon.footer) == "total"][:1]
        total = {columns[role]: cell for role, cell in rows.total.items()}
        return [header, *below, {0: Found(tuple(label))} | total if label else {}]

    def _is_text(self, word: Word) -> bool:
        return not is_label(word.key, self._lexicon) and kind_of(word.key, self._lexicon) != BANNER


def _is_level(word: Word, lexicon: Lexicon) -> bool:
    return column_role(word, lexicon) in _ROW_COLUMNS[:3]


def _title_length(words: Sequence[Word], lexicon: Lexicon) -> int:
    """Count the words of the title, the year behind it included; 0 where the form is cut off below its title."""
    text = ""
    ends: list[int] = []
    for word in words:
        if find_role(word.key, lexicon.head) is not None:
            break
        text += word.key
        ends.append(len(text))
    found = lexicon.titles.search(text)
    if found is None:
        return 0
    year = _YEAR.match(text, found.end())
    end = found.end() if year is None else year.end()
    return ends.index(end) + 1 if end in ends else 0


def _index(words: Sequence[Word], roles: Mapping[str, str], role: str) -> int:
    return next((index for index, word in enumerate(words) if find_role(word.key, roles) == role), len(words))


def _money_words(words: Sequence[Word], lexicon: Lexicon) -> Sequence[Word]:
    return words[_index(words, lexicon.money_columns, COLUMNS[0]) :]


def _execution(money: Mapping[str, Mapping[str, Found]]) -> Decimal | None:
    weight = money.get("total", {}).get("weight")
    return parse_decimal(weight.words[0].key) if weight is not None and weight.legible else None


def _names(words: Sequence[Word], lexicon: Lexicon) -> list[tuple[Word, Found]]:
    """Give each label of the head the text before or behind it, when only one way leaves no text and no label alone."""
    texts, labels = _part_at_labels(words, lexicon)
    asking = [at for at, label in enumerate(labels) if find_role(label.key, lexicon.head) in NAMES]
    choices = [[side for side in (at, at + 1) if texts[side]] for at in asking]
    if len(asking) > len(NAMES):
        return [(labels[at], lost(texts[at + 1])) for at in asking]
    beside = {side for sides in choices for side in sides}
    fitting = [sides for sides in product(*[sides or [-1] for sides in choices]) if _is_even(sides, beside)]
    names: list[tuple[Word, Found]] = []
    for number, at in enumerate(asking):
        own = [word for side in choices[number] for word in texts[side]]
        if len(fitting) == 1 and choices[number]:
            own = texts[fitting[0][number]]
        whole = len(fitting) == 1 and is_one_wrapped(own) and not any(map(_is_amount, own))
        names.append((labels[at], Found(tuple(own), legible=whole)))
    return names


def _part_at_labels(words: Sequence[Word], lexicon: Lexicon) -> tuple[list[list[Word]], list[Word]]:
    """Give the texts between the labels, one more than the labels, and the labels; bare figures are no text."""
    texts: list[list[Word]] = [[]]
    labels: list[Word] = []
    for word in words:
        if is_label(word.key, lexicon) or word.key.endswith(_MONEY_TITLE_ENDS):
            labels.append(word)
            texts.append([])
        else:
            texts[-1].append(word)
    return [[] if all(map(_is_amount, text)) else text for text in texts], labels


def _is_even(sides: Sequence[int], beside: set[int]) -> bool:
    """Tell whether every text is taken once."""
    taken = [side for side in sides if side >= 0]
    return len(taken) == len(beside) and set(taken) == beside


def _is_amount(word: Word) -> bool:
    return is_figure(word) or is_dash(word.key)


def _goals(first: Sequence[Word], second: Sequence[Word]) -> tuple[Found, Found]:
    """Give the two goals; texts that all stand behind both headings are told apart when there is one, or one twice."""
    half = len(second) // 2
    if first:
        whole = is_one_wrapped(first) and not any(map(is_figure, first))  # a figure may have drifted there
        return Found(tuple(first), legible=whole), Found(tuple(second), legible=is_one_wrapped(second))
    if len(second) <= 1:
        return Found(()), Found(tuple(second), sure=_LONE_GOAL)
    if [word.key for word in second[:half]] == [word.key for word in second[half:]]:
        return Found(tuple(second[:half])), Found(tuple(second[half:]))
    return lost(second), lost(second)
