"""Long tables row by row."""

import datetime as dt
import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from chengshu.documents.errors import DocumentCorrupt, DocumentEmpty, EncodingUnknown, FormulaUncomputed, UnknownFormat
from chengshu.documents.tables import open_table

_ROWS = (("项目编码", "金额(元)"), ("P-1", "1,200.50"), ("P-2", "3"))


def _csv(encoding: str, delimiter: str = ",") -> bytes:
    quoted = "\r\n".join(delimiter.join(f'"{cell}"' if "," in cell else cell for cell in row) for row in _ROWS)
    return quoted.encode(encoding)


def _xlsx(*rows: tuple[object, ...]) -> bytes:
    book = Workbook()
    for row in rows:
        book.worksheets[0].append(list(row))
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def _texts(name: str, data: bytes) -> list[tuple[str, ...]]:
    return [row.cells for row in open_table(name, data).rows()]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_reads_the_encodings_that_offices_write(encoding: str) -> None:
    assert _texts("支付.csv", _csv(encoding)) == list(_ROWS)


@pytest.mark.parametrize("delimiter", [";", "\t"])
def test_reads_other_separators(delimiter: str) -> None:
    assert _texts("支付.csv", _csv("utf-8", delimiter)) == list(_ROWS)


def test_reads_text_that_turns_chinese_late_in_a_long_file() -> None:
    head = b"code,amount\r\n" + b"P-1,1\r\n" * 200_000
    rows = open_table("支付.csv", head + "支付末,2".encode("gb18030")).rows()
    assert [row.cells for row in rows][-1] == ("支付末", "2")


def test_writes_the_values_of_a_sheet_as_people_type_them() -> None:
    data = _xlsx(("凭证", "日期", "金额"), (20240001, dt.datetime(2024, 3, 15), 0.1 + 0.2), (1.0, "15", None))  # noqa: DTZ001 - a sheet's dates have no zone
    assert _texts("支付.xlsx", data)[1:] == [("20240001", "2024-03-15", "0.3"), ("1", "15", "")]


def test_a_formula_without_a_result_is_named_when_its_row_comes() -> None:
    rows = open_table("支付.xlsx", _xlsx(("凭证", "金额"), ("1", 2), ("2", "=B2*2"))).rows()
    assert [next(rows).line, next(rows).line] == [1, 2]
    with pytest.raises(FormulaUncomputed, match="Sheet!B3是没有计算结果的公式"):
        next(rows)


def test_keeps_the_line_of_each_row_when_blank_ones_stand_between() -> None:
    data = _xlsx(("甲",), (None,), ("乙",))
    assert [row.line for row in open_table("表.xlsx", data).rows()] == [1, 3]


_CELLS = st.one_of(
    st.none(),
    st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Cn", "Co")), max_size=5).filter(
        lambda text: not text.startswith("=")
    ),
    st.integers(-(10**9), 10**9),
    st.datetimes(dt.datetime(1990, 1, 1), dt.datetime(2040, 1, 1)).map(lambda moment: moment.replace(microsecond=0)),  # noqa: DTZ001 - a sheet's moments have no zone
    st.booleans(),
)


@given(rows=st.lists(st.lists(_CELLS, max_size=4), min_size=1, max_size=5), streamed=st.booleans())
def test_gives_what_openpyxl_gives_however_the_workbook_was_written(
    *, rows: list[list[object]], streamed: bool
) -> None:
    book = Workbook(write_only=streamed)
    sheet = book.create_sheet("甲") if streamed else book.worksheets[0]
    for row in rows:
        sheet.append(row)
    stream = io.BytesIO()
    book.save(stream)
    told = {row.line: [cell for cell in row.cells if cell] for row in open_table("表.xlsx", stream.getvalue()).rows()}
    expected = {}
    for line, values in enumerate(load_workbook(stream).worksheets[0].iter_rows(values_only=True), start=1):
        texts = [_say(value) for value in values]
        if any(texts):
            expected[line] = [text for text in texts if text]
    assert told == expected


def _say(value: object) -> str:
    if isinstance(value, dt.datetime):
        return value.date().isoformat() if value.time() == dt.time() else value.isoformat(" ")
    return "" if value is None else str(value).strip()


def _sheet(inside: str) -> bytes:
    """Give a workbook whose only sheet says exactly this, with two texts that are shared."""
    data, stream = _xlsx(("甲",)), io.BytesIO()
    shared = "<si><r><t>低保</t></r><r><t>对象</t></r><rPh sb='0' eb='1'><t>dībǎo</t></rPh></si><si><t>姓名</t></si>"
    space = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
    part = f'<Override PartName="/xl/sharedStrings.xml" ContentType="{kind}"/></Types>'
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(stream, "w") as target:
        for name in source.namelist():
            text = source.read(name)
            if name.endswith("sheet1.xml"):
                text = f"<worksheet {space}>{inside}</worksheet>".encode()
            target.writestr(name, text.replace(b"</Types>", part.encode()))
        target.writestr("xl/sharedStrings.xml", f"<sst {space}>{shared}</sst>")
    return stream.getvalue()


def test_reads_runs_without_what_tells_their_sound_and_cells_without_a_place() -> None:
    cells = '<c t="s"><v>0</v></c><c r="C1" t="s"><v>1</v></c><c t="inlineStr"><is><r><t>民</t></r><r><t>政</t></r></is></c>'
    data = _sheet(f'<sheetData><row><!-- 注 -->{cells}</row><row r="4"><c r="A4"><v>7</v></c></row></sheetData>')
    rows = list(open_table("表.xlsx", data).rows())
    assert [(row.line, row.cells) for row in rows] == [(1, ("低保对象", "", "姓名", "民政")), (4, ("7",))]


def test_fills_rows_up_to_the_width_that_the_sheet_says_and_believes_no_more_of_it() -> None:
    row = '<sheetData><row r="1"><c r="B1"><v>7</v></c></row></sheetData>'
    told = [
        list(open_table("表.xlsx", _sheet(f'<dimension ref="{ref}"/>{row}')).rows())
        for ref in ("A1", "A1:D9", "A1:XFD9")
    ]
    assert [len(rows[0].cells) for rows in told] == [2, 4, 200]
    assert {rows[0].cells[1] for rows in told} == {"7"}


def test_names_the_sheets_that_can_be_seen() -> None:
    book = Workbook()
    book.create_sheet("藏").sheet_state = "hidden"
    book.create_sheet("乙").append(["字"])
    stream = io.BytesIO()
    book.save(stream)
    table = open_table("表.xlsx", stream.getvalue())
    assert table.list_sheets() == ["Sheet", "乙"]
    assert [row.cells for row in table.of_sheet("乙").rows()] == [("字",)]


@pytest.mark.parametrize(
    ("name", "data", "fault"),
    [
        ("a.csv", b" \r\n", DocumentEmpty),
        ("a.csv", b"\x81\x20\xff\xfe,\x80\r\n" * 50, EncodingUnknown),
        ("a.xlsx", b"PK\x03\x04broken", DocumentCorrupt),
        ("a.pdf", b"%PDF-1.7\n", UnknownFormat),
        ("a.exe", b"MZ\x00\x00\x01", UnknownFormat),
    ],
)
def test_names_what_is_no_table(name: str, data: bytes, fault: type[Exception]) -> None:
    with pytest.raises(fault):
        list(open_table(name, data).rows())


def test_tells_a_workbook_that_breaks_off() -> None:
    data = _xlsx(*((f"P-{n}", n) for n in range(2000)))
    with pytest.raises(DocumentCorrupt):
        list(open_table("a.xlsx", data[: len(data) // 2]).rows())
