"""Reads the rows below the indicators: total and grade."""

import re
from collections.abc import Sequence
from decimal import Decimal

from chengshu.base.texts import label_key, parse_decimal
from chengshu.documents.contracts import Layout
from chengshu.performance.contracts.forms import Total
from chengshu.performance.reading.alignment import Columns
from chengshu.performance.reading.blocks import footer_role
from chengshu.performance.reading.kinds import is_dash
from chengshu.performance.reading.ledger import Ledger
from chengshu.performance.reading.lexicon import Lexicon
from chengshu.performance.reading.lines import Line, Piece, make_piece
from chengshu.performance.reading.rows import Draft, Drafts

_ALL_POINTS = 100
_OPENERS = 2  # pieces of a line that may be its label
_IN_PARENTHESES = re.compile(r"[(（]([^()（）]+)[)）][:：]?\s*(\S+)")
_AFTER_COLON = re.compile(r"[^:：]*[:：]\s*(.+)", re.DOTALL)


def read_total(lines: Sequence[Line], drafts: Drafts, ledger: Ledger, lexicon: Lexicon) -> Total:
    """Read the 总分 row; where the columns leave only one figure, its column tells weight from score.

    A figure far before both columns stands in a cell that was merged over all of them: it is the score; where columns
    were lost, a hundred is the weight, and in tabbed text, which should have kept them, it may be either.
    """
    pieces = drafts.total or _values(lines, "total", lexicon)
    figures = [piece for piece in pieces if parse_decimal(piece.key) is not None]
    for piece in pieces:
        if piece not in figures and not is_dash(piece.key) and any(letter.isdigit() for letter in piece.key):
            ledger.refuse("/total/score", (piece,))
    if not figures:
        return Total()
    if len(figures) == 1 and parse_decimal(figures[0].key) == _ALL_POINTS and _has_slipped(figures[0], lines, drafts):
        ledger.refuse("/total/score", figures)
        return Total()
    weight, score = _columns_of(figures, drafts)
    return Total(_read("/total/weight", weight, ledger), _read("/total/score", score, ledger))


def read_grade(lines: Sequence[Line], ledger: Ledger, lexicon: Lexicon) -> str | None:
    """Read the grade row, or the grade behind the total; a word in the grade's own row that is no grade is reported."""
    labelled = [piece for piece in _values(lines, "grade", lexicon) if not is_dash(piece.key)]
    pieces = labelled or _grade_behind_total(lines, lexicon)
    if not pieces:
        return None
    if pieces[0].key in lexicon.grades:
        ledger.note("/grade", pieces[:1])
        return pieces[0].key
    ledger.refuse("/grade", pieces[:1])
    return None


def _grade_behind_total(lines: Sequence[Line], lexicon: Lexicon) -> list[Piece]:
    """The grade at the end of the total's row, bare or behind its label in parentheses: "（自评等级）优"."""
    for line in lines:
        last = line.pieces[-1]
        if footer_role(line.pieces[0].key, lexicon) != "total":
            continue
        inside = _IN_PARENTHESES.fullmatch(last.text.strip())
        if inside is not None and footer_role(label_key(inside.group(1)), lexicon) == "grade":
            last = make_piece(inside.group(2), last.column, last.cell)
        if last.key in lexicon.grades:
            return [last]
    return []


def _values(lines: Sequence[Line], role: str, lexicon: Lexicon) -> list[Piece]:
    for line in lines:
        openers = line.pieces[:_OPENERS] if role == "total" else line.pieces  # a grade may stand behind the total
        for index, piece in enumerate(openers):
            if footer_role(piece.key, lexicon) == role:
                inside = _AFTER_COLON.fullmatch(piece.text)
                own = [make_piece(inside.group(1), piece.column, piece.cell)] if inside is not None else []
                return [*own, *_before_next_label(role, line.pieces[index + 1 :], lexicon)]
    return []


def _before_next_label(role: str, pieces: Sequence[Piece], lexicon: Lexicon) -> list[Piece]:
    """Give the pieces up to the next label; the own label printed again in a merged cell is passed over."""
    kept: list[Piece] = []
    for piece in pieces:
        other = footer_role(piece.key, lexicon)
        if other is not None and other != role:
            break
        if other is None:
            kept.append(piece)
    return kept


def _columns_of(figures: Sequence[Piece], drafts: Drafts) -> tuple[Piece | None, Piece | None]:
    last = drafts.rows[-1] if drafts.rows else None
    if last is not None and "weight" not in last.columns.roles:
        return None, figures[-1]
    if len(figures) >= 2:
        return figures[0], figures[1]
    weight, score = _figure_columns(last)
    if last is None or weight is None or score is None:
        return None, figures[0]
    stands = figures[0].column
    is_weight = abs(stands - weight) < abs(stands - score)
    if stands < weight - 1:
        is_weight = not last.exact and parse_decimal(figures[0].key) == _ALL_POINTS
    return (figures[0], None) if is_weight else (None, figures[0])


def _has_slipped(figure: Piece, lines: Sequence[Line], drafts: Drafts) -> bool:
    """Tell whether a figure in tabbed text has no column: it stands before all figures, or its row has other tabs."""
    last = drafts.rows[-1] if drafts.rows else None
    weight, _ = _figure_columns(last)
    line = next((line for line in lines if line.layout is Layout.TABBED and figure in line.pieces), None)
    if line is None or last is None or weight is None:
        return False
    before, other = figure.column < weight - 1, len(line.starts) != last.width
    return (before and other) if last.exact else (before or other)


def _figure_columns(draft: Draft | None) -> tuple[int | None, int | None]:
    """The columns where the last row had its weight and score; those of the header when the row had none."""
    if draft is None:
        return None, None
    weight, score = draft.first("weight"), draft.first("score")
    if weight is not None and score is not None:
        return weight.column, score.column
    return _header_column(draft.columns, "weight"), _header_column(draft.columns, "score")


def _header_column(columns: Columns, role: str) -> int | None:
    return columns.columns[columns.roles.index(role)] if role in columns.roles else None


def _read(pointer: str, piece: Piece | None, ledger: Ledger) -> Decimal | None:
    return ledger.decimal(pointer, piece)
