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
class TreePeak:
    """The largest memory of this process and all below it; pages that several share count once."""

    mib: float = 0.0


@contextmanager
def watch_tree(interval: float = 0.1) -> Iterator[TreePeak]:
    """Sample the memory of the process tree until the block ends."""
    peak, done = TreePeak(), threading.Event()

    def sample() -> None:
        while not done.wait(interval):
            peak.mib = max(peak.mib, _tree_kib(os.getpid()) / 1024)

    watcher = threading.Thread(target=sample, daemon=True)
    watcher.start()
    try:
        yield peak
    finally:
        done.set()
        watcher.join()


def _tree_kib(pid: int) -> int:
    children = (PROC / str(pid) / "task").glob("*/children")
    try:
        below = [int(child) for path in children for child in path.read_text().split()]
        lines = (PROC / str(pid) / "smaps_rollup").read_text().splitlines()
    except OSError:  # the process has just ended
        return 0
    own = next((int(line.split()[1]) for line in lines if line.startswith("Pss:")), 0)
    return own + sum(map(_tree_kib, below))


def print_line(label: str, value: str, note: str = "") -> None:
    """Print one figure."""
    print(f"  {label:<44}{value:>20}  {note}".rstrip())
