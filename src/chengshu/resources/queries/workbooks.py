"""Entries as a workbook that can be corrected and handed in again."""

import tempfile
from collections.abc import Iterable
from typing import Any, BinaryIO

from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

from chengshu.resources.errors import ResourceInvalid
from chengshu.resources.models import DataResource
from chengshu.resources.queries.entries import open_content
from chengshu.resources.rules.tables import (
    ENTRIES_SHEET,
    ENTRY_COLUMNS,
    FIELD_COLUMNS,
    FIELDS_SHEET,
    write_entry,
    write_fields,
)

MOST_ENTRIES = 2000
"""Entries of one workbook; with their fields more than that are no work for a spreadsheet."""


def write_workbook(resources: Iterable[DataResource]) -> BinaryIO:
    """Write entries as they are being worked on into the two sheets that the import takes; none give the empty form.

    Raises:
        ResourceInvalid: more entries than one workbook takes.
    """
    book = Workbook(write_only=True)
    entries, fields = book.create_sheet(ENTRIES_SHEET), book.create_sheet(FIELDS_SHEET)
    for sheet, columns in ((entries, ENTRY_COLUMNS), (fields, FIELD_COLUMNS)):
        sheet.freeze_panes = "B2"
        sheet.append([column.header for column in columns])
    for count, resource in enumerate(resources, start=1):
        if count > MOST_ENTRIES:
            message = _("一次最多导出 %(most)s 项资源，请先筛选。")
            raise ResourceInvalid(message % {"most": f"{MOST_ENTRIES:,}"}, most=MOST_ENTRIES)
        content = open_content(resource)
        entries.append([_cell(entries, text) for text in write_entry(content)])
        for row in write_fields(content):
            fields.append([_cell(fields, text) for text in row])
    file = tempfile.TemporaryFile()  # noqa: SIM115 - the response closes it
    book.save(file)
    file.seek(0)
    return file


def _cell(sheet: Any, text: str) -> Any:
    cell = WriteOnlyCell(sheet, value=ILLEGAL_CHARACTERS_RE.sub("", text))
    cell.data_type = "s"  # a text stays a text, whatever it begins with
    return cell
