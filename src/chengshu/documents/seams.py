"""Tables that the end of a page cuts in two: which go on, and whether the cut is between two rows or through one.

Browsers leave a cut cell open, without a rule at the end of the page; office programs close it. What is closed is told
by its text: a row has its figures on one line, and a line that broke off was full.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum, auto

from chengshu.documents.lattices import Box, merge_edges
from chengshu.documents.pages import PADDING_PT, PageText, TableText, read_cell
from chengshu.documents.pieces import Line, Piece, group_lines, is_broken_figure, join_line, may_be_one_figure
from chengshu.documents.unruled.blocks import Rules, is_figure

_SAME_PT = 3.0
_TOLERANCE_PT = 2.0
_DOUBT = 0.4  # less than half: the text is reported and no value is taken from it
_PROBES = (0.25, 0.5, 0.75)  # of a cell's width: a rule under all three closes it
_HANGING = 4.0  # heights of the letters that a label may hang out of its rows
_HEADING = 3  # cells
_COUNTING = re.compile(r"[\d\s]+")
_PAGE_MARK = re.compile(r"[第页共/,，.·~—–―-]*|(?:Page|of)+")


class _Cut(Enum):
    BETWEEN = auto()
    THROUGH = auto()
    DOUBTFUL = auto()


@dataclass(frozen=True, slots=True)
class _Meeting:
    """A box that ends at the end of a page, the box that begins below it on the next, and what is open between."""

    upper: int
    lower: int
    is_label: bool  # one of them reaches over several rows
    ends_open: bool
    begins_open: bool


def join_pages(above: PageText, below: PageText) -> bool:
    """Tell whether the last table of a page goes on as the first of the next; if so, make every cut cell whole.

    The text of a cell that was cut stands at its beginning, on the page above. Where a row may have been cut and is
    not sure to be, its text is whole and doubtful.
    """
    if not _goes_on(above, below):
        return False
    upper, lower = above.tables[-1], below.tables[0]
    share_columns([upper, lower])
    root = _find_root(upper)
    first = _count_repeated(root, lower)
    if _opens_alike(root, lower, first):
        return False
    lower.before = upper
    _drop_repeated(lower, first)
    first = first or _count_headings(upper, lower)
    meetings = _find_meetings(above, below, first)
    cut, going_on = _judge(upper, lower, meetings, repeats=first > 0)
    for meeting in meetings if cut is not _Cut.BETWEEN else going_on:
        _make_whole(upper, lower, meeting, is_sure=cut is not _Cut.DOUBTFUL)
    return True


def share_columns(parts: Sequence[TableText]) -> None:
    """Count the columns of all parts of a table by the same edges."""
    edges = merge_edges((edge for part in parts for edge in part.lattice.columns), tolerance=_TOLERANCE_PT)
    for part in parts:
        part.lattice.take_columns(edges)


def _goes_on(above: PageText, below: PageText) -> bool:
    if not above.tables or not below.tables:
        return False
    upper, lower = above.tables[-1], below.tables[0]
    ours, theirs = upper.lattice.columns, lower.lattice.columns
    if abs(ours[0] - theirs[0]) > _SAME_PT or abs(ours[-1] - theirs[-1]) > _SAME_PT:
        return False
    if not (_are_among(theirs, ours) or _are_among(ours, theirs)):
        return False
    beneath = _list_strays([piece for piece in above.outside if piece.middle > upper.bottom], below.outside)
    over = _list_strays([piece for piece in below.outside if piece.middle < lower.top], above.outside)
    hanging = {id(piece): _find_open_box(piece, upper, above.rules, upper.bottom) for piece in beneath}
    rising = {id(piece): _find_open_box(piece, lower, below.rules, lower.top) for piece in over}
    if None in hanging.values() or None in rising.values():
        return False
    _take_strays(beneath, hanging, upper, above)
    _take_strays(over, rising, lower, below)
    return True


def _find_open_box(piece: Piece, table: TableText, rules: Rules, edge: float) -> int | None:
    """The open box at an edge of the table out of which a text hangs: browsers print a label longer than its rows so."""
    x = (piece.x0 + piece.x1) / 2
    if abs(piece.middle - edge) > _HANGING * piece.height:
        return None
    for index, box in enumerate(table.lattice.boxes):
        if box[0] <= x < box[2] and min(abs(box[1] - edge), abs(box[3] - edge)) <= _SAME_PT:
            return None if _is_ruled(rules, box, edge) else index
    return None


def _take_strays(pieces: Sequence[Piece], homes: Mapping[int, int | None], table: TableText, page: PageText) -> None:
    """Give texts to the boxes out of which they hang."""
    for piece in pieces:
        index = homes[id(piece)]
        if index is not None:
            table.held[index] = [*table.held[index], piece]
            table.texts[index] = read_cell(table.lattice.boxes[index], table.held[index])
    taken = set(homes)
    page.outside[:] = [piece for piece in page.outside if id(piece) not in taken]


def _are_among(edges: Iterable[float], others: Sequence[float]) -> bool:
    return all(any(abs(edge - other) <= _SAME_PT for other in others) for edge in edges)


def _list_strays(pieces: Sequence[Piece], others: Sequence[Piece]) -> list[Piece]:
    """The pieces that are no running head or foot: no page number, not printed on the other page at that height."""
    if all(piece.text.isspace() for piece in pieces):
        return []
    printed = [(line[0].middle, _bare(line)) for line in group_lines(others)]
    return [
        piece
        for line in group_lines(pieces)
        if _PAGE_MARK.fullmatch(text := _bare(line)) is None
        and not any(text == other and abs(height - line[0].middle) <= _SAME_PT for height, other in printed)
        for piece in line
    ]


def _bare(line: Line) -> str:
    return _COUNTING.sub("", join_line(line))


def _find_root(table: TableText) -> TableText:
    while table.before is not None:
        table = table.before
    return table


def _count_repeated(root: TableText, lower: TableText) -> int:
    """How many rows the lower part repeats of those with which the table began: headings, without figures."""
    count = 0
    for own, other in zip(_list_rows(root), _list_rows(lower), strict=False):
        if not own or own != other or any(is_figure(text) for _, _, text in own):
            break
        count += 1
    return min(count, lower.height - 1)


def _opens_alike(root: TableText, lower: TableText, first: int) -> bool:
    """Tell whether the lower part is a form of its own: behind what it repeats stands the same label."""
    own, other = _list_rows(root)[first:], _list_rows(lower)[first:]
    return bool(own and other and own[0] and other[0]) and own[0][0] == other[0][0]


def _drop_repeated(lower: TableText, count: int) -> None:
    for index, (row, _, _, _) in enumerate(lower.lattice.spans):
        if row < count:
            lower.texts[index], lower.certainties[index] = "", 1.0


def _count_headings(upper: TableText, lower: TableText) -> int:
    """How many rows at the beginning of the lower part are headings out of the middle of the upper one."""
    printed = set(_list_rows(upper))
    count = 0
    for row in _list_rows(lower)[:-1]:
        if len(row) < _HEADING or row not in printed or any(is_figure(text) for _, _, text in row):
            break
        count += 1
    return count


def _list_rows(table: TableText) -> list[tuple[tuple[int, int, str], ...]]:
    """By row the cells with text that begin in it: column, width, text."""
    rows: list[list[tuple[int, int, str]]] = [[] for _ in range(table.height)]
    for (row, column, _, width), text in zip(table.lattice.spans, table.texts, strict=True):
        if text:
            rows[row].append((column, width, text))
    return [tuple(sorted(row)) for row in rows]


def _find_meetings(above: PageText, below: PageText, first: int) -> list[_Meeting]:
    """The boxes of the last row above and of the row `first` below that stand over each other, equally wide."""
    upper, lower = above.tables[-1], below.tables[0]
    ends = {span[1::2]: index for index, span in enumerate(upper.lattice.spans) if span[0] + span[2] == upper.height}
    meetings = []
    for index, (row, column, rows, width) in enumerate(lower.lattice.spans):
        if row == first and (end := ends.get((column, width))) is not None:
            is_label = rows > 1 or upper.lattice.spans[end][2] > 1
            ends_open = not _is_ruled(above.rules, upper.lattice.boxes[end], upper.bottom)
            begins_open = first > 0 or not _is_ruled(below.rules, lower.lattice.boxes[index], lower.top)
            meetings.append(_Meeting(end, index, is_label, ends_open, begins_open))
    return meetings


def _is_ruled(rules: Rules, box: Box, height: float) -> bool:
    """Tell whether a level rule is drawn all along the box at the height."""
    near = [(left, right) for level, left, right in rules.level if abs(level - height) <= _SAME_PT]
    points = (box[0] + share * (box[2] - box[0]) for share in _PROBES)
    return all(any(left <= point <= right for left, right in near) for point in points)


def _judge(
    upper: TableText, lower: TableText, meetings: Sequence[_Meeting], *, repeats: bool
) -> tuple[_Cut, list[_Meeting]]:
    """How the end of the page cuts, and which cells go on over a cut between two rows."""
    texts = [(upper.texts[meeting.upper], lower.texts[meeting.lower]) for meeting in meetings]
    if not any(own and other for own, other in texts) and not any(other for _, other in texts):
        return _Cut.BETWEEN, []
    has_both_figures = _hold_two_rows(upper, lower, meetings)
    open_ones = [meeting for meeting in meetings if meeting.ends_open and meeting.begins_open]
    if open_ones and len(open_ones) == len(meetings) and not has_both_figures:
        return _Cut.THROUGH, []
    if open_ones and len(open_ones) < len(meetings):
        return _Cut.BETWEEN, open_ones
    begins_open = not repeats and all(meeting.begins_open for meeting in meetings)
    if has_both_figures or begins_open:
        return _Cut.BETWEEN, [] if begins_open else _find_late_labels(upper, meetings)
    cut = _judge_by_text(upper, lower, [meeting for meeting in meetings if not meeting.is_label])
    return cut, _find_late_labels(upper, meetings)


def _hold_two_rows(upper: TableText, lower: TableText, meetings: Sequence[_Meeting]) -> bool:
    """Tell whether a cell above and the one below it hold a figure each, which are not the parts of one."""
    texts = [(upper.texts[meeting.upper], lower.texts[meeting.lower]) for meeting in meetings]
    figures = [
        (meeting, own, other)
        for meeting, (own, other) in zip(meetings, texts, strict=True)
        if own and other and is_figure(own) and is_figure(other) and not is_broken_figure(own, other)
    ]
    are_parts = all(
        may_be_one_figure(own, other) and _is_full(upper, lower, meeting) for meeting, own, other in figures
    )
    is_one_sided = any(own and not other for own, other in texts) and any("." in own for _, own, _ in figures)
    return bool(figures) and not (are_parts and is_one_sided)


def _find_late_labels(upper: TableText, meetings: Sequence[_Meeting]) -> list[_Meeting]:
    """The cells over several rows that begin above and are empty there: their text stands below."""
    return [
        meeting
        for meeting in meetings
        if meeting.is_label and not upper.texts[meeting.upper] and upper.lattice.spans[meeting.upper][0] > 0
    ]


def _judge_by_text(upper: TableText, lower: TableText, meetings: Sequence[_Meeting]) -> _Cut:
    """How the end of the page cuts where every cell is closed."""
    texts = [(upper.texts[meeting.upper], lower.texts[meeting.lower]) for meeting in meetings]
    both = [meeting for meeting, (own, other) in zip(meetings, texts, strict=True) if own and other]
    full = [_is_full(upper, lower, meeting) for meeting in both]
    figures_above = any(_is_number(own) and not other for own, other in texts)
    figures_below = any(_is_number(other) and not own for own, other in texts)
    if not any(other for _, other in texts) or (figures_above and figures_below):
        return _Cut.BETWEEN
    is_rest = bool(texts[0][0]) and not texts[0][1]  # what is first in a row is whole above
    if figures_above or figures_below:
        if all(full):
            return _Cut.THROUGH
        return _Cut.DOUBTFUL if any(full) or (is_rest and not figures_below) else _Cut.BETWEEN
    if full and all(full):
        return _Cut.THROUGH
    return _Cut.DOUBTFUL if any(full) and is_rest else _Cut.BETWEEN


def _is_number(text: str) -> bool:
    return is_figure(text) and any(character.isdecimal() for character in text)


def _is_full(upper: TableText, lower: TableText, meeting: _Meeting) -> bool:
    """Tell whether the first word below had no room any more on the last line above."""
    last, following = group_lines(upper.held[meeting.upper])[-1], group_lines(lower.held[meeting.lower])[0]
    left, _, right, _ = upper.lattice.boxes[meeting.upper]
    return last[-1].x1 - last[0].x0 + _first_word(following) > right - left - PADDING_PT


def _first_word(line: Line) -> float:
    """The width of a Chinese character, or of the figures or Latin letters that stay together."""
    end = 0
    while end + 1 < len(line) and line[end].text.isascii() and line[end + 1].text.isascii():
        end += 1
    return line[end].x1 - line[0].x0


def _make_whole(upper: TableText, lower: TableText, meeting: _Meeting, *, is_sure: bool) -> None:
    own, rest = upper.texts[meeting.upper], lower.texts[meeting.lower]
    if not rest:
        return
    upper.texts[meeting.upper] = own if own == rest and meeting.is_label else _join(own, rest)
    certainty = min(upper.certainties[meeting.upper], lower.certainties[meeting.lower])
    upper.certainties[meeting.upper] = certainty if is_sure else min(certainty, _DOUBT)
    lower.texts[meeting.lower], lower.certainties[meeting.lower] = "", 1.0


def _join(own: str, rest: str) -> str:
    if not own:
        return rest
    is_figure_broken = may_be_one_figure(own.rpartition("\n")[2], rest.partition("\n")[0])
    return own + ("" if is_figure_broken else "\n") + rest
