"""A statement that people may stop while it runs: it has a thread of its own, and who waits for it asks now and then."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from pathlib import Path

from chengshu.dataplane.engines.protocol import Engine, Written
from chengshu.dataplane.errors import EngineFault

_ASKED_EVERY = 0.5
"""Seconds between two askings; so long a stop may take to be seen."""


def write_watched(engine: Engine, statement: str, folder: Path, is_cancelled: Callable[[], bool]) -> Written | None:
    """Write as `Engine.write` does; None when it was stopped on the way, whatever it had written.

    `is_cancelled` is asked in the caller's thread.

    Raises:
        EngineFault: the engine refuses the statement.
    """
    with ThreadPoolExecutor(1, thread_name_prefix="statement") as threads:
        running = threads.submit(engine.write, statement, folder)
        try:
            is_stopped = _wait(running, engine, is_cancelled)
        except BaseException:
            _stop(running, engine)
            raise
    try:
        written = running.result()
    except EngineFault:
        if is_stopped:
            return None
        raise
    return None if is_stopped else written


def _wait(running: Future[Written], engine: Engine, is_cancelled: Callable[[], bool]) -> bool:
    while not running.done():
        if is_cancelled():
            _stop(running, engine)
            return True
        wait([running], timeout=_ASKED_EVERY)
    return False


def _stop(running: Future[Written], engine: Engine) -> None:
    """Interrupt until it ends: a statement that has not begun yet does not hear it."""
    while not running.done():
        engine.interrupt()
        wait([running], timeout=_ASKED_EVERY)
