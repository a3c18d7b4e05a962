"""`python -m benchmarks [NAME...] [--full]`: every bench in a process of its own, beside the floor underneath.

The figures depend on the machine and on who else uses it; nothing here fails.
"""

import argparse
import importlib
import os
import platform
import subprocess
import sys
from collections.abc import Callable

from benchmarks.measuring import peak_mib, print_line

BENCHES = {
    "texts": "text forms read",
    "documents": "workbooks and PDF read",
    "checks": "structured forms checked",
    "archives": "archives checked, Parquet to Parquet",
    "pipelines": "steps of a pipeline beside the same SQL by hand",
    "standards": "raw tables made into standard tables, beside a plain copy",
    "quality": "rules of data quality, beside SQL by hand, Pointblank and Great Expectations",
    "collection": "CSV into the lake, beside DuckDB's CSV to Parquet",
    "audit": "entries recorded, linked and checked",
    "lineage": "SQL read into edges between columns, questions to a graph of a million",
    "tickets": "pages and figures of tickets",
    "years": "pages of the performance year",
    "catalogue": "search over the data catalogue",
    "work": "today's work of a department and of a city, as the city grows",
    "workbooks": "the catalogue as a workbook, taken away and handed in",
}


def main() -> int:
    """Run the benches asked for, or all."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(BENCHES)}; all by default")
    parser.add_argument("--full", action="store_true", help="grow the archive to a million forms (minutes)")
    parser.add_argument("--alone", action="store_true", help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if unknown := set(chosen.names) - set(BENCHES):
        parser.error(f"no bench named {', '.join(sorted(unknown))}; there are {', '.join(BENCHES)}")
    if chosen.alone:
        return run_here(chosen.names[0], full=chosen.full)
    print_conditions()
    return max(run_apart(name, full=chosen.full) for name in chosen.names or BENCHES)


def print_conditions() -> None:
    """Say on what the figures were taken."""
    print(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}, {platform.system()}")
    print("Rates are forms a second of processor time on one core, the best of some runs, unless said otherwise.")


def run_apart(name: str, *, full: bool) -> int:
    """Run one bench in a process of its own, so that its memory is its own."""
    print(f"\n{name}: {BENCHES[name]}", flush=True)
    command = [sys.executable, "-m", "benchmarks", "--alone", name, *(["--full"] if full else [])]
    return subprocess.run(command, check=False).returncode


def run_here(name: str, *, full: bool) -> int:
    """Run one bench in this process."""
    module = importlib.import_module(f"benchmarks.{name}")
    run: Callable[[], None] = getattr(module, "run_full", module.run) if full else module.run
    run()
    print_line("peak memory of this process", f"{peak_mib():,.0f} MiB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
