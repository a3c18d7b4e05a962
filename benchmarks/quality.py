"""Rules of quality: our layer beside SQL by hand on the same engine, Pointblank and Great Expectations.

The same rows, the same rules, two threads, each contender in a process of its own. Seconds are of the processor, over all
threads, which others on the machine change least; the wall's stand beside them. Targets: at most 1.3 times the SQL by
hand; at least 10 times as fast as Pointblank, 5 times as Great Expectations.
"""

import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from benchmarks.measuring import print_line
from benchmarks.peers import open_environment
from benchmarks.quality_rows import SEED, write_persons

MILLION, CITY = 1_000_000, 27_300_000
_PEERS = {
    "pointblank": "5 rules, Pointblank as it comes",
    "pointblank_counts": "5 rules, Pointblank, counts only",
    "gx": "5 rules, Great Expectations on pandas",
    "gx_sql": "5 rules, Great Expectations on DuckDB's SQL",
}


def run() -> None:
    """Measure a million rows."""
    measure(MILLION, runs=3)


def run_full() -> None:
    """Measure a million rows, and as many as a city has persons."""
    measure(MILLION, runs=3)
    measure(CITY, runs=1)


def measure(rows: int, *, runs: int) -> None:
    """Write the rows and let every contender check them."""
    with tempfile.TemporaryDirectory(prefix="chengshu-bench-") as folder:
        path = Path(folder) / "persons.parquet"
        write_persons(path, rows)
        size = path.stat().st_size / 2**20
        print_line("input", f"{rows:,} rows", f"six columns, Parquet, {size:,.0f} MiB, seed {SEED}, 2 threads")
        base = _measure_ours(path, runs)
        peers = open_environment()
        for name, label in _PEERS.items() if peers else ():
            script = Path(__file__).with_name("quality_peers.py")
            found = _run([str(peers), str(script), name, str(path), str(runs)])
            _print(label, found, base, slower=True)


def _measure_ours(path: Path, runs: int) -> dict[str, Any] | None:
    def ask(who: str) -> dict[str, Any] | None:
        return _run([sys.executable, "-m", "benchmarks.quality_runs", who, str(path), str(runs)])

    hand, ours = ask("hand"), ask("ours")
    _print("floor: 5 rules by hand, DuckDB", hand, None)
    _print("5 rules through our layer", ours, hand)
    _print("5 rules, every failing key kept", ask("ours_kept"), hand)
    hand_digits = ask("hand_digits")
    _print("floor: the same and 2 check digits by hand", hand_digits, None)
    _print("7 rules through our layer", ask("ours_digits"), hand_digits)
    _print("7 rules, every failing key kept", ask("ours_keys"), hand_digits)
    return ours


def _run(command: list[str]) -> dict[str, Any] | None:
    """Run a contender; give what it printed last, or None when it failed, for lack of memory perhaps."""
    ended = subprocess.run(command, check=False, capture_output=True, text=True)
    if ended.returncode:
        last = (ended.stderr.strip().splitlines() or [f"exit code {ended.returncode}"])[-1]
        print(f"  {Path(command[-3]).name} failed: {last[:100]}")
        return None
    found: dict[str, Any] = json.loads(ended.stdout.strip().splitlines()[-1])
    return found


def _print(label: str, found: dict[str, Any] | None, base: dict[str, Any] | None, *, slower: bool = False) -> None:
    if found is None:
        return
    note = f"wall {found['wall']:.2f} s, {found['peak_mib']:,.0f} MiB"
    if base:
        times, walls = (found[clock] / base[clock] for clock in ("seconds", "wall"))
        note += f", {times:.2f} x {'ours' if slower else 'the floor'} (wall {walls:.2f} x)"
        shared = found["failed"].keys() & base["failed"].keys()
        if any(found["failed"][name] != base["failed"][name] for name in shared):
            note += f"; OTHER COUNTS: {found['failed']} and {base['failed']}"
    print_line(label, f"{found['seconds']:.2f} s", note)
