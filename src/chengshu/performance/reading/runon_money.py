"""Sets the words of a run-on money block back into its four rows."""

from collections.abc import Sequence
from itertools import combinations_with_replacement

from chengshu.base.texts import parse_decimal
from chengshu.performance.reading.lexicon import Lexicon, find_role

Row = list[tuple[int, str]]

_COLUMNS = {"initial": 1, "budget": 2, "executed": 3, "weight": 4, "rate": 5, "score": 6}
_HEADER = ("年初预算数", "全年预算数", "全年执行数", "分值", "执行率", "得分")


def unroll_money(words: Sequence[str], lexicon: Lexicon) -> list[Row]:
    """Give the header and the rows of the block; empty when the words hold no row label."""
    labels = [(i, word) for i, word in enumerate(words) if find_role(word, lexicon.money_rows) is not None]
    if not labels:
        return []
    figures = [index for index, word in enumerate(words) if _is_figure(word)]
    cuts = _best_cuts(words, figures, [index for index, _ in labels])
    unit = next((word for word in words if word.strip("()（）") in ("元", "万元")), "")
    header: Row = [(0, f"项目资金{unit}"), *((index, word) for index, word in enumerate(_HEADER, start=1))]
    rows = [header]
    for number, (_, label) in enumerate(labels):
        own = [words[index] for index in figures[cuts[number] : cuts[number + 1]]]
        rows.append([(0, label), *_place(own)])
    return rows


def _is_figure(word: str) -> bool:
    return parse_decimal(word.removesuffix("%")) is not None


def _best_cuts(words: Sequence[str], figures: Sequence[int], labels: Sequence[int]) -> tuple[int, ...]:
    """Cut the figures into one run a label. A row holds what its kind of row holds, and its label stands near it."""
    best: tuple[float, tuple[int, ...]] | None = None
    for inner in combinations_with_replacement(range(len(figures) + 1), len(labels) - 1):
        cuts = (0, *inner, len(figures))
        cost = 0.0
        for number, label in enumerate(labels):
            own = figures[cuts[number] : cuts[number + 1]]
            cost += _row_cost([words[index] for index in own], first=number == 0)
            cost += sum(0.1 if index < label else 0.0 for index in own)
            others = [other for other in labels if other != label]
            cost += sum(1.0 for index in own for other in others if min(index, label) < other < max(index, label))
        if best is None or cost < best[0]:
            best = (cost, cuts)
    return best[1] if best is not None else (0,) * (len(labels) + 1)


def _row_cost(figures: Sequence[str], *, first: bool) -> float:
    if first:
        return 2.0 * abs(len(figures) - 6)
    percents = sum(figure.endswith("%") for figure in figures)
    zeros = sum(parse_decimal(figure) == 0 for figure in figures)
    mixed = 2.0 if 0 < zeros < len(figures) else 0.0
    return 3.0 * percents + mixed + 3.0 * max(0, len(figures) - 3) + 0.4 * max(0, 2 - len(figures))


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
