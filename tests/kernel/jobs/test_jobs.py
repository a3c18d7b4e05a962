"""Long work: queued, run, watched, stopped, tried again."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import pytest

from chengshu.kernel.accounts.facade import User
from chengshu.kernel.jobs.facade import (
    JobKind,
    JobKindUnknown,
    Progress,
    State,
    enqueue_job,
    register_kind,
)


def _count(progress: Progress) -> Mapping[str, Any]:
    for number in range(3):
        progress.report("数数", done=number + 1, total=3)
    return {"attempt": progress.attempt, "given": progress.payload["given"]}


def _break(progress: Progress) -> Mapping[str, Any]:
    raise RuntimeError("the disk is gone")


register_kind(JobKind("tests.count", "数数", _count))
register_kind(JobKind("tests.break", "出错", _break))


class TestEnqueueJob:
    def test_runs_and_keeps_the_result(self, officer: User, now: datetime) -> None:
        job = enqueue_job("tests.count", payload={"given": 7}, owner=officer, now=now)
        job.refresh_from_db()
        assert (job.state, job.done, job.total, job.stage) == (State.DONE, 3, 3, "数数")
        assert job.result == {"attempt": 1, "given": 7}

    def test_keeps_a_failure_without_its_inner_words(self, officer: User, now: datetime) -> None:
        job = enqueue_job("tests.break", payload={}, owner=officer, now=now)
        job.refresh_from_db()
        assert job.state == State.FAILED
        assert "disk" not in job.message

    def test_refuses_an_unknown_kind(self, officer: User, now: datetime) -> None:
        with pytest.raises(JobKindUnknown):
            enqueue_job("tests.nothing", payload={}, owner=officer, now=now)
