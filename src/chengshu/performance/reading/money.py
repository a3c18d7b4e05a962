"""Reads the money block: four rows of budget, execution, weight, rate and score."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from chengshu.base.texts import parse_decimal
from chengshu.documents.contracts import Layout
from chengshu.performance.contracts.forms import Money, MoneyRow
from chengshu.performance.reading.alignment import Columns, Costs, Signature, assign
from chengshu.performance.reading.blocks import Blocks, find_money_row, money_header_roles
from chengshu.performance.reading.kinds import is_dash
from chengshu.performance.reading.ledger import Ledger
from chengshu.performance.reading.lexicon import Lexicon
from chengshu.performance.reading.lines import Line, Piece, make_piece
from chengshu.performance.reading.profile import Profile
from chengshu.performance.reading.rows import find_doubled
from chengshu.performance.reading.sums import AMOUNTS, blur_traces, settle_short_rows

_UNIT = re.compile(r"[(（:：]\s*(?:单位[:：])?\s*(亿元|万元|元)")
_AMOUNT = re.compile(r"-?[\d,]*\d(?:\.\d+)?")
_DEFAULT = Columns(("label", "initial", "budget", "executed", "weight", "rate", "score"), tuple(range(1, 8)))

_MISFIT = 3.0  # the fit from which a cell cannot be what its column says
_SLIP = 1.5  # the fit from which a cell of tabbed text has rather slipped: a dash among the amounts
_AMOUNT_FIT = {"a": 0.0, "n": 0.1, "0": 0.0, "-": 1.5, "?": 2.5}
MONEY_COSTS = Costs(
    name="money",
    fit={
        "label": {"L": 0.0},
        "initial": _AMOUNT_FIT,
        "budget": _AMOUNT_FIT,
        "executed": _AMOUNT_FIT,
        "weight": {"n": 0.0, "0": 2.0, "-": 0.0, "a": 3.0, "?": 1.5},
        "rate": {"%": 0.0, "n": 0.3, "0": 0.3, "-": 0.5, "a": 2.0, "?": 1.5},
        "score": {"n": 0.0, "0": 1.0, "-": 0.3, "a": 3.0, "?": 1.5},
        "ignored": {"0": 1.0, "a": 1.0, "n": 1.0, "-": 0.5, "%": 1.0, "?": 0.3},
    },
    missing={"initial": 0.6, "budget": 0.6, "executed": 0.6, "weight": 0.3, "rate": 0.3, "score": 0.3},
    surplus={"0": 3.0, "a": 5.0, "n": 3.0, "%": 3.0, "-": 0.7, "?": 1.0, "L": 0.5},
    doubled=1.5,
)


def read_money(blocks: Blocks, profile: Profile, ledger: Ledger, lexicon: Lexicon) -> Money:
    """Read the rows of the block. A row that is printed twice counts once; a row that is not printed stays empty."""
    columns = _columns(blocks.money_header, lexicon)
    labelled = [_label(line, lexicon) for line in blocks.money]
    header = blocks.money_header
    exact = columns.exact and all(
        header is not None
        and _stands_under(line, header, pieces[0], columns)
        and _fits(pieces, columns, is_tabbed=line.layout is Layout.TABBED)
        for line, (name, pieces) in zip(blocks.money, labelled, strict=True)
        if name is not None
    )
    rows: dict[str, dict[str, Piece]] = {}
    for name, pieces in _join_wrapped(labelled):
        if name is not None and name != "ignored" and name not in rows:
            rows[name] = _by_column(pieces, columns) if exact else _assign_row(name, pieces, columns, profile)
    is_ruled = exact and header is not None and header.layout is Layout.GRID
    if not is_ruled and not any(name == "ignored" for name, _ in labelled):
        unsure = _unsure_rows(blocks.money, labelled, header, columns)
        rows = settle_short_rows(rows, columns.roles, unsure)
        rows = blur_traces(rows, columns.roles, rows if columns is _DEFAULT and header is not None else unsure)
    return Money(**{name: _row(f"/money/{name}", row, _allowed(name, profile), ledger) for name, row in rows.items()})


def _unsure_rows(
    lines: Sequence[Line],
    labelled: Sequence[tuple[str | None, list[Piece]]],
    header: Line | None,
    columns: Columns,
) -> set[str]:
    """Name the rows of tabbed text that are out of step with the header: tabs were lost or doubled."""
    return {
        name
        for line, (name, pieces) in zip(lines, labelled, strict=True)
        if name is not None
        and line.layout is Layout.TABBED
        and line.starts
        and not _in_step(line, header, pieces, columns)
    }


def _in_step(line: Line, header: Line | None, pieces: Sequence[Piece], columns: Columns) -> bool:
    """Tell whether a line has its columns: as many fields as the header, or only those behind its last figure lost."""
    if header is None or len(line.starts) == len(header.starts):
        return header is not None
    last = pieces[-1].column
    has_gaps = last - pieces[0].column >= len(pieces)
    under = pieces[0].column == columns.columns[0] and len(line.starts) == last + 1 < len(header.starts)
    return under and has_gaps and _fits(pieces, columns, is_tabbed=True)


def _allowed(name: str, profile: Profile) -> Sequence[str] | None:
    """The columns that a row fills in; None for all of them."""
    return None if name == "total" else profile.sub_columns


def _assign_row(name: str, pieces: Sequence[Piece], columns: Columns, profile: Profile) -> dict[str, Piece]:
    """Assign a row; anew without the columns that the template leaves open if one of them took an amount's figure."""
    placed, allowed = _assign(pieces, columns), _allowed(name, profile)
    if allowed is None or all(role in placed for role in AMOUNTS if role in columns.roles):
        return placed
    if not any(_is_figure(piece) for role, piece in placed.items() if role not in ("label", "ignored", *allowed)):
        return placed
    roles = tuple(role if role in ("label", *allowed) else "ignored" for role in columns.roles)
    return _assign(pieces, replace(columns, roles=roles))


