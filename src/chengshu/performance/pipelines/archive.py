"""Checks an archive of forms of any size, from Parquet to Parquet, in the memory of a few thousand forms.

    target/
      manifest.json            what the run was made from, and its sums once it is complete
      findings/part-*.parquet  one row a finding
      rescored/part-*.parquet  one row a form
      refused/part-*.parquet   records outside the contract, where there are any

Every part is one row group of the input, committed by a rename. A run that was cancelled or killed is resumed by the
same call: parts of the same input under the same rules are kept, everything else is made anew. A target that holds
another run is refused, never overwritten.
"""

import fcntl
import hashlib
import json
import multiprocessing
import os
import threading
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import FIRST_COMPLETED, ProcessPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import version
from itertools import islice
from multiprocessing.connection import wait as wait_for_handles
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from chengshu.performance.contracts import Level
from chengshu.performance.errors import ArchiveBusy, ArchiveMismatch, ArchiveUnreadable
from chengshu.performance.pipelines.parts import PartTask, Tally, check_part, count_at, read_tally
from chengshu.performance.pipelines.tables import REQUIRED, write_archive
from chengshu.performance.rules.rulesets import get_rule_set

__all__ = ["ArchiveSummary", "check_archive", "write_archive"]

Progress = Callable[[int, int], None]

TABLES = ("findings", "rescored", "refused")
MANIFEST = "manifest.json"
MANIFEST_VERSION = 1
QUEUED_PER_WORKER = 2  # enough to keep every worker busy, few enough to stop soon


@dataclass(frozen=True, slots=True)
class ArchiveSummary:
    """What a run found. `kept` counts the parts that an earlier run had finished; `codes` the findings by class."""

    forms: int
    refused: int
    errors: int
    breaches: int
    hints: int
    codes: Mapping[str, int]
    parts: int
    kept: int
    is_complete: bool


@dataclass(frozen=True, slots=True)
class _Input:
    path: Path
    digest: str
    group_sizes: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class _Run:
    tasks: tuple[PartTask, ...]
    forms: int
    manifest: Mapping[str, Any]


def check_archive(
    source: Path,
    target: Path,
    *,
    rules: str | None = None,
    workers: int | None = None,
    on_progress: Progress = lambda _done, _total: None,
    is_cancelled: Callable[[], bool] = lambda: False,
) -> ArchiveSummary:
    """Check every form of a Parquet file, or of all `*.parquet` files of a folder, and write the tables to `target`.

    `rules` names one rule set for all; None gives each form the one of its template and year. `workers` are processes
    (None: one a core; 1 works in this one). `on_progress` gets forms done and forms in all after every part;
    `is_cancelled` is asked after every part too, and True leaves the rest for the next call.

    Raises ArchiveUnreadable (not Parquet, or a column is missing), ArchiveMismatch (`target` holds another run),
    ArchiveBusy (another process works on `target`) and RuleSetUnknown.
    """
    if rules is not None:
        get_rule_set(rules)
    run = _plan(source, target, rules)
    for table in TABLES:
        (target / table).mkdir(parents=True, exist_ok=True)
    with _locked(target):
        _claim(target, run)
        kept = {task.number: tally for task in run.tasks if (tally := read_tally(task)) is not None}
        remaining = [task for task in run.tasks if task.number not in kept]
        total = Tally()
        for tally in kept.values():
            total.add(tally)
        done = len(kept)
        for tally in _work(remaining, workers or os.cpu_count() or 1, is_cancelled):
            total.add(tally)
            done += 1
            on_progress(total.forms + total.refused, run.forms)
        summary = _summarise(total, run, kept=len(kept), is_complete=done == len(run.tasks))
        if summary.is_complete:
            _write_manifest(target, {**run.manifest, "complete": True, "summary": _summary_record(summary)})
    return summary


def _plan(source: Path, target: Path, rules: str | None) -> _Run:
    paths = sorted(source.glob("*.parquet")) if source.is_dir() else [source]
    if not paths:
        raise ArchiveUnreadable(f"“{source.name}”中没有 Parquet 文件。", file=source.name)
    inputs = [_look_into(path) for path in paths]
    manifest = {
        "version": MANIFEST_VERSION,
        "software": version("chengshu"),
        "rules": rules,
        "input": [
            {"file": entry.path.name, "sha256": entry.digest, "forms": sum(entry.group_sizes)} for entry in inputs
        ],
    }
    run_key = hashlib.sha256(json.dumps(manifest, sort_keys=True).encode()).hexdigest()
    groups = [(entry, group) for entry in inputs for group in range(len(entry.group_sizes))]
    tasks = tuple(
        PartTask(number, entry.path, group, sum(entry.group_sizes[:group]), target, rules, run_key)
        for number, (entry, group) in enumerate(groups)
    )
    forms = sum(sum(entry.group_sizes) for entry in inputs)
    return _Run(tasks, forms, {**manifest, "run_key": run_key, "complete": False})


