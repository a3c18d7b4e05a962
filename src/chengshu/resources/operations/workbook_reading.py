"""A workbook of entries read row by row, however long: fields wait in a temporary database until their entry is taken."""

import json
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from chengshu.documents.errors import DocumentError
from chengshu.documents.limits import MIB, Limits
from chengshu.documents.tables import Table, TableRow, open_table
from chengshu.resources.contracts.catalogue import FieldContent
from chengshu.resources.errors import ResourceInvalid, TableUnreadable
from chengshu.resources.rules.tables import (
    ENTRIES_SHEET,
    ENTRY_COLUMNS,
    FIELD_COLUMNS,
    FIELDS_SHEET,
    SheetColumn,
    find_columns,
    read_field,
)

_HEADER_WITHIN = 20
_PIECE = 5_000
_LOOKED_AT = 2 * 1024 * 1024
"""Bytes up to which a workbook is opened while a person waits: to open one means to unpack it once."""
_LIMITS = Limits(expanded_bytes=4096 * MIB)
"""A million fields unpack to some 600 MB; they are read row by row, so that this asks for no memory."""


@dataclass(frozen=True, slots=True)
class SheetRow:
    """One row below the header: its sheet, its number there from 1, and its cells."""

    sheet: str
    number: int
    cells: tuple[str, ...]


@dataclass(slots=True)
class SpooledFields:
    """Rows of fields by the code of their entry; sqlite keeps them on disk once there are many."""

    spool: sqlite3.Connection
    columns: Mapping[int, SheetColumn] = field(default_factory=dict)

    def of_entry(self, code: str) -> list[tuple[SheetRow, FieldContent | ResourceInvalid]] | None:
        """Give an entry's fields in the order of the file, those that cannot be read with their fault; None for none."""
        found: list[tuple[SheetRow, FieldContent | ResourceInvalid]] = []
        for sheet, number, cells in self.spool.execute(
            "SELECT sheet, line, cells FROM field WHERE entry = ? ORDER BY at", (code,)
        ):
            row = SheetRow(sheet, number, tuple(json.loads(cells)))
            try:
                found.append((row, read_field(row.cells, self.columns)[1]))
            except ResourceInvalid as fault:
                found.append((row, fault))
        return found or None

    def list_codes(self) -> Iterator[str]:
        """Give the codes of entries that have fields, in the order of the file."""
        told = self.spool.execute("SELECT entry FROM field GROUP BY entry ORDER BY min(at)")
        return (code for (code,) in told)


@dataclass(frozen=True, slots=True)
class EntriesRead:
    """What a workbook says: rows of entries one by one, with about how many there are, and fields by entry."""

    columns: Mapping[int, SheetColumn]
    rows: Iterator[SheetRow]
    count: int
    fields: SpooledFields


def check_workbook(data: bytes, *, name: str) -> None:
    """Refuse what is no workbook of entries, by its first rows; a long one is looked at by the job alone.

    Raises:
        TableUnreadable: names the cure.
    """
    if len(data) > _LOOKED_AT:
        return
    try:
        table = open_table(name, data)
        _find_header(_entries_table(table, table.list_sheets()), name)
    except DocumentError as fault:
        raise TableUnreadable(fault.message, file=name) from fault


@contextmanager
def read_workbook(data: bytes, *, name: str) -> Iterator[EntriesRead]:
    """Open a workbook: a sheet 资源, and any number of sheets that begin with 信息项.

    Raises:
        TableUnreadable: it is no such workbook, or breaks off.
    """
    spool = sqlite3.connect("", isolation_level=None)
    try:
        table = open_table(name, data, limits=_LIMITS)
        sheets = table.list_sheets()
        entries = _entries_table(table, sheets)
        at, columns = _find_header(entries, name)
        fields = SpooledFields(spool)
        _spool_fields(table, sheets, fields)
        count = sum(1 for row in entries.rows() if row.line > at)
        rows = (SheetRow(entries.sheet or ENTRIES_SHEET, r.line, r.cells) for r in entries.rows() if r.line > at)
        yield EntriesRead(columns, rows, count, fields)
    except DocumentError as fault:
        raise TableUnreadable(fault.message, file=name) from fault
    finally:
        spool.close()


def _entries_table(table: Table, sheets: list[str]) -> Table:
    return table.of_sheet(ENTRIES_SHEET) if ENTRIES_SHEET in sheets else table


def _find_header(entries: Table, name: str) -> tuple[int, Mapping[int, SheetColumn]]:
    for seen, row in enumerate(entries.rows()):
        columns = find_columns(row.cells, ENTRY_COLUMNS)
        if columns is not None:
            return row.line, columns
        if seen >= _HEADER_WITHIN:
            break
    message = _("没有找到编目表：要有一张工作表“%(sheet)s”，表头里有“目录编码”和“资源名称”。")
    raise TableUnreadable(message % {"sheet": ENTRIES_SHEET}, file=name)


def _spool_fields(table: Table, sheets: list[str], fields: SpooledFields) -> None:
    """Put the rows of all sheets of fields aside; the header of the first tells what stands where in all."""
    fields.spool.execute(
        "CREATE TABLE field (at INTEGER PRIMARY KEY, entry TEXT, sheet TEXT, line INTEGER, cells TEXT)"
    )
    fields.spool.execute("BEGIN")
    for sheet in (name for name in sheets if name.startswith(FIELDS_SHEET)):
        columns: Mapping[int, SheetColumn] | None = None
        waiting: list[tuple[str, str, int, str]] = []
        for row in table.of_sheet(sheet).rows():
            if columns is None:
                columns = find_columns(row.cells, FIELD_COLUMNS)
                fields.columns = columns or fields.columns
                continue
            waiting.append((_code_of(row, columns), sheet, row.line, json.dumps(row.cells, ensure_ascii=False)))
            if len(waiting) >= _PIECE:
                _write(fields.spool, waiting)
                waiting = []
        _write(fields.spool, waiting)
    fields.spool.execute("COMMIT")
    fields.spool.execute("CREATE INDEX by_entry ON field (entry)")


def _write(spool: sqlite3.Connection, rows: list[tuple[str, str, int, str]]) -> None:
    spool.executemany("INSERT INTO field (entry, sheet, line, cells) VALUES (?, ?, ?, ?)", rows)


def _code_of(row: TableRow, columns: Mapping[int, SheetColumn]) -> str:
    at = next((at for at, column in columns.items() if column.place == "resource"), len(row.cells))
    return row.cells[at].strip() if at < len(row.cells) else ""
