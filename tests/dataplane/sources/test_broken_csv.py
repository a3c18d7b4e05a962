"""CSV that is not in order: what can be read is taken, the rest is refused line by line, and nothing goes missing."""

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chengshu.dataplane.sources.cutting import Piece, cut_file
from chengshu.dataplane.sources.dialects import Dialect
from chengshu.dataplane.sources.files import inspect_file, open_file
from chengshu.dataplane.sources.pieces import CsvReader
from chengshu.dataplane.sources.sessions import open_session

SCHEMA = pa.schema([pa.field("编号", pa.string()), pa.field("说明", pa.string())])
LONG = "长" * 4_000
Told = tuple[int, str]


def _read(folder: Path, content: str | bytes) -> tuple[list[tuple[str | None, str | None]], list[Told]]:
    path = folder / "a.csv"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    assert not inspect_file(path, SCHEMA, folder=folder)
    with open_file(path, SCHEMA, folder=folder) as intake:
        rows = [tuple(row.values()) for batch in intake.batches() for row in batch.to_pylist()]
        refused = [(row.row, row.reason) for row in intake.list_refused()]
        assert intake.sent == len(rows) + len(refused)
    return rows, refused


@pytest.mark.parametrize("end", ["", "\n"])
def test_a_quote_that_never_ends_makes_one_line_a_broken_one(tmp_path: Path, end: str) -> None:
    rows, refused = _read(tmp_path, '编号,说明\n1,甲\n2,"乙\n3,丙\n4,丁' + end)
    assert rows == [("1", "甲"), ("3", "丙"), ("4", "丁")]
    assert refused == [(3, "引号没有成对")]


def test_a_quote_that_ends_in_another_record_breaks_no_other_than_its_own(tmp_path: Path) -> None:
    rows, refused = _read(tmp_path, '编号,说明\n1,"甲\n2,乙\n3,"丙"\n4,丁\n')
    assert rows == [("2", "乙"), ("3", "丙"), ("4", "丁")]
    assert refused == [(2, "引号没有成对")]


def test_quoted_texts_of_several_lines_are_one_record(tmp_path: Path) -> None:
    rows, refused = _read(tmp_path, '编号,说明\n1,"甲\n乙"\n2,"丙,\r\n""丁"""\n3\n4,戊\n')
    assert rows == [("1", "甲\n乙"), ("2", '丙,\r\n"丁"'), ("4", "戊")]
    assert refused == [(4, "列数少于表头")]


@pytest.mark.parametrize(
    "text", ["编号,说明\r\n1,甲\n2,乙\r\n3,丙\n", "编号,说明\n1,甲\r\n2,乙\n3,丙", "编号,说明\r1,甲\r2,乙\r3,丙\r"]
)
def test_lines_may_end_in_any_way(tmp_path: Path, text: str) -> None:
    assert _read(tmp_path, text) == ([("1", "甲"), ("2", "乙"), ("3", "丙")], [])


def test_blank_lines_are_no_records_but_count(tmp_path: Path) -> None:
    rows, refused = _read(tmp_path, "编号,说明\n\n1,甲\n\n\n2\n3,丙\n\n")
    assert (rows, refused) == ([("1", "甲"), ("3", "丙")], [(6, "列数少于表头")])


def test_a_long_broken_record_in_chinese_breaks_nothing_else(tmp_path: Path) -> None:
    rows, refused = _read(tmp_path, f"编号,说明\n1,甲\n2,a{LONG},多,余\n3,aa{LONG},多,余\n4,{LONG}\n")
    assert (rows, refused) == ([("1", "甲"), ("4", LONG)], [(3, "列数多于表头"), (4, "列数多于表头")])


def test_a_line_longer_than_any_record_is_passed_over(tmp_path: Path) -> None:
    rows, refused = _read(tmp_path, f'编号,说明\n1,"甲\n乙"\n3,{"x" * 5_000_000}\n4,丁\n5,"戊\n')
    assert rows == [("1", "甲\n乙"), ("4", "丁")]
    assert refused == [(3, "这一行过长（超过 2 MB）"), (5, "引号没有成对")]


def test_bytes_that_are_no_characters_break_their_record_only(tmp_path: Path) -> None:
    content = '编号,说明\n1,甲\n2,"乙\n乙"\n'.encode() + b"3,\xff\xfe\n4,ok\n"
    rows, refused = _read(tmp_path, content)
    assert (rows, refused) == ([("1", "甲"), ("2", "乙\n乙"), ("4", "ok")], [(4, "有无法解码的字节")])


TEXTS = st.lists(st.sampled_from(["甲", "a", ",", '"', " ", "\n", "\r\n"]), max_size=60).map("".join)


@given(TEXTS, st.integers(2, 60))
def test_quick_and_careful_reading_tell_the_same(text: str, size: int) -> None:
    """Where DuckDB is believed, it read what Python's csv module reads."""

    def read(*, in_pieces: bool) -> tuple[list[Any], list[Told]]:
        with TemporaryDirectory() as name, open_session(Path(name)) as connection:
            path = Path(name) / "a.csv"
            path.write_text(f"编号,说明\n{text}", encoding="utf-8", newline="")
            reader = CsvReader(connection, Dialect(",", '"', ("编号", "说明")), SCHEMA, "a.csv")
            pieces = cut_file(path, Path(name), quote='"', size=size) if in_pieces else iter([Piece(path, 0, 0)])
            rows = [row for batch in reader.batches(pieces) for row in batch.to_pylist()]
            return (
                [(row["_row"], _trimmed(row["编号"]), _trimmed(row["说明"])) for row in rows],
                [(row.row, row.reason) for row in reader.list_broken()],
            )

    assert read(in_pieces=True) == read(in_pieces=False)


def _trimmed(text: str | None) -> str | None:
    """DuckDB passes over blanks around quotes, Python's csv module does not: both are left to themselves."""
    return text and text.strip()
