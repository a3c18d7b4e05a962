"""What every reader of a format gives: a document of rows, each cell with its place and how sure its text is."""

from dataclasses import dataclass, field
from enum import StrEnum

from chengshu.documents.errors import DocumentError


class Media(StrEnum):
    """The format that a document was recognised as (by content, not by its name)."""

    TEXT = "text"
    MARKDOWN = "markdown"
    HTML = "html"
    CSV = "csv"
    XLSX = "xlsx"
    DOCX = "docx"
    PDF = "pdf"
    SCAN = "scan"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a cell stands in its file, as far as the format can tell; every number counts from 1.

    `line` for text formats, `page` for paged ones, `sheet` and `ref` ("B5") for workbooks, `ref` ("T2R5C3": table,
    row, column) for other tables, `box` (x0, top, x1, bottom in points of the page, 1/72 inch; origin top left).
    """

    line: int | None = None
    page: int | None = None
    sheet: str | None = None
    ref: str | None = None
    box: tuple[float, float, float, float] | None = None


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell: its text as read (line breaks kept, ends stripped), its place, its spans.

    A merged cell appears once, at its top-left corner, with `row_span`/`col_span`; the positions that it covers are
    filled with `covered=True` cells of empty text, so that every row of a grid has the same column positions.
    `certainty` in [0, 1] is the reader's own: 1 for exact formats, the recogniser's score for scans.
    """

    text: str
    place: Place
    row_span: int = 1
    col_span: int = 1
    covered: bool = False
    certainty: float = 1.0


class Layout(StrEnum):
    """How far the column positions of a row can be trusted."""

    GRID = "grid"  # true table cells: positions are exact, merges are known
    TABBED = "tabbed"  # separated text: columns may be shifted, lost or doubled
    LOOSE = "loose"  # a paragraph or a line of run-on text: one cell, no columns


@dataclass(frozen=True, slots=True)
class Row:
    """A row of cells in reading order.

    `table` numbers the table within the document (rows of one table share it); None for a paragraph between tables.
    A table that goes on over a page keeps its number only if the format knows.
    """

    cells: tuple[Cell, ...]
    layout: Layout
    table: int | None = None

    @property
    def line(self) -> int | None:
        """The line of the first cell, where lines are known."""
        return self.cells[0].place.line if self.cells else None


@dataclass(frozen=True, slots=True)
class Document:
    """One file (or one member of an archive) as rows in reading order.

    `name` is the base name that reports print; `origin` the path or "archive.zip!/member"; `warnings` say in Chinese
    what was passed over and why (a hidden sheet); `fault` is why some of its pages could not be read; `uncomputed`
    are the cells whose formula has no result, which are empty in the rows.
    """

    name: str
    origin: str
    media: Media
    rows: tuple[Row, ...]
    warnings: tuple[str, ...] = field(default=())
    fault: DocumentError | None = None
    uncomputed: tuple[Place, ...] = field(default=())
