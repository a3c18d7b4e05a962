"""Data as people hand it in: the same rows in every form give the same answer, and bad ones are told plainly."""

import codecs
import random
import sqlite3
from collections.abc import Callable
from contextlib import suppress
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from dataplane.checks.drawn import NOW, kept
from deltalake import write_deltalake

from chengshu.dataplane.checks.asking import ask
from chengshu.dataplane.checks.outcomes import Outcome
from chengshu.dataplane.checks.rulefiles import RuleFile, read_rule_file
from chengshu.dataplane.engines.protocol import Engine
from chengshu.dataplane.errors import DataUnreadable, EngineFault, RuleInvalid

ROWS: list[dict[str, str | None]] = [
    {"编号": "1", "姓名": "张三", "性别": "1", "备注": "有,逗号"},
    {"编号": "2", "姓名": None, "性别": "3", "备注": '有"引号"'},
    {"编号": "3", "姓名": "李四", "性别": "2", "备注": "有\n换行"},
    {"编号": "3", "姓名": "王五", "性别": None, "备注": None},
]
RULES = """
[[rules]]
key = "name"
kind = "not_null"
column = "姓名"

[[rules]]
key = "sex"
kind = "one_of"
column = "性别"
values_from = { data = "sex.csv", column = "代码" }

[[rules]]
key = "once"
kind = "unique"
column = "编号"
"""


def _csv(rows: list[dict[str, str | None]], delimiter: str = ",") -> str:
    def cell(value: str | None) -> str:
        text = value or ""
        return '"' + text.replace('"', '""') + '"' if set(text) & {delimiter, '"', "\n"} else text

    lines = [list(rows[0]), *([cell(value) for value in row.values()] for row in rows)]
    return "".join(delimiter.join(line) + "\r\n" for line in lines)


def _write_csv(encoding: str, delimiter: str = ",", start: bytes = b"") -> Callable[[Path], str]:
    def write(folder: Path) -> str:
        (folder / "人.csv").write_bytes(start + _csv(ROWS, delimiter).encode(encoding))
        return str(folder / "人.csv")

    return write


def _write_workbook(folder: Path) -> str:
    book = openpyxl.Workbook()
    book.worksheets[0].title = "封面"
    sheet = book.create_sheet("人员")
    sheet.append([])
    sheet.append(list(ROWS[0]))
    for row in ROWS:
        sheet.append([int(row["编号"] or 0), *list(row.values())[1:]])
    book.save(folder / "人.xlsx")
    return f"{folder / '人.xlsx'}#人员"


def _write_parquet(folder: Path) -> str:
    pq.write_table(pa.Table.from_pylist(ROWS), folder / "人.parquet")
    return str(folder / "人.parquet")


def _write_parquet_folder(folder: Path) -> str:
    (folder / "人" / "分区").mkdir(parents=True)
    pq.write_table(pa.Table.from_pylist(ROWS[:2]), folder / "人" / "1.parquet")
    pq.write_table(pa.Table.from_pylist(ROWS[2:]), folder / "人" / "分区" / "2.parquet")
    return str(folder / "人")


def _write_delta(folder: Path) -> str:
    table = pa.Table.from_pylist(ROWS)
    write_deltalake(folder / "湖", pa.Table.from_pylist(ROWS[:1] * 5))
    write_deltalake(folder / "湖", table, mode="overwrite")  # the older files stay beside the newer ones
    return str(folder / "湖")


def _write_partitioned_delta(folder: Path) -> str:
    write_deltalake(folder / "湖", pa.Table.from_pylist(ROWS), partition_by=["编号"])
    return str(folder / "湖")


def _write_sqlite(folder: Path) -> str:
    with sqlite3.connect(folder / "人.db") as connection:
        connection.execute('CREATE TABLE "人 员" (编号 INTEGER, 姓名 TEXT, 性别 INTEGER, 备注 TEXT)')
        connection.executemany('INSERT INTO "人 员" VALUES (?, ?, ?, ?)', [list(row.values()) for row in ROWS])
    connection.close()
    return f"sqlite:///{folder / '人.db'}#人 员"


FORMS: dict[str, Callable[[Path], str]] = {
    "utf-8": _write_csv("utf-8"),
    "utf-8 with a mark": _write_csv("utf-8", start=codecs.BOM_UTF8),
    "gb18030": _write_csv("gb18030"),
    "utf-16": _write_csv("utf-16"),
    "tabs": _write_csv("gb18030", "\t"),
    "xlsx": _write_workbook,
    "parquet": _write_parquet,
    "folder of parquet": _write_parquet_folder,
    "delta": _write_delta,
    "partitioned delta": _write_partitioned_delta,
    "sqlite": _write_sqlite,
}


