"""Indicator lines as drafts: each piece assigned to its column, the printed labels still where they were printed."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from chengshu.documents.contracts import Layout
from chengshu.performance.reading.alignment import Assignment, Columns, Signature, assign
from chengshu.performance.reading.columns import INDICATOR_COSTS, carry_columns, default_columns, read_columns
from chengshu.performance.reading.kinds import (
    BANNER,
    BARE,
    CATEGORY,
    CLASS,
    DASH,
    EITHER,
    FIGURE,
    JUNK,
    LONG,
    NUMBER,
    TEXT,
    is_filler,
    kind_of,
)
from chengshu.performance.reading.lexicon import Lexicon
from chengshu.performance.reading.lines import Line, Piece, make_piece
from chengshu.performance.reading.sections import is_indicator_header
from chengshu.performance.reading.straight import is_straight

_LEFT_OUT = 0.8
_NAME_TWICE = 0.97
_SLIPPED = 0.95
_WRAPPING = ("level3", "target", "actual", "reason")
_PAIRS = (("target", "actual"), ("weight", "score"))
_LABELS = frozenset({CLASS, CATEGORY, EITHER})


@dataclass(slots=True)
class Draft:
    """One indicator row before its class and category are settled.

    `cells` holds the pieces by role; `confidence` what the assignment leaves of certainty; `exact` that the columns
    are those of a true table or of tabbed text that has kept it, `ruled` that it is a true table, whose labels stand
    where they belong; `stray` that it is a paragraph; `width` counts the fields of its line, the empty ones too.
    """

    cells: dict[str, list[Piece]]
    confidence: float = 1.0
    exact: bool = False
    columns: Columns = field(default_factory=default_columns)
    ruled: bool = False
    stray: bool = False
    width: int = 0

    def first(self, role: str) -> Piece | None:
        """Give the first piece of a role."""
        pieces = self.cells.get(role)
        return pieces[0] if pieces else None

    @property
    def is_indicator(self) -> bool:
        """Tell whether the row holds an indicator and not only labels or remains."""
        values = sum(role in self.cells for role in ("target", "figure", "actual", "weight", "score"))
        if "level3" in self.cells:
            return values >= 1 or self.exact
        return values >= 3


@dataclass(slots=True)
class Drafts:
    """The drafts of a form in order, and the figures of a total row whose label was destroyed."""

    rows: list[Draft] = field(default_factory=list)
    total: list[Piece] = field(default_factory=list)


def draft_rows(lines: Sequence[Line], lexicon: Lexicon) -> Drafts:
    """Assign the pieces of every indicator line to columns; header lines between the rows set the columns anew.

    A page without a header has a grid of its own, to which the columns are carried over.
    """
    drafts = Drafts()
    columns, headers = default_columns(), list[Line]()
    table: int | None = None
    layout: Layout | None = None
    before: Line | None = None
    for number, line in enumerate(lines):
        if is_indicator_header(line, lexicon):
            headers.append(line)
            columns, table, layout = read_columns(headers, lexicon), line.table, line.layout
            continue
        if len(headers) == 1 and layout is Layout.TABBED:
            columns = replace(columns, exact=is_straight(headers[0], lines[number:], columns, lexicon))
        headers = []
        if line.table != table and line.layout is Layout.GRID:
            columns, table = carry_columns(columns, _grid_columns(lines, line.table)), line.table
        in_grid = columns.exact and line.layout is layout
        wrapped = not in_grid or _is_page_break(before, line)
        _draft_line(line, columns if in_grid else replace(columns, exact=False), drafts, lexicon, wrapped=wrapped)
        before = line
        _drop_stray(drafts, layout)
    return drafts


def _drop_stray(drafts: Drafts, layout: Layout | None) -> None:
    """Drop a paragraph between the rows of a table that was taken for a row and has not both of its figures."""
    last = drafts.rows[-1] if drafts.rows and layout not in (None, Layout.LOOSE) else None
    if last is not None and last.is_indicator and last.stray and not {"weight", "score"} <= last.cells.keys():
        drafts.rows.pop()


def _is_page_break(above: Line | None, below: Line) -> bool:
    return above is None or above.table != below.table or above.pieces[0].place.page != below.pieces[0].place.page


def _grid_columns(lines: Sequence[Line], table: int | None) -> tuple[int, ...]:
    """The columns where any indicator cell of the table begins."""
    return tuple(sorted({column for line in lines if line.table == table for column in line.starts}))


def _draft_line(line: Line, columns: Columns, drafts: Drafts, lexicon: Lexicon, *, wrapped: bool) -> None:
    pieces = _drop_fillers(_mend_labels(line.pieces, lexicon))
    kinds = "".join(kind_of(piece.key, lexicon) for piece in pieces)
    if drafts.rows and _is_bare_total(kinds):
        drafts.total = [piece for piece, kind in zip(pieces, kinds, strict=True) if kind == NUMBER]
        return
    if not set(kinds) - _LABELS - {BARE, BANNER, JUNK}:
        if not _close_label(pieces, drafts, lexicon):
            drafts.rows.extend(_labels_alone(pieces, kinds, lexicon))
        return
    if wrapped and not set(kinds) - {TEXT, LONG} and _continue_last(pieces, columns, drafts):
        return
    signature = Signature(kinds, tuple(piece.column for piece in pieces), _doubled_texts(pieces, kinds))
    assignment = assign(signature, columns, INDICATOR_COSTS)
    draft = _draft(pieces, kinds, assignment, columns)
    draft.ruled = draft.exact and line.layout is Layout.GRID
    draft.stray = line.layout is Layout.LOOSE
    draft.width = len(line.starts)
    if line.layout is Layout.TABBED and line.starts and not draft.exact and len(line.starts) != columns.width:
        _blur_lone_values(draft, pieces)
    if draft.cells:
        drafts.rows.append(draft)


def _drop_fillers(pieces: list[Piece]) -> list[Piece]:
    """Leave out what the blank form prints; a numbered name in two cells ("指标1：", then the name) stays whole."""
    fillers = [piece for piece in pieces if is_filler(piece.key)]
    return [piece for piece in pieces if piece not in fillers] if fillers else pieces


def _continue_last(pieces: Sequence[Piece], columns: Columns, drafts: Drafts) -> bool:
    """Give a line of nothing but text to the cells above it: the rest of wrapped cells, often after a page break."""
    last = drafts.rows[-1] if drafts.rows else None
    if last is None or not last.is_indicator:
        return False
    homes = []
    stand = dict(zip(columns.roles, columns.columns, strict=True)) if columns.exact else {}
    for piece in pieces:
        open_roles = (role for role in _WRAPPING if role in last.cells)
        role = next((r for r in open_roles if stand.get(r, last.cells[r][0].column) == piece.column), None)
        if role is None:
            return False
        homes.append(role)
    for role, piece in zip(homes, pieces, strict=True):
        last.cells[role].append(piece)
    last.confidence *= 0.95
    return True


def _close_label(pieces: Sequence[Piece], drafts: Drafts, lexicon: Lexicon) -> bool:
    """Join the end of a label to its beginning two lines above, where it was wrapped around the line of its row."""
    for draft in reversed(drafts.rows[-2:]):
        for role in ("level1", "level2"):
            before = draft.first(role)
            for piece in pieces:
                if before is not None and before.column == piece.column and piece.key.startswith("指标"):
                    joined = make_piece(before.text + piece.text, before.column, before.cell)
                    if not before.key.endswith("指标") and _is_label(joined.key, lexicon):
                        draft.cells[role] = [joined]
                        return True
    return False


def _labels_alone(pieces: Sequence[Piece], kinds: str, lexicon: Lexicon) -> list[Draft]:
    """A line of nothing but labels: they stand between the rows."""
    cells: dict[str, list[Piece]] = {}
    for piece, kind in zip(pieces, kinds, strict=True):
        if kind in (CATEGORY, BARE) or piece.key in lexicon.categories:
            cells["level2"] = [piece]
        elif kind in (CLASS, EITHER):
            cells["level1"] = [piece]
    return [Draft(cells)] if cells else []


def _draft(pieces: Sequence[Piece], kinds: str, assignment: Assignment, columns: Columns) -> Draft:
    cells: dict[str, list[Piece]] = {}
    slips = 0
    confidence = 1.0
    offset: int | None = None
    for number, (piece, index) in enumerate(zip(pieces, assignment.roles, strict=True)):
        if index is None:
            confidence *= _surplus_factor(pieces, number, kinds[number])
            continue
        cells.setdefault(columns.roles[index], []).append(piece)
        moved = piece.column - columns.columns[index]
        slips += offset is not None and moved != offset
        offset = moved
    cells.pop("banner", None)
    cells.pop("ignored", None)
    exact = assignment.by_column
    return Draft(cells, 1.0 if exact else confidence * _SLIPPED**slips, exact, columns)


def _blur_lone_values(draft: Draft, pieces: Sequence[Piece]) -> None:
    """Make a value illegible that is alone where two should be, in a row of which tabs and empty cells were lost."""
    if pieces[-1].column - pieces[0].column >= len(pieces) or "figure" in draft.columns.roles:
        return
    for pair in _PAIRS:
        alone = [role for role in pair if role in draft.cells]
        if len(alone) == 1 and all(role in draft.columns.roles for role in pair):
            draft.cells[alone[0]] = [replace(piece, legible=False) for piece in draft.cells[alone[0]]]


def _surplus_factor(pieces: Sequence[Piece], number: int, kind: str) -> float:
    """What a piece left out takes from the row's certainty: nothing for a trace, little for a name printed twice."""
    if kind in (JUNK, BANNER, DASH):
        return 1.0
    doubled = number > 0 and pieces[number].key == pieces[number - 1].key
    return _NAME_TWICE if doubled and kind in (TEXT, LONG) else _LEFT_OUT


