"""Files of every kind are read as declared; what cannot be is refused with its place, its text and the reason."""

import json
import re
from collections.abc import Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chengshu.dataplane.errors import SourceUnreadable
from chengshu.dataplane.sources.contracts import Refused
from chengshu.dataplane.sources.files import inspect_file, open_file
from chengshu.dataplane.sources.intake import Intake

PERSONS = pa.schema(
    [
        pa.field("编号", pa.int64(), nullable=False),
        pa.field("姓名", pa.string()),
        pa.field("金额", pa.decimal128(18, 2)),
        pa.field("日期", pa.date32()),
        pa.field("时刻", pa.timestamp("us", tz="UTC")),
        pa.field("在册", pa.bool_()),
    ]
)
HEADER = "编号,姓名,金额,日期,时刻,在册"
GOOD = '1,"张,三",1.50,2024-01-05,2024-01-05 08:00:00,是'
TAKEN = {
    "编号": 1,
    "姓名": "张,三",
    "金额": Decimal("1.50"),
    "日期": date(2024, 1, 5),
    "时刻": datetime(2024, 1, 5, 0, 0, tzinfo=UTC),
    "在册": True,
}


def _read(path: Path, schema: pa.Schema = PERSONS) -> tuple[list[dict[str, Any]], list[Refused], Intake]:
    folder = path.parent / "work"
    folder.mkdir(exist_ok=True)
    with open_file(path, schema, folder=folder) as intake:
        rows = intake.reader().read_all().to_pylist()
        refused = list(intake.list_refused())
    assert (intake.taken, intake.refused) == (len(rows), len(refused))
    return rows, refused, intake


def _write(folder: Path, text: str, encoding: str = "utf-8", name: str = "人口.csv") -> Path:
    path = folder / name
    path.write_bytes(text.encode(encoding))
    return path


class TestCsv:
    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
    def test_is_read_in_the_usual_encodings(self, tmp_path: Path, encoding: str) -> None:
        rows, refused, _intake = _read(_write(tmp_path, f"{HEADER}\n{GOOD}\n", encoding))
        assert (rows, refused) == ([TAKEN], [])

    @pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
    def test_is_read_with_any_usual_delimiter(self, tmp_path: Path, delimiter: str) -> None:
        text = f"编号{delimiter}姓名\n1{delimiter}张三\n"
        rows, _refused, _intake = _read(_write(tmp_path, text), pa.schema([PERSONS.field(0), PERSONS.field(1)]))
        assert rows == [{"编号": 1, "姓名": "张三"}]

    def test_takes_single_quotes_where_no_double_ones_are(self, tmp_path: Path) -> None:
        rows, _refused, _intake = _read(
            _write(tmp_path, "编号,姓名\n1,'张,三'\n"), pa.schema([PERSONS.field(0), PERSONS.field(1)])
        )
        assert rows[0]["姓名"] == "张,三"

    @pytest.mark.parametrize(
        ("line", "column", "reason"),
        [
            ("x,李四,1,2024-01-01,,", "编号", "不是整数"),
            ("1.5,李四,1,2024-01-01,,", "编号", "不是整数"),
            ("1_000,李四,1,2024-01-01,,", "编号", "不是整数"),
            ("9999999999999999999,李四,1,2024-01-01,,", "编号", "不是整数"),
            (",李四,1,2024-01-01,,", "编号", "不能为空"),
            ("2,李四,1.005,2024-01-01,,", "金额", "不是最多 2 位小数的数"),
            ("2,李四,1e-3,2024-01-01,,", "金额", "不是最多 2 位小数的数"),
            ("2,李四,99999999999999999,2024-01-01,,", "金额", "不是最多 2 位小数的数"),
            ("2,李四,1,2024-02-30,,", "日期", "不是日期"),
            ("2,李四,1,2024-01-01 10:00:00,,", "日期", "不是日期"),
            ("2,李四,1,2024-01-01,25:00,", "时刻", "不是时刻"),
            ("2,李四,1,2024-01-01,,也许", "在册", "不是是或否"),
            ("2,李四,1", "", "列数少于表头"),
            ("2,李四,1,2024-01-01,,,多,了", "", "列数多于表头"),
            ('2,"李"四,1,2024-01-01,,', "", "引号没有成对"),
        ],
    )
    def test_refuses_a_row_with_its_place_text_and_reason(
        self, tmp_path: Path, line: str, column: str, reason: str
    ) -> None:
        rows, refused, _intake = _read(_write(tmp_path, f"{HEADER}\n{GOOD}\n{line}\n{GOOD}\n"))
        assert rows == [TAKEN, TAKEN]
        assert [(found.row, found.column, found.reason) for found in refused] == [(3, column, reason)]
        assert "李" in refused[0].raw

    @pytest.mark.parametrize(
        ("line", "column", "value"),
        [
            ("007,,,,,", "编号", 7),
            ("1,,1.500,,,", "金额", Decimal("1.50")),
            ("1,,,2024-1-5,,", "日期", date(2024, 1, 5)),
            ("1,,,20240105,,", "日期", date(2024, 1, 5)),
            ("1,,,2024年1月5日,,", "日期", date(2024, 1, 5)),
            ("1,,,2024-01-05 00:00:00,,", "日期", date(2024, 1, 5)),
            ("1,,,,2024-01-05T00:00:00Z,", "时刻", datetime(2024, 1, 5, tzinfo=UTC)),
            ("1,,,,,否", "在册", False),
        ],
    )
    def test_reads_what_people_write(self, tmp_path: Path, line: str, column: str, value: Any) -> None:
        rows, _refused, _intake = _read(_write(tmp_path, f"{HEADER}\n{line}\n"))
        assert rows[0][column] == value

    def test_numbers_rows_rightly_around_broken_ones(self, tmp_path: Path) -> None:
        lines = [GOOD, "broken", "x,,,,,", "broken,too", GOOD, "y,,,,,"]
        _rows, refused, _intake = _read(_write(tmp_path, "\n".join([HEADER, *lines]) + "\n"))
        assert sorted((found.row, found.column) for found in refused) == [(3, ""), (4, "编号"), (5, ""), (7, "编号")]

    def test_refuses_rows_whose_bytes_are_no_characters(self, tmp_path: Path) -> None:
        data = f"{HEADER}\n{GOOD}\n".encode("gb18030") + b"2,\xff\xff,,,,\n"
        path = tmp_path / "a.csv"
        path.write_bytes(data)
        rows, refused, _intake = _read(path)
        assert rows == [TAKEN]
        assert [(found.row, found.column) for found in refused] == [(3, "姓名")]

    @pytest.mark.parametrize("text", ["", "\n", "编号,编号\n1,2\n", "编号,\n1,2\n"])
    def test_without_a_usable_header_is_refused_whole(self, tmp_path: Path, text: str) -> None:
        with pytest.raises(SourceUnreadable):
            _read(_write(tmp_path, text))

    @settings(max_examples=25, deadline=None)
    @given(st.lists(st.tuples(st.integers(-(2**63), 2**63 - 1), st.text("甲乙丙,\"\n'|;x ", min_size=1)), min_size=1))
    def test_written_by_the_book_is_read_back(self, tmp_path_factory: Any, rows: list[tuple[int, str]]) -> None:
        folder = tmp_path_factory.mktemp("csv")
        quoted = [f'{number},"{text.replace(chr(34), chr(34) * 2)}"' for number, text in rows]
        path = _write(folder, "\n".join(["编号,姓名", *quoted]) + "\n")
        schema = pa.schema([PERSONS.field(0), PERSONS.field(1)])
        taken, refused, _intake = _read(path, schema)
        assert refused == []
        assert [(row["编号"], row["姓名"]) for row in taken] == rows


