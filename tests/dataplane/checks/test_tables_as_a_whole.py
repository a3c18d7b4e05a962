"""Tests of the table as a whole: how old it is, how many rows, how its values are spread."""

import math
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from dataplane.checks.drawn import ask, draw

from chengshu.dataplane.checks.drift import count_drift, is_late, stability_index
from chengshu.dataplane.checks.rules import DistributionDrift, RowCountDrift, Rule, Test, Timeliness
from chengshu.dataplane.engines.protocol import Engine

MOMENTS = """
id | t:moment
1  | 2024-06-28T12:00:00
2  | 2024-06-29T12:00:00
3  | ∅
"""


def _fails(engine: Engine, rows: pa.Table, test: Test, *columns: str, where: str = "") -> bool:
    (outcome,) = ask(engine, rows, [Rule("r", columns, test, where=where)])
    assert (outcome.checked, outcome.share, outcome.keys) == (1, float(outcome.failed), None)
    assert outcome.observed
    return not outcome.passed


def test_the_latest_moment_lies_within_the_promised_time(duckdb_engine: Engine) -> None:
    rows = draw(MOMENTS)  # now is 2024-06-30 12:00 UTC
    assert not _fails(duckdb_engine, rows, Timeliness(timedelta(days=1)), "t")
    assert _fails(duckdb_engine, rows, Timeliness(timedelta(hours=23)), "t")
    assert _fails(duckdb_engine, rows, Timeliness(timedelta(days=1)), "t", where="id = '1'")
    assert _fails(duckdb_engine, rows, Timeliness(timedelta(days=9)), "t", where="id = '3'")


@pytest.mark.spark
def test_spark_measures_a_table_as_duckdb_does(duckdb_engine: Engine, spark_engine: Engine) -> None:
    rows = draw(MOMENTS)
    half = Decimal("0.5")
    rules = [
        Rule("t", ("t",), Timeliness(timedelta(hours=23))),
        Rule("w", ("t",), Timeliness(timedelta(days=2)), where="id = '2'"),
        Rule("n", (), RowCountDrift((3,), half)),
        Rule("d", ("id",), DistributionDrift(edges=(Decimal(2),), shares=(half, half))),
        Rule("v", ("id",), DistributionDrift(values=("1",), shares=(half, half))),
    ]
    ours, theirs = (ask(engine, rows, rules) for engine in (duckdb_engine, spark_engine))
    assert [(o.failed, o.observed) for o in theirs] == [(o.failed, o.observed) for o in ours]
    assert [o.failed for o in ours] == [1, 0, 0, 0, 0]


def test_days_written_as_text_are_moments_too(duckdb_engine: Engine) -> None:
    rows = draw("id | t\n1 | 2024-06-30\n2 | 随便")
    assert not _fails(duckdb_engine, rows, Timeliness(timedelta(hours=12)), "t")
    assert _fails(duckdb_engine, rows, Timeliness(timedelta(hours=11)), "t")


def test_the_number_of_rows_stays_near_the_median_of_earlier_ones(duckdb_engine: Engine) -> None:
    rows = pa.table({"id": range(90)})
    assert not _fails(duckdb_engine, rows, RowCountDrift((100, 100, 5), Decimal("0.1")))
    assert _fails(duckdb_engine, rows, RowCountDrift((100, 101, 102), Decimal("0.1")))
    assert _fails(duckdb_engine, rows, RowCountDrift((0,), Decimal(1)))


def test_shares_of_codes_that_moved_are_drift(duckdb_engine: Engine) -> None:
    rows = pa.table({"id": range(100), "c": ["1"] * 50 + ["2"] * 30 + ["9"] * 20})
    same = DistributionDrift(values=("1", "2"), shares=(Decimal("0.5"), Decimal("0.3"), Decimal("0.2")))
    moved = DistributionDrift(values=("1", "2"), shares=(Decimal("0.1"), Decimal("0.3"), Decimal("0.6")))
    assert not _fails(duckdb_engine, rows, same, "c")
    assert _fails(duckdb_engine, rows, moved, "c")


def test_an_index_of_numbers_is_what_numpy_makes_of_their_histogram(duckdb_engine: Engine) -> None:
    values = np.random.default_rng(7).normal(0.3, 1.1, 5_000)
    edges, shares = [-1.0, 0.0, 1.0], [0.16, 0.34, 0.34, 0.16]
    counts, _ = np.histogram(values, bins=[-np.inf, *edges, np.inf])
    now = counts / counts.sum()
    expected = float(((now - shares) * np.log(now / shares)).sum())
    limits = [Decimal(repr(expected * factor)) for factor in (0.999, 1.001)]
    rows = pa.table({"id": range(5_000), "v": values})
    outcomes = [
        _fails(
            duckdb_engine,
            rows,
            DistributionDrift(
                edges=tuple(map(Decimal, map(str, edges))), shares=tuple(map(Decimal, map(str, shares))), limit=limit
            ),
            "v",
        )
        for limit in limits
    ]
    assert outcomes == [True, False]
    assert stability_index([Decimal(str(share)) for share in shares], counts.tolist()) == pytest.approx(expected)


def test_measures_of_nothing() -> None:
    now = datetime(2024, 6, 30, tzinfo=UTC)
    assert math.isinf(stability_index([Decimal(1)], [0]))
    assert stability_index([Decimal(1), Decimal(0)], [10, 0]) == 0
    assert (count_drift([0], 0), count_drift([10, 30], 30)) == (Decimal(0), Decimal("0.5"))
    assert is_late(None, now, timedelta(days=1))
    assert not is_late(now, now, timedelta(0))


def test_a_table_without_rows_is_clean_of_failing_rows(duckdb_engine: Engine, tmp_path: Path) -> None:
    rows = draw("id | v")
    rules = [Rule("t", ("v",), Timeliness(timedelta(days=1))), Rule("n", (), RowCountDrift((3,), Decimal("0.5")))]
    late, few = ask(duckdb_engine, rows, rules, keys=tmp_path / "k")
    assert (late.passed, few.passed, late.observed) == (False, False, "没有任何时间")
