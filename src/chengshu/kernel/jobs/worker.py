"""The worker process: runs queued jobs, gives signs of life, takes up what a dead worker left."""

import os
import socket
from contextlib import ExitStack
from datetime import datetime, timedelta
from functools import partial

import structlog
from django.conf import settings
from django.db import connection
from django.utils import timezone
from django_tasks_db.management.commands.db_worker import Worker

from chengshu.kernel.jobs.contracts import Chore
from chengshu.kernel.jobs.heartbeat import repeat
from chengshu.kernel.jobs.operations.queueing import record_beat, recover_interrupted, wake_waiting
from chengshu.kernel.jobs.operations.schedules import queue_due
from chengshu.kernel.jobs.registry import list_chores, list_paced_chores

log = structlog.get_logger(__name__)

BEAT_EVERY = timedelta(seconds=10)
_FORGET_AFTER = timedelta(days=1)
_POLL_SECONDS = 0.5


def run_worker() -> None:
    """Work until SIGTERM or SIGINT; the running job is finished first, a second signal ends it at once."""
    name = f"{socket.gethostname()[:48]}-{os.getpid()}"
    worker = Worker(
        queue_names=["default"],
        interval=_POLL_SECONDS,
        batch=False,
        backend_name="default",
        startup_delay=False,
        max_tasks=None,
        worker_id=name,
        excluded_queue_names=[],
    )
    worker.configure_signals()
    _beat(name)
    with ExitStack() as beside:
        beside.enter_context(repeat(lambda: _beat(name), every=BEAT_EVERY))
        for key, chore, every in list_paced_chores():
            beside.enter_context(repeat(partial(_do_now, key, chore), every=every))
        worker.run()


def _beat(name: str) -> None:
    now = timezone.now()
    record_beat(name, now=now, forget_after=_FORGET_AFTER)
    recover_interrupted(now=now, timeout=settings.JOB_HEARTBEAT_TIMEOUT)
    _do("jobs.wake_waiting", lambda moment: wake_waiting(now=moment), now)
    _do("jobs.queue_due", lambda moment: queue_due(now=moment), now)
    for key, chore in list_chores():
        _do(key, chore, now)


def _do_now(key: str, chore: Chore) -> None:
    _do(key, chore, timezone.now())


def _do(key: str, chore: Chore, now: datetime) -> None:
    """Do one chore; a fault in it is logged and ends neither the worker nor the other chores."""
    try:
        chore(now)
    except Exception:
        log.exception("chore_failed", chore=key)
        connection.close_if_unusable_or_obsolete()
