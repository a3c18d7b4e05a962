"""Pages whose rows stand as near as the lines of a cell: rows told by their figures and by how their cells are level."""

from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from chengshu.documents.pieces import is_broken_figure
from chengshu.documents.unruled.blocks import Block, is_figure, iter_columns
from chengshu.documents.unruled.rows import KEYS, Key

# In heights of the letters.
_LEVEL = 0.07
# How far cells of a row may be off its level, lines off their distance, and what the page then costs: two fonts on
# one line have lines of two heights.
_SLACKS = ((0.07, 0.06, 1.0), (0.13, 0.1, 1.3), (0.26, 0.35, 1.7))
_EVEN = 0.06
_NEAREST_LINE, _FURTHEST_LINE = 0.9, 2.2
_TALLEST_ROW = 16.0
# The cost of a row; of a cell that is not level with its row; of a further line in a row all of whose cells have as
# many, where lines stand no farther apart than rows; of a line that ends before the next one's first word had to.
_ROW = 1.0
_ASKEW = 1.4
_UNPROVEN = 1.3
_PLAIN = 0.3
_RAGGED = 1.2
_WORD = 1.6
_RAGGED_SHARE = 0.15
_PITCHES = 4
_HINTS = ("（", "(")

Cells = list[list[Block]]  # the lines of each cell


@dataclass(frozen=True, slots=True)
class Banding:
    """The cells of a page, the height by which they are level, how far apart the lines of a cell stand and how exactly."""

    blocks: list[Block]
    key: Key
    pitch: float | None  # None where the lines of every cell are joined
    slack: float = _EVEN  # in heights of the letters

    def join_even(self, blocks: Sequence[Block], *, begun: Container[int] = ()) -> list[Block]:
        """The blocks of one column of labels from top to bottom, those joined whose lines stand a pitch apart.

        Those whose identities are `begun` are the beginnings of labels.
        """
        if self.pitch is None:
            return sorted(blocks, key=lambda block: block.middle)
        joined = join_strays(blocks, self.pitch, self.slack, begun=begun)
        return sorted(joined, key=lambda block: block.middle)


@dataclass(frozen=True, slots=True)
class _Measure:
    """What a run of lines costs as one row."""

    key: Key
    pitch: float
    slack: float
    unevenness: float
    is_doubtful: bool  # the lines of a cell stand no farther apart than rows

    def cost(self, cells: Cells, lines: int) -> float:
        if lines == 1:
            return _ROW
        even = [self._is_even(cell) for cell in cells]
        if not all(even):
            return float("inf")
        levels = [self.key(_join(cell)) for cell in cells]
        level = _find_level(levels, self.slack)
        askew = sum(abs(other - level) > self.slack for other in levels)
        counts = {len(cell) for cell in cells}
        unproven = (
            (_UNPROVEN * (lines - 1) if self.is_doubtful or len(cells) == 1 else _PLAIN) if len(counts) == 1 else 0.0
        )
        ragged = sum(_is_ragged(cell) for cell in cells)
        return _ROW + _ASKEW * askew + unproven + _RAGGED * ragged

    def _is_even(self, cell: Sequence[Block]) -> bool:
        return all(abs(lower.middle - upper.middle - self.pitch) <= self.unevenness for upper, lower in pairwise(cell))


