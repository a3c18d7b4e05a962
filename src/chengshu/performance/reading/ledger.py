"""Collects, while a form is read, where each value came from and what could not be read."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal

from chengshu.base.texts import parse_decimal, parse_percent
from chengshu.performance.contracts.forms import Origin, Unreadable
from chengshu.performance.reading.kinds import is_dash
from chengshu.performance.reading.lines import Piece


@dataclass(slots=True)
class Ledger:
    """Origins by JSON pointer, and the values that are on the paper but could not be read."""

    origins: dict[str, Origin] = field(default_factory=dict)
    unreadable: list[Unreadable] = field(default_factory=list)

    def note(self, pointer: str, pieces: Iterable[Piece], confidence: float = 1.0) -> float:
        """Note the pieces that a value came from; give its confidence with the cells' own certainty taken in."""
        pieces = tuple(pieces)
        if not pieces:
            return confidence
        certain = min([confidence, *[piece.cell.certainty for piece in pieces]])
        raw = "\t".join([_raw(piece) for piece in pieces])
        self.origins[pointer] = Origin(raw, pieces[0].place, round(certain, 3))
        return certain

    def refuse(self, pointer: str, pieces: Iterable[Piece]) -> None:
        """Report a printed value that cannot be read."""
        raw = "\t".join(piece.text for piece in pieces)
        self.unreadable.append(Unreadable(pointer, raw))

    def decimal(
        self, pointer: str, piece: Piece | None, *, percent: bool = False, confidence: float = 1.0
    ) -> Decimal | None:
        """Read a figure from a piece; a dash is an empty cell, anything else that is no figure is reported."""
        if piece is None or is_dash(piece.key):
            return None
        value = parse_percent(piece.text) if percent else parse_decimal(piece.text)
        if value is None or not piece.legible:
            self.refuse(pointer, (piece,))
            return None
        self.note(pointer, (piece,), confidence)
        return value


def _raw(piece: Piece) -> str:
    """The cell that the piece was taken from, unless that is a whole page."""
    return piece.cell.text if len(piece.cell.text) < 2 * len(piece.text) + 40 else piece.text
