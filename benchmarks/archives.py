"""Checking whole archives from Parquet to Parquet: time and memory as the archive grows."""

import multiprocessing
import os
import tempfile
import time
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
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
    print_line("workers; times are of the clock", str(workers))
    for size in sizes:
        with tempfile.TemporaryDirectory() as folder:
            _measure(size, Path(folder), workers)


def run_full() -> None:
    """Run up to a million forms; takes minutes."""
    run(FULL_SIZES)


def _measure(size: int, folder: Path, workers: int) -> None:
    source = folder / "forms.parquet"
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as apart:  # its memory is none of the run's
        floor = apart.submit(_prepare, size, source).result()
    start = time.perf_counter()
    with watch_tree() as usage:
        summary = check_archive(source, folder / "out", workers=workers)
    taken = time.perf_counter() - start
    print_line(
        f"{size:>9,} forms",
        f"{taken:,.1f} s",
        f"{size / taken:,.0f} forms/s by the clock, {size / usage.seconds:,.0f} a processor second",
    )
    print_line("  memory of all processes at its peak", f"{usage.peak_mib:,.0f} MiB")
    print_line("  findings", f"{sum(summary.codes.values()):,}", f"{_mib(folder / 'out'):,.1f} MiB of Parquet")
    print_line("  floor: read the same file into Python", f"{floor:,.1f} s", f"{_mib(source):,.1f} MiB of Parquet")


def _prepare(size: int, source: Path) -> float:
    """Write an archive, read it bare, and give the processor seconds of the reading."""
    write_archive((record for record, _ in generate_forms(SEED, size)), source)
    start = time.process_time()
    with pq.ParquetFile(source, pre_buffer=False) as archive:
        for batch in archive.iter_batches(1_000):
            batch.to_pylist()
    return time.process_time() - start


def _mib(path: Path) -> float:
    files = path.glob("*/*.parquet") if path.is_dir() else [path]
    return sum(file.stat().st_size for file in files) / 2**20
