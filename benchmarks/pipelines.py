"""Pipelines against the same work written by hand as SQL on the same engine, and what compiling one costs."""

import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from benchmarks.measuring import best_seconds, print_line
from chengshu.dataplane.engines.opening import open_engine
from chengshu.dataplane.engines.protocol import Engine
from chengshu.dataplane.pipelines.compiling import compile_pipeline
from chengshu.dataplane.pipelines.pipeline import Pipeline, Step
from chengshu.dataplane.pipelines.running import fetch_outcome
from chengshu.dataplane.tables.shapes import Column, Shape, Type

SIZES = (1_000_000,)
FULL_SIZES = (1_000_000, 10_000_000)
STEPS = 50

PAYMENTS = Shape(
    "payments",
    "payments",
    tuple(
        Column(kind, name, name=name, **({"precision": 12, "scale": 2} if kind is Type.DECIMAL else {}))  # type: ignore[arg-type]
        for name, kind in {
            "id": Type.INTEGER,
            "district": Type.TEXT,
            "amount": Type.DECIMAL,
            "paid": Type.DATE,
            "raw": Type.TEXT,
        }.items()
    ),
)
GENERATE = """
SELECT i AS id, (i * 7919 % 16)::VARCHAR AS district, ((i * 104729 % 1000000) / 100)::DECIMAL(12, 2) AS amount,
  DATE '2020-01-01' + (i * 31 % 1500)::INTEGER AS paid,
  CASE WHEN i % 50 = 0 THEN '约' || i ELSE (i % 100000)::VARCHAR END AS raw
FROM range({rows}) AS r(i)
"""

MONTHS = Pipeline(
    "months",
    (PAYMENTS,),
    (
        Step(
            "recent",
            "SELECT district, amount, DATE_TRUNC('month', paid) AS month FROM payments WHERE paid >= '2021-01-01'",
        ),
        Step("large", "SELECT district, amount, month FROM recent WHERE amount / 2 > 50 AND district <> '3'"),
        Step(
            "months",
            "SELECT district, month, COUNT(*) AS n, SUM(amount) AS total, AVG(amount) AS mean FROM large GROUP BY 1, 2",
        ),
        Step("ranked", "SELECT *, RANK() OVER (PARTITION BY month ORDER BY total DESC) AS place FROM months"),
        Step("leaders", "SELECT district, month, total, mean, n FROM ranked WHERE place <= 3"),
    ),
)
MONTHS_BY_HAND = """
SELECT district, month, total, mean, n FROM (
  SELECT *, rank() OVER (PARTITION BY month ORDER BY total DESC) AS place FROM (
    SELECT district, date_trunc('month', paid)::DATE AS month, count(*) AS n, sum(amount) AS total, avg(amount) AS mean
    FROM payments WHERE paid >= DATE '2021-01-01' AND amount / 2 > 50 AND district <> '3' GROUP BY 1, 2))
WHERE place <= 3
"""
NUMBERS = Pipeline(
    "numbers",
    (PAYMENTS,),
    (
        Step("read", "SELECT district, TRY_CAST(raw AS BIGINT) AS n FROM payments"),
        Step("sums", "SELECT district, SUM(n) AS total, COUNT(n) AS known FROM read GROUP BY district"),
    ),
)
NUMBERS_BY_HAND = """
SELECT district, sum(TRY_CAST(raw AS BIGINT)) AS total, count(TRY_CAST(raw AS BIGINT)) AS known FROM payments GROUP BY 1
"""


def run(sizes: Sequence[int] = SIZES) -> None:
    """Target: no more than a tenth above the SQL by hand; reading texts costs more, for one meaning on all engines."""
    _measure_compiling()
    for size in sizes:
        with tempfile.TemporaryDirectory() as folder:
            engine = open_engine("duckdb", threads=2, memory_limit="4GB", temp_folder=Path(folder))
            engine.offer("payments", engine.write(GENERATE.format(rows=size), Path(folder, "payments")).files)
            _compare(engine, size, MONTHS, MONTHS_BY_HAND, "filter, group, rank")
            _compare(engine, size, NUMBERS, NUMBERS_BY_HAND, "texts read as numbers, sums")
            engine.close()


def run_full() -> None:
    """Run 10 M rows as well."""
    run(FULL_SIZES)


def _compare(engine: Engine, size: int, pipeline: Pipeline, by_hand: str, label: str) -> None:
    ours, theirs = fetch_outcome(pipeline, engine), engine.fetch(by_hand)
    if sorted(map(str, ours.to_pylist())) != sorted(map(str, theirs.to_pylist())):
        print_line(f"{size:>11,} rows: {label}", "answers differ")
        return
    taken = _alternate(lambda: fetch_outcome(pipeline, engine), lambda: engine.fetch(by_hand))
    note = f"{taken[0]:.3f} s ours, {taken[1]:.3f} s by hand, of the clock"
    print_line(f"{size:>11,} rows: {label}", f"{taken[0] / taken[1]:.2f} times", note)


def _alternate(*works: Callable[[], object], runs: int = 7) -> list[float]:
    """Give the seconds of the quickest run of each; they take turns, so that other load meets them alike."""
    best = [float("inf")] * len(works)
    for _ in range(runs):
        for place, work in enumerate(works):
            start = time.perf_counter()
            work()
            best[place] = min(best[place], time.perf_counter() - start)
    return best


def _measure_compiling() -> None:
    steps = tuple(
        Step(
            f"s{n}",
            f"SELECT id, district, amount + {n} AS amount, paid, raw FROM {f's{n - 1}' if n else 'payments'} WHERE id > {n}",  # noqa: S608 - numbers
        )
        for n in range(STEPS)
    )
    built = Pipeline("long", (PAYMENTS,), steps)
    print_line(
        f"check a pipeline of {STEPS} steps", f"{best_seconds(lambda: Pipeline('long', (PAYMENTS,), steps)):.3f} s"
    )
    for dialect in ("duckdb", "spark"):
        taken = best_seconds(lambda name=dialect: compile_pipeline(built, name))  # type: ignore[misc]
        print_line(f"compile it for {dialect}", f"{taken:.3f} s")
