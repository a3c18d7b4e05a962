"""Long work on batches: queued, reported, not doubled, taken up again."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

import pytest
from performance.fakes import FakeReader, a_record, as_bytes

from chengshu.kernel.accounts.facade import User
from chengshu.kernel.jobs.facade import Job, JobCancelled, State
from chengshu.performance.errors import BatchNotFound
from chengshu.performance.models import Batch, FormRecord, Verdict
from chengshu.performance.operations.imports import create_batch
from chengshu.performance.operations.jobs import resume_import, start_import, start_recheck, work_check, work_import

pytestmark = pytest.mark.django_db

FILES = [("甲.txt", as_bytes(a_record("甲"))), ("乙.txt", as_bytes(a_record("乙")))]


class HeardProgress:
    """A job's side that keeps what it hears, and stops when told to."""

    def __init__(self, batch: Batch, *, stop_at: int | None = None) -> None:
        self.payload: dict[str, Any] = {"batch": batch.pk}
        self.heard: list[tuple[str, int, int, str]] = []
        self.uuid: UUID = uuid4()
        self.owner_id = batch.owner_id
        self.attempt = 1
        self._stop_at = stop_at

    def report(self, stage: str, *, done: int, total: int, message: str = "") -> None:
        """Keep the report, or stop the work."""
        if done == self._stop_at:
            raise JobCancelled("停")
        self.heard.append((stage, done, total, message))


@pytest.fixture
def batch(officer: User, now: datetime) -> Batch:
    return create_batch(FILES, name="三月", owner=officer, now=now)


@pytest.fixture
def clock(now: datetime) -> Callable[[], datetime]:
    return lambda: now


class TestWorkImport:
    def test_reports_files_and_leads_to_the_batch(self, batch: Batch, clock: Callable[[], datetime]) -> None:
        progress = HeardProgress(batch)
        assert work_import(progress, reader=FakeReader(), clock=clock) == {"batch": batch.pk}
        assert progress.heard[0] == ("读取文件", 0, 2, "甲.txt")
        assert progress.heard[-1] == ("读取文件", 2, 2, "")

    def test_a_cancelled_import_goes_on_where_it_stopped(self, batch: Batch, clock: Callable[[], datetime]) -> None:
        reader = FakeReader()
        with pytest.raises(JobCancelled):
            work_import(HeardProgress(batch, stop_at=1), reader=reader, clock=clock)
        assert batch.files.filter(verdict=Verdict.WAITING).count() == 1
        work_import(HeardProgress(batch), reader=reader, clock=clock)
        assert reader.read == ["甲.txt", "乙.txt"]


class TestWorkCheck:
    def test_reports_forms(self, batch: Batch, clock: Callable[[], datetime]) -> None:
        work_import(HeardProgress(batch), reader=FakeReader(), clock=clock)
        progress = HeardProgress(batch)
        work_check(progress, reader=FakeReader(), clock=clock)
        assert progress.heard == [("检查", 2, 2, "")]


class TestQueue:
    def test_an_import_runs_as_a_job_of_its_owner(self, officer: User, now: datetime) -> None:
        batch = start_import([("甲.jsonl", as_bytes(a_record("甲")))], name="三月", owner=officer, now=now)
        job = Job.objects.get()
        assert (job.state, job.owner, job.result) == (State.DONE, officer, {"batch": batch.pk})
        assert FormRecord.objects.get().project == "甲"

    def test_a_batch_at_work_is_not_queued_twice(self, officer: User, now: datetime) -> None:
        batch = start_import([("甲.jsonl", as_bytes(a_record("甲")))], name="三月", owner=officer, now=now)
        Job.objects.update(state=State.RUNNING)
        resume_import(batch.pk, actor=officer, now=now)
        start_recheck(batch.pk, "national-2020", actor=officer, now=now)
        assert Job.objects.count() == 1
        batch.refresh_from_db()
        assert batch.rules == "national-2020"

    def test_batches_out_of_sight_are_refused(self, batch: Batch, reviewer: User, officer: User, now: datetime) -> None:
        batch.owner = reviewer
        batch.save()
        with pytest.raises(BatchNotFound):
            start_recheck(batch.pk, "", actor=officer, now=now)
        with pytest.raises(BatchNotFound):
            resume_import(batch.pk, actor=officer, now=now)
