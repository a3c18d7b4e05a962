"""Numbers that lie close together are looked at by blocks; the answer is that of counting each number."""

import random
from collections import Counter
from pathlib import Path

import pyarrow as pa
import pyarrow.dataset as ds
import pytest
from dataplane.checks.drawn import NOW, ask

from chengshu.dataplane.checks.cells import shape_of
from chengshu.dataplane.checks.rules import Rule, Unique
from chengshu.dataplane.checks.running import Keeping, run_checks
from chengshu.dataplane.engines.protocol import Engine

ONCE = Rule("once", ("n",), Unique())
SOME = Rule("some", ("n",), Unique(), where="t = 'a'")


@pytest.mark.parametrize(
    "first",
    [0, -2_500, -(2**63), 2**63 - 5_000],
    ids=["from zero", "below zero", "the least of all", "the most of all"],
)
@pytest.mark.parametrize("kind", [pa.int64(), pa.int16()])
def test_repeated_numbers_are_counted_wherever_they_lie(duckdb_engine: Engine, first: int, kind: pa.DataType) -> None:
    if kind == pa.int16() and abs(first) > 2**15:
        first = -(2**15)
    drawn = random.Random(7)  # noqa: S311 - no secret
    numbers = [first + place for place in range(4_000)] + [first + drawn.randrange(4_000) for _ in range(30)]
    letters = [drawn.choice("ab") for _ in numbers]
    rows = pa.table({"n": pa.array([*numbers, None, None], kind), "t": [*letters, "a", "a"]})
    every, some = Counter(numbers), Counter(n for n, t in zip(numbers, letters, strict=True) if t == "a")
    found = ask(duckdb_engine, rows, [ONCE, SOME])
    assert [outcome.failed for outcome in found] == [
        sum(times for times in counted.values() if times > 1) for counted in (every, some)
    ]


def test_each_row_of_a_repeated_number_is_kept(duckdb_engine: Engine, tmp_path: Path) -> None:
    rows = pa.table({"id": [f"r{place}" for place in range(3_001)], "n": [*range(3_000), 17]})
    duckdb_engine.offer("rows", rows)
    (outcome,) = run_checks(
        duckdb_engine, shape_of("rows", rows.schema), [ONCE], now=NOW, keeping=Keeping(tmp_path, ("id",))
    )
    duckdb_engine.withdraw("rows")
    assert outcome.keys
    assert sorted(ds.dataset(outcome.keys).to_table()["key"].to_pylist()) == ["r17", "r3000"]


@pytest.mark.parametrize("numbers", [[1, 2**62, 1], [None, None], [], [2**63 + 1, 2**63 + 1]])
def test_numbers_that_lie_apart_are_counted_one_by_one(duckdb_engine: Engine, numbers: list[int | None]) -> None:
    kind = pa.uint64() if max((n or 0 for n in numbers), default=0) > 2**63 else pa.int64()
    (outcome,) = ask(duckdb_engine, pa.table({"n": pa.array(numbers, kind)}), [ONCE])
    assert outcome.failed == (2 if len(set(numbers) - {None}) else 0)
