"""A page without ruled cells as rows: zones of columns as grids, single lines as paragraphs."""

from collections.abc import Sequence

from chengshu.documents.contracts import Place
from chengshu.documents.grids import Spot, table_ref
from chengshu.documents.pieces import Piece, join_lines, mean_certainty
from chengshu.documents.transcript import Transcript
from chengshu.documents.unruled.bands import Banding, are_ragged, find_bands
from chengshu.documents.unruled.blocks import Block, Rules, find_blocks, find_segments, is_figure
from chengshu.documents.unruled.labels import Edges, Reach, find_edges, spread_labels
from chengshu.documents.unruled.rests import take_rest
from chengshu.documents.unruled.rows import choose_key, find_rows, top_of
from chengshu.documents.unruled.tiles import Tiling, find_tiles
from chengshu.documents.unruled.zones import Zone, find_zones

Placed = tuple[Block, Reach, int]  # a block, its rows, its column

_BODY_SHARE = 0.5
_SEVERAL_ROWS = 4
_DOUBT = 0.4  # less than half: the text is reported and no value is taken from it
# In heights of the letters, from the middle of the rows that a cell reaches over.
_FITTING, _MISPLACED = 0.3, 1.0


def add_unruled_page(pieces: Sequence[Piece], rules: Rules, transcript: Transcript, *, page: int) -> None:
    """Give the text of a page, or of a part of it, whose cells no rules enclose."""
    if all(piece.text.isspace() for piece in pieces):
        return
    tiling = _find_rows(find_segments(pieces, rules), rules)
    take_rest(tiling.rows, transcript.rows, page)
    for zone in find_zones(tiling.rows, tiling.between):
        _add_zone(zone, tiling.banding, transcript, page=page)


def _find_rows(segments: Sequence[Block], rules: Rules) -> Tiling:
    """The rows by the distances of lines; where these do not tell them, by how exactly rows fill the page."""
    blocks = find_blocks(segments, rules)
    if blocks is None or are_ragged(blocks):
        tiling = find_tiles(segments)
        if tiling is not None:
            return tiling
        banding = find_bands(segments)
    else:
        banding = Banding(blocks, choose_key(blocks), None)
    rows, between = find_rows(banding.blocks, banding.key)
    return Tiling(rows, between, banding)


def _add_zone(zone: Zone, banding: Banding, transcript: Transcript, *, page: int) -> None:
    if len(zone.columns) == 1:
        for block in sorted((block for row in zone.rows for block in row.blocks), key=lambda block: block.middle):
            _add_paragraph(block, transcript, page=page)
        return
    while zone.rows and len(zone.rows[0].blocks) == 1 and not zone.between:
        _add_paragraph(zone.rows.pop(0).blocks[0], transcript, page=page)
    table = transcript.open_table()

    def locate(row: int, column: int) -> Place:
        return Place(page=page, ref=table_ref(table, row, column))

    placed, homeless, valued = _place_blocks(zone, banding)
    is_tiled = zone.rows[0].edges is not None
    doubted = set() if is_tiled else _find_doubted(placed, valued)

    def make_spot(block: Block, reach: Reach, column: int) -> Spot:
        first, count = zone.span_of(block)
        column = first if count > 1 else column
        left, right = zone.columns[column]
        text = join_lines(block.pieces, width=right - left if count == 1 else None, is_ruled=is_tiled)
        place = Place(page=page, ref=table_ref(table, reach.first, column), box=block.box)
        is_doubted = not doubted.isdisjoint(range(reach.first, reach.first + reach.count)) and column >= valued
        certainty = min(mean_certainty(block.pieces), _DOUBT if is_doubted else 1.0)
        return Spot(reach.first, column, text, place, reach.count, count, certainty)

    transcript.add_table([make_spot(*spot) for spot in placed], table=table, locate=locate)
    for block in homeless:
        _add_paragraph(block, transcript, page=page)


def _add_paragraph(block: Block, transcript: Transcript, *, page: int) -> None:
    place = Place(page=page, box=block.box)
    transcript.add_paragraph(join_lines(block.pieces), place, certainty=mean_certainty(block.pieces))


