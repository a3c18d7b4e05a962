"""However many rows fail, every key is kept, within a stated memory bound."""

from pathlib import Path

import pyarrow as pa
import pyarrow.dataset as ds
import pyarrow.parquet as pq
from dataplane.checks.drawn import NOW

from chengshu.dataplane.checks.cells import shape_of
from chengshu.dataplane.checks.rules import Castable, NotNull, Rule, Type, Unique
from chengshu.dataplane.checks.running import Keeping, run_checks
from chengshu.dataplane.engines.opening import open_engine
from chengshu.dataplane.engines.protocol import Engine

ROWS = 600_000


def test_no_key_is_dropped_when_every_row_fails_and_memory_is_short(tmp_path: Path) -> None:
    numbers = range(ROWS)
    table = pa.table({"id": numbers, "v": [f"值 {number % (ROWS // 2):040}" for number in numbers]})
    pq.write_table(table, tmp_path / "rows.parquet")
    spill = tmp_path / "spill"
    spill.mkdir()
    engine = open_engine("duckdb", threads=1, memory_limit="80MB", temp_folder=spill)
    engine.offer("rows", [tmp_path / "rows.parquet"])
    rules = [
        Rule("type", ("v",), Castable(Type.INTEGER)),
        Rule("twice", ("v",), Unique()),
        Rule("none", ("v",), NotNull()),
    ]
    shape = shape_of("rows", table.schema)
    outcomes = run_checks(engine, shape, rules, now=NOW, keeping=Keeping(tmp_path / "keys", ("id",)))
    engine.close()
    assert [outcome.failed for outcome in outcomes] == [ROWS, ROWS, 0]
    for outcome in outcomes[:2]:
        assert outcome.keys
        kept = ds.dataset(outcome.keys).to_table(columns=["key"])["key"].to_pylist()
        assert len(kept) == ROWS
        assert set(kept) == set(map(str, numbers))


def test_a_long_check_draws_nothing_where_records_are_printed(duckdb_engine: Engine) -> None:
    """After two seconds DuckDB would draw a bar on standard output, in the middle of the JSON."""
    row = duckdb_engine.fetch("SELECT current_setting('enable_progress_bar') AS drawn").to_pylist()
    streamed = list(duckdb_engine.stream("SELECT current_setting('enable_progress_bar') AS drawn", batch_rows=1))
    assert [row, streamed[0].to_pylist()] == [[{"drawn": False}]] * 2
