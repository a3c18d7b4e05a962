"""Long tables row by row."""

import datetime as dt
import io

import pytest
from openpyxl import Workbook

from chengshu.documents.errors import DocumentCorrupt, DocumentEmpty, EncodingUnknown, UnknownFormat
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


def test_keeps_the_line_of_each_row_when_blank_ones_stand_between() -> None:
    data = _xlsx(("甲",), (None,), ("乙",))
    assert [row.line for row in open_table("表.xlsx", data).rows()] == [1, 3]


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
