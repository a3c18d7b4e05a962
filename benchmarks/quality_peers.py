"""`python quality_peers.py pointblank|pointblank_counts|gx|gx_sql FILE RUNS`: the rivals check the same rows by the same rules.

Runs in the rivals' own environment, so it imports nothing of ours. Prints one JSON object: the seconds (processor, all
threads, and wall) of the quickest of some runs from the Parquet file to the counts, imports left out; the failing rows
by rule; the largest resident memory in MiB. Pointblank keeps some failing rows of each step unless it is told not to,
so it is asked both ways. Great Expectations is asked twice too: over pandas, whose texts lie in Arrow, and over SQL, on
a view of the file in DuckDB. It does not know DuckDB: it is told to keep its one connection, as for SQLite, without which
it loses every answer, and to write patterns as for PostgreSQL. No rival may take more than CAP_GIB of memory.
"""

import json
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from enum import StrEnum
from typing import Any

Clock = tuple[float, float]
CAP_GIB = 12
NAMES = ("present", "sex", "age", "phone", "unique")


def check_with_pointblank(path: str, *, extracts: bool) -> tuple[Clock, dict[str, int]]:
    import ibis  # type: ignore[import-not-found,unused-ignore]  # noqa: PLC0415 - theirs
    import pointblank as pb  # type: ignore[import-not-found,unused-ignore]  # noqa: PLC0415 - theirs

    began = (time.process_time(), time.perf_counter())
    connection = ibis.duckdb.connect(threads=2)
    table = connection.read_parquet(path)
    validation = (
        pb.Validate(data=table)
        .col_vals_not_null(columns="id_number")
        .col_vals_in_set(columns="sex", set=["1", "2"])
        .col_vals_between(columns="age", left=0, right=150, na_pass=True)
        .col_vals_regex(columns="phone", pattern="^1[0-9]{10}$", na_pass=True)
        .rows_distinct(columns_subset="row_id")
        .interrogate(collect_extracts=extracts)
    )
    seconds = (time.process_time() - began[0], time.perf_counter() - began[1])
    failed = validation.n_failed()
    return seconds, {name: int(failed[place]) for place, name in enumerate(NAMES, start=1)}


def check_with_gx(path: str) -> tuple[Clock, dict[str, int]]:
    import great_expectations as gx  # type: ignore[import-not-found,unused-ignore]  # noqa: PLC0415 - theirs
    import pandas as pd  # type: ignore[import-untyped,unused-ignore]  # noqa: PLC0415 - theirs

    began = (time.process_time(), time.perf_counter())
    frame = pd.read_parquet(path, columns=["row_id", "id_number", "sex", "age", "phone"])
    context = gx.get_context(mode="ephemeral")
    asset = context.data_sources.add_pandas("rows").add_dataframe_asset("rows")
    batch = asset.add_batch_definition_whole_dataframe("all").get_batch({"dataframe": frame})
    return _validate(batch, gx, began)


def check_with_gx_on_sql(path: str) -> tuple[Clock, dict[str, int]]:
    import duckdb  # noqa: PLC0415 - theirs
    import great_expectations as gx  # type: ignore[import-not-found,unused-ignore]  # noqa: PLC0415 - theirs
    from great_expectations.execution_engine import (  # type: ignore[import-not-found,unused-ignore]  # noqa: PLC0415
        sqlalchemy_execution_engine as engines,
    )
    from sqlalchemy.dialects import postgresql  # type: ignore[import-not-found,unused-ignore]  # noqa: PLC0415

    if "duckdb" not in engines._PERSISTED_CONNECTION_DIALECTS:  # noqa: SLF001 - see above
        engines._PERSISTED_CONNECTION_DIALECTS += (StrEnum("Known", {"DUCKDB": "duckdb"}).DUCKDB,)  # type: ignore[attr-defined] # noqa: SLF001
    with tempfile.TemporaryDirectory() as folder:
        began = (time.process_time(), time.perf_counter())
        with duckdb.connect(f"{folder}/rows.duckdb") as connection:
            connection.execute(f"CREATE VIEW rows AS SELECT * FROM read_parquet('{path}')")  # noqa: S608 - its own file
        context = gx.get_context(mode="ephemeral")
        source = context.data_sources.add_sql(
            "db",
            connection_string=f"duckdb:///{folder}/rows.duckdb",
            kwargs={"connect_args": {"config": {"threads": 2}}},
            create_temp_table=False,
        )
        source.get_execution_engine().dialect_module = postgresql
        asset = source.add_table_asset("rows", table_name="rows")
        return _validate(asset.add_batch_definition_whole_table("all").get_batch(), gx, began)


def _validate(batch: Any, gx: Any, began: Clock) -> tuple[Clock, dict[str, int]]:
    expect = gx.expectations
    suite = gx.ExpectationSuite(
        name="rules",
        expectations=[
            expect.ExpectColumnValuesToNotBeNull(column="id_number"),
            expect.ExpectColumnValuesToBeInSet(column="sex", value_set=["1", "2"]),
            expect.ExpectColumnValuesToBeBetween(column="age", min_value=0, max_value=150),
            expect.ExpectColumnValuesToMatchRegex(column="phone", regex="^1[0-9]{10}$"),
            expect.ExpectColumnValuesToBeUnique(column="row_id"),
        ],
    )
    result = batch.validate(suite, result_format="BASIC")
    seconds = (time.process_time() - began[0], time.perf_counter() - began[1])
    counts = [int(one.result["unexpected_count"]) for one in result.results]
    return seconds, dict(zip(NAMES, counts, strict=True))


TOOLS: dict[str, Callable[[str], tuple[Clock, dict[str, int]]]] = {
    "pointblank": lambda path: check_with_pointblank(path, extracts=True),
    "pointblank_counts": lambda path: check_with_pointblank(path, extracts=False),
    "gx": check_with_gx,
    "gx_sql": check_with_gx_on_sql,
}


def main() -> None:
    tool, path, runs = sys.argv[1:]
    resource.setrlimit(resource.RLIMIT_DATA, (CAP_GIB * 2**30, CAP_GIB * 2**30))
    done = [TOOLS[tool](path) for _ in range(int(runs))]
    processor, wall = (min(run[0][place] for run in done) for place in (0, 1))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    record: dict[str, Any] = {"seconds": processor, "wall": wall, "failed": done[0][1], "peak_mib": peak}
    print("\n" + json.dumps(record))


if __name__ == "__main__":
    main()