def write_book(path: Path, rows: Sequence[object], *, results: dict[str, tuple[str, str]] | None = None) -> None:
    """Write a workbook as programs do: formulas without results, but for those given here with type and value."""
    book = openpyxl.Workbook()
    sheet: Any = book.worksheets[0]
    for row in rows:
        sheet.append(row)
    book.save(path)
    with ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    text = parts["xl/worksheets/sheet1.xml"].decode()
    for formula, (kind, value) in (results or {}).items():
        text = re.sub(
            rf"<c r=\"(\w+)\"><f>{re.escape(formula[1:])}</f><v ?/?>(</v>)?",
            rf'<c r="\1" t="{kind}"><f>{formula[1:]}</f><v>{value}</v>',
            text,
        )
    parts["xl/worksheets/sheet1.xml"] = text.encode()
    with ZipFile(path, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)


class TestSheet:
    def test_is_read_with_the_numbers_of_its_rows(self, tmp_path: Path) -> None:
        path = tmp_path / "人口.xlsx"
        book = openpyxl.Workbook()
        sheet = book.worksheets[0]
        moment = datetime(2024, 1, 5, 8, 0)  # noqa: DTZ001 - cells know no zones
        for row in (
            HEADER.split(","),
            [1, "张,三", 1.5, date(2024, 1, 5), moment, True],
            [],
            ["x", "李四", 0.1 + 0.2, None, None, None],
            [2, "王五", 0.1 + 0.2, None, None, None],
            [3, "赵六", 1, None, None, None, "多"],
        ):
            sheet.append(row)
        book.save(path)
        rows, refused, _intake = _read(path)
        assert rows[0] == TAKEN
        assert rows[1]["金额"] == Decimal("0.30")
        assert [(found.row, found.column, found.reason) for found in refused] == [
            (4, "编号", "不是整数"),
            (6, "", "列数多于表头"),
        ]
        assert json.loads(refused[0].raw)["姓名"] == "李四"

    def test_a_formula_without_a_result_refuses_its_row(self, tmp_path: Path) -> None:
        path = tmp_path / "人口.xlsx"
        rows = [["编号", "姓名", "金额"], [1, "张三", 1.5], [2, "李四", "=C2*2"], [], ["=A2+2"], [4, "王五", 2]]
        write_book(path, rows)
        taken, refused, _intake = _read(path)
        assert [row["编号"] for row in taken] == [1, 4]
        assert [(found.row, found.column, found.reason) for found in refused] == [
            (3, "金额", "公式没有计算结果"),
            (5, "编号", "公式没有计算结果"),
        ]
        assert "李四" in refused[0].raw

    def test_a_formula_with_a_result_is_its_value_also_where_that_is_empty(self, tmp_path: Path) -> None:
        path = tmp_path / "人口.xlsx"
        write_book(
            path, [["编号", "姓名", "金额"], [1, "=1+1", "=2+2"]], results={"=1+1": ("str", ""), "=2+2": ("n", "4")}
        )
        taken, refused, _intake = _read(path)
        assert (taken[0]["姓名"], taken[0]["金额"], refused) == (None, Decimal(4), [])

    def test_a_formula_in_the_header_is_named(self, tmp_path: Path) -> None:
        write_book(tmp_path / "a.xlsx", [["编号", "=A1"], [1, 2]])
        with pytest.raises(SourceUnreadable, match="表头 B1 是没有计算结果的公式"):
            _read(tmp_path / "a.xlsx")

    def test_that_is_none_is_refused(self, tmp_path: Path) -> None:
        with pytest.raises(SourceUnreadable, match="XLSX"):
            _read(_write(tmp_path, "no workbook", name="a.xlsx"))


