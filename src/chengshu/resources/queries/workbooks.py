"""Entries as a workbook that can be corrected and handed in again, however many they are."""

import tempfile
from collections.abc import Callable, Collection, Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO

from django.db.models import QuerySet
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

from chengshu.resources.models import DataResource
from chengshu.resources.queries.entries import fetched_content
from chengshu.resources.rules.tables import (
    ENTRIES_SHEET,
    ENTRY_COLUMNS,
    FIELD_COLUMNS,
    FIELDS_SHEET,
    SheetColumn,
    write_entry,
    write_fields,
)

AT_ONCE = 500
"""So many entries are written while a person waits; more are written by a job."""
_LONGEST_SHEET = 1_048_576
"""Rows that a sheet holds; fields beyond go on in another one."""
_PIECE = 50
Report = Callable[[int], object]


def write_workbook(resources: Iterable[DataResource], *, report: Report = lambda _done: None) -> BinaryIO:
    """Write entries as they are being worked on into the sheets that the import takes; none give the empty form.

    `report` is told how many are written, and may raise to stop. Memory does not grow with the entries: rows go to
    temporary files at once.
    """
    book = Workbook(write_only=True)
    try:
        _write_rows(book, resources, report)
        file = tempfile.TemporaryFile()  # noqa: SIM115 - who asked closes it
        book.save(file)
    except BaseException:
        _drop(book)
        raise
    file.seek(0)
    return file


def _write_rows(book: Any, resources: Iterable[DataResource], report: Report) -> None:
    entries = _open_sheet(book, ENTRIES_SHEET, ENTRY_COLUMNS)
    fields, sheets, rows = _open_sheet(book, FIELDS_SHEET, FIELD_COLUMNS), 1, 1
    for done, resource in enumerate(resources, start=1):
        content = fetched_content(resource)
        entries.append([_cell(entries, text) for text in write_entry(content)])
        for row in write_fields(content):
            if rows >= _LONGEST_SHEET:
                sheets, rows = sheets + 1, 1
                fields = _open_sheet(book, f"{FIELDS_SHEET}{sheets}", FIELD_COLUMNS)
            fields.append([_cell(fields, text) for text in row])
            rows += 1
        report(done)


def _drop(book: Any) -> None:
    """Take away the temporary files of a workbook that nobody will have; openpyxl leaves them until the process ends."""
    for sheet in book.worksheets:
        writer = sheet._writer  # noqa: SLF001 - openpyxl has no other way
        if writer is not None and Path(writer.out).exists():
            if not sheet.closed:
                sheet.close()
            writer.cleanup()


def fetch_entries(rows: QuerySet[DataResource], *, among: Collection[int] | None = None) -> Iterator[DataResource]:
    """Give entries by code with all that a workbook says of them, a few at a time; only those of some ids, if given."""
    wanted = None if among is None else set(among)  # not asked for in SQL, which takes only so many values
    found = rows.order_by("code").values_list("pk", flat=True)
    ids = iter([pk for pk in found if wanted is None or pk in wanted])
    while piece := list(islice(ids, _PIECE)):
        whole = DataResource.objects.filter(pk__in=piece).select_related("department", "change")
        yield from whole.prefetch_related("fields__element", "lists").order_by("code")


def _open_sheet(book: Workbook, name: str, columns: Iterable[SheetColumn]) -> Any:
    sheet = book.create_sheet(name)
    sheet.freeze_panes = "B2"
    sheet.append([column.header for column in columns])
    return sheet


def _cell(sheet: Any, text: str) -> Any:
    """Give a text as a cell, none where there is nothing; a text stays a text, whatever it begins with."""
    if not text:
        return None
    clean = ILLEGAL_CHARACTERS_RE.sub("", text) if not text.isprintable() else text
    if not clean.startswith("="):
        return clean
    cell = WriteOnlyCell(sheet, value=clean)
    cell.data_type = "s"
    return cell
