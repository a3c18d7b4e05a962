"""Kinds of work for the tests, and a queue that keeps jobs waiting."""

from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from typing import Any

import pytest
from django.test import override_settings

from chengshu.base.errors import ChengshuError
from chengshu.kernel.jobs.facade import Backoff, JobKind, Progress, register_kind


def _count(progress: Progress) -> Mapping[str, Any]:
    for number in range(3):
        progress.report("数数", done=number + 1, total=3)
    return {"attempt": progress.attempt, "given": progress.payload["given"]}


def _break(progress: Progress) -> Mapping[str, Any]:
    raise RuntimeError("the disk is gone")


def _refuse(progress: Progress) -> Mapping[str, Any]:
    raise ChengshuError("文件里没有自评表")


def _call_back(progress: Progress) -> None:
    CALLS[str(progress.payload["call"])](progress)


CALLS: dict[str, Callable[[Progress], None]] = {}
KINDS = (
    JobKind("tests.count", "数数", _count, lambda result: f"/results/{result['given']}/"),
    JobKind("tests.break", "出错", _break),
    JobKind("tests.refuse", "拒绝", _refuse),
    JobKind("tests.call_back", "回调", _call_back),
    JobKind("tests.fragile", "易碎", _call_back, backoff=Backoff(attempts=3, first=timedelta(minutes=1))),
    JobKind("tests.scheduled", "定时", lambda _: None),
)
for kind in KINDS:
    register_kind(kind)


@pytest.fixture
def calls() -> Iterator[dict[str, Callable[[Progress], None]]]:
    """What `tests.call_back` does, by the payload's `call`."""
    yield CALLS
    CALLS.clear()


@pytest.fixture
def waiting_queue() -> Iterator[None]:
    """Jobs are queued, but no worker takes them."""
    with override_settings(TASKS={"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}):
        yield
