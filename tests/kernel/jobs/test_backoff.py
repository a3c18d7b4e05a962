"""What failed is tried again by itself, at a growing distance, and in the end waits for a person's look."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chengshu.base.errors import ChengshuError
from chengshu.kernel.accounts.facade import User
from chengshu.kernel.audit import facade as audit
from chengshu.kernel.grants.facade import PermissionRefused
from chengshu.kernel.jobs.facade import (
    Attempt,
    Backoff,
    Job,
    JobNotDead,
    JobPostponed,
    Progress,
    ReasonMissing,
    State,
    dismiss_dead_job,
    enqueue_job,
    list_attempts,
    list_dead,
    reckon_wait,
    recover_interrupted,
    request_cancel,
    retry_dead_job,
    retry_job,
    wake_waiting,
)
from chengshu.kernel.jobs.tasks import run_job

BACKOFF = Backoff(attempts=3, first=timedelta(minutes=1))
HOUR = timedelta(hours=1)
Calls = dict[str, Callable[[Progress], None]]


class TestReckonWait:
    @given(failures=st.integers(1, 10_000), chance=st.floats(0, 1), factor=st.integers(1, 10))
    def test_grows_up_to_its_bound_and_spreads_by_a_quarter(self, failures: int, chance: float, factor: int) -> None:
        backoff = Backoff(attempts=20_000, first=timedelta(seconds=30), factor=factor, most=HOUR)
        wait = reckon_wait(backoff, failures, chance=chance)
        plain = min(30 * factor ** min(failures - 1, 40), 3600)
        assert wait is not None
        assert plain * 0.75 - 1e-3 <= wait.total_seconds() <= plain * 1.25 + 1e-3

    def test_ends_with_the_last_attempt(self) -> None:
        assert reckon_wait(BACKOFF, 2, chance=0.5) == timedelta(minutes=2)
        assert reckon_wait(BACKOFF, 3, chance=0.5) is None


def _endings(job: Job) -> list[tuple[int, str, str]]:
    return [(attempt.number, attempt.ending, attempt.fault) for attempt in list_attempts(job)]


@pytest.mark.usefixtures("waiting_queue")
class TestRetryByItself:
    @staticmethod
    def _fail(job: Job, times: int) -> Job:
        for _ in range(times):
            run_job.call(str(job.uuid))
            job.refresh_from_db()
            if job.next_attempt_at:
                assert wake_waiting(now=job.next_attempt_at - timedelta(seconds=1)) == 0
                assert wake_waiting(now=job.next_attempt_at) == 1
        job.refresh_from_db()
        return job

    def test_waits_and_is_queued_again_when_it_is_due(self, officer: User, now: datetime) -> None:
        job = enqueue_job("tests.fragile", payload={"call": "missing"}, owner=officer, now=now)
        run_job.call(str(job.uuid))
        job.refresh_from_db()
        assert (job.state, job.attempt) == (State.WAITING, 1)
        assert wake_waiting(now=job.next_attempt_at or now) == 1
        job.refresh_from_db()
        assert (job.state, job.attempt) == (State.QUEUED, 2)
        assert job.next_attempt_at is None

    def test_fails_for_good_after_its_last_attempt(self, officer: User, now: datetime) -> None:
        job = enqueue_job("tests.fragile", payload={"call": "missing"}, owner=officer, now=now)
        job = self._fail(job, 3)
        assert job.state == State.FAILED
        assert _endings(job) == [(3, "failed", "KeyError"), (2, "failed", "KeyError"), (1, "failed", "KeyError")]
        assert list(list_dead()) == [job]

    def test_a_person_who_tries_again_gives_it_all_its_attempts_anew(self, officer: User, now: datetime) -> None:
        job = enqueue_job("tests.fragile", payload={"call": "missing"}, owner=officer, now=now)
        job = retry_job(self._fail(job, 3).uuid, actor=officer, now=now)
        assert self._fail(job, 2).state == State.QUEUED

    def test_what_lies_in_the_input_is_not_tried_again(self, officer: User, now: datetime, calls: Calls) -> None:
        def refuse(progress: Progress) -> None:
            raise ChengshuError("文件里没有自评表")

        calls["refuse"] = refuse
        job = enqueue_job("tests.fragile", payload={"call": "refuse"}, owner=officer, now=now)
        run_job.call(str(job.uuid))
        job.refresh_from_db()
        assert job.state == State.FAILED

    def test_work_may_ask_to_be_tried_later(self, officer: User, now: datetime, calls: Calls) -> None:
        def postpone(progress: Progress) -> None:
            raise JobPostponed("对方系统正在维护")

        calls["postpone"] = postpone
        job = enqueue_job("tests.fragile", payload={"call": "postpone"}, owner=officer, now=now)
        run_job.call(str(job.uuid))
        job.refresh_from_db()
        assert (job.state, job.message) == (State.WAITING, "对方系统正在维护")

    def test_kinds_that_do_not_ask_for_it_fail_at_once(self, officer: User, now: datetime) -> None:
        job = enqueue_job("tests.break", payload={}, owner=officer, now=now)
        run_job.call(str(job.uuid))
        job.refresh_from_db()
        assert job.state == State.FAILED

    def test_a_waiting_job_can_be_cancelled(self, officer: User, now: datetime) -> None:
        job = enqueue_job("tests.fragile", payload={"call": "missing"}, owner=officer, now=now)
        run_job.call(str(job.uuid))
        assert request_cancel(job.uuid, actor=officer, now=now).state == State.CANCELLED
        assert wake_waiting(now=now + timedelta(days=365 * 100)) == 0

    def test_one_given_to_another_worker_keeps_that_ones_outcome(
        self, officer: User, now: datetime, calls: Calls
    ) -> None:
        """A worker that was silent for long finds its job taken up by another, and changes nothing any more."""

        def lose(progress: Progress) -> None:
            Job.objects.filter(uuid=progress.uuid).update(heartbeat_at=now - HOUR)
            assert recover_interrupted(now=now, timeout=timedelta(minutes=2)) == 1

        calls["lose"] = lose
        job = enqueue_job("tests.fragile", payload={"call": "lose"}, owner=officer, now=now)
        run_job.call(str(job.uuid))
        job.refresh_from_db()
        assert (job.state, job.attempt) == (State.QUEUED, 2)
        assert _endings(job) == [(1, "interrupted", "")]


class TestDeadJobs:
    @pytest.fixture
    def dead(self, officer: User, now: datetime) -> Job:
        return enqueue_job("tests.break", payload={}, owner=officer, now=now)

    def test_an_administrator_tries_again(self, dead: Job, admin: User, now: datetime) -> None:
        job = retry_dead_job(dead.uuid, actor=admin, now=now)
        assert job.attempt == 2
        assert Attempt.objects.filter(job=dead).count() == 2
        assert audit.list_all_entries().filter(action="jobs.retry_dead", actor=admin).exists()

    def test_an_administrator_puts_it_aside_with_a_reason(self, dead: Job, admin: User, now: datetime) -> None:
        with pytest.raises(ReasonMissing):
            dismiss_dead_job(dead.uuid, actor=admin, now=now, reason=" \x00 ")
        dismiss_dead_job(dead.uuid, actor=admin, now=now, reason="文件已作废")
        assert not list_dead().exists()
        with pytest.raises(JobNotDead):
            dismiss_dead_job(dead.uuid, actor=admin, now=now, reason="再来一次")

    def test_nobody_else_does(self, dead: Job, officer: User, now: datetime) -> None:
        with pytest.raises(PermissionRefused):
            retry_dead_job(dead.uuid, actor=officer, now=now)
        with pytest.raises(PermissionRefused):
            dismiss_dead_job(dead.uuid, actor=officer, now=now, reason="不要了")

    def test_one_that_did_not_fail_is_none(self, officer: User, admin: User, now: datetime) -> None:
        job = enqueue_job("tests.count", payload={"given": 1}, owner=officer, now=now)
        with pytest.raises(JobNotDead):
            retry_dead_job(job.uuid, actor=admin, now=now)
