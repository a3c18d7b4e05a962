"""Files as clumsy hands and programs make them: nothing is taken for what it is not, and nothing goes unseen."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pyarrow as pa
import pytest

from chengshu.dataplane.errors import SourceUnreadable
from chengshu.dataplane.sources.contracts import Refused
from chengshu.dataplane.sources.files import open_file

SCHEMA = pa.schema([pa.field("编号", pa.string()), pa.field("姓名", pa.string()), pa.field("金额", pa.int64())])
HEADER = "编号,姓名,金额\n"


def _read(path: Path) -> tuple[list[tuple[Any, ...]], list[Refused]]:
    folder = path.parent / "work"
    folder.mkdir(exist_ok=True)
    with open_file(path, SCHEMA, folder=folder) as intake:
        rows = [tuple(row.values()) for row in intake.reader().read_all().to_pylist()]
        return rows, list(intake.list_refused())


def _file(folder: Path, content: bytes, name: str = "a.csv") -> Path:
    (folder / name).write_bytes(content)
    return folder / name


def _book(folder: Path, fill: Callable[[Any, Any], object]) -> Path:
    book = openpyxl.Workbook()
    sheet: Any = book.worksheets[0]
    sheet.append(HEADER.strip().split(","))
    fill(book, sheet)
    book.save(folder / "a.xlsx")
    return folder / "a.xlsx"


class TestEncodings:
    def test_lines_of_utf8_in_a_file_of_gb18030_are_refused_and_shown_as_they_were_meant(self, tmp_path: Path) -> None:
        content = (
            f"{HEADER}1,张三,1\n".encode("gb18030")
            + "2,李四,2\n3,欧阳修文,3\n".encode()
            + "4,王五,4\n".encode("gb18030")
        )
        rows, refused = _read(_file(tmp_path, content))
        assert [row[1] for row in rows] == ["张三", "王五"]
        assert [(one.row, one.column) for one in refused] == [(3, "姓名"), (4, "姓名")]
        assert "李四" in refused[0].raw

    def test_a_file_that_begins_in_utf8_is_read_as_such_though_lines_of_gb18030_follow(self, tmp_path: Path) -> None:
        content = f"{HEADER}1,张三,1\n".encode() + "2,李四,2\n".encode("gb18030") + "3,王五,3\n".encode()
        rows, refused = _read(_file(tmp_path, content))
        assert ([row[1] for row in rows], [one.row for one in refused]) == (["张三", "王五"], [3])

    def test_utf32_with_its_mark_is_read(self, tmp_path: Path) -> None:
        assert _read(_file(tmp_path, f"{HEADER}1,张三,1\n".encode("utf-32"))) == ([("1", "张三", 1)], [])

    def test_a_zero_byte_anywhere_is_told_with_its_line(self, tmp_path: Path) -> None:
        content = (HEADER + "1,张三,1\n" * 400_000).encode() + b"2,\0,1\n"
        with pytest.raises(SourceUnreadable, match="第 400002 行有值为零的字节"):
            _read(_file(tmp_path, content))

    def test_a_mark_alone_is_no_header(self, tmp_path: Path) -> None:
        with pytest.raises(SourceUnreadable, match="没有表头"):
            _read(_file(tmp_path, b"\xef\xbb\xbf"))


class TestSheets:
    def test_cells_merged_into_others_are_refused_with_their_rows(self, tmp_path: Path) -> None:
        def fill(_book: Any, sheet: Any) -> None:
            for number in (1, 2, 3, 4):
                sheet.append([str(number), "张三" if number == 1 else None, number])
            sheet.merge_cells("B2:B4")

        rows, refused = _read(_book(tmp_path, fill))
        assert rows == [("1", "张三", 1), ("4", None, 4)]
        assert [(one.row, one.column) for one in refused] == [(3, "姓名"), (4, "姓名")]
        assert "取消合并" in refused[0].reason

    def test_a_hidden_sheet_is_not_the_first(self, tmp_path: Path) -> None:
        def fill(book: Any, sheet: Any) -> None:
            sheet.append(["1", "张三", 1])
            old = book.create_sheet("旧", 0)
            old.append(["编号", "姓名", "金额"])
            old.append(["9", "旧数据", 9])
            old.sheet_state = "hidden"

        assert _read(_book(tmp_path, fill)) == ([("1", "张三", 1)], [])

    def test_another_sheet_with_the_same_header_is_not_left_out_silently(self, tmp_path: Path) -> None:
        def fill(book: Any, _sheet: Any) -> None:
            book.create_sheet("说明").append(["填表说明"])
            book.create_sheet("二月").append(["编号", "姓名", "金额"])

        with pytest.raises(SourceUnreadable, match="“二月”表头相同"):
            _read(_book(tmp_path, fill))

    def test_errors_of_formulas_and_numbers_that_lost_digits_are_refused(self, tmp_path: Path) -> None:
        def fill(_book: Any, sheet: Any) -> None:
            for row in (["1", "#N/A", 1], [3.10115197001011e17, "张三", 1], [4, "李四", 1]):
                sheet.append(row)

        rows, refused = _read(_book(tmp_path, fill))
        assert rows == [("4", "李四", 1)]
        assert [(one.row, one.column) for one in refused] == [(2, "姓名"), (3, "编号")]

    def test_one_cell_in_the_farthest_corner_costs_no_time(self, tmp_path: Path) -> None:
        def fill(_book: Any, sheet: Any) -> None:
            sheet.append(["1", "张三", 1])
            sheet["XFD1048576"] = "x"

        rows, refused = _read(_book(tmp_path, fill))
        assert (rows, [one.row for one in refused]) == ([("1", "张三", 1)], [1_048_576])


class TestJson:
    @pytest.mark.parametrize(
        ("line", "column", "reason"),
        [
            ('{"编号": "1", "姓名": "甲", "姓名": "乙"}', "姓名", "写了两次"),
            ('{"编号": "1", "姓名": {"姓": 1, "姓": 2}}', "姓名", "写了两次"),
            ('{"编号": "1", "姓名": "\\ud800"}', "姓名", "不成字"),
            ('{"编号": ' + "[" * 100_000, "", "嵌套太深"),
        ],
        ids=["twice", "twice within", "half a sign", "deep"],
    )
    def test_an_object_that_says_no_one_thing_is_refused(
        self, tmp_path: Path, line: str, column: str, reason: str
    ) -> None:
        good = '{"编号": "2", "姓名": "丙", "金额": 3}'
        rows, refused = _read(_file(tmp_path, f"{line}\n{good}\n".encode(), "a.jsonl"))
        assert rows == [("2", "丙", 3)]
        assert [(one.row, one.column) for one in refused] == [(1, column)]
        assert reason in refused[0].reason

    def test_what_lies_within_a_value_keeps_its_digits_and_types(self, tmp_path: Path) -> None:
        rows, _refused = _read(
            _file(tmp_path, '[{"编号": "1", "姓名": {"a": 1.50, "b": [1, "1", null]}, "金额": 1}]'.encode(), "a.json")
        )
        assert rows == [("1", '{"a": 1.50, "b": [1, "1", null]}', 1)]

    def test_an_array_nested_too_deep_is_told(self, tmp_path: Path) -> None:
        with pytest.raises(SourceUnreadable, match="嵌套太深"):
            _read(_file(tmp_path, b"[" * 100_000, "a.json"))
