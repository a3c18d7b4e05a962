"""XLSX: what a person sees, merged cells, and no trust in what a sheet claims."""

import datetime as dt
import io
import zipfile
from collections.abc import Callable
from typing import Any

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from chengshu.documents.contracts import Document, Media
from chengshu.documents.errors import DocumentCorrupt, DocumentTooLarge
from chengshu.documents.reading import Limits, read_document

Save = Callable[[Callable[[io.BytesIO], object]], bytes]


@pytest.fixture
def read_sheet(save: Save) -> Callable[[Callable[[Worksheet], None]], Document]:
    """The document of a workbook whose first sheet the test fills."""

    def read(fill: Callable[[Worksheet], None]) -> Document:
        book = openpyxl.Workbook()
        fill(book.worksheets[0])
        return read_document("表.xlsx", save(book.save))

    return read


ReadSheet = Callable[[Callable[[Worksheet], None]], Document]


@pytest.mark.parametrize(
    ("value", "number_format", "text"),
    [
        (104769000, "General", "104769000"),
        (104769000.0, "#,##0.00", "104769000.00"),
        (0.1 + 0.2, "General", "0.3"),
        (1234.5, "#,##0", "1234.5"),
        (2.675, "0.00", "2.68"),
        (0.99988, "0.00%", "99.99%"),
        (0.5, "0%", "50%"),
        (1, "0.00%;[Red]-0.00%", "100.00%"),
        (12, '"≥"0"次"', "≥12次"),
        (95.0, r"\≥0.0#\%", "≥95%"),
        (1234567, '0.00,"千元"', "1234.57千元"),
        (-5.5, "_ * #,##0.00_ ;_ * -#,##0.00_ ", "-5.50"),
        (1e-7, "General", "0.0000001"),
        (1e16, "General", "10000000000000000"),
        (3.5, "# ?/?", "3.5"),
        (dt.date(2021, 12, 31), "yyyy-mm-dd", "2021-12-31"),
        (dt.date(2021, 3, 5), 'yyyy"年"m"月"d"日";@', "2021年3月5日"),
        (dt.date(2021, 12, 31), '[$-804]yyyy"年"m"月";@', "2021年12月"),
        (dt.date(2021, 3, 5), "mm-dd-yy", "2021/3/5"),
        (dt.date(2021, 3, 5), "d-mmm-yy", "2021-03-05"),
        (dt.datetime(2021, 12, 31, 8, 30), "yyyy-mm-dd hh:mm", "2021-12-31 08:30:00"),  # noqa: DTZ001 - sheets know no zone
        (dt.timedelta(hours=49, minutes=5), "[h]:mm:ss", "49:05:00"),
        (True, "General", "TRUE"),
        (" ≤2 ", "@", "≤2"),
    ],
)
def test_values_read_as_a_person_sees_them(read_sheet: ReadSheet, value: Any, number_format: str, text: str) -> None:
    def fill(sheet: Worksheet) -> None:
        sheet["A1"] = value
        sheet["A1"].number_format = number_format

    assert read_sheet(fill).rows[0].cells[0].text == text


def test_dates_of_chinese_programs_are_no_serial_numbers(read_sheet: ReadSheet) -> None:
    """Their own formats have numbers that the standard leaves to the language."""

    def fill(sheet: Worksheet) -> None:
        sheet["A1"] = 44561
        sheet["A1"].number_format = "0"
        sheet["A1"]._style.numFmtId = 57  # noqa: SLF001 - openpyxl knows no name for it

    assert read_sheet(fill).rows[0].cells[0].text == "2021年12月"


def test_cells_name_their_sheet_and_place(read_sheet: ReadSheet) -> None:
    def fill(sheet: Worksheet) -> None:
        sheet.title = "自评表"
        sheet["B2"] = "甲"
        sheet["C9"] = "乙"

    document = read_sheet(fill)
    assert [
        (cell.place.sheet, cell.place.ref, cell.text) for row in document.rows for cell in row.cells if cell.text
    ] == [
        ("自评表", "B2", "甲"),
        ("自评表", "C9", "乙"),
    ]
    assert document.media is Media.XLSX


def test_merged_cells_that_run_over_blank_rows_keep_them(read_sheet: ReadSheet) -> None:
    def fill(sheet: Worksheet) -> None:
        sheet["A1"] = "竖"
        sheet.merge_cells("A1:A3")
        sheet["B3"] = "末"
        sheet["B7"] = "远"

    document = read_sheet(fill)
    assert [row.cells[0].place.ref for row in document.rows] == ["A1", "A2", "A3", "A7"]
    assert [(cell.row_span, cell.covered) for cell in (row.cells[0] for row in document.rows)] == [
        (3, False),
        (1, True),
        (1, True),
        (1, False),
    ]


def test_what_lies_hidden_under_a_merged_cell_is_not_read(save: Save) -> None:
    book = openpyxl.Workbook()
    book.worksheets[0].append(["上", "藏", "右"])
    packed = _replace_part(save(book.save), "xl/worksheets/sheet1.xml", b"</sheetData>", _MERGE_A1_B1)
    (row,) = read_document("a.xlsx", packed).rows
    assert [(cell.text, cell.col_span, cell.covered) for cell in row.cells] == [
        ("上", 2, False),
        ("", 1, True),
        ("右", 1, False),
    ]