def _find_doubted(placed: Sequence[Placed], first: int) -> set[int]:
    """The rows of figures over which a value reaches with others: their lines were rather taken for rows."""
    figured = {reach.first for block, reach, column in placed if column >= first and is_figure(block.text)}
    return {
        row
        for _, reach, column in placed
        if reach.count > 1 and column >= first
        for row in range(reach.first, reach.first + reach.count)
        if not figured.isdisjoint(range(reach.first, reach.first + reach.count))
    }


def _place_blocks(zone: Zone, banding: Banding) -> tuple[list[Placed], list[Block], int]:
    """Every block with its rows and its column; those for which no position is left; the first column of values."""
    first = _first_full_column(zone)
    begun = {id(block) for row in zone.rows if row.edges and banding.key is top_of for block in row.blocks}
    labels, labelled = _take_labels(zone, first)
    edges = find_edges(zone.rows, banding.key)
    placed: list[Placed] = []
    for column in range(first):
        held = banding.join_even([block for block, at in labels if at == column], begun=begun)
        reaches = spread_labels(held, zone.rows[:labelled], edges, banding.key)
        placed += [(block, reach, column) for block, reach in zip(held, reaches, strict=False)]
    for number, row in enumerate(zone.rows):
        placed += [(block, Reach(number, 1), zone.column_of(block)) for block in row.blocks]
    for block in zone.between:
        column = zone.column_of(block)
        taken = {
            row for _, reach, at in placed if at == column for row in range(reach.first, reach.first + reach.count)
        }
        reach = _reach_between(block, edges, [number not in taken for number in range(len(edges))])
        if reach is not None:
            placed.append((block, reach, column))
    settled = {id(piece) for block, _, _ in placed for piece in block.pieces}
    unplaced = [*(block for block, _ in labels), *zone.between]
    lost = [block for block in unplaced if settled.isdisjoint(map(id, block.pieces))]
    return placed, lost, first


def _first_full_column(zone: Zone) -> int:
    """The first column with a text in every row of the table's body, or in all but one of several."""
    most = max(len(row.blocks) for row in zone.rows)
    body = [row for row in zone.rows if len(row.blocks) >= _BODY_SHARE * most]
    counts = [0] * len(zone.columns)
    for row in body:
        for block in row.blocks:
            counts[zone.column_of(block)] += 1
    enough = len(body) - (len(body) >= _SEVERAL_ROWS)
    return next((index for index, count in enumerate(counts) if count >= enough), counts.index(max(counts)))


def _take_labels(zone: Zone, first: int) -> tuple[list[tuple[Block, int]], int]:
    """Take the blocks left of the first full column out of the zone; give them and how many rows they may stand beside.

    A row that holds nothing else is none. Rows below the last with a text in the full column are totals and the like:
    what stands in them is no label.
    """
    full = [any(zone.column_of(block) == first for block in row.blocks) for row in zone.rows]
    last = max(index for index, is_full in enumerate(full) if is_full)
    labels = [block for row in zone.rows[: last + 1] for block in row.blocks if zone.column_of(block) < first]
    labels += [block for block in zone.between if zone.column_of(block) < first]
    own = {id(block) for block in labels}
    for row in zone.rows:
        row.blocks = [block for block in row.blocks if id(block) not in own]
    labelled = sum(bool(row.blocks) for row in zone.rows[: last + 1])
    zone.rows = [row for row in zone.rows if row.blocks]
    zone.between = [block for block in zone.between if id(block) not in own]
    return [(block, zone.column_of(block)) for block in labels], labelled


def _reach_between(block: Block, edges: Edges, free: Sequence[bool]) -> Reach | None:
    """The free rows in whose middle the block stands, the fewest that fit; None where it stands in the middle of none."""
    spans = (
        (max(0.0, misfit - _FITTING * block.height), last - first, first)
        for first in range(len(edges))
        for last in range(first, len(edges))
        if all(free[first : last + 1])
        and (misfit := abs(block.middle - (edges[first][0] + edges[last][1]) / 2)) < _MISPLACED * block.height
    )
    found = min(spans, default=None)
    return None if found is None else Reach(found[2], found[1] + 1)