def find_bands(segments: Sequence[Block]) -> Banding:
    """The segments joined to cells so that rows hold one figure a column and their cells are level.

    Where no distance of lines explains the page, every line is a cell.
    """
    lines = _find_levels(segments)
    bands = list(_iter_bands(lines))
    height = sorted(segment.height for segment in segments)[len(segments) // 2]
    rows = _row_pitch(segments, height)
    best: tuple[float, list[Cells], _Measure] | None = None
    for pitch in _find_pitches(segments, height):
        is_doubtful = rows is not None and abs(pitch - rows) < _EVEN * height
        for key in KEYS:
            for slack, even, factor in _SLACKS:
                measure = _Measure(key, pitch, slack * height, even * height, is_doubtful)
                cost, cells = _cut(bands, len(lines), measure)
                if best is None or cost * factor < best[0]:
                    best = cost * factor, cells, measure
    if best is None:
        return Banding(list(segments), KEYS[0], None)
    _, cells, measure = best
    level = [block for band in cells for block in _pick(band, measure, is_level=True)]
    askew = [block for band in cells for block in _pick(band, measure, is_level=False)]
    return Banding(
        sorted([*level, *join_strays(askew, measure.pitch)], key=lambda block: block.middle),
        measure.key,
        measure.pitch,
    )


def _pick(band: Cells, measure: _Measure, *, is_level: bool) -> list[Block]:
    """The cells of a row that are level with most of it, or the others."""
    blocks = [_join(cell) for cell in band]
    level = _find_level([measure.key(block) for block in blocks], measure.slack)
    return [block for block in blocks if (abs(measure.key(block) - level) <= measure.slack) is is_level]


def _find_level(levels: Sequence[float], slack: float) -> float:
    """The height that most cells share."""
    return max(levels, key=lambda level: sum(abs(other - level) <= slack for other in levels))


def join_strays(
    blocks: Sequence[Block], pitch: float, slack: float = _EVEN, *, begun: Container[int] = ()
) -> list[Block]:
    """The lines that belong to no row, joined to cells that reach over several rows; `slack` in heights of the letters."""
    joined: list[Block] = []
    for block in sorted(blocks, key=lambda block: block.middle):
        above = next((upper for upper in joined if _goes_on(upper, block, pitch, slack)), None)
        if above is None or id(block) in begun:
            joined.append(block)
        else:
            joined[joined.index(above)] = _join([above, block])
    return joined


def _goes_on(upper: Block, lower: Block, pitch: float, slack: float) -> bool:
    """Tell whether a line stands a pitch below the last of another block."""
    distance = lower.pieces[0].middle - upper.pieces[-1].middle
    return _share_width(upper, lower) and abs(distance - pitch) <= slack * lower.height


def _join(lines: Sequence[Block]) -> Block:
    return Block(tuple(piece for line in lines for piece in line.pieces), sum(line.lines for line in lines))


def _find_levels(segments: Sequence[Block]) -> list[list[Block]]:
    """The segments by the heights of their middles."""
    levels: list[list[Block]] = []
    for segment in sorted(segments, key=lambda block: block.middle):
        if levels and segment.middle - levels[-1][0].middle <= _LEVEL * segment.height:
            levels[-1].append(segment)
        else:
            levels.append([segment])
    return levels


def _iter_bands(lines: Sequence[Sequence[Block]]) -> Iterator[tuple[int, int, Cells]]:
    """Every run of lines that may be a row, with its cells: no figure stands below another one."""
    for start in range(len(lines)):
        cells: Cells = []
        for end in range(start + 1, len(lines) + 1):
            cells = _merge(cells, lines[end - 1])
            is_tall = lines[end - 1][0].middle - lines[start][0].middle > _TALLEST_ROW * lines[start][0].height
            if end > start + 1 and (is_tall or any(map(_holds_two_figures, cells))):
                break
            yield start, end, cells


def _merge(cells: Cells, line: Sequence[Block]) -> Cells:
    """The cells with one line more: what stands above each other is one cell."""
    merged = list(cells)
    for segment in line:
        met = [cell for cell in merged if any(_share_width(segment, other) for other in cell)]
        merged = [cell for cell in merged if not any(cell is other for other in met)]
        merged.append([*(block for cell in met for block in cell), segment])
    return merged


def _share_width(one: Block, other: Block) -> bool:
    return min(one.x1, other.x1) > max(one.x0, other.x0)


def _holds_two_figures(cell: Sequence[Block]) -> bool:
    figures = [line for line in cell if is_figure(line.text)]
    return len(figures) > 1 and not all(is_broken_figure(upper.text, lower.text) for upper, lower in pairwise(figures))


def _find_pitches(segments: Sequence[Block], height: float) -> list[float]:
    """The most common distances of texts above each other."""
    distances = sorted(
        distance
        for upper, lower in iter_columns(segments)
        if not is_figure(upper.text)
        and not is_figure(lower.text)
        and _NEAREST_LINE * height <= (distance := lower.middle - upper.middle) <= _FURTHEST_LINE * height
    )
    groups: list[list[float]] = []
    for distance in distances:
        if groups and distance - groups[-1][0] <= _EVEN * height:
            groups[-1].append(distance)
        else:
            groups.append([distance])
    groups.sort(key=len, reverse=True)
    return [group[len(group) // 2] for group in groups[:_PITCHES]]


def _row_pitch(segments: Sequence[Block], height: float) -> float | None:
    """The least distance of several figures above each other: of rows of one line."""
    distances = sorted(
        lower.middle - upper.middle
        for upper, lower in iter_columns([segment for segment in segments if is_figure(segment.text)])
        if lower.middle - upper.middle > _NEAREST_LINE * height
    )
    return distances[min(2, len(distances) - 1)] if distances else None


def are_ragged(blocks: Sequence[Block]) -> bool:
    """Tell whether many blocks hold lines that end early: rows were taken for the lines of a cell."""
    wrapped = [list(block.iter_lines()) for block in blocks if block.lines > 1]
    return sum(_is_ragged(lines) or _holds_two_figures(lines) for lines in wrapped) > _RAGGED_SHARE * len(wrapped)


def _is_ragged(cell: Sequence[Block]) -> bool:
    """Tell whether a line ends early: no text that was too long for its cell breaks so, only one before a hint."""
    widest = max(line.x1 - line.x0 for line in cell)
    return any(
        is_figure(upper.text) != is_figure(lower.text)
        or widest - (upper.x1 - upper.x0) > max(_WORD * upper.height, _first_word(lower))
        for upper, lower in pairwise(cell)
        if not lower.text.startswith(_HINTS)
    )


def _first_word(line: Block) -> float:
    """The width of the figures or Latin letters with which a line begins: they stay together."""
    text = line.text
    length = next((index for index, sign in enumerate(text) if not sign.isascii() or sign.isspace()), len(text))
    return (length + 1) / len(text) * (line.x1 - line.x0)


def _cut(bands: Sequence[tuple[int, int, Cells]], lines: int, measure: _Measure) -> tuple[float, list[Cells]]:
    best: list[tuple[float, int, Cells]] = [(0.0, 0, []), *((float("inf"), 0, []) for _ in range(lines))]
    for start, end, cells in bands:
        cost = best[start][0] + measure.cost(cells, end - start)
        if cost < best[end][0]:
            best[end] = cost, start, cells
    found, end = [], lines
    while end:
        _, start, cells = best[end]
        found.append(cells)
        end = start
    return best[lines][0], found[::-1]
