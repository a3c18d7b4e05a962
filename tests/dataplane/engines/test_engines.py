from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from chengshu.dataplane.engines.canonical import canonical_type
from chengshu.dataplane.engines.opening import open_engine
from chengshu.dataplane.engines.protocol import Engine
from chengshu.dataplane.errors import EngineFault, EngineMissing

PEOPLE = pa.table(
    {
        "编号": pa.array([1, 2, 3], pa.int32()),
        "姓名": pa.array(["王小明", None, "O'Neil\\"], pa.large_string()),
        "金额": pa.array([Decimal("1.10"), Decimal("-2.25"), None], pa.decimal128(12, 2)),
        "生日": pa.array([date(1990, 2, 28), date(1, 1, 1), None], pa.date32()),
        "登记": pa.array([datetime(2024, 1, 1, 0, 30, tzinfo=UTC), None, None], pa.timestamp("us", tz="UTC")),
        "有效": [True, False, None],
        "比值": pa.array([0.5, None, -1.0], pa.float32()),
    }
)
CANONICAL = pa.schema(
    [
        ("编号", pa.int64()),
        ("姓名", pa.string()),
        ("金额", pa.decimal128(12, 2)),
        ("生日", pa.date32()),
        ("登记", pa.timestamp("us", tz="UTC")),
        ("有效", pa.bool_()),
        ("比值", pa.float64()),
    ]
)


@pytest.fixture
def people(engine: Engine) -> Iterator[Engine]:
    engine.offer("人口", PEOPLE)
    yield engine
    engine.withdraw("人口")


def test_rows_come_back_as_they_were_in_canonical_types(people: Engine) -> None:
    assert people.fetch(_all(people)) == PEOPLE.cast(CANONICAL)


def test_written_files_hold_canonical_types_and_are_counted(people: Engine, folder: Path) -> None:
    written = people.write(_all(people), folder)
    assert written.rows == 3
    assert sorted(folder.iterdir()) == sorted(written.files)
    found = pa.concat_tables([pq.read_table(file) for file in written.files])
    assert found.cast(CANONICAL) == PEOPLE.cast(CANONICAL)
    assert found.schema.types == CANONICAL.types
    compressions = {pq.ParquetFile(file).metadata.row_group(0).column(0).compression for file in written.files}
    assert compressions == {"ZSTD"}


def test_files_are_read_as_one_table(people: Engine, folder: Path) -> None:
    first = people.write(_all(people), folder / "a").files
    people.offer("两份", [*first, *people.write(_all(people), folder / "b").files])
    assert people.fetch("SELECT count(*) AS n FROM " + _quoted(people, "两份")).to_pylist() == [{"n": 6}]
    people.withdraw("两份")


def test_files_of_several_shapes_are_read_by_name_and_lack_nothing_but_values(engine: Engine, folder: Path) -> None:
    """As files of a table are from before a column was added; `none` is a column that no file has yet."""
    folder.mkdir()
    kinds = {"n": pa.int32(), "名 称": pa.string(), "at": pa.timestamp("us", tz="UTC"), "none": pa.decimal128(12, 2)}
    schema = pa.schema([pa.field(name, kind) for name, kind in kinds.items()])
    at = datetime(2024, 1, 1, 0, 30, tzinfo=UTC)
    pq.write_table(pa.table({"n": [1]}, schema=schema.empty_table().select(["n"]).schema), folder / "1.parquet")
    newer = pa.table({"at": [at], "名 称": ["王"], "n": [2]}).cast(
        schema.empty_table().select(["at", "名 称", "n"]).schema
    )
    pq.write_table(newer, folder / "2.parquet")
    expected = [
        {"n": 1, "名 称": None, "at": None, "none": None},
        {"n": 2, "名 称": "王", "at": at, "none": None},
    ]
    for files in (["1.parquet", "2.parquet"], ["2.parquet", "1.parquet"]):
        engine.offer("t", [folder / name for name in files], schema=schema)
        found = engine.fetch("SELECT * FROM t ORDER BY n")
        assert found.to_pylist() == expected
        assert found.schema.types == [canonical_type(kind) for kind in schema.types]
    engine.withdraw("t")


def test_an_empty_answer_keeps_its_columns(people: Engine, folder: Path) -> None:
    nothing = f"{_all(people)} WHERE 1 = 0"
    assert people.fetch(nothing).schema.types == CANONICAL.types
    written = people.write(nothing, folder)
    assert written.rows == 0
    people.offer("空", written.files)
    assert people.fetch("SELECT * FROM " + _quoted(people, "空")).schema == CANONICAL
    people.withdraw("空")


def test_streams_give_every_row_once_and_in_pieces(engine: Engine) -> None:
    engine.offer("many", pa.table({"n": list(range(10_000))}))
    batches = list(engine.stream("SELECT n FROM many ORDER BY n", batch_rows=2_048))
    assert max(batch.num_rows for batch in batches) <= 2_048
    assert [row for batch in batches for row in batch["n"].to_pylist()] == list(range(10_000))
    engine.withdraw("many")


def test_a_stream_goes_on_while_something_else_is_asked(people: Engine) -> None:
    pieces = people.stream(_all(people), batch_rows=1)
    first = next(iter(pieces)).num_rows
    assert people.fetch("SELECT 1 AS one")["one"].to_pylist() == [1]
    assert first + sum(batch.num_rows for batch in pieces) == 3


