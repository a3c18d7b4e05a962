"""`python -m benchmarks.quality_runs WHO FILE RUNS`: our layer, or SQL by hand, on the rows of the bench.

Each in a process of its own, so that its memory is its own; prints one JSON object as quality_peers.py does.
"""

import json
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from benchmarks.measuring import peak_mib
from chengshu.dataplane.checks.opening import Wanted, open_data
from chengshu.dataplane.checks.rules import Between, CheckDigit, Matches, NotNull, OneOf, Rule, Unique
from chengshu.dataplane.checks.running import Keeping, run_checks
from chengshu.dataplane.engines.opening import open_engine

_Counts = dict[str, int]
_Clock = tuple[float, float]
COMPARABLE = (
    Rule("present", ("id_number",), NotNull()),
    Rule("sex", ("sex",), OneOf(("1", "2"))),
    Rule("age", ("age",), Between(0, 150)),
    Rule("phone", ("phone",), Matches("1[0-9]{10}")),
    Rule("unique", ("row_id",), Unique()),
)
DIGITS = (
    Rule("id", ("id_number",), CheckDigit("citizen_id")),
    Rule("code", ("firm_code",), CheckDigit("credit_code")),
)
_COMPARABLE_SQL = {
    "present": "id_number IS NULL",
    "sex": "sex NOT IN ('1', '2')",
    "age": "age NOT BETWEEN 0 AND 150",
    "phone": "NOT regexp_full_match(phone, '1[0-9]{10}')",
}
_ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CODE_WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"


def read_clock() -> _Clock:
    """Give seconds of the processor, of all threads, and of the wall."""
    return time.process_time(), time.perf_counter()


def since(began: _Clock) -> _Clock:
    """Give the seconds since a reading of the clock."""
    processor, wall = read_clock()
    return processor - began[0], wall - began[1]


def ours(path: str, rules: tuple[Rule, ...], *, keys: bool = False) -> tuple[_Clock, _Counts]:
    """Check through our layer, opening and planning included; with `keys`, the failing rows are written too."""
    with tempfile.TemporaryDirectory() as folder:
        began = read_clock()
        engine = open_engine("duckdb", threads=2, memory_limit="4GB", temp_folder=Path(folder) / "spill")
        shape = open_data(engine, path, Wanted("rows"), scratch=Path(folder) / "data")
        keeping = Keeping(Path(folder) / "keys", ("row_id",)) if keys else None
        outcomes = run_checks(engine, shape, rules, now=datetime.now(UTC), keeping=keeping)
        engine.close()
        return since(began), {outcome.rule.key: outcome.failed for outcome in outcomes}


def by_hand(path: str, *, digits: bool) -> tuple[_Clock, _Counts]:
    """Check by the SQL that a careful person writes: one scan, and uniqueness apart."""
    conditions = _COMPARABLE_SQL | (_digits_sql() if digits else {})
    counts = ", ".join(f"count(*) FILTER (WHERE {condition}) AS {name}" for name, condition in conditions.items())
    began = read_clock()
    with duckdb.connect(config={"threads": 2, "memory_limit": "4GB"}) as engine:
        source = f"read_parquet('{path}')"
        row = engine.execute(f"SELECT {counts} FROM {source}").fetchone() or ()  # noqa: S608 - of this file
        repeated = f"SELECT count(*) AS n FROM {source} GROUP BY row_id HAVING count(*) > 1"  # noqa: S608 - the same
        unique = engine.execute(f"SELECT coalesce(sum(n), 0) FROM ({repeated})").fetchone() or ()  # noqa: S608 - the same
    return since(began), dict(zip([*conditions, "unique"], map(int, [*row, *unique]), strict=True))


def _digits_sql() -> dict[str, str]:
    """Give the unrolled form that is usual: one character after the other."""
    person = " + ".join(f"(ascii(substr(id_number, {i}, 1)) - 48) * {w}" for i, w in enumerate(_ID_WEIGHTS, start=1))
    firm = " + ".join(
        f"(strpos('{_ALPHABET}', substr(firm_code, {i}, 1)) - 1) * {w}" for i, w in enumerate(_CODE_WEIGHTS, start=1)
    )
    return {
        "id": f"id_number IS NOT NULL AND NOT (regexp_full_match(id_number, '[1-9][0-9]{{16}}[0-9X]')"
        f" AND substr('10X98765432', ({person}) % 11 + 1, 1) = substr(id_number, 18, 1))",
        "code": f"firm_code IS NOT NULL AND NOT (regexp_full_match(firm_code, '[{_ALPHABET}]{{18}}')"
        f" AND substr('{_ALPHABET}', (31 - ({firm}) % 31) % 31 + 1, 1) = substr(firm_code, 18, 1))",
    }


RUNS: dict[str, Callable[[str], tuple[_Clock, _Counts]]] = {
    "ours": lambda path: ours(path, COMPARABLE),
    "ours_kept": lambda path: ours(path, COMPARABLE, keys=True),
    "hand": lambda path: by_hand(path, digits=False),
    "ours_digits": lambda path: ours(path, COMPARABLE + DIGITS),
    "ours_keys": lambda path: ours(path, COMPARABLE + DIGITS, keys=True),
    "hand_digits": lambda path: by_hand(path, digits=True),
}


def main() -> None:
    """Run one contender some times and print its quickest run."""
    who, path, runs = sys.argv[1:]
    done = [RUNS[who](path) for _ in range(int(runs))]
    processor, wall = (min(run[0][place] for run in done) for place in (0, 1))
    print("\n" + json.dumps({"seconds": processor, "wall": wall, "failed": done[0][1], "peak_mib": peak_mib()}))


if __name__ == "__main__":
    main()
