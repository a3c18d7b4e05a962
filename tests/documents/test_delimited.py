"""CSV: exact columns, whatever the delimiter; quoted cells may hold line breaks."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chengshu.documents.contracts import Layout
from chengshu.documents.reading import read_document


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_the_delimiter_is_found(delimiter: str) -> None:
    text = "\n".join(delimiter.join(row) for row in (["指标", "得分"], ["次数", "20"]))
    rows = read_document("a.csv", text.encode()).rows
    assert [[cell.text for cell in row.cells] for row in rows] == [["指标", "得分"], ["次数", "20"]]
    assert {row.layout for row in rows} == {Layout.GRID}


def test_quoted_cells_keep_breaks_and_lines_stay_true() -> None:
    rows = read_document("a.csv", '题,\r\n"一\r\n二","a,b"\r\n,\r\n"说""是""",3'.encode()).rows
    assert [[cell.text for cell in row.cells] for row in rows] == [["题", ""], ["一\r\n二", "a,b"], ['说"是"', "3"]]
    assert [row.line for row in rows] == [1, 2, 5]


def test_commas_within_figures_do_not_mislead() -> None:
    text = '"总额";"1,234,567.00"\n"其他";"2,000.00"\n'
    rows = read_document("a.csv", text.encode()).rows
    assert [[cell.text for cell in row.cells] for row in rows] == [["总额", "1,234,567.00"], ["其他", "2,000.00"]]


@given(st.lists(st.lists(st.text(st.sampled_from("绩效1,;\"'\n|")).map(str.strip), min_size=3, max_size=3), min_size=2))
def test_written_records_are_read_back(records: list[list[str]]) -> None:
    buffer = io.StringIO()
    csv.writer(buffer, quoting=csv.QUOTE_ALL).writerows([["头", "中", "尾"], *records])
    rows = read_document("a.csv", buffer.getvalue().encode()).rows
    kept = [record for record in records if any(record)]
    assert [[cell.text for cell in row.cells] for row in rows] == [["头", "中", "尾"], *kept]
