"""One rule asked of the rows that are there, within a time, for somebody who is writing it. Nothing is kept."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice

from chengshu.dataplane.checks.rowkeys import RowKey
from chengshu.dataplane.engines.protocol import Engine
from chengshu.dataplane.engines.workplaces import work_folder
from chengshu.dataplane.errors import EngineFault
from chengshu.resources.errors import CheckFailed
from chengshu.resources.pipelines.quality import Asked, Found, ask_opened, columns_asked
from chengshu.resources.rules.table_tests import Measured

PREVIEW_ROWS = 20
_PAUSE_SECONDS = 0.05


@dataclass(frozen=True, slots=True)
class Tried:
    """What a rule would find: version and rows of the table, the outcome, its first failing rows by key and cell."""

    version: int
    rows: int
    seconds: float
    columns: tuple[str, ...] = ()
    found: Found | None = None
    failing: tuple[tuple[RowKey, str], ...] = ()
    measured: Measured | None = None


def try_rule(asked: Asked, *, now: datetime, seconds: float) -> Tried:
    """Ask the one rule in `asked` of the newest version of its table; without a rule only what is to be measured.

    Raises:
        CheckFailed: it took longer than `seconds`.
        LakeFault, RuleInvalid, RulesUnreadable, DataUnreadable: it cannot be asked.
    """
    began = time.perf_counter()
    with work_folder(asked.on.work) as folder, ask_opened(asked) as (engine, ask, measure):
        with stopped_after(engine, seconds):
            tried = ask(now=now, keys=folder)
            told = Tried(tried.version, tried.rows, time.perf_counter() - began, measured=measure())
        if not tried.found:
            return told
        (found,) = tried.found
        failing = tuple((key, value or "") for key, value in islice(found.failing(), PREVIEW_ROWS))
        took = time.perf_counter() - began
        return replace(told, seconds=took, columns=columns_asked(asked.rules), found=found, failing=failing)


@contextmanager
def stopped_after(engine: Engine, seconds: float) -> Iterator[None]:
    """Stop what the engine does within the block when it takes longer; it is told again until it has heard.

    Raises:
        CheckFailed: it was stopped.
    """
    done, late = threading.Event(), threading.Event()

    def watch() -> None:
        if not done.wait(seconds):
            late.set()
            while not done.wait(_PAUSE_SECONDS):
                engine.interrupt()

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    try:
        yield
    except EngineFault as fault:
        if late.is_set():
            message = (
                f"{seconds:g} 秒内没有算完，预览已停止。请先用 where 缩小范围再试，或直接保存：后台检查没有这个时限。"
            )
            raise CheckFailed(message, seconds=int(seconds)) from fault
        raise
    finally:
        done.set()
        watcher.join()