_MERGE_A1_B1 = b'</sheetData><mergeCells count="1"><mergeCell ref="A1:B1"/></mergeCells>'


def _replace_part(package: bytes, part: str, old: bytes, new: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(package)) as source, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            content = source.read(name)
            target.writestr(name, content.replace(old, new) if name == part else content)
    return buffer.getvalue()


def test_a_formula_never_computed_is_empty_and_warned_of(read_sheet: ReadSheet) -> None:
    def fill(sheet: Worksheet) -> None:
        sheet.append(["合计", "=SUM(C1:C3)"])

    document = read_sheet(fill)
    assert [cell.text for cell in document.rows[0].cells] == ["合计"]
    assert "B1" in document.warnings[0]


def test_a_text_with_a_sign_of_equality_is_no_formula(read_sheet: ReadSheet) -> None:
    def fill(sheet: Worksheet) -> None:
        sheet.append(["=86套", "=100%", "=1+2"])

    document = read_sheet(fill)
    assert [cell.text for cell in document.rows[0].cells] == ["=86套", "=100%"]
    assert "C1" in document.warnings[0]


def test_a_computed_formula_gives_its_value(save: Save) -> None:
    book = openpyxl.Workbook()
    book.worksheets[0]["A1"] = "=1+1"
    packed = _replace_part(save(book.save), "xl/worksheets/sheet1.xml", b"<v></v>", b"<v>2</v>")
    packed = _replace_part(packed, "xl/worksheets/sheet1.xml", b"<v />", b"<v>2</v>")
    assert read_document("a.xlsx", packed).rows[0].cells[0].text == "2"


def test_hidden_sheets_are_passed_over_with_a_warning(save: Save) -> None:
    book = openpyxl.Workbook()
    book.worksheets[0]["A1"] = "见"
    hidden = book.create_sheet("底稿")
    hidden["A1"] = "不见"
    hidden.sheet_state = "hidden"
    document = read_document("a.xlsx", save(book.save))
    assert [row.cells[0].text for row in document.rows] == ["见"]
    assert "“底稿”" in document.warnings[0]


def test_every_sheet_is_a_table(save: Save) -> None:
    book = openpyxl.Workbook()
    book.worksheets[0]["A1"] = "一"
    book.create_sheet("二")["A1"] = "二"
    assert [row.table for row in read_document("a.xlsx", save(book.save)).rows] == [1, 2]


def test_a_sheet_that_claims_every_row_is_read_by_its_content(read_sheet: ReadSheet) -> None:
    def fill(sheet: Worksheet) -> None:
        sheet["A1"] = "甲"
        sheet["XFD1048576"].number_format = "0.00"
        sheet["A1048576"] = "乙"

    assert [row.cells[0].place.ref for row in read_sheet(fill).rows] == ["A1", "A1048576"]


def test_a_merged_cell_over_the_whole_sheet_is_cut_to_its_content(save: Save) -> None:
    book = openpyxl.Workbook()
    book.worksheets[0].append(["题", "右"])
    merge = _MERGE_A1_B1.replace(b"A1:B1", b"A1:XFD1048576")
    packed = _replace_part(save(book.save), "xl/worksheets/sheet1.xml", b"</sheetData>", merge)
    (row,) = read_document("a.xlsx", packed).rows
    assert (row.cells[0].text, row.cells[0].col_span, row.cells[0].row_span) == ("题", 2, 1)


def test_broken_styles_do_not_stop_the_reading(save: Save) -> None:
    book = openpyxl.Workbook()
    book.worksheets[0]["A1"] = 0.5
    packed = _replace_part(save(book.save), "xl/styles.xml", b"<fills", b"<fills><fill><oddFill/></fill></fills><fills")
    assert read_document("a.xlsx", packed).rows[0].cells[0].text == "0.5"


def test_entity_declarations_are_refused(save: Save) -> None:
    book = openpyxl.Workbook()
    book.worksheets[0]["A1"] = "甲"
    bomb = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]><worksheet'
    packed = _replace_part(save(book.save), "xl/worksheets/sheet1.xml", b"<worksheet", bomb)
    with pytest.raises(DocumentCorrupt, match=r"“a.xlsx”"):
        read_document("a.xlsx", packed)


def test_cells_beyond_the_limit_are_refused(save: Save) -> None:
    book = openpyxl.Workbook()
    for _ in range(30):
        book.worksheets[0].append(["甲"] * 10)
    with pytest.raises(DocumentTooLarge, match="200"):
        read_document("a.xlsx", save(book.save), limits=Limits(cells=200))


def test_a_workbook_that_unpacks_beyond_the_limit_is_refused(save: Save) -> None:
    book = openpyxl.Workbook()
    book.worksheets[0]["A1"] = "甲"
    with pytest.raises(DocumentTooLarge, match=r"“a.xlsx”"):
        read_document("a.xlsx", save(book.save), limits=Limits(expanded_bytes=1000))
