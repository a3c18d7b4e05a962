"""All refused rows of a delivery, in a file of their own: written once, read a page at a time, given out as a table.

Apart from the other queries because what it stands on is heavy to import. Memory is bounded by one group of rows.
"""

import csv
import tempfile
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO

import pyarrow as pa
import pyarrow.parquet as pq
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

from chengshu.dataplane.sources.contracts import Refused
from chengshu.kernel.files import facade as files
from chengshu.kernel.listing.facade import ListTooLong, guard_formula
from chengshu.resources.models import Delivery
from chengshu.resources.queries.refusals import say_refusal

GROUP_ROWS = 5_000
_GROUP_BYTES = 8 * 1024 * 1024
_SHEET_ROWS = 1_048_575
_LONGEST_CELL = 32_767
"""A spreadsheet takes so many signs in a cell."""
_SCHEMA = pa.schema(
    [("row", pa.int64()), ("column", pa.string()), ("reason", pa.string()), ("raw", pa.string())],
)


def write_refused(rows: Iterable[Refused], path: Path) -> int:
    """Write refused rows as Parquet, in their order; return how many."""
    count, found = 0, iter(rows)
    with pq.ParquetWriter(path, _SCHEMA, compression="zstd") as writer:
        while group := list(_take_group(found)):
            columns = [[getattr(row, name) for row in group] for name in _SCHEMA.names]
            writer.write_table(pa.table(columns, schema=_SCHEMA))
            count += len(group)
    return count


def read_refused(delivery: Delivery, *, first: int = 0, count: int | None = None) -> Iterator[Refused]:
    """Give refused rows from a place (from 0) on, all of them or so many; none where the delivery has no file of them.

    Raises:
        FileContentMissing, StoreUnreachable: the file cannot be read.
    """
    if delivery.refused_file is None:
        return
    with pq.ParquetFile(files.get_path(delivery.refused_file)) as file:
        yield from islice(_from(file, first), count)


def write_csv(delivery: Delivery, *, show: Callable[[str], str]) -> Iterator[bytes]:
    """Give all refused rows as CSV (UTF-8 with its mark), which no spreadsheet runs as formulas. Raises as above.

    `show` gives a row as it may be seen.
    """
    return _write_lines(delivery, show, _titles(), get_language())


def _write_lines(
    delivery: Delivery, show: Callable[[str], str], titles: list[str], language: str | None
) -> Iterator[bytes]:
    """Give the lines; they stream out after the answer, when its language is no longer active."""
    writer = csv.writer(_Echo())
    yield b"\xef\xbb\xbf"
    yield writer.writerow(titles).encode()
    for row in read_refused(delivery):
        with override(language):
            reason = say_refusal(row.reason)
        yield writer.writerow([row.row or "", *map(guard_formula, (row.column, reason, show(row.raw)))]).encode()


def write_workbook(delivery: Delivery, *, show: Callable[[str], str]) -> BinaryIO:
    """Give all refused rows as a workbook; texts stay texts. `show` as above, which also tells what is raised.

    Raises:
        ListTooLong: more rows than a sheet holds.
    """
    if delivery.refused > _SHEET_ROWS:
        message = _("共 %(rows)s 行，超过一张工作表的上限，请导出 CSV。")
        raise ListTooLong(message % {"rows": f"{delivery.refused:,}"}, count=delivery.refused)
    book = Workbook(write_only=True)
    sheet = book.create_sheet("隔离行")
    sheet.freeze_panes = "A2"
    sheet.append(_titles())
    for row in read_refused(delivery):
        sheet.append(
            [row.row or None, *(_cell(sheet, text) for text in (row.column, say_refusal(row.reason), show(row.raw)))]
        )
    file = tempfile.TemporaryFile()  # noqa: SIM115 - the response closes it
    book.save(file)
    file.seek(0)
    return file


class _Echo:
    """A file that gives back what is written, so that rows stream out one by one."""

    def write(self, text: str) -> str:
        return text


def _take_group(rows: Iterator[Refused]) -> Iterator[Refused]:
    """Take rows until there are enough of them, or of their bytes."""
    size = 0
    for row in islice(rows, GROUP_ROWS):
        yield row
        size += len(row.raw)
        if size > _GROUP_BYTES:
            return


def _from(file: pq.ParquetFile, first: int) -> Iterator[Refused]:
    """Give rows from a place on; groups before it are passed over unread."""
    for number in range(file.num_row_groups):
        held = file.metadata.row_group(number).num_rows
        if first < held:
            group: list[dict[str, Any]] = file.read_row_group(number).slice(first).to_pylist()
            yield from (Refused(row["row"], row["column"], row["raw"], row["reason"]) for row in group)
        first = max(0, first - held)


def _titles() -> list[str]:
    return [_("行号"), _("列"), _("原因"), _("原文")]


def _cell(sheet: Any, text: str) -> Any:
    cell = WriteOnlyCell(sheet, value=ILLEGAL_CHARACTERS_RE.sub("", text)[:_LONGEST_CELL])
    cell.data_type = "s"
    return cell
