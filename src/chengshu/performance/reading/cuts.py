"""Labels that the end of a page cut between two of their lines: the rest stands alone at the top of the next page."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from chengshu.performance.reading.lexicon import Lexicon
from chengshu.performance.reading.lines import Line, Piece, make_piece

_LONGEST_REST = 6


def join_cut_labels(lines: Sequence[Line], lexicon: Lexicon) -> list[Line]:
    """The lines, each label joined with the rest of it that stands below it at the top of the next page.

    Only where both together are a class or category that the profiles know and the rest alone is none.
    """
    joined: list[Line] = []
    for line in lines:
        rests = [piece for piece in line.pieces if _begins_page(joined, line) and _take(piece, joined, lexicon)]
        pieces = tuple(piece for piece in line.pieces if piece not in rests)
        if pieces:
            joined.append(replace(line, pieces=pieces))
    return joined


def _begins_page(above: Sequence[Line], line: Line) -> bool:
    page = line.pieces[0].place.page
    return page is not None and bool(above) and above[-1].pieces[0].place.page == page - 1


def _take(rest: Piece, above: list[Line], lexicon: Lexicon) -> bool:
    """Give the rest to the label above it; tell whether there is one."""
    known = lexicon.classes | lexicon.categories.keys()
    if len(rest.key) > _LONGEST_REST or rest.key in known or not rest.legible:
        return False
    found = next(_find_above(rest, above), None)
    if found is None:
        return False
    number, upper = found
    whole = make_piece(upper.text + rest.text, upper.column, upper.cell)
    if whole.key not in known or upper.key == rest.key:
        return False
    pieces = tuple(whole if piece is upper else piece for piece in above[number].pieces)
    above[number] = replace(above[number], pieces=pieces)
    return True


def _find_above(rest: Piece, above: Sequence[Line]) -> Iterator[tuple[int, Piece]]:
    """The pieces that stand above the rest on the pages before, the last first."""
    for number in range(len(above) - 1, -1, -1):
        for piece in above[number].pieces:
            own, other = rest.place.box, piece.place.box
            if own is not None and other is not None and min(own[2], other[2]) > max(own[0], other[0]):
                yield number, piece