def _is_bare_total(kinds: str) -> bool:
    """A row of nothing but one or two figures below the indicators is the total, its label destroyed."""
    return kinds.count(NUMBER) + kinds.count(FIGURE) in (1, 2) and not kinds.strip(NUMBER + FIGURE + JUNK)


def _doubled_texts(pieces: Sequence[Piece], kinds: str) -> tuple[bool, ...]:
    """Two equal figures are a weight and its full score, not a doubled cell."""
    doubled = find_doubled(pieces)
    return tuple(twice and kind != NUMBER for twice, kind in zip(doubled, kinds, strict=True))


def find_doubled(pieces: Sequence[Piece]) -> tuple[bool, ...]:
    """Tell of each piece whether it repeats its left neighbour."""
    keys = [piece.key for piece in pieces]
    return tuple(index > 0 and key == keys[index - 1] for index, key in enumerate(keys))


def _mend_labels(pieces: tuple[Piece, ...], lexicon: Lexicon) -> list[Piece]:
    """Join a label that extraction cut in two cells, and cut a cell that holds two labels."""
    mended: list[Piece] = []
    for piece in pieces:
        if mended and _is_label(mended[-1].key + piece.key, lexicon) and piece.key in ("指标", "标"):
            before = mended.pop()
            mended.append(make_piece(before.text + piece.text, before.column, before.cell))
        else:
            mended.extend(_cut_labels(piece, lexicon))
    return mended


def _cut_labels(piece: Piece, lexicon: Lexicon) -> Iterable[Piece]:
    words = piece.text.split()
    if piece.legible and len(words) == 2 and all(_is_label(word, lexicon) for word in words):
        return [make_piece(word, piece.column, piece.cell) for word in words]
    return [piece]


def _is_label(key: str, lexicon: Lexicon) -> bool:
    return len(key) <= 16 and kind_of(key, lexicon) in _LABELS | {BARE}