def _rules(folder: Path, head: str = "", text: str = RULES) -> RuleFile:
    (folder / "sex.csv").write_text("代码\n1\n2\n", "utf-8")
    (folder / "rules.toml").write_text(head + text, "utf-8")
    return read_rule_file(folder / "rules.toml")


def _ask(engine: Engine, data: str, file: RuleFile, folder: Path, *, keys: bool = True) -> tuple[Outcome, ...]:
    return ask(engine, data, file, beside=folder, now=NOW, keys=folder / "keys" if keys else None)


@pytest.mark.parametrize("form", FORMS)
def test_the_same_rows_give_the_same_answer_in_every_form(form: str, duckdb_engine: Engine, tmp_path: Path) -> None:
    data = FORMS[form](tmp_path)
    outcomes = _ask(duckdb_engine, data, _rules(tmp_path, 'key = "编号"\n'), tmp_path)
    assert [(o.rule.key, o.checked, o.failed) for o in outcomes] == [("name", 4, 1), ("sex", 4, 1), ("once", 4, 2)]
    assert [[(row["key"], row["value"]) for row in kept(o)] for o in outcomes] == [
        [("2", None)],
        [("2", "3")],
        [("3", "3"), ("3", "3")],
    ]


@pytest.mark.parametrize(
    ("form", "rows"), [("gb18030", ["3"]), ("xlsx", ["4"]), ("parquet", ["2"]), ("delta", ["2"]), ("sqlite", ["2"])]
)
def test_rows_without_a_key_are_named_by_their_number(
    form: str, rows: list[str], duckdb_engine: Engine, tmp_path: Path
) -> None:
    """As a spreadsheet counts for CSV and XLSX (this one has an empty first row), else from one."""
    data = FORMS[form](tmp_path)
    name, _, once = _ask(duckdb_engine, data, _rules(tmp_path), tmp_path)
    assert [row["key"] for row in kept(name)] == rows
    first = int(rows[0]) + 1
    assert [row["key"] for row in kept(once)] == [str(first), str(first + 1)]


def test_a_key_of_several_columns_and_odd_characters_is_a_json_array(duckdb_engine: Engine, tmp_path: Path) -> None:
    import json  # noqa: PLC0415 - here only

    data = FORMS["utf-8"](tmp_path)
    text = '[[rules]]\nkey = "no"\nkind = "expression"\nexpression = "编号 > 9"\n'
    (outcome,) = _ask(duckdb_engine, data, _rules(tmp_path, 'key = ["编号", "备注"]\n', text), tmp_path)
    keys = sorted(json.loads(row["key"] or "") for row in kept(outcome)[:3])
    assert keys == [["1", "有,逗号"], ["2", '有"引号"'], ["3", "有\n换行"]]


