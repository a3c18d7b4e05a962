"""What a format module is given and what it fills: the source bytes in, rows within the limits out."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from chengshu.documents.contracts import Cell, Layout, Place, Row
from chengshu.documents.errors import DocumentTooLarge
from chengshu.documents.grids import Locate, Spot, lay_grid, measure_grid
from chengshu.documents.limits import Limits
from chengshu.documents.radicals import fold_radicals

OnPage = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Source:
    """One file to be transcribed: its base name, its bytes, the limits, and whom to tell of each page done."""

    file: str
    data: bytes
    limits: Limits
    on_page: OnPage | None = None

    def report_page(self, page: int, pages: int) -> None:
        """Tell the caller that `page` (from 1) of `pages` is done; the caller may raise to stop the reading."""
        if self.on_page is not None:
            self.on_page(page, pages)


class Transcript:
    """Gathers the rows and warnings of one document; refuses (`DocumentTooLarge`) what is beyond the limits."""

    def __init__(self, file: str, limits: Limits) -> None:
        self.rows: list[Row] = []
        self.warnings: list[str] = []
        self.uncomputed: list[Place] = []
        self._file = file
        self._limits = limits
        self._cells = 0
        self._tables = 0

    def open_table(self) -> int:
        """The number of a new table, counted from 1 within the document."""
        self._tables += 1
        return self._tables

    def add_row(self, row: Row) -> None:
        """Take one finished row; radicals become the characters that they stand for."""
        self.refuse_beyond(1, len(row.cells))
        self._cells += len(row.cells)
        self.rows.append(_fold_row(row))

    def add_paragraph(self, text: str, place: Place, *, certainty: float = 1.0) -> None:
        """Take the text between tables: a loose row for each of its lines that is not blank."""
        for line in text.split("\n"):
            if stripped := line.strip():
                self.add_row(Row((Cell(stripped, place, certainty=certainty),), Layout.LOOSE))

    def add_fields(self, cells: Sequence[Cell], *, table: int) -> None:
        """Take a row of separated text."""
        self.add_row(Row(tuple(cells), Layout.TABBED, table))

    def lay_table(self, spots: Iterable[Spot], *, table: int, locate: Locate) -> list[Row]:
        """The rows of a grid, not yet taken: the caller adds them in its own reading order.

        `locate(row, column)` (from 0) gives the place of a position where no spot begins.
        """
        spots = list(spots)
        height, width = measure_grid(spots)
        self.refuse_beyond(height, height * width)
        return [Row(cells, Layout.GRID, table) for cells in lay_grid(spots, locate=locate)]

    def add_table(self, spots: Iterable[Spot], *, table: int, locate: Locate) -> None:
        """Take a whole grid."""
        for row in self.lay_table(spots, table=table, locate=locate):
            self.add_row(row)

    def warn(self, warning: str) -> None:
        """Say in Chinese what was passed over and why."""
        self.warnings.append(warning)

    def refuse_beyond(self, rows: int, cells: int) -> None:
        """Raise `DocumentTooLarge` if so many more rows or cells would be beyond the limits."""
        if len(self.rows) + rows > self._limits.rows:
            message = f"文件“{self._file}”超过 {self._limits.rows:,} 行，请拆分后再导入。"
            raise DocumentTooLarge(message, file=self._file, limit=self._limits.rows)
        if self._cells + cells > self._limits.cells:
            message = f"文件“{self._file}”超过 {self._limits.cells:,} 个单元格，请拆分后再导入。"
            raise DocumentTooLarge(message, file=self._file, limit=self._limits.cells)


def _fold_row(row: Row) -> Row:
    folded = [fold_radicals(cell.text) for cell in row.cells]
    if all(text is cell.text for text, cell in zip(folded, row.cells, strict=True)):
        return row
    cells = (replace(cell, text=text) for cell, text in zip(row.cells, folded, strict=True))
    return replace(row, cells=tuple(cells))
