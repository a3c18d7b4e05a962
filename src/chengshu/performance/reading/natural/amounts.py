"""Sets the figures of the money rows back under the columns of their header."""

import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import combinations, product

from chengshu.base.texts import parse_decimal
from chengshu.performance.reading.kinds import is_dash
from chengshu.performance.reading.natural.glued import cut_figures
from chengshu.performance.reading.natural.words import Word, make_word

AMOUNTS = ("initial", "budget", "executed")
_POINTS = ("weight", "rate", "score")
_USUAL_WEIGHTS = (10, 20)
_MOST_POINTS = 20  # what execution may count at most
_NEAR = Decimal("0.1")
_FIGURES = re.compile(r"([\d.,%]*)[-—－/／]*")  # with the dashes of the columns that ask for nothing
_MOST_CHOICES = 20_000

Row = dict[str, Word]


def place_total(words: Sequence[Word], roles: Sequence[str]) -> Row:
    """Place the figures of the total row: amounts in their order, the rate by its sign, then weight and score.

    Figures that ran together are cut where rate and score follow from the amounts, if they do in one way only.
    """
    plain = [role for role in roles if role != "ignored"]
    if len(words) == 1 and words[0].glued:
        found = [row for row in _cut(words[0], plain) if _follows(row)]
        return found[0] if len(found) == 1 else {}
    whole = _place_whole(words, roles)
    if whole is not None:
        return whole
    figures = [word for word in words if _is_figure(word)]
    amounts = [role for role in roles if role in AMOUNTS]
    if len(figures) < len(amounts):
        return {}
    rest = figures[len(amounts) :]
    return dict(zip(amounts, figures, strict=False)) | _place_points(rest, [role for role in roles if role in _POINTS])


def place_parts(rows: Mapping[str, Sequence[Word]], total: Row, roles: Sequence[str]) -> dict[str, Row]:
    """Place the rows below the total. Rows with fewer figures than columns are placed where the columns add up.

    Where several placings add up, or none does, a row that is not full keeps nothing: a figure in the wrong column
    would be an invented one.
    """
    amounts = [role for role in roles if role in AMOUNTS]
    whole = {name: _place_whole(words, roles) for name, words in rows.items()}
    placed = {name: row for name, row in whole.items() if row is not None}
    choices = {name: list(_choices(words, amounts, total)) for name, words in rows.items() if name not in placed}
    sizes = [len(options) for options in choices.values()]
    if any(size == 0 for size in sizes) or _product(sizes) > _MOST_CHOICES:
        return placed
    ranked = [
        (_agreement([*placed.values(), *option], total, amounts), option) for option in product(*choices.values())
    ]
    best = max(agreement for agreement, _ in ranked)
    winners = [option for agreement, option in ranked if agreement == best]
    for index, (name, options) in enumerate(choices.items()):
        agreed = all(option[index] == winners[0][index] for option in winners)
        if agreed and (best == len(amounts) or len(options) == 1):
            placed[name] = winners[0][index] | _rate(rows[name])
    return placed


def _place_whole(words: Sequence[Word], roles: Sequence[str]) -> Row | None:
    """Place a row that has a word for every column, or for every one that is read."""
    plain = [role for role in roles if role != "ignored"]
    columns = next((columns for columns in (roles, plain) if len(words) == len(columns)), None)
    return None if columns is None else dict(zip(columns, words, strict=True))


def _place_points(words: Sequence[Word], columns: Sequence[str]) -> Row:
    """Weight, rate and score: the rate by its sign; without it two small figures are weight and score."""
    rates = [word for word in words if word.key.endswith("%")]
    points = [word for word in words if not word.key.endswith("%")]
    placed: Row = {"rate": rates[0]} if rates and "rate" in columns else {}
    open_columns = [role for role in columns if role not in placed]
    if len(points) == len(open_columns):
        return placed | dict(zip(open_columns, points, strict=True))
    if len(points) == 2 and {"weight", "score"} <= set(columns) and all(_value(w) <= _MOST_POINTS for w in points):
        return placed | dict(zip(("weight", "score"), points, strict=True))
    return placed


def _follows(row: Row) -> bool:
    """Tell whether the rate is executed by budget and the score the weight's share of it."""
    if not {"budget", "executed", "rate", "score"} <= row.keys() or not row["rate"].key.endswith("%"):
        return False
    budget, executed, rate, score = (_value(row[role]) for role in ("budget", "executed", "rate", "score"))
    weights = [_value(row["weight"])] if "weight" in row else _USUAL_WEIGHTS
    if not budget or abs(rate - 100 * executed / budget) > _NEAR:
        return False
    return any(
        weight in _USUAL_WEIGHTS and abs(score - min(rate, Decimal(100)) * weight / 100) <= _NEAR for weight in weights
    )


def _choices(words: Sequence[Word], amounts: Sequence[str], total: Row) -> Iterator[Row]:
    """Every way in which the amounts of a row may lie under the columns."""
    if len(words) == 1 and words[0].glued:
        for count in range(len(amounts) + 1):
            for columns in combinations(amounts, count):
                for row in (*_cut(words[0], columns), *_cut(words[0], (*columns, "rate"))):
                    if all(role in total and _value(row[role]) <= _value(total[role]) for role in columns):
                        yield row
        return
    figures = [word for word in words if _is_figure(word) and not word.key.endswith("%")]
    for columns in combinations(amounts, min(len(figures), len(amounts))):
        yield dict(zip(columns, figures, strict=False))


def _cut(word: Word, roles: Sequence[str]) -> Iterator[Row]:
    """Cut figures that ran together, one for each role; a per-cent sign is that of the rate."""
    figures = _FIGURES.fullmatch(word.text)
    for cut in cut_figures(figures.group(1), len(roles)) if figures is not None else ():
        if all(text.endswith("%") == (role == "rate") for role, text in zip(roles, cut, strict=True)):
            yield dict(zip(roles, (make_word(text, word.cell) for text in cut), strict=True))


def _agreement(rows: Sequence[Row], total: Row, amounts: Sequence[str]) -> int:
    """Count the columns whose parts add up to the total."""
    return sum(
        role in total and _value(total[role]) == sum((_value(row[role]) for row in rows if role in row), Decimal(0))
        for role in amounts
    )


def _rate(words: Sequence[Word]) -> Row:
    rates = [word for word in words if word.key.endswith("%") and _is_figure(word)]
    return {"rate": rates[0]} if rates else {}


def _is_figure(word: Word) -> bool:
    return not word.glued and not is_dash(word.key) and parse_decimal(word.key.removesuffix("%")) is not None


def _value(word: Word) -> Decimal:
    return parse_decimal(word.key.removesuffix("%")) or Decimal(0)


def _product(sizes: Sequence[int]) -> int:
    result = 1
    for size in sizes:
        result *= size
    return result