def test_a_name_offered_again_has_the_new_rows_and_a_withdrawn_one_none(engine: Engine, folder: Path) -> None:
    engine.offer("t", pa.table({"n": [1]}))
    files = engine.write("SELECT 2 AS n", folder).files
    engine.offer("t", files)
    assert engine.fetch("SELECT n FROM t")["n"].to_pylist() == [2]
    engine.offer("t", pa.table({"n": [3]}))
    assert engine.fetch("SELECT n FROM t")["n"].to_pylist() == [3]
    engine.withdraw("t")
    engine.withdraw("t")
    with pytest.raises(EngineFault):
        engine.fetch("SELECT n FROM t")
    assert all(file.exists() for file in files)


@pytest.mark.parametrize(
    "statement",
    ["SELEKT 1", "SELECT x FROM nowhere", "SELECT CAST('x' AS BIGINT) AS n", "SELECT 9223372036854775807 + 1 AS n"],
)
def test_a_fault_shows_the_statement(engine: Engine, statement: str, folder: Path) -> None:
    with pytest.raises(EngineFault) as fault:
        engine.fetch(statement)
    assert fault.value.details["statement"] == statement
    assert "\n\tat " not in fault.value.message
    with pytest.raises(EngineFault):
        list(engine.stream(statement, batch_rows=10))
    with pytest.raises(EngineFault):
        engine.write(statement, folder)


def test_files_are_not_written_among_others(engine: Engine, folder: Path) -> None:
    folder.mkdir()
    (folder / "other.txt").write_text("x", "utf-8")
    with pytest.raises(EngineFault, match="不是空的"):
        engine.write("SELECT 1 AS n", folder)
    assert [path.name for path in folder.iterdir()] == ["other.txt"]


def test_missing_files_are_a_fault(engine: Engine, tmp_path: Path) -> None:
    with pytest.raises(EngineFault):
        engine.offer("t", [tmp_path / "missing.parquet"])
    with pytest.raises(EngineFault, match="没有数据文件"):
        engine.offer("t", [])


def test_sums_beyond_64_bits_are_a_fault_and_smaller_ones_whole_numbers(engine: Engine) -> None:
    engine.offer("t", pa.table({"n": [2**62, 2**62, 2**62]}))
    assert engine.fetch("SELECT sum(n) AS s FROM (SELECT n FROM t LIMIT 1) AS x")["s"].to_pylist() == [2**62]
    with pytest.raises(EngineFault):
        engine.fetch("SELECT sum(n) AS s FROM t")
    engine.withdraw("t")


def test_duckdb_loads_extensions_without_a_network() -> None:
    from chengshu.dataplane.engines.duckdb import DuckDBEngine  # noqa: PLC0415 - as it is imported in the house

    engine = DuckDBEngine(extensions=("sqlite_scanner",))
    loaded = engine.fetch("SELECT loaded FROM duckdb_extensions() WHERE extension_name = 'sqlite_scanner'")
    engine.close()
    assert loaded["loaded"].to_pylist() == [True]


def test_duckdb_refuses_what_goes_beyond_its_memory() -> None:
    engine = open_engine("duckdb", memory_limit="20MB")
    with pytest.raises(EngineFault, match="Memory"):
        engine.fetch("SELECT count(*) AS n FROM (SELECT DISTINCT range AS r FROM range(20_000_000))")
    engine.close()


def test_duckdb_spills_where_it_has_a_folder(tmp_path: Path) -> None:
    engine = open_engine("duckdb", memory_limit="100MB", temp_folder=tmp_path)
    sorted_rows = (
        "SELECT n FROM (SELECT range::VARCHAR || repeat('x', 90) AS n FROM range(2_000_000)) ORDER BY n LIMIT 1"
    )
    assert engine.fetch(f"SELECT count(*) AS c FROM ({sorted_rows})")["c"].to_pylist() == [1]
    engine.close()


def test_an_engine_that_is_not_there_is_named() -> None:
    with pytest.raises(EngineMissing, match="duckdb、spark"):
        open_engine("oracle")


def test_without_java_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("JAVA_HOME", raising=False)
    with pytest.raises(EngineMissing, match="openjdk-17-jre-headless"):
        open_engine("spark", temp_folder=tmp_path)
    assert list(tmp_path.iterdir()) == []


def _quoted(engine: Engine, name: str) -> str:
    return f"`{name}`" if engine.name == "spark" else f'"{name}"'


def _all(engine: Engine) -> str:
    return "SELECT * FROM " + _quoted(engine, "人口")


@pytest.mark.parametrize(
    ("given", "handed_out"),
    [
        (pa.uint16(), pa.int64()),
        (pa.float32(), pa.float64()),
        (pa.large_string(), pa.string()),
        (pa.string_view(), pa.string()),
        (pa.large_binary(), pa.binary()),
        (pa.timestamp("ns"), pa.timestamp("us", tz="UTC")),
        (pa.decimal128(38, 4), pa.decimal128(38, 4)),
        (pa.list_(pa.int32()), pa.list_(pa.int32())),
    ],
)
def test_types_are_handed_out_as_one(given: pa.DataType, handed_out: pa.DataType) -> None:
    assert canonical_type(given) == handed_out