def test_cells_of_a_workbook_are_texts_as_people_see_them(duckdb_engine: Engine, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.worksheets[0].append(["日", "时刻", "数", "小数", "真"])
    book.worksheets[0].append([date(2024, 1, 31), datetime(2024, 1, 31, 8, 30), 3.0, 2.5, True])  # noqa: DTZ001 - a cell
    book.save(tmp_path / "a.xlsx")
    values = {"日": "2024-01-31", "时刻": "2024-01-31 08:30:00", "数": "3", "小数": "2.5", "真": "true"}
    text = "".join(
        f'[[rules]]\nkey = "{name}"\nkind = "one_of"\ncolumn = "{name}"\nvalues = ["{value}"]\n'
        for name, value in values.items()
    )
    outcomes = _ask(duckdb_engine, str(tmp_path / "a.xlsx"), _rules(tmp_path, text=text), tmp_path, keys=False)
    assert {o.rule.key: (o.checked, o.failed) for o in outcomes} == dict.fromkeys(values, (1, 0))


def test_a_formula_without_a_result_is_named_where_its_column_is_read(duckdb_engine: Engine, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for row in (["a", "b"], [1, 2], [3, "=B2*2"]):
        book.worksheets[0].append(row)
    book.save(tmp_path / "a.xlsx")
    rule = '[[rules]]\nkey = "{0}"\nkind = "not_null"\ncolumn = "{0}"\n'
    (outcome,) = _ask(
        duckdb_engine, str(tmp_path / "a.xlsx"), _rules(tmp_path, text=rule.format("a")), tmp_path, keys=False
    )
    assert (outcome.checked, outcome.failed) == (2, 0)
    with pytest.raises(DataUnreadable, match="B3 是没有计算结果的公式"):
        _ask(duckdb_engine, str(tmp_path / "a.xlsx"), _rules(tmp_path, text=rule.format("b")), tmp_path, keys=False)


def test_a_damaged_workbook_is_told_wherever_the_damage_is(duckdb_engine: Engine, tmp_path: Path) -> None:
    data = Path(FORMS["xlsx"](tmp_path).partition("#")[0])
    content, draw = data.read_bytes(), random.Random(7)  # noqa: S311 - damage for a test
    for _ in range(40):
        place = draw.randrange(len(content))
        data.write_bytes(content[:place] + draw.randbytes(8) + content[place + 8 :])
        with suppress(DataUnreadable, RuleInvalid):  # some damage is harmless
            _ask(duckdb_engine, str(data), _rules(tmp_path), tmp_path, keys=False)
    data.write_bytes(content[: len(content) // 2])
    with pytest.raises(DataUnreadable, match="XLSX"):
        _ask(duckdb_engine, str(data), _rules(tmp_path), tmp_path, keys=False)


def test_a_file_with_nothing_but_names_is_clean(duckdb_engine: Engine, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("编号,姓名,性别\n", "utf-8")
    outcomes = _ask(duckdb_engine, str(tmp_path / "a.csv"), _rules(tmp_path), tmp_path)
    assert [(o.checked, o.failed, o.keys, o.passed) for o in outcomes] == [(0, 0, None, True)] * 3


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.csv", b"", "是空的"),
        ("a.csv", b",\n1,2\n", "没有表头"),
        ("a.csv", "编号,姓名,姓名\n1,2,3\n".encode(), "列“姓名”重复"),
        ("a.csv", b"id,ID\n1,2\n", "重复（不分大小写）"),
        ("a.csv", "编号,,姓名\n1,2,3\n".encode(), "第 2 列没有列名"),
        ("a.csv", "编号,姓名,性别\n1,张三,1\n2,李四\n".encode(), "有 1 行读不出.*第 3 行.*2,李四.*列数少于表头"),
        ("a.csv", '编号,姓名,性别\n1,张三,1\n2,"李四,1\n3,王五,2\n'.encode(), "有 1 行读不出.*第 3 行.*引号没有成对"),
        (
            "a.csv",
            "编号,姓名,性别\n1,张".encode() + b"\xff\xff,1\n",
            "有 1 行读不出.*第 2 行.*姓名不是可以读出的文字|有无法解码的字节",
        ),
        ("a.xlsx", b"PK\x03\x04 broken", "不是能读完的 XLSX"),
        ("a.parquet", b"PAR1 broken", "Parquet|不接受"),
    ],
)
def test_a_file_that_cannot_be_read_is_told_why(
    name: str, content: bytes, said: str, duckdb_engine: Engine, tmp_path: Path
) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(DataUnreadable, match=said):
        _ask(duckdb_engine, str(tmp_path / name), _rules(tmp_path), tmp_path)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ("none.csv", "打不开"),
        (".", "没有 Parquet 文件"),
        ("oracle://a/b#c", "不认识"),
        ("postgresql://u:secret@127.0.0.1:1/db", "不认识"),
        ("postgresql://u:secret@127.0.0.1:1/db#t", "读不出"),
        ("mysql://u:secret@127.0.0.1:1/db#t", "读不出"),
        ("sqlite:///none.db#t", "不存在"),
    ],
)
def test_data_that_is_not_there_is_told_without_the_password(
    data: str, said: str, duckdb_engine: Engine, tmp_path: Path
) -> None:
    place = data if "://" in data else str(tmp_path / data)
    (tmp_path / "rules").mkdir()
    with pytest.raises(DataUnreadable, match=said) as caught:
        ask(duckdb_engine, place, _rules(tmp_path / "rules"), beside=tmp_path / "rules", now=NOW)
    assert "secret" not in caught.value.message


def test_a_table_or_sheet_that_is_not_there_is_named(duckdb_engine: Engine, tmp_path: Path) -> None:
    table = FORMS["sqlite"](tmp_path).replace("人 员", "没有")
    with pytest.raises(DataUnreadable, match="没有"):
        _ask(duckdb_engine, table, _rules(tmp_path), tmp_path)
    with pytest.raises(DataUnreadable, match="封面、人员"):
        _ask(duckdb_engine, FORMS["xlsx"](tmp_path).replace("#人员", "#工资"), _rules(tmp_path), tmp_path)


@pytest.mark.parametrize("form", ["utf-8", "xlsx", "parquet", "sqlite"])
def test_a_column_that_is_not_there_is_named_with_those_that_are(
    form: str, duckdb_engine: Engine, tmp_path: Path
) -> None:
    data = FORMS[form](tmp_path)
    file = _rules(tmp_path, text='[[rules]]\nkey = "a"\nkind = "not_null"\ncolumn = "名"\n')
    with pytest.raises(
        RuleInvalid, match="“a”要查的列“名”不在数据中。是不是“姓名”？数据有这些列：编号、姓名、性别、备注"
    ):
        _ask(duckdb_engine, data, file, tmp_path)
    with pytest.raises(RuleInvalid, match="标识列“号”"):
        _ask(duckdb_engine, data, _rules(tmp_path, 'key = "号"\n'), tmp_path)


@pytest.mark.parametrize("form", ["utf-8", "xlsx", "parquet", "delta", "sqlite"])
def test_rules_that_read_no_column_and_columns_that_are_not_there_need_no_keys(
    form: str, duckdb_engine: Engine, tmp_path: Path
) -> None:
    data = FORMS[form](tmp_path)
    text = '[[rules]]\nkey = "a"\nkind = "row_count_drift"\nhistory = [5]\ntolerance = 0.1\n'
    (outcome,) = _ask(duckdb_engine, data, _rules(tmp_path, text=text), tmp_path, keys=False)
    assert (outcome.failed, outcome.observed) == (1, "4 行，与以往中位数相差 20.0%")
    file = _rules(tmp_path, text='[[rules]]\nkey = "a"\nkind = "not_null"\ncolumn = "名"\n')
    with pytest.raises(
        RuleInvalid, match="“a”要查的列“名”不在数据中。是不是“姓名”？数据有这些列：编号、姓名、性别、备注"
    ):
        _ask(duckdb_engine, data, file, tmp_path, keys=False)


def test_a_sheet_is_named_as_buildings_are(duckdb_engine: Engine, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.worksheets[0].title = "1#楼"
    book.worksheets[0].append(["户号"])
    book.worksheets[0].append(["101"])
    book.save(tmp_path / "2#册.xlsx")
    text = '[[rules]]\nkey = "a"\nkind = "not_null"\ncolumn = "户号"\n'
    for place in ("2#册.xlsx#1#楼", "2#册.xlsx"):
        (outcome,) = _ask(duckdb_engine, str(tmp_path / place), _rules(tmp_path, text=text), tmp_path)
        assert (outcome.checked, outcome.failed) == (1, 0)


def test_a_moment_that_names_no_zone_is_meant_as_it_is_written(duckdb_engine: Engine, tmp_path: Path) -> None:
    moment, now = datetime(2024, 6, 30, 11), datetime(2024, 6, 30, 20, tzinfo=ZoneInfo("Asia/Shanghai"))  # noqa: DTZ001 - none
    columns = {"local": pa.array([moment], pa.timestamp("us")), "utc": pa.array([moment], pa.timestamp("us", "UTC"))}
    pq.write_table(pa.table(columns), tmp_path / "a.parquet")
    pq.write_table(pa.table(columns), tmp_path / "old.parquet", use_deprecated_int96_timestamps=True)  # all in UTC
    text = "".join(f'[[rules]]\nkey = "{c}"\nkind = "timeliness"\ncolumn = "{c}"\nwithin = "2h"\n' for c in columns)
    for name, late in (("a.parquet", [True, False]), ("old.parquet", [False, False])):
        outcomes = ask(
            duckdb_engine, str(tmp_path / name), _rules(tmp_path, text=text), beside=tmp_path, now=now, keys=None
        )
        assert [not outcome.passed for outcome in outcomes] == late


def test_numbers_that_would_be_read_wrongly_are_refused(duckdb_engine: Engine, tmp_path: Path) -> None:
    wide = pa.array([Decimal("1.5")], pa.decimal256(50, 2))
    pq.write_table(pa.table({"id": [1], "wide": wide}), tmp_path / "a.parquet")
    rule = '[[rules]]\nkey = "a"\nkind = "not_null"\ncolumn = "COLUMN"\n'
    place = str(tmp_path / "a.parquet")
    (outcome,) = _ask(duckdb_engine, place, _rules(tmp_path, text=rule.replace("COLUMN", "id")), tmp_path)
    assert outcome.passed
    for keys in (True, False):
        with pytest.raises(DataUnreadable, match="列“wide”超过 38 位数字"):
            _ask(duckdb_engine, place, _rules(tmp_path, text=rule.replace("COLUMN", "wide")), tmp_path, keys=keys)


def test_texts_of_sqlite_that_are_none_are_told(duckdb_engine: Engine, tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "a.db") as connection:
        connection.execute("CREATE TABLE t AS SELECT 1 AS id, CAST(x'd6d0cec4' AS TEXT) AS 姓名")
    connection.close()
    (tmp_path / "none.db").write_bytes(b"PAR1 no database" * 300)
    rule = '[[rules]]\nkey = "a"\nkind = "not_null"\ncolumn = "姓名"\n'
    for name, said in (("a.db", "不是 UTF-8"), ("none.db", "读不出")):
        with pytest.raises(DataUnreadable, match=said):
            _ask(duckdb_engine, f"sqlite:///{tmp_path / name}#t", _rules(tmp_path, text=rule), tmp_path)


@pytest.mark.parametrize("name", ["cut.parquet", "湖", "broken"])
def test_a_part_that_is_cut_or_gone_is_told_in_one_line(name: str, duckdb_engine: Engine, tmp_path: Path) -> None:
    content = Path(_write_parquet(tmp_path)).read_bytes()
    (tmp_path / "cut.parquet").write_bytes(content[: len(content) // 2])
    lake = Path(_write_delta(tmp_path))
    for file in lake.glob("*.parquet"):
        file.unlink()
    write_deltalake(tmp_path / "broken", pa.Table.from_pylist(ROWS))
    (tmp_path / "broken" / "_delta_log" / "00000000000000000000.json").write_text("{")
    for keys in (True, False):
        with pytest.raises(DataUnreadable, match="请") as caught:
            _ask(duckdb_engine, str(tmp_path / name), _rules(tmp_path), tmp_path, keys=keys)
        assert "\n" not in caught.value.message


def test_nothing_is_kept_of_a_check_that_fails(duckdb_engine: Engine, tmp_path: Path) -> None:
    (tmp_path / "keys" / "once").mkdir(parents=True)
    (tmp_path / "keys" / "once" / "mine.txt").write_text("kept by somebody", "utf-8")
    with pytest.raises(EngineFault, match=r"mine\.txt"):  # the last rule; the others came before it
        _ask(duckdb_engine, FORMS["utf-8"](tmp_path), _rules(tmp_path), tmp_path)
    assert [path.name for path in (tmp_path / "keys").rglob("*") if path.is_file()] == ["mine.txt"]


@pytest.mark.parametrize(
    ("test", "said"),
    [
        ('kind = "expression"\nexpression = "greatest(编号, 性别) > 1"', "用 cast 转换"),
        ('kind = "matches"\ncolumn = "姓名"\npattern = "((a{1,100}){1,100}){1,100}"', "嵌套的重复改小"),
    ],
)
def test_what_the_engine_refuses_of_a_rule_is_told_with_its_cure(
    test: str, said: str, duckdb_engine: Engine, tmp_path: Path
) -> None:
    with pytest.raises(EngineFault, match=said) as caught:
        _ask(
            duckdb_engine, FORMS["utf-8"](tmp_path), _rules(tmp_path, text=f'[[rules]]\nkey = "a"\n{test}\n'), tmp_path
        )
    assert "\n" not in caught.value.message


def test_what_was_kept_of_an_earlier_check_goes_when_the_rule_is_clean(duckdb_engine: Engine, tmp_path: Path) -> None:
    file = _rules(tmp_path)
    _ask(duckdb_engine, FORMS["utf-8"](tmp_path), file, tmp_path)
    assert list((tmp_path / "keys" / "name").glob("*.parquet"))
    (tmp_path / "人.csv").write_text(_csv(ROWS[:1]), "utf-8")
    name, *_ = _ask(duckdb_engine, str(tmp_path / "人.csv"), file, tmp_path)
    assert (name.failed, name.keys) == (0, None)
    assert not list((tmp_path / "keys").rglob("*.parquet"))


def test_decimals_of_parquet_are_shown_as_they_are(duckdb_engine: Engine, tmp_path: Path) -> None:
    pq.write_table(pa.table({"n": pa.array([Decimal("1.50")], pa.decimal128(9, 2))}), tmp_path / "a.parquet")
    text = '[[rules]]\nkey = "a"\nkind = "between"\ncolumn = "n"\nmax = 1.49\n'
    (outcome,) = _ask(duckdb_engine, str(tmp_path / "a.parquet"), _rules(tmp_path, text=text), tmp_path)
    assert [(row["key"], row["value"]) for row in kept(outcome)] == [("1", "1.50")]
