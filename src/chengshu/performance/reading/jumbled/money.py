"""Sets the words of a run-on money block back into its four rows."""

from collections.abc import Sequence
from itertools import accumulate

from chengshu.base.texts import label_key, parse_decimal
from chengshu.performance.reading.lexicon import Lexicon, find_role

Row = list[tuple[int, str]]

_COLUMNS = {"initial": 1, "budget": 2, "executed": 3, "weight": 4, "rate": 5, "score": 6}
_NEVER = 1e9
_MOST = 9  # figures that one row is given at most
_DEFAULT = {
    "initial": "年初预算数",
    "budget": "全年预算数",
    "executed": "全年执行数",
    "weight": "分值",
    "rate": "执行率",
    "score": "得分",
}


def unroll_money(words: Sequence[str], lexicon: Lexicon) -> list[Row]:
    """Give the header and the rows of the block; empty when the words hold no row label."""
    labels = [(i, word) for i, word in enumerate(words) if find_role(word, lexicon.money_rows) is not None]
    if not labels:
        return []
    figures = [index for index, word in enumerate(words) if _is_figure(word)]
    cuts = _best_cuts(words, figures, [index for index, _ in labels])
    unit = next((word for word in words if word.strip("()（）") in ("元", "万元")), "")
    printed = {find_role(label_key(word), lexicon.money_columns): word for word in words}
    columns = [(column, printed.get(role, _DEFAULT[role])) for role, column in _COLUMNS.items()]
    rows: list[Row] = [[(0, f"项目资金{unit}"), *columns]]
    for number, (_, label) in enumerate(labels):
        own = [words[index] for index in figures[cuts[number] : cuts[number + 1]]]
        rows.append([(0, label), *_place(own)])
    return rows


def _is_figure(word: str) -> bool:
    return parse_decimal(word.removesuffix("%")) is not None


def _best_cuts(words: Sequence[str], figures: Sequence[int], labels: Sequence[int]) -> list[int]:
    """Cut the figures into one run a label. A row holds what its kind of row holds, and its label stands near it."""
    marks = [_mark(words[index]) for index in figures]
    far = [[0.0, *accumulate(_distance(index, label, labels) for index in figures)] for label in labels]
    count = len(figures)
    best = [[_NEVER] * (count + 1) for _ in range(len(labels) + 1)]
    before = [[0] * (count + 1) for _ in range(len(labels) + 1)]
    best[0][0] = 0.0
    for row in range(1, len(labels) + 1):
        for start in range(count + 1):
            if best[row - 1][start] >= _NEVER:
                continue
            for end in range(start, min(count, start + _MOST) + 1):
                cost = best[row - 1][start] + far[row - 1][end] - far[row - 1][start]
                if cost >= best[row][end]:
                    continue
                cost += _row_cost(marks[start:end], first=row == 1)
                if cost < best[row][end]:
                    best[row][end], before[row][end] = cost, start
    cuts = [count]
    for row in range(len(labels), 0, -1):
        cuts.append(before[row][cuts[-1]])
    return cuts[::-1]


def _mark(figure: str) -> str:
    """Tell apart rates, zeros and other figures."""
    if figure.endswith("%"):
        return "%"
    return "0" if parse_decimal(figure) == 0 else "a"


def _distance(figure: int, label: int, labels: Sequence[int]) -> float:
    """A figure before its label costs a little, one beyond another label a lot."""
    between = range(min(figure, label) + 1, max(figure, label))
    return 0.1 * (figure < label) + sum(other in between for other in labels)


def _row_cost(marks: Sequence[str], *, first: bool) -> float:
    if first:
        return 2.0 * abs(len(marks) - 6)
    zeros = marks.count("0")
    mixed = 2.0 if 0 < zeros < len(marks) else 0.0
    return 3.0 * marks.count("%") + mixed + 3.0 * max(0, len(marks) - 3) + 0.4 * max(0, 2 - len(marks))


def _place(figures: Sequence[str]) -> Row:
    """Amounts in their printed order, the rate by its sign, the small figures as weight and score."""
    rates = [figure for figure in figures if figure.endswith("%")]
    rest = [figure for figure in figures if not figure.endswith("%")]
    amounts, points = rest[:3], rest[3:]
    if len(rest) > 3:
        points = [figure for figure in rest if figure.isdigit() and int(figure) <= 10][-2:]
        amounts = list(rest)
        for figure in points:
            amounts.reverse()
            amounts.remove(figure)
            amounts.reverse()
    roles = (
        ["initial", "budget", "executed"][: len(amounts)] + ["rate"] * bool(rates) + ["weight", "score"][: len(points)]
    )
    placed = [(_COLUMNS[role], figure) for role, figure in zip(roles, [*amounts[:3], *rates[:1], *points], strict=True)]
    return sorted(placed)