class TestJson:
    @pytest.mark.parametrize("name", ["a.json", "a.jsonl"])
    def test_keeps_every_digit(self, tmp_path: Path, name: str) -> None:
        record = (
            '{"编号": 1, "姓名": "张,三", "金额": 90071992547409.93, "日期": "2024-01-05", "时刻": null, "在册": true}'
        )
        rows, refused, _intake = _read(_write(tmp_path, f"[{record}]" if name == "a.json" else record, name=name))
        assert (rows[0]["金额"], rows[0]["在册"], refused) == (Decimal("90071992547409.93"), True, [])

    def test_lines_that_are_no_objects_are_refused(self, tmp_path: Path) -> None:
        rows, refused, _intake = _read(_write(tmp_path, '{"编号": 1}\n{"编号": \n[1]\n{"编号": "x"}\n', name="a.jsonl"))
        assert len(rows) == 1
        assert sorted((found.row, found.reason) for found in refused) == [
            (2, "不是有效的 JSON"),
            (3, "不是一个 JSON 对象"),
            (4, "不是整数"),
        ]


class TestParquet:
    def test_with_numbers_that_would_be_read_wrongly_is_refused(self, tmp_path: Path) -> None:
        path = tmp_path / "a.parquet"
        pq.write_table(pa.table({"编号": [1], "金额": pa.array([Decimal("1.5")], pa.decimal256(50, 2))}), path)
        with pytest.raises(SourceUnreadable, match="列“金额”超过 38 位数字"):
            _read(path)

    def test_is_taken_where_nothing_is_lost(self, tmp_path: Path) -> None:
        path = tmp_path / "a.parquet"
        pq.write_table(pa.table({"编号": pa.array([1.0, 1.5]), "姓名": ["甲", "乙"]}), path)
        rows, refused, _intake = _read(path, pa.schema([PERSONS.field(0), PERSONS.field(1)]))
        assert rows == [{"编号": 1, "姓名": "甲"}]
        assert [(found.row, found.column) for found in refused] == [(2, "编号")]

    def test_that_is_none_is_refused(self, tmp_path: Path) -> None:
        with pytest.raises(SourceUnreadable):
            _read(_write(tmp_path, "PAR1 not really", name="a.parquet"))


class TestDrift:
    def test_tells_added_missing_and_renamed_columns(self, tmp_path: Path) -> None:
        text = "编号,姓 名,金额,日期,时刻,在册,备注\n"
        drift = inspect_file(_write(tmp_path, text + "1,张三,1,,,,x\n"), PERSONS, folder=tmp_path)
        assert drift.added == ("姓 名", "备注")
        assert drift.missing == ("姓名",)
        assert drift.renamed == (("姓名", "姓 名"),)

    def test_tells_a_column_whose_values_are_of_another_type(self, tmp_path: Path) -> None:
        lines = [f"A{number},张三,1,,,,".removesuffix(",") for number in range(10)]
        drift = inspect_file(_write(tmp_path, "\n".join([HEADER, *lines]) + "\n"), PERSONS, folder=tmp_path)
        assert [(found.column, found.declared, found.share) for found in drift.retyped] == [("编号", "整数", 1.0)]
        assert drift.retyped[0].example.startswith("A")

    def test_is_none_where_single_rows_are_wrong(self, tmp_path: Path) -> None:
        path = _write(tmp_path, f"{HEADER}\n{GOOD}\n{GOOD}\nx,,,,,\n")
        assert not inspect_file(path, PERSONS, folder=tmp_path)


def test_files_of_unknown_kinds_are_refused(tmp_path: Path) -> None:
    with pytest.raises(SourceUnreadable, match="CSV"):
        _read(_write(tmp_path, "x", name="a.docx"))
