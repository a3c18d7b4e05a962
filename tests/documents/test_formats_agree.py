"""The same form gives the same cells in every format that knows merged cells."""

from collections.abc import Callable
from typing import Any

from chengshu.documents.contracts import Document
from chengshu.documents.reading import read_document

FormFile = tuple[str, bytes]


def test_cells_and_spans_are_those_of_the_form(
    form_file: FormFile, form: list[Any], grid_of: Callable[[Document], list[Any]]
) -> None:
    # What an empty cell says is nothing, in whichever way a format leaves it out.
    read = {cell for cell in grid_of(read_document(*form_file)) if cell.text}
    assert read == {cell for cell in form if cell.text}


def test_every_row_has_the_same_positions(form_file: FormFile) -> None:
    rows = [row for row in read_document(*form_file).rows if row.table == 1]
    assert {len(row.cells) for row in rows} == {7}


def test_exact_formats_are_certain(form_file: FormFile) -> None:
    assert {cell.certainty for row in read_document(*form_file).rows for cell in row.cells} == {1.0}


def test_no_cell_lacks_a_place(form_file: FormFile) -> None:
    grid = [row for row in read_document(*form_file).rows if row.table is not None]
    assert all(cell.place.ref for row in grid for cell in row.cells)