def _look_into(path: Path) -> _Input:
    try:
        with pq.ParquetFile(path) as archive:
            missing = [name for name in REQUIRED if name not in archive.schema_arrow.names]
            sizes = tuple(archive.metadata.row_group(group).num_rows for group in range(archive.num_row_groups))
        with path.open("rb") as stream:
            digest = hashlib.file_digest(stream, "sha256").hexdigest()
    except (pa.ArrowException, OSError) as fault:
        raise ArchiveUnreadable(f"“{path.name}”不是可读的 Parquet 文件：{fault}", file=path.name) from fault
    if missing:
        raise ArchiveUnreadable(f"“{path.name}”缺少列：{'、'.join(missing)}。", file=path.name)
    return _Input(path, digest, sizes)


@contextmanager
def _locked(target: Path) -> Iterator[None]:
    """Hold the target; the kernel lets go of it when the process ends, however it ends."""
    with (target / ".lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as fault:
            raise ArchiveBusy(f"“{target.name}”正由另一个进程写入。", target=target.name) from fault
        yield


def _claim(target: Path, run: _Run) -> None:
    """Make the target this run's, or make sure that it is; sweep away what a killed run left half-written."""
    manifest = target / MANIFEST
    if manifest.is_file():
        known = json.loads(manifest.read_text("utf-8"))
        if known.get("run_key") != run.manifest["run_key"]:
            raise ArchiveMismatch(
                f"“{target.name}”中是另一份档案或另一套规则的结果，请换一个目标文件夹。", target=target.name
            )
    elif any(any((target / table).iterdir()) for table in TABLES):
        raise ArchiveMismatch(f"“{target.name}”中已有不明来历的文件，请换一个目标文件夹。", target=target.name)
    else:
        _write_manifest(target, run.manifest)
    for leftover in target.glob("*/.*.partial"):
        leftover.unlink(missing_ok=True)  # a worker of a killed run may have a moment left to commit it


def _write_manifest(target: Path, manifest: Mapping[str, Any]) -> None:
    partial = target / f".{MANIFEST}.partial"
    partial.write_text(json.dumps(manifest, ensure_ascii=False, indent=2) + "\n", "utf-8")
    partial.replace(target / MANIFEST)


def _work(tasks: list[PartTask], workers: int, is_cancelled: Callable[[], bool]) -> Iterator[Tally]:
    """Give the tally of each part as it is committed, in any order, until done or cancelled."""
    if workers == 1 or len(tasks) < 2:
        for task in tasks:
            if is_cancelled():
                return
            yield check_part(task)
        return
    pool = ProcessPoolExecutor(
        min(workers, len(tasks)), multiprocessing.get_context("forkserver"), initializer=_end_with_parent
    )
    try:
        waiting = iter(tasks)
        running = {pool.submit(check_part, task) for task in islice(waiting, workers * QUEUED_PER_WORKER)}
        while running:
            finished, running = wait(running, return_when=FIRST_COMPLETED)
            if not is_cancelled():
                running |= {pool.submit(check_part, task) for task in islice(waiting, len(finished))}
            for future in finished:
                yield future.result()
    finally:
        pool.shutdown(cancel_futures=True)


def _end_with_parent() -> None:
    """Let a worker end when the process that started it is gone; else it would wait for work forever."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_exit_after, args=(parent.sentinel,), daemon=True).start()


def _exit_after(sentinel: int) -> None:
    wait_for_handles([sentinel])
    os._exit(1)


def _summarise(total: Tally, run: _Run, *, kept: int, is_complete: bool) -> ArchiveSummary:
    return ArchiveSummary(
        forms=total.forms,
        refused=total.refused,
        errors=count_at(total, Level.ERROR),
        breaches=count_at(total, Level.BREACH),
        hints=count_at(total, Level.HINT),
        codes=dict(sorted(total.codes.items())),
        parts=len(run.tasks),
        kept=kept,
        is_complete=is_complete,
    )


def _summary_record(summary: ArchiveSummary) -> dict[str, Any]:
    names = ("forms", "refused", "errors", "breaches", "hints", "codes", "parts")
    return {name: getattr(summary, name) for name in names}
