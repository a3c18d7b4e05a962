"""A raw table made into its standard table, beside DuckDB that only reads and writes the same rows, and the statement alone."""

import tempfile
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from benchmarks.measuring import print_line, watch_tree
from benchmarks.quality_rows import write_persons
from chengshu.dataplane.engines.choosing import EngineChoice
from chengshu.dataplane.lake.places import Lake, TableName, Zone
from chengshu.dataplane.lake.reading import active_files
from chengshu.dataplane.lake.writing import Entry, append
from chengshu.dataplane.pipelines.compiling import compile_step
from chengshu.dataplane.runs.running import run_plan
from chengshu.resources.contracts.processing import Recipe, RecipeColumn
from chengshu.resources.pipelines.standardising import RAW, STANDARD, standard_plan

SIZES = (1_000_000,)
FULL_SIZES = (1_000_000, 27_300_000)
_TURNS, _LARGE = 3, 10_000_000
_COPY = f'SELECT * FROM "{RAW}"'  # noqa: S608 - a name of the house

PERSONS = Recipe(
    code="persons",
    title="persons",
    raw="raw/persons",
    target="standard/persons",
    columns=(
        RecipeColumn("row_id", "row", "integer", "integer", is_key=True),
        RecipeColumn("id_number", "id number", "text", "text"),
        RecipeColumn("sex", "sex", "text", "text"),
        RecipeColumn("age", "age", "integer", "integer"),
        RecipeColumn("firm_code", "firm", "text", "text"),
        RecipeColumn("phone", "phone", "text", "text"),
    ),
    rules=(
        {"kind": "check_digit", "scheme": "citizen_id", "columns": ["id_number"]},
        {"kind": "check_digit", "scheme": "credit_code", "columns": ["firm_code"]},
        {"kind": "one_of", "columns": ["sex"], "values": ["1", "2"]},
        {"kind": "between", "columns": ["age"], "min": 0, "max": 150},
        {"kind": "matches", "columns": ["phone"], "pattern": "1[0-9]{10}"},
    ),
)


def run(sizes: Sequence[int] = SIZES) -> None:
    """Tell what a row costs on its way: trimmed, once, held to five rules, typed, written, and its digest taken."""
    for size in sizes:
        with tempfile.TemporaryDirectory() as folder:
            _measure(Path(folder), size)


def run_full() -> None:
    """Run the persons of the largest city as well."""
    run(FULL_SIZES)


def _measure(folder: Path, size: int) -> None:
    lake, file = Lake(str(folder / "lake")), folder / "persons.parquet"
    write_persons(file, size)
    append(lake, TableName(Zone.RAW, "persons"), (file,), entry=Entry("1", "bench"))
    plan, best = standard_plan(PERSONS), dict.fromkeys(("run", "statement", "copy"), float("inf"))
    with EngineChoice().opened() as engine, watch_tree() as usage:
        for turn in range(_TURNS if size < _LARGE else 1):
            done = _keep(best, "run", partial(run_plan, plan, engine, lake, run_id=f"r{turn}", actor="bench"))
            files = active_files(lake, TableName(Zone.RAW, "persons"))
            engine.offer(RAW, files.files, schema=files.schema)
            statement = compile_step(plan.pipeline, STANDARD, engine.dialect, {})
            _keep(best, "statement", partial(engine.write, statement, folder / f"s{turn}"))
            _keep(best, "copy", partial(engine.write, _COPY, folder / f"c{turn}"))
            engine.withdraw(RAW)
    note = ", ".join(f"{label} {seconds:.2f} s" for label, seconds in best.items())
    label = f"{size:>11,} rows, {done.outputs[0].rows:,} sound"
    print_line(
        label, f"{best['run'] / best['copy']:.1f} times the copy", f"{note}, by the clock; {usage.peak_mib:,.0f} MiB"
    )


def _keep(best: dict[str, float], label: str, work: Callable[[], Any]) -> Any:
    start = time.perf_counter()
    found = work()
    best[label] = min(best[label], time.perf_counter() - start)
    return found
