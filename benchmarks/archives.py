"""Checking whole archives from Parquet to Parquet: time and memory as the archive grows."""

import os
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import pyarrow.parquet as pq

from benchmarks.measuring import print_line, watch_tree
from chengshu.performance.pipelines.archive import check_archive, write_archive
from chengshu.synthetic.forms import generate_forms

SIZES = (10_000, 100_000)
FULL_SIZES = (*SIZES, 1_000_000)
SEED = 1


def run(sizes: Sequence[int] = SIZES) -> None:
    """Target: 1,000,000 forms within 1 GiB, time close to linear."""
    workers = os.cpu_count() or 1
    print_line("workers", str(workers))
    for size in sizes:
        with tempfile.TemporaryDirectory() as folder:
            _measure(size, Path(folder), workers)


def run_full() -> None:
    """Run up to a million forms; takes minutes."""
    run(FULL_SIZES)


def _measure(size: int, folder: Path, workers: int) -> None:
    source = folder / "forms.parquet"
    write_archive((record for record, _ in generate_forms(SEED, size)), source)
    start = time.perf_counter()
    _read_bare(source)
    floor = time.perf_counter() - start
    start = time.perf_counter()
    with watch_tree() as peak:
        summary = check_archive(source, folder / "out", workers=workers)
    taken = time.perf_counter() - start
    found = sum(summary.codes.values())
    print_line(
        f"{size:>9,} forms",
        f"{taken:,.1f} s",
        f"{size / taken:,.0f} forms/s, peak {peak.mib:,.0f} MiB in all processes, {found:,} findings",
    )
    print_line("  floor: read the same file into Python", f"{floor:,.1f} s", f"{_mib(source):,.1f} MiB of Parquet")


def _read_bare(source: Path) -> None:
    with pq.ParquetFile(source) as archive:
        for batch in archive.iter_batches(1_000):
            batch.to_pylist()


def _mib(path: Path) -> float:
    return path.stat().st_size / 2**20
