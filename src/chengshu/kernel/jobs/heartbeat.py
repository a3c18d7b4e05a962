"""Doing something again and again beside the work, as long as the work lasts."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta

import structlog
from django.db import DatabaseError, connection

log = structlog.get_logger(__name__)


@contextmanager
def repeat(action: Callable[[], object], *, every: timedelta) -> Iterator[None]:
    """Call `action` in a thread of its own, first after `every`, until the block ends.

    A database that does not answer is logged, and asked again the next time.
    """
    ended = threading.Event()

    def loop() -> None:
        try:
            while not ended.wait(every.total_seconds()):
                _try(action)
        finally:
            connection.close()  # this thread's own

    thread = threading.Thread(target=loop, name="heartbeat", daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()


def _try(action: Callable[[], object]) -> None:
    try:
        action()
    except DatabaseError:
        log.warning("heartbeat_missed", exc_info=True)
        connection.close()
