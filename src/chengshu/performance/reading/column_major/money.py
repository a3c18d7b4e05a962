"""Sets the figures of a money block back into its rows that were printed apart from their labels.

The figures stand row by row in the order of the form, but single ones have drifted away. Arithmetic decides: the rate
is executed by budget, the score the weight's share of it, and the parts add up to the total. What does not fit, or
fits in several ways, is lost.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import combinations, permutations, product

from chengshu.base.texts import parse_decimal
from chengshu.performance.reading.blocks import find_money_row
from chengshu.performance.reading.column_major.cells import Found, lost
from chengshu.performance.reading.kinds import is_dash
from chengshu.performance.reading.lexicon import Lexicon, find_role
from chengshu.performance.reading.natural.words import Word

ROWS = ("total", "fiscal", "carried_over", "other")
COLUMNS = ("initial", "budget", "executed", "weight", "rate", "score")
_AMOUNTS = COLUMNS[:3]
_DRIFTING = COLUMNS[2:]  # figures that are met away from their row
_PARTS = ROWS[1:]
_MOST_FIGURES = 6  # of one row
_MOST_DRIFTED = 4
_USUAL_WEIGHTS = (10, 20)
_NEAR = Decimal("0.1")  # offices cut or round as they like

Row = dict[str, Word]


def set_money(words: Sequence[Word], lexicon: Lexicon) -> dict[str, dict[str, Found]]:
    """Give the cells of the four rows by row and column; empty when the block is not printed in full.

    `words` begin with the header of the block and end before the yearly goals' texts.
    """
    first = sum(1 for _ in _leading(words, lexicon))
    columns = [find_role(word.key, lexicon.money_columns) for word in words[:first]]
    labels = {find_money_row(word.key, lexicon) for word in words[first:]} - {None}
    groups, drifted = _groups(words[first:], lexicon)
    if columns != list(COLUMNS) or labels != set(ROWS):
        return {"total": _all_lost(word for group in groups for word in group)}
    figures = [[word for word in group if not is_dash(word.key)] for group in groups]
    if len(groups) == len(ROWS) - 1:  # no dash ends the first row
        figures[:1] = [figures[0][: -len(_AMOUNTS)], figures[0][-len(_AMOUNTS) :]]
        groups[:1] = figures[:2]
    if len(groups) != len(ROWS):
        return {"total": _all_lost(word for group in groups for word in group)}
    total = _place_total(figures[0], drifted)
    parts = _place_parts(total or _first_amounts(figures[0]), figures[1:], groups[1:])
    if total is None and any(cell.legible for row in parts.values() for cell in row.values()):
        total = _first_amounts(figures[0])
    return {"total": _all_lost([*groups[0], *drifted]) if total is None else _total_cells(total, drifted), **parts}


def _leading(words: Sequence[Word], lexicon: Lexicon) -> Iterator[Word]:
    for word in words:
        if find_role(word.key, lexicon.money_columns) is None:
            return
        yield word


def _groups(words: Sequence[Word], lexicon: Lexicon) -> tuple[list[list[Word]], list[Word]]:
    """The figures row by row, each row up to its dashes, a label or another text; and those that have drifted away.

    Away is what stands behind the label of the unit or of the goals, which are printed below and above the block.
    """
    away = next((i for i, word in enumerate(words) if _ends_block(word, lexicon)), len(words))
    groups: list[list[Word]] = []
    inside = False
    for word in words[:away]:
        if not is_figure(word) and not is_dash(word.key):
            inside = False
            continue
        if not inside or (is_figure(word) and is_dash(groups[-1][-1].key)):
            groups.append([])
        groups[-1].append(word)
        inside = True
    return groups, [word for word in words[away:] if is_figure(word)]


def _ends_block(word: Word, lexicon: Lexicon) -> bool:
    return find_role(word.key, lexicon.head) == "unit" or find_role(word.key, lexicon.goal) is not None


def _place_total(figures: Sequence[Word], drifted: Sequence[Word]) -> Row | None:
    """Place the figures of the total, all of its row in their order; None unless rate and score follow in one way."""
    if not 0 < len(figures) <= _MOST_FIGURES or len(drifted) > _MOST_DRIFTED:
        return None
    rows = [row for row in _placings(figures, drifted) if _follows(row)]
    most = max(map(len, rows), default=0)
    best = [row for row in rows if len(row) == most]
    values = {tuple((role, _value(row[role])) for role in COLUMNS if role in row) for row in best}
    return best[0] if len(values) == 1 else None


def _placings(figures: Sequence[Word], drifted: Sequence[Word]) -> Iterator[Row]:
    for columns in combinations(COLUMNS, len(figures)):
        own = dict(zip(columns, figures, strict=True))
        open_columns = [role for role in _DRIFTING if role not in own]
        for count in range(min(len(drifted), len(open_columns)) + 1):
            for roles in combinations(open_columns, count):
                for words in permutations(drifted, count):
                    row = own | dict(zip(roles, words, strict=True))
                    if all(word.key.endswith("%") == (role == "rate") for role, word in row.items()):
                        yield row


def _follows(row: Row) -> bool:
    """Tell whether the rate is executed by budget, and the score, where one is printed, the weight's share of it."""
    if not {"budget", "executed"} <= row.keys() or ("weight" in row) != ("score" in row):
        return False
    budget, executed = _value(row["budget"]), _value(row["executed"])
    if not budget or not row.keys() & {"rate", "score"}:
        return False
    exact = 100 * executed / budget
    rate = _value(row["rate"]) if "rate" in row else exact
    if abs(rate - exact) > _NEAR:
        return False
    if "weight" not in row:
        return True
    weight, score = _value(row["weight"]), _value(row["score"])
    return weight in _USUAL_WEIGHTS and abs(score - min(rate, Decimal(100)) * weight / 100) <= _NEAR