def _is_figure(piece: Piece) -> bool:
    """A figure of one character may be the trace of a dash."""
    return len(piece.key) > 1 and parse_decimal(piece.key) is not None


def read_money_unit(lines: Sequence[Line]) -> str | None:
    """Find the unit of the amounts in the labels of the block, "项目资金(万元)" or "单位：元"."""
    for line in lines:
        for piece in line.pieces:
            found = _UNIT.search(piece.key) if len(piece.key) <= 40 else None
            if found is not None:
                return found.group(1)
    return None


def _columns(header: Line | None, lexicon: Lexicon) -> Columns:
    if header is None:
        return _DEFAULT
    found: dict[str, int] = {}
    for piece in header.pieces:
        for role in money_header_roles(piece, lexicon):
            found.setdefault(role if role != "ignored" else f"ignored{piece.column}", piece.column)
    exact = header.layout is not Layout.LOOSE
    if header.layout is not Layout.GRID and len(set(found.values())) < len(
        found
    ):  # cells ran together: the printed order is what is left
        return _DEFAULT
    label = min(found.values(), default=1) - 1
    ordered = sorted(found.items(), key=lambda item: item[1])
    roles = ("label", *("ignored" if role.startswith("ignored") else role for role, _ in ordered))
    return Columns(roles, (label, *(column for _, column in ordered)), exact)


def _join_wrapped(labelled: Sequence[tuple[str | None, list[Piece]]]) -> Iterator[tuple[str | None, list[Piece]]]:
    """Give a label that stands alone the figures that follow without a label: it was wrapped around their line."""
    for number, (name, pieces) in enumerate(labelled):
        following = labelled[number + 1] if number + 1 < len(labelled) else (None, [])
        if name is not None and len(pieces) == 1 and following[0] is None and len(following[1]) > 1:
            yield name, [*pieces, *following[1]]
        else:
            yield name, pieces


