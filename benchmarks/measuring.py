"""How the benches measure: processor time of the best of some runs, and the memory of a whole process tree."""

import os
import resource
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

PROC = Path("/proc")


def best_seconds(work: Callable[[], object], *, runs: int = 5) -> float:
    """Give the processor seconds of the quickest of some runs: what the work costs a core, whoever else is on it."""
    taken = []
    for _ in range(runs):
        start = time.process_time()
        work()
        taken.append(time.process_time() - start)
    return min(taken)


def peak_mib() -> float:
    """Give the largest resident memory that this process had, in MiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


@dataclass(slots=True)
class Usage:
    """What this process and all below it used: memory at its peak (shared pages once), processor seconds in all."""

    peak_mib: float = 0.0
    seconds: float = 0.0


@contextmanager
def watch_tree(interval: float = 0.1) -> Iterator[Usage]:
    """Sample the process tree until the block ends; what a process does after its last sample is not counted."""
    usage, done = Usage(), threading.Event()
    before = _sample_tree(os.getpid())[1]

    def sample() -> None:
        while not done.wait(interval):
            kib, seconds = _sample_tree(os.getpid())
            usage.peak_mib = max(usage.peak_mib, kib / 1024)
            usage.seconds = max(usage.seconds, seconds - before)

    watcher = threading.Thread(target=sample, daemon=True)
    watcher.start()
    try:
        yield usage
    finally:
        done.set()
        watcher.join()


def _sample_tree(pid: int) -> tuple[int, float]:
    """Give the memory (KiB) and the processor seconds of a process and all below it."""
    home = PROC / str(pid)
    try:
        children = [int(child) for path in home.glob("task/*/children") for child in path.read_text().split()]
        memory = (home / "smaps_rollup").read_text().splitlines()
        fields = (home / "stat").read_text().rpartition(")")[2].split()
    except OSError:  # the process has just ended
        return 0, 0.0
    kib = next((int(line.split()[1]) for line in memory if line.startswith("Pss:")), 0)
    seconds = (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    below = [_sample_tree(child) for child in children]
    return kib + sum(part for part, _ in below), seconds + sum(part for _, part in below)


def print_line(label: str, value: str, note: str = "") -> None:
    """Print one figure."""
    print(f"  {label:<44}{value:>20}  {note}".rstrip())
