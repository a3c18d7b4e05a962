"""The words of a page as blocks: the lines of one cell, told from the next cell by the distance of its lines."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from chengshu.documents.lattices import Box
from chengshu.documents.pieces import Line, Piece, bounding_box, is_broken_figure, is_column_gap
from chengshu.documents.unruled.gutters import cut_close

# In heights of the letters.
_SAME_LINE = 0.35
_FURTHEST_LINE = 2.2
_NEAREST_LINE = 0.5
_LOWEST_PITCH = 0.9
_EVEN = 0.06
_CLEARLY_FARTHER = 0.12
_BY_CHANCE = 1
_RULED_SHARE = 0.7  # of the rows of figures: rules part the rows
_FIGURE_SIGNS = frozenset("0123456789.,%-—－／/ ")


@dataclass(frozen=True, slots=True)
class Rules:
    """The rules drawn on a page: level ones as (height, left, right), upright ones as (position, top, bottom)."""

    level: Sequence[tuple[float, float, float]] = ()
    upright: Sequence[tuple[float, float, float]] = ()


@dataclass(frozen=True, slots=True)
class Block:
    """The text of one cell, or of a part of it: its pieces, its box, how many lines it has."""

    pieces: tuple[Piece, ...]
    lines: int
    box: Box = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "box", bounding_box(self.pieces))

    @property
    def x0(self) -> float:
        """The left end."""
        return self.box[0]

    @property
    def x1(self) -> float:
        """The right end."""
        return self.box[2]

    @property
    def top(self) -> float:
        """The upper end of the first line."""
        return self.box[1]

    @property
    def bottom(self) -> float:
        """The lower end of the last line."""
        return self.box[3]

    @property
    def middle(self) -> float:
        """The height of the middle."""
        return (self.box[1] + self.box[3]) / 2

    @property
    def height(self) -> float:
        """The height of the letters."""
        return self.pieces[0].height

    @property
    def text(self) -> str:
        """The characters without line breaks."""
        return "".join(piece.text for piece in self.pieces)

    def iter_lines(self) -> Iterator["Block"]:
        """Its lines, each as a block."""
        start = 0
        for end in range(1, len(self.pieces) + 1):
            if (
                end == len(self.pieces)
                or self.pieces[end].middle - self.pieces[start].middle > _NEAREST_LINE * self.height
            ):
                yield Block(self.pieces[start:end], 1)
                start = end


def find_segments(pieces: Sequence[Piece], rules: Rules) -> list[Block]:
    """The words of each line that stand together, from top to bottom."""
    segments = [Block(tuple(line), 1) for line in cut_close(_split_lines(pieces, rules))]
    return sorted(segments, key=lambda block: block.middle)


def find_blocks(segments: Sequence[Block], rules: Rules) -> list[Block] | None:
    """The blocks from top to bottom; None where rows stand as near as the lines of a cell.

    The lines of a cell stand at one distance, the rows of a table farther apart; where rules are drawn between the
    rows, what no rule parts belongs together.
    """
    above = [
        [upper for upper in uppers if not _is_parted(segments[upper], segments[lower], rules)]
        for lower, uppers in enumerate(_find_above(segments))
    ]
    furthest = _FURTHEST_LINE if _parts_rows(segments, rules) else _measure_pitch(segments, above)
    return _join(segments, above, furthest) if furthest else None


def is_figure(text: str) -> bool:
    """Tell whether a text is a figure, or the dash that stands for none."""
    return _FIGURE_SIGNS.issuperset(text)


def _join(segments: Sequence[Block], above: Sequence[Sequence[int]], furthest: float) -> list[Block]:
    """The segments joined with those right above them, where nothing else stands as near."""
    followers: dict[int, list[int]] = {}
    for lower, uppers in enumerate(above):
        near = [upper for upper in uppers if _distance(segments[upper], segments[lower]) <= furthest]
        if len(near) == 1:
            followers.setdefault(near[0], []).append(lower)
    follows = {upper: lowers[0] for upper, lowers in followers.items() if len(lowers) == 1}
    return sorted(_iter_chains(segments, follows), key=lambda block: block.middle)


def _iter_chains(segments: Sequence[Block], follows: dict[int, int]) -> Iterator[Block]:
    for first in set(range(len(segments))) - set(follows.values()):
        chain = [first]
        while chain[-1] in follows:
            chain.append(follows[chain[-1]])
        yield Block(tuple(piece for index in chain for piece in segments[index].pieces), len(chain))


def _split_lines(pieces: Sequence[Piece], rules: Rules) -> list[Line]:
    """The words of each line that stand together: no column's gap and no upright rule between them."""
    segments: list[Line] = []
    for line in _find_lines([piece for piece in pieces if not piece.text.isspace()]):
        current: Line = []
        for piece in line:
            if current and (is_column_gap(current[-1], piece) or _is_cut(current[-1], piece, rules)):
                segments.append(current)
                current = []
            current.append(piece)
        segments.append(current)
    return segments