def _first_amounts(figures: Sequence[Word]) -> Row:
    """The amounts of a total as they stand, to be believed only when the parts add up to them."""
    if len(figures) < len(_AMOUNTS) or any(word.key.endswith("%") for word in figures[: len(_AMOUNTS)]):
        return {}
    return dict(zip(_AMOUNTS, figures, strict=False))


def _place_parts(
    total: Row, figures: Sequence[Sequence[Word]], groups: Sequence[Sequence[Word]]
) -> dict[str, dict[str, Found]]:
    """Place the figures of the parts where every column adds up; a cell that may hold several figures is lost."""
    choices = [list(_amount_placings(row)) for row in figures]
    fitting = [option for option in product(*choices) if _adds_up(option, total)]
    rows: dict[str, dict[str, Found]] = {}
    for number, name in enumerate(_PARTS):
        if not fitting:
            rows[name] = {role: lost(groups[number]) for role in _AMOUNTS}
            continue
        cells: dict[str, Found] = {}
        for role in _AMOUNTS:
            held = {option[number].get(role) for option in fitting}
            word = held.pop() if len(held) == 1 else None
            if held:
                cells[role] = lost(groups[number])
            elif word is not None:
                cells[role] = Found((word,))
        rows[name] = cells
    return rows


def _amount_placings(figures: Sequence[Word]) -> Iterator[Row]:
    if any(word.key.endswith("%") for word in figures):
        return
    for columns in combinations(_AMOUNTS, len(figures)):
        yield dict(zip(columns, figures, strict=True))


def _adds_up(parts: Sequence[Row], total: Row) -> bool:
    return all(
        role in total and _value(total[role]) == sum((_value(row[role]) for row in parts if role in row), Decimal(0))
        for role in _AMOUNTS
    ) and any(_value(total[role]) for role in _AMOUNTS)


def _total_cells(row: Mapping[str, Word], drifted: Iterable[Word]) -> dict[str, Found]:
    """The cells of the total; a rate that has drifted and does not follow is lost."""
    cells = {role: Found((word,)) for role, word in row.items()}
    rates = [word for word in drifted if word.key.endswith("%")]
    return cells if "rate" in row or not rates else cells | {"rate": lost(rates)}


def _all_lost(words: Iterable[Word]) -> dict[str, Found]:
    cell = lost(words)
    return dict.fromkeys(_AMOUNTS, cell) if cell.words else {}


def is_figure(word: Word) -> bool:
    """Tell whether the word is a plain figure, perhaps with a per-cent sign."""
    return not is_dash(word.key) and parse_decimal(word.key.removesuffix("%")) is not None


def _value(word: Word) -> Decimal:
    return parse_decimal(word.key.removesuffix("%")) or Decimal(0)