def _label(line: Line, lexicon: Lexicon) -> tuple[str | None, list[Piece]]:
    for index, piece in enumerate(line.pieces):
        role = find_money_row(piece.key, lexicon)
        if role is not None:
            values = [other for other in line.pieces[index + 1 :] if other.key != piece.key]
            return role, [piece, *values]
    figures = [piece for piece in line.pieces if _kind(piece) != "?"]
    return None, figures


def _assign(pieces: Sequence[Piece], columns: Columns) -> dict[str, Piece]:
    values = [role for role in columns.roles if role not in ("label", "ignored")]
    if len(pieces) - 1 == len(values):
        return dict(zip(values, pieces[1:], strict=True))
    kinds = "L" + "".join(_kind(piece) for piece in pieces[1:])
    signature = Signature(kinds, tuple(piece.column for piece in pieces), find_doubled(pieces))
    assignment = assign(signature, replace(columns, exact=False), MONEY_COSTS)
    return {
        columns.roles[index]: piece for piece, index in zip(pieces, assignment.roles, strict=True) if index is not None
    }


def _by_column(pieces: Sequence[Piece], columns: Columns) -> dict[str, Piece]:
    roles: Mapping[int, str] = dict(zip(columns.columns, columns.roles, strict=True))
    return {roles[piece.column]: piece for piece in pieces[1:] if piece.column in roles}


def _stands_under(line: Line, header: Line, label: Piece, columns: Columns) -> bool:
    """Tell whether a line stands in the table of the header.

    Tabbed text must have as many fields, and its label right before columns without gaps, or it has slipped.
    """
    if line.layout is not Layout.TABBED:
        return line.table == header.table
    gapless = columns.columns == tuple(range(label.column, label.column + len(columns.columns)))
    return gapless and len(line.starts) == len(header.starts)


def _fits(pieces: Sequence[Piece], columns: Columns, *, is_tabbed: bool) -> bool:
    """Tell whether every cell looks like its column; a table with wrong spans betrays itself by its rate."""
    placed = _by_column(pieces, columns)
    return all(
        MONEY_COSTS.fit[role].get(_kind(piece), _MISFIT) < (_SLIP if is_tabbed and role in AMOUNTS else _MISFIT)
        for role, piece in placed.items()
        if role != "label"
    )


def _kind(piece: Piece) -> str:
    key = piece.key
    if key.endswith("%") and parse_decimal(key[:-1]) is not None:
        return "%"
    if is_dash(key):
        return "-"
    value = parse_decimal(key)
    if value is not None:
        return "0" if value == 0 else "n" if value <= 100 else "a"
    return "a" if _AMOUNT.fullmatch(key) else "?"


def _row(pointer: str, placed: Mapping[str, Piece], allowed: Sequence[str] | None, ledger: Ledger) -> MoneyRow:
    values: dict[str, Decimal | None] = {}
    for role, piece in placed.items():
        if role in ("label", "ignored"):
            continue
        if allowed is not None and role not in allowed:
            _pass_over(f"{pointer}/{role}", piece, ledger)
            continue
        if role in ("weight", "score"):
            piece = _points(piece)  # noqa: PLW2901 - the same cell without what ran into it
        values[role] = ledger.decimal(f"{pointer}/{role}", piece, percent=role == "rate")
    return MoneyRow(**values)


def _points(piece: Piece) -> Piece:
    """Take the one word that can be a weight or a score from a cell into which something else ran."""
    words = piece.text.split()
    fitting = [word for word in words if (value := parse_decimal(word)) is not None and value <= 100]
    if not piece.legible or len(words) < 2 or len(fitting) != 1:
        return piece
    return make_piece(fitting[0], piece.column, replace(piece.cell, certainty=0.5))


def _pass_over(pointer: str, piece: Piece, ledger: Ledger) -> None:
    """A dash belongs where the template asks for nothing, and so do its misreadings of one character."""
    if not is_dash(piece.key) and len(piece.key) > 1:
        ledger.refuse(pointer, (piece,))
