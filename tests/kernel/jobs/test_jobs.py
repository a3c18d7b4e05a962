"""Long work: queued, run, watched, stopped, tried again, taken up after a worker's death."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from chengshu.kernel.accounts.facade import User
from chengshu.kernel.jobs.facade import (
    Job,
    JobKind,
    JobKindTwice,
    JobKindUnknown,
    JobNotFound,
    JobStillRunning,
    Progress,
    State,
    describe_job,
    enqueue_job,
    get_job,
    has_live_worker,
    list_jobs,
    record_beat,
    recover_interrupted,
    register_kind,
    request_cancel,
    retry_job,
)
from chengshu.kernel.jobs.operations.queueing import MAX_ATTEMPTS
from chengshu.kernel.jobs.tasks import run_job

MINUTE = timedelta(minutes=1)


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
        assert job.message
        assert "disk" not in job.message

    def test_tells_an_expected_fault_in_its_own_words(self, officer: User, now: datetime) -> None:
        job = enqueue_job("tests.refuse", payload={}, owner=officer, now=now)
        job.refresh_from_db()
        assert (job.state, job.message) == (State.FAILED, "文件里没有自评表")

    def test_refuses_an_unknown_kind(self, officer: User, now: datetime) -> None:
        with pytest.raises(JobKindUnknown):
            enqueue_job("tests.nothing", payload={}, owner=officer, now=now)


@pytest.mark.usefixtures("waiting_queue")
class TestRequestCancel:
    def test_ends_a_queued_job_at_once(self, officer: User, now: datetime) -> None:
        job = enqueue_job("tests.count", payload={"given": 1}, owner=officer, now=now)
        assert request_cancel(job.uuid, actor=officer, now=now).state == State.CANCELLED
        run_job.call(str(job.uuid))
        job.refresh_from_db()
        assert (job.state, job.done) == (State.CANCELLED, 0)

    def test_stops_a_running_job_at_its_next_report(
        self, officer: User, now: datetime, calls: dict[str, Callable[[Progress], None]]
    ) -> None:
        def work(progress: Progress) -> None:
            progress.report("第一步", done=1, total=2)
            request_cancel(progress.uuid, actor=officer, now=now)
            progress.report("第二步", done=2, total=2)
            raise AssertionError("went on after the cancel")

        calls["work"] = work
        job = enqueue_job("tests.call_back", payload={"call": "work"}, owner=officer, now=now)
        run_job.call(str(job.uuid))
        job.refresh_from_db()
        assert (job.state, job.stage) == (State.CANCELLED, "第一步")

    def test_a_stopped_job_says_how_far_it_came(
        self, officer: User, now: datetime, calls: dict[str, Callable[[Progress], None]]
    ) -> None:
        def work(progress: Progress) -> None:
            progress.report("读取", done=1, total=9)
            request_cancel(progress.uuid, actor=officer, now=now)
            progress.report("读取", done=9, total=9)

        calls["work"] = work
        job = enqueue_job("tests.call_back", payload={"call": "work"}, owner=officer, now=now)
        run_job.call(str(job.uuid))
        job.refresh_from_db()
        assert (job.state, job.done) == (State.CANCELLED, 9)

    def test_leaves_an_ended_job(self, officer: User, now: datetime) -> None:
        job = enqueue_job("tests.count", payload={"given": 1}, owner=officer, now=now)
        run_job.call(str(job.uuid))
        assert request_cancel(job.uuid, actor=officer, now=now).state == State.DONE


class TestRetryJob:
    def test_runs_again_as_the_next_attempt(self, officer: User, now: datetime) -> None:
        job = enqueue_job("tests.count", payload={"given": 1}, owner=officer, now=now)
        job = retry_job(job.uuid, actor=officer, now=now)
        assert job.result == {"attempt": 2, "given": 1}

    @pytest.mark.usefixtures("waiting_queue")
    def test_refuses_while_the_job_has_not_ended(self, officer: User, now: datetime) -> None:
        job = enqueue_job("tests.count", payload={"given": 1}, owner=officer, now=now)
        with pytest.raises(JobStillRunning):
            retry_job(job.uuid, actor=officer, now=now)


class TestGetJob:
    def test_hides_the_jobs_of_others(self, officer: User, reviewer: User, now: datetime) -> None:
        job = enqueue_job("tests.count", payload={"given": 1}, owner=officer, now=now)
        with pytest.raises(JobNotFound):
            get_job(job.uuid, actor=reviewer)
        assert get_job(job.uuid, actor=officer) == job
        assert list(list_jobs(reviewer)) == []


@pytest.mark.usefixtures("waiting_queue")
class TestRecoverInterrupted:
    @staticmethod
    def _left_behind(owner: User, now: datetime, *, attempt: int = 1, silent_for: timedelta) -> Job:
        job = enqueue_job("tests.count", payload={"given": 1}, owner=owner, now=now)
        Job.objects.filter(pk=job.pk).update(
            state=State.RUNNING, attempt=attempt, heartbeat_at=now - silent_for, started_at=now - silent_for
        )
        return job

    def test_queues_the_job_of_a_dead_worker_again(self, officer: User, now: datetime) -> None:
        job = self._left_behind(officer, now, silent_for=5 * MINUTE)
        assert recover_interrupted(now=now, timeout=2 * MINUTE) == 1
        run_job.call(str(job.uuid))
        job.refresh_from_db()
        assert (job.state, job.attempt) == (State.DONE, 2)

    def test_leaves_a_job_that_gives_signs_of_life(self, officer: User, now: datetime) -> None:
        self._left_behind(officer, now, silent_for=MINUTE)
        assert recover_interrupted(now=now, timeout=2 * MINUTE) == 0

    def test_gives_up_on_a_job_that_keeps_killing_workers(self, officer: User, now: datetime) -> None:
        job = self._left_behind(officer, now, attempt=MAX_ATTEMPTS, silent_for=5 * MINUTE)
        assert recover_interrupted(now=now, timeout=2 * MINUTE) == 0
        job.refresh_from_db()
        assert job.state == State.FAILED


class TestDescribeJob:
    def test_reckons_rate_and_time_left(self, now: datetime) -> None:
        job = Job(kind="tests.count", state=State.RUNNING, done=30, total=120, started_at=now, stage_started_at=now)
        status = describe_job(job, now + MINUTE)
        assert (status.rate_per_second, status.seconds_left, status.seconds_taken) == (0.5, 180, 60)

    def test_says_nothing_of_time_before_the_first_piece(self, now: datetime) -> None:
        job = Job(kind="tests.count", state=State.RUNNING, done=0, total=120, started_at=now, stage_started_at=now)
        status = describe_job(job, now + MINUTE)
        assert (status.rate_per_second, status.seconds_left) == (None, None)

    def test_leads_to_the_result_when_done(self, now: datetime) -> None:
        job = Job(kind="tests.count", state=State.DONE, result={"given": 4}, started_at=now, finished_at=now)
        assert describe_job(job, now).result_url == "/results/4/"

    def test_outlives_its_kind(self, now: datetime) -> None:
        assert describe_job(Job(kind="gone.kind", state=State.DONE), now).label == "gone.kind"


@pytest.mark.django_db
class TestHasLiveWorker:
    def test_believes_a_recent_beat_only(self, now: datetime) -> None:
        assert not has_live_worker(now, timeout=MINUTE)
        record_beat("host-1", now=now, forget_after=60 * MINUTE)
        assert has_live_worker(now + MINUTE, timeout=MINUTE)
        assert not has_live_worker(now + 2 * MINUTE, timeout=MINUTE)


def test_a_kind_cannot_be_registered_twice() -> None:
    with pytest.raises(JobKindTwice):
        register_kind(JobKind("tests.count", "别的", lambda _: None))
