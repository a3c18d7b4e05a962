"""XLSX and XLSM by openpyxl's own sheet parser: every visible sheet is a table, with the text that a person sees."""

import io
import re
import warnings
from typing import Any

from openpyxl.packaging.relationship import Relationship
from openpyxl.reader.excel import ExcelReader
from openpyxl.styles.stylesheet import apply_stylesheet
from openpyxl.utils import get_column_letter
from openpyxl.worksheet._reader import WorkSheetParser
from openpyxl.worksheet.cell_range import CellRange
from openpyxl.xml.constants import SHEET_MAIN_NS

from chengshu.documents.contracts import Place
from chengshu.documents.formats.number_formats import CHINESE_DATES, Renderer
from chengshu.documents.grids import Spot
from chengshu.documents.packages import open_package
from chengshu.documents.sheets import is_uncomputed
from chengshu.documents.transcript import Source, Transcript

_FORMULA = f"{{{SHEET_MAIN_NS}}}f"
_NAMED_IN_WARNING = 5
# A target such as =86套 or =100% that a program wrote as a formula: it names no cell, no function and no operation.
_PLAIN_TEXT = re.compile(r"[^A-Za-z+*/^&!:$-]+")

Texts = dict[int, dict[int, str]]  # row → column → text, both as the sheet counts them, blanks left out


def transcribe(source: Source, transcript: Transcript) -> None:
    """Give each visible sheet as a table; `Place` holds the sheet and the cell ("B5"). Wholly blank rows are skipped.

    Numbers are plain digits with the decimals and the percent sign of their format, dates as their format shows them, formulas
    give the value computed when the file was last saved; one never computed is empty, with a warning, unless it is
    only a text with a sign of equality before it.
    """
    open_package(source).close()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # openpyxl warns of styles and extensions that do not matter here
        reader = _open_workbook(source, transcript)
        renderer = Renderer(reader.wb)
        for sheet, relation in reader.parser.find_sheets():
            if sheet.state != "visible":
                transcript.warn(f"工作表“{sheet.name}”已隐藏，未读取。")
            elif "worksheet" in relation.Type and relation.target in reader.valid_files:
                _transcribe_sheet(sheet.name, _Sheet(reader, relation), renderer, transcript)


def _open_workbook(source: Source, transcript: Transcript) -> ExcelReader:
    """The workbook without its sheets, its drawings and its links."""
    reader = ExcelReader(io.BytesIO(source.data), data_only=True, keep_links=False)
    reader.read_manifest()
    reader.read_strings()
    reader.read_workbook()
    try:
        apply_stylesheet(reader.archive, reader.wb)
    except (TypeError, ValueError, KeyError, IndexError):  # some programs write styles that openpyxl refuses
        transcript.warn("样式表损坏，数字按原值读取。")
    _note_chinese_dates(reader.wb)
    return reader


def _note_chinese_dates(book: Any) -> None:
    """Tell openpyxl's parser of the date formats that it takes for numbers."""
    styles = enumerate(book._cell_styles)  # noqa: SLF001 - the parser looks its date formats up here
    book._date_formats |= {index for index, style in styles if style.numFmtId in CHINESE_DATES}  # noqa: SLF001 - the same


class _Sheet(WorkSheetParser):
    """openpyxl's parser of one sheet, which here also notes formulas without a computed value."""

    def __init__(self, reader: ExcelReader, relation: Relationship) -> None:
        book: Any = reader.wb
        super().__init__(
            reader.archive.open(relation.target),
            reader.shared_strings,
            data_only=True,
            epoch=book.epoch,
            date_formats=book._date_formats,  # noqa: SLF001 - openpyxl's own reader passes them so
            timedelta_formats=book._timedelta_formats,  # noqa: SLF001 - the same
        )
        self.uncomputed: list[str] = []

    def parse_cell(self, element: Any) -> dict[str, Any]:
        """Read one cell."""
        cell = super().parse_cell(element)
        if cell["value"] is None and is_uncomputed(element):
            formula = element.findtext(_FORMULA) or ""
            if _PLAIN_TEXT.fullmatch(formula):
                return {**cell, "value": f"={formula}"}
            self.uncomputed.append(f"{get_column_letter(cell['column'])}{cell['row']}")
        return cell


def _transcribe_sheet(name: str, sheet: _Sheet, renderer: Renderer, transcript: Transcript) -> None:
    texts = _read_texts(sheet, renderer, transcript)
    if sheet.uncomputed:
        transcript.warn(_describe_uncomputed(name, sheet.uncomputed))
        transcript.uncomputed += [Place(sheet=name, ref=ref) for ref in sheet.uncomputed]
    if not texts:
        return
    merges = _clip_merges(sheet, last_row=max(texts), last_column=max(max(row) for row in texts.values()))
    kept_rows = sorted({*texts, *(row for merge in merges for row in range(merge.min_row, merge.max_row + 1))})
    index_of = {row: index for index, row in enumerate(kept_rows)}
    spans = {(merge.min_row, merge.min_col): (merge.size["rows"], merge.size["columns"]) for merge in merges}

    def locate(row: int, column: int) -> Place:
        return Place(sheet=name, ref=f"{get_column_letter(column + 1)}{kept_rows[row]}")

    # Merged ranges first: what lies hidden under them must not be laid before them.
    corners = sorted(
        {*spans, *((row, column) for row in texts for column in texts[row])}, key=lambda at: at not in spans
    )
    spots = [
        Spot(
            index_of[row],
            column - 1,
            texts.get(row, {}).get(column, ""),
            locate(index_of[row], column - 1),
            *spans.get((row, column), (1, 1)),
        )
        for row, column in corners
    ]
    transcript.add_table(spots, table=transcript.open_table(), locate=locate)


def _read_texts(sheet: _Sheet, renderer: Renderer, transcript: Transcript) -> Texts:
    texts: Texts = {}
    cells = 0
    for row, parsed in sheet.parse():
        found = {cell["column"]: text for cell in parsed if (text := renderer.render(cell["value"], cell["style_id"]))}
        if found:
            texts[row] = found
            cells += len(found)
            transcript.refuse_beyond(len(texts), cells)
    return texts


def _clip_merges(sheet: _Sheet, *, last_row: int, last_column: int) -> list[CellRange]:
    """The merged ranges within the part of the sheet that holds text, cut off where the text ends."""
    merges = []
    for merge in sheet.merged_cells.mergeCell if sheet.merged_cells else ():
        if merge.min_row <= last_row and merge.min_col <= last_column:
            merge.shrink(
                right=max(merge.max_col - last_column, 0),
                bottom=max(merge.max_row - last_row, 0),
            )
            merges.append(merge)
    return merges


def _describe_uncomputed(name: str, refs: list[str]) -> str:
    listed = "、".join(refs[:_NAMED_IN_WARNING])
    others = f"等 {len(refs)} 处" if len(refs) > _NAMED_IN_WARNING else ""
    return f"工作表“{name}”单元格 {listed}{others}的公式没有保存计算结果，按空白读取；请用办公软件打开后另存。"
