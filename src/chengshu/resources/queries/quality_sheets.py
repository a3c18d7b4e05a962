"""更正表: the failing rows of an issue as a workbook that is filled in and handed in again."""

import json
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, BinaryIO

from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

from chengshu.resources.contracts.quality import RowFate
from chengshu.resources.errors import SheetRefused
from chengshu.resources.models import IssueRow, QualityIssue
from chengshu.resources.queries.quality_rules import list_key, rules_text
from chengshu.resources.rules.table_tests import is_of_table

SHEET, ROW_HEADER, CORRECTED, FOUND = "更正表", "问题行编号", "更正为", "现值"
RENAMED, WHOLE_ROW = "标识更正为", "整行"
CLEAR, DELETE = "（清空）", "删除"
"""Written into a correction, the first empties the cell; written for the whole row, the second takes it out."""
MOST_ROWS = 100_000


@dataclass(frozen=True, slots=True)
class SheetColumns:
    """The columns of an issue's workbook: codes of the key, of what the rule looks at, and of what may be corrected."""

    key: tuple[str, ...]
    shown: tuple[str, ...]
    names: Mapping[str, str]

    @property
    def correctable(self) -> tuple[str, ...]:
        """Columns that may be corrected as they are; those of the key have columns of their own, for a row is known by it."""
        return tuple(column for column in self.shown if column not in self.key)

    def headers(self) -> list[str]:
        """Give the header; found and corrected values name their column by its code in brackets."""
        return [
            ROW_HEADER,
            *(f"{self.names.get(code, code)}（{code}）" for code in self.key),
            *(f"{FOUND}：{self.names.get(code, code)}（{code}）" for code in self.shown),
            *self.filled_headers(),
            _("规则"),
            _("怎么办"),
        ]

    def filled_headers(self) -> list[str]:
        """Give the headers of the columns that people fill in."""
        corrected = map(self.correction_header, self.correctable)
        return [*corrected, *map(self.renaming_header, self.key), WHOLE_ROW]

    def correction_header(self, code: str) -> str:
        """Give the header of a column that is to be filled in."""
        return f"{CORRECTED}：{self.names.get(code, code)}（{code}）"

    def renaming_header(self, code: str) -> str:
        """Give the header of a column of the key that is filled in where the key itself is wrong."""
        return f"{RENAMED}：{self.names.get(code, code)}（{code}）"


def columns_of(issue: QualityIssue) -> SheetColumns:
    """Give the columns of an issue's workbook."""
    from chengshu.resources.pipelines.quality import columns_asked  # noqa: PLC0415 - heavy: imported where it runs

    names = dict(issue.resource.fields.values_list("code", "name"))
    shown = columns_asked(rules_text(issue.resource, [issue.rule]))
    return SheetColumns(tuple(list_key(issue.resource)), shown, names)


def write_sheet(issue: QualityIssue, *, most: int = MOST_ROWS) -> BinaryIO:
    """Write the rows of an issue that are owed, the first `most` of them; texts stay texts, whatever they begin with.

    What does not fit comes with the next sheet, when these rows are mended.

    Raises:
        SheetRefused: nothing is owed.
    """
    refuse_tables(issue)
    rows = IssueRow.objects.filter(issue=issue, fate=RowFate.OWED).order_by("pk")[:most]
    if not issue.rows_owed:
        raise SheetRefused(_("没有待整改的行。"))
    columns = columns_of(issue)
    book = Workbook(write_only=True)
    sheet = book.create_sheet(SHEET)
    sheet.freeze_panes = "B2"
    sheet.append([_cell(sheet, header) for header in columns.headers()])
    told = [issue.rule.name, name_cure(columns)]
    for row in rows.iterator(2000):
        values = read_values(row, columns.shown)
        empty = [""] * (len(columns.correctable) + len(columns.key) + 1)
        cells = [str(row.pk), *(cell or "" for cell in row.key), *values, *empty, *told]
        sheet.append([_cell(sheet, text) for text in cells])
    file = tempfile.TemporaryFile()  # noqa: SIM115 - the response closes it
    book.save(file)
    file.seek(0)
    return file


def refuse_tables(issue: QualityIssue) -> None:
    """Refuse a sheet for an issue that is owed for the table as a whole.

    Raises:
        SheetRefused: there are no rows to correct.
    """
    if is_of_table(issue.rule.definition):
        raise SheetRefused(
            _("这个问题是整张表的，没有可以逐行更正的行：请重新交付数据，检查通过后自动办结。"), issue=issue.pk
        )


def read_values(row: IssueRow, shown: Sequence[str]) -> list[str]:
    """Give the failing cells of a row, as many as columns are shown; of several columns they stand as JSON."""
    if len(shown) <= 1:
        return [row.value] * len(shown)
    try:
        values = json.loads(row.value, strict=False)
    except ValueError:  # a long value was cut
        values = [row.value]
    given = ["" if value is None else str(value) for value in values]
    return (given + [""] * len(shown))[: len(shown)]


def name_cure(columns: SheetColumns) -> str:
    """Say what is to be done with a row."""
    told = {"clear": CLEAR, "delete": DELETE}
    if not columns.correctable:
        return _("在“标识更正为”一栏填写正确的标识后交回；这一行本不该有的，在“整行”一栏填“%(delete)s”。") % told
    return (
        _(
            "在“更正为”一栏填写正确的值后交回；要清空请填“%(clear)s”；标识本身错了填“标识更正为”；"
            "这一行本不该有的，在“整行”一栏填“%(delete)s”。认为规则不对时请提出异议。"
        )
        % told
    )


def _cell(sheet: Any, text: str) -> Any:
    cell = WriteOnlyCell(sheet, value=ILLEGAL_CHARACTERS_RE.sub("", text))
    cell.data_type = "s"
    return cell