def _find_lines(pieces: Sequence[Piece]) -> list[Line]:
    """The pieces by the height of their first: lines of other cells stand a little higher or lower."""
    lines: list[Line] = []
    for piece in sorted(pieces, key=lambda piece: piece.middle):
        if lines and piece.middle - lines[-1][0].middle <= _SAME_LINE * min(piece.height, lines[-1][0].height):
            lines[-1].append(piece)
        else:
            lines.append([piece])
    return [sorted(line, key=lambda piece: piece.x0) for line in lines]


def _is_cut(left: Piece, right: Piece, rules: Rules) -> bool:
    start, end = (left.x0 + left.x1) / 2, (right.x0 + right.x1) / 2
    return any(start < x < end and top <= left.middle <= bottom for x, top, bottom in rules.upright)


def _is_parted(upper: Block, lower: Block, rules: Rules) -> bool:
    left, right = max(upper.x0, lower.x0), min(upper.x1, lower.x1)
    middle = (left + right) / 2
    return any(upper.middle < y < lower.middle and x0 <= middle <= x1 for y, x0, x1 in rules.level)


def _find_above(segments: Sequence[Block]) -> list[list[int]]:
    """For each segment those right above it, up to the furthest distance of lines."""
    middles = [segment.middle for segment in segments]
    found = []
    for lower, segment in enumerate(segments):
        first = bisect_left(middles, segment.middle - _FURTHEST_LINE * segment.height)
        last = bisect_right(middles, segment.middle - _NEAREST_LINE * segment.height, hi=lower)
        over = [upper for upper in range(first, last) if _share_width(segments[upper], segment)]
        nearest = max((middles[upper] for upper in over), default=0.0)
        found.append([upper for upper in over if nearest - middles[upper] < _SAME_LINE * segment.height])
    return found


def _share_width(upper: Block, lower: Block) -> bool:
    return min(upper.x1, lower.x1) > max(upper.x0, lower.x0)


def _distance(upper: Block, lower: Block) -> float:
    return (lower.middle - upper.middle) / lower.height


def _parts_rows(segments: Sequence[Block], rules: Rules) -> bool:
    """Tell whether rules stand between the rows: between figures above each other."""
    figures = [segment for segment in segments if is_figure(segment.text)]
    pairs = [(upper, lower) for upper, lower in iter_columns(figures)]
    return bool(pairs) and sum(_is_parted(*pair, rules) for pair in pairs) >= _RULED_SHARE * len(pairs)


def iter_columns(segments: Sequence[Block]) -> Iterator[tuple[Block, Block]]:
    """Each segment and the next below it."""
    for index, upper in enumerate(segments):
        below = (lower for lower in segments[index + 1 :] if _share_width(upper, lower))
        lower = next(below, None)
        if lower is not None:
            yield upper, lower


def _measure_pitch(segments: Sequence[Block], above: Sequence[Sequence[int]]) -> float:
    """The furthest distance of two lines of a cell: the lowest between texts, unless rows of figures stand as near."""
    texts, rows = [], []
    for lower, uppers in enumerate(above):
        for upper in uppers:
            pair = segments[upper].text, segments[lower].text
            figures = [is_figure(text) for text in pair]
            if not any(figures):
                texts.append(_distance(segments[upper], segments[lower]))
            elif all(figures) and not is_broken_figure(*pair):
                rows.append(_distance(segments[upper], segments[lower]))
    lowest = min((distance for distance in texts if distance > _LOWEST_PITCH), default=_FURTHEST_LINE)
    as_near = sum(distance <= lowest + _CLEARLY_FARTHER for distance in rows)
    return 0.0 if as_near > _BY_CHANCE else lowest + _EVEN
