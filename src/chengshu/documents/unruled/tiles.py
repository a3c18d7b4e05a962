"""Pages whose rows stand nearly as near as the lines of a cell, told by exact measure: a row begins where the last one ends.

Programs lay the rows of a table without any gap, each as high as the lines of its longest cell. Where two lines of a
cell and two rows differ in their distance, be it by half a point, the rows that fill the page so are found by it.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise, permutations

from chengshu.documents.pieces import may_be_one_figure
from chengshu.documents.unruled.bands import Banding, are_ragged, join_strays
from chengshu.documents.unruled.blocks import Block, is_figure, iter_columns
from chengshu.documents.unruled.rows import BlockRow, Key, bottom_of, middle_of, top_of

# In heights of the letters: how exactly lines stand, and how near and far from each other.
_EXACT = 0.017
_NEAREST_LINE, _FURTHEST_LINE = 0.9, 2.2
_DISTANCES = 4
_MOST_LINES = 24
_MOST_TEXTS, _NEAREST_ROWS = 600, 200  # of a page; of the ways to lay the rows above one, those looked at
# The cost of a row; of a line that is in no cell of its row; of a gap above a row; of a row whose cells begin level
# though those of others do not (the end of the page cuts it); of a row of several lines with one cell only.
_ROW = 1.0
_STRAY = 1.0
_GAP = 1.5
_OTHERWISE = 1.0
_UNPROVEN = 0.5
# Of all lines, those that stand in rows; of all rows, those without a gap above; how many cells have several lines.
_EXPLAINED, _TIGHT, _WRAPPED = 0.85, 0.7, 3

Lay = Callable[["_Row"], float]  # the height at which the cells of a row are level


@dataclass(frozen=True, slots=True)
class Tiling:
    """The rows of a page, what stands between or over them, and how cells are level and their lines apart."""

    rows: list[BlockRow]
    between: list[Block]
    banding: Banding


@dataclass(frozen=True, slots=True)
class _Measure:
    pitch: float  # of two lines of a cell
    step: float  # from the last line of a row to the first of the next
    slack: float


@dataclass(frozen=True, slots=True)
class _Row:
    """A row from the middle of its first line to that of its last; its cells, each with its lines."""

    first: float
    last: float
    cells: list[list[Block]]


@dataclass(slots=True)
class _Way:
    """The cheapest way to lay the rows down to one of them."""

    cost: float
    row: _Row
    level: list[list[Block]]
    before: "_Way | None" = None
    is_tight: bool = False

    def unwind(self) -> "list[_Way]":
        ways: list[_Way] = []
        way: _Way | None = self
        while way is not None:
            ways.append(way)
            way = way.before
        return ways[::-1]


def find_tiles(segments: Sequence[Block]) -> Tiling | None:
    """The rows that fill the page; None where no two distances, of lines and of rows, explain most of it."""
    if len(segments) > _MOST_TEXTS:
        return None
    height = sorted(segment.height for segment in segments)[len(segments) // 2]
    slack = _EXACT * height
    best: tuple[float, list[_Way], _Measure, Key] | None = None
    for pitch, step in permutations(_find_distances(segments, height), 2):
        measure = _Measure(pitch, step, slack)
        rows = list(_iter_rows(segments, measure))
        for key, find_level in _LAYS:
            way, cost = _lay(rows, segments, measure, find_level)
            if way is not None and (best is None or cost < best[0]):
                best = cost, way.unwind(), measure, key
    if best is None or not _is_proven(best[1], len(segments)):
        return None
    return _make_tiling(best[1], segments, best[2], best[3])


def _find_distances(segments: Sequence[Block], height: float) -> list[float]:
    """The most common distances of lines above each other, exactly."""
    distances = sorted(
        distance
        for upper, lower in iter_columns(segments)
        if _NEAREST_LINE * height <= (distance := lower.middle - upper.middle) <= _FURTHEST_LINE * height
    )
    groups: list[list[float]] = []
    for distance in distances:
        if groups and distance - groups[-1][0] <= _EXACT * height:
            groups[-1].append(distance)
        else:
            groups.append([distance])
    groups.sort(key=len, reverse=True)
    return [group[len(group) // 2] for group in groups[:_DISTANCES]]


def _iter_rows(segments: Sequence[Block], measure: _Measure) -> Iterator[_Row]:
    """Every row that lines a pitch apart may fill, from top to bottom."""
    middles = [segment.middle for segment in segments]
    seen: set[tuple[int, int, float]] = set()
    for top in segments:
        chain = [top]
        while len(chain) <= _MOST_LINES:
            first, last = top.middle, chain[-1].middle
            start = bisect_left(middles, first - measure.step / 2)
            end = bisect_right(middles, last + measure.step / 2)
            key = (start, end, round(first, 2))
            if key not in seen:
                seen.add(key)
                yield _Row(first, last, _find_cells(segments[start:end]))
            lower = next(_iter_below(chain[-1], segments, middles, measure), None)
            if lower is None:
                break
            chain.append(lower)


def _iter_below(
    upper: Block, segments: Sequence[Block], middles: Sequence[float], measure: _Measure
) -> Iterator[Block]:
    start = bisect_left(middles, upper.middle + measure.pitch - measure.slack)
    end = bisect_right(middles, upper.middle + measure.pitch + measure.slack)
    return (segment for segment in segments[start:end] if _share_width(upper, segment))


def _share_width(one: Block, other: Block) -> bool:
    return min(one.x1, other.x1) > max(one.x0, other.x0)


def _find_cells(segments: Sequence[Block]) -> list[list[Block]]:
    """What stands above each other is one cell."""
    cells: list[list[Block]] = []
    for segment in segments:
        met = [cell for cell in cells if any(_share_width(segment, other) for other in cell)]
        cells = [cell for cell in cells if not any(cell is other for other in met)]
        cells.append([*(block for cell in met for block in cell), segment])
    return cells


def _middle_of(row: _Row) -> float:
    return (row.first + row.last) / 2


def _first_of(row: _Row) -> float:
    return row.first


def _last_of(row: _Row) -> float:
    return row.last


def _level_of(cell: Sequence[Block], find_level: Lay) -> float:
    return find_level(_Row(cell[0].middle, cell[-1].middle, []))


def _lay(
    rows: Sequence[_Row], segments: Sequence[Block], measure: _Measure, find_level: Lay
) -> tuple[_Way | None, float]:
    """The rows that cost least together, from the first line of the page to the last."""
    middles = [segment.middle for segment in segments]
    ways: list[_Way] = []
    for row in rows:
        own = _find_level_cells(row, measure, find_level)
        if own is None:
            continue
        cost, level = own
        before, between, is_tight = None, _STRAY * bisect_left(middles, row.first - measure.step / 2), False
        best = between
        for way in ways[-_NEAREST_ROWS:]:
            gap = row.first - way.row.last - measure.step
            if gap < -2 * measure.slack:
                continue
            tight = gap <= 2 * measure.slack
            lost = bisect_left(middles, row.first - measure.step / 2) - bisect_right(
                middles, way.row.last + measure.step / 2
            )
            total = way.cost + (0.0 if tight else _GAP + _STRAY * max(0, lost))
            if before is None or total < best:
                best, before, is_tight = total, way, tight
        ways.append(_Way(best + cost, row, level, before, is_tight))
    ends = [
        (way.cost + _STRAY * (len(middles) - bisect_right(middles, way.row.last + measure.step / 2)), number)
        for number, way in enumerate(ways)
    ]
    cost, number = min(ends, default=(0.0, -1))
    return (ways[number], cost) if ends else (None, cost)


def _find_level_cells(row: _Row, measure: _Measure, find_level: Lay) -> tuple[float, list[list[Block]]] | None:
    """What the row costs, and its cells that are level; None where none of them fills it."""
    even = [cell for cell in row.cells if _is_even(cell, measure)]
    found = []
    for other, surcharge in ((find_level, 0.0), (_first_of, _OTHERWISE)):
        level = [cell for cell in even if abs(_level_of(cell, other) - other(row)) <= measure.slack]
        lines = round((row.last - row.first) / measure.pitch) + 1
        if not any(len(cell) == lines for cell in level):
            continue
        strays = sum(map(len, row.cells)) - sum(map(len, level))
        unproven = _UNPROVEN if lines > 1 and len(level) == 1 else 0.0
        found.append((_ROW + surcharge + unproven + _STRAY * strays, level))
    return min(found, key=lambda item: item[0], default=None)


def _is_even(cell: Sequence[Block], measure: _Measure) -> bool:
    figures = [line for line in cell if is_figure(line.text)]
    if len(figures) > 1 and not all(may_be_one_figure(upper.text, lower.text) for upper, lower in pairwise(figures)):
        return False
    return all(abs(lower.middle - upper.middle - measure.pitch) <= measure.slack for upper, lower in pairwise(cell))


def _is_proven(ways: Sequence[_Way], lines: int) -> bool:
    level = sum(len(cell) for way in ways for cell in way.level)
    wrapped = sum(len(cell) > 1 for way in ways for cell in way.level)
    tight = sum(way.is_tight for way in ways)
    return level >= _EXPLAINED * lines and wrapped >= _WRAPPED and tight >= max(_WRAPPED, _TIGHT * (len(ways) - 1))


def _make_tiling(ways: Sequence[_Way], segments: Sequence[Block], measure: _Measure, key: Key) -> Tiling:
    own = {id(line) for way in ways for cell in way.level for line in cell}
    strays = [segment for segment in segments if id(segment) not in own]
    rows = [row for way in ways for row in _make_rows(way, measure, key)]
    alone = [line for line in strays if not any(_holds(row, line) for row in rows)]
    rows = sorted([*rows, *_make_lone_rows(alone, measure, key)], key=lambda row: row.level)
    own |= set(map(id, alone))
    between = join_strays([line for line in strays if id(line) not in own], measure.pitch, _EXACT)
    blocks = [*between, *(block for row in rows for block in row.blocks)]
    return Tiling(rows, between, Banding(blocks, key, measure.pitch, _EXACT))


def _make_rows(way: _Way, measure: _Measure, key: Key) -> list[BlockRow]:
    """The row, or every line of what is no cell but a few lines by themselves."""
    blocks = [Block(tuple(piece for line in cell for piece in line.pieces), len(cell)) for cell in way.level]
    half = measure.step / 2
    if len(blocks) == 1 and are_ragged(blocks):
        return [BlockRow(key(line), [line], (line.middle - half, line.middle + half)) for line in way.level[0]]
    edges = way.row.first - half, way.row.last + half
    level = key(max(blocks, key=lambda block: block.lines))
    return [BlockRow(level, sorted(blocks, key=lambda block: block.x0), edges)]


def _holds(row: BlockRow, line: Block) -> bool:
    return row.edges is not None and row.edges[0] <= line.middle <= row.edges[1]


def _make_lone_rows(lines: Sequence[Block], measure: _Measure, key: Key) -> Iterator[BlockRow]:
    """The lines that stand where no row is, above and between tables: those on one level are a row."""
    for _, level in groupby(lines, key=lambda line: round(line.middle / (2 * measure.slack))):
        blocks = sorted(level, key=lambda block: block.x0)
        edges = blocks[0].middle - measure.step / 2, blocks[0].middle + measure.step / 2
        yield BlockRow(key(blocks[0]), blocks, edges)


_LAYS: tuple[tuple[Key, Lay], ...] = ((middle_of, _middle_of), (top_of, _first_of), (bottom_of, _last_of))
