"""What is due at set times is done once for each of them."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier, Event
from zoneinfo import ZoneInfo

import pytest
from django.db import connection

from chengshu.kernel.accounts.facade import User
from chengshu.kernel.audit import facade as audit
from chengshu.kernel.grants.facade import PermissionRefused
from chengshu.kernel.jobs.facade import (
    Job,
    ReasonMissing,
    Schedule,
    SchedulePaused,
    ScheduleRunning,
    ScheduleTwice,
    ScheduleUnknown,
    ScheduleWrong,
    list_pauses,
    list_schedule_statuses,
    pause_schedule,
    queue_due,
    register_schedule,
    resume_schedule,
    run_schedule,
)
from chengshu.kernel.jobs.heartbeat import repeat
from chengshu.kernel.jobs.rules.times import last_due, next_due

SHANGHAI = ZoneInfo("Asia/Shanghai")
DAILY = Schedule("tests.daily", "每天数数", "30 2 * * *", "tests.scheduled")
NOON = datetime(2024, 3, 15, 4, tzinfo=UTC)  # 12:00 in the house


@pytest.fixture(autouse=True)
def _registered() -> None:
    register_schedule(DAILY)


def _made() -> list[str]:
    jobs = Job.objects.filter(kind="tests.scheduled").order_by("id")
    return [job.payload["due_at"] for job in jobs]


class TestTimes:
    def test_are_those_of_the_house(self) -> None:
        assert last_due("30 2 * * *", NOON, SHANGHAI) == datetime(2024, 3, 14, 18, 30, tzinfo=UTC)
        assert next_due("30 2 * * *", NOON, SHANGHAI) == datetime(2024, 3, 15, 18, 30, tzinfo=UTC)

    @pytest.mark.parametrize("seconds", [0, 1, 59])
    def test_a_moment_is_due_from_its_first_second_on(self, seconds: int) -> None:
        due = datetime(2024, 3, 15, 2, 30, tzinfo=SHANGHAI)
        assert last_due("30 2 * * *", due + timedelta(seconds=seconds), SHANGHAI) == due
        assert last_due("30 2 * * *", due - timedelta(seconds=1), SHANGHAI) == due - timedelta(days=1)

    @pytest.mark.parametrize("cron", ["", "61 * * * *", "0 0 31 2 *", "daily"])
    def test_that_never_come_or_cannot_be_read_are_refused(self, cron: str) -> None:
        with pytest.raises(ScheduleWrong):
            register_schedule(Schedule("tests.wrong", "错", cron, "tests.scheduled"))


@pytest.mark.django_db
class TestQueueDue:
    def test_queues_one_job_for_each_moment(self) -> None:
        assert queue_due(now=NOON) >= 1
        queue_due(now=NOON + timedelta(hours=1))
        assert _made() == ["2024-03-15T02:30:00+08:00"]
        queue_due(now=NOON + timedelta(days=1))
        assert _made() == ["2024-03-15T02:30:00+08:00", "2024-03-16T02:30:00+08:00"]

    def test_makes_up_for_the_last_missed_moment_only(self) -> None:
        queue_due(now=NOON)
        queue_due(now=NOON + timedelta(days=9))
        assert _made() == ["2024-03-15T02:30:00+08:00", "2024-03-24T02:30:00+08:00"]

    def test_a_clock_that_was_set_back_repeats_nothing(self) -> None:
        queue_due(now=NOON)
        queue_due(now=NOON - timedelta(days=2))
        assert len(_made()) == 1

    def test_tells_what_was_done_last_and_what_comes(self) -> None:
        queue_due(now=NOON)
        status = next(status for status in list_schedule_statuses(NOON) if status.schedule == DAILY)
        assert status.last_at == datetime(2024, 3, 14, 18, 30, tzinfo=UTC)
        assert status.next_at == datetime(2024, 3, 15, 18, 30, tzinfo=UTC)
        assert status.last_job == Job.objects.get(kind="tests.scheduled").uuid


@pytest.mark.django_db(transaction=True)
def test_several_workers_queue_one_job() -> None:
    start = Barrier(4)

    def look(_worker: int) -> None:
        start.wait(timeout=30)
        try:
            queue_due(now=NOON)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as workers:
        list(workers.map(look, range(4), timeout=60))
    assert _made() == ["2024-03-15T02:30:00+08:00"]


class TestRunSchedule:
    def test_runs_now_beside_its_times(self, admin: User) -> None:
        job = run_schedule("tests.daily", actor=admin, now=NOON)
        assert job.owner == admin
        queue_due(now=NOON)
        assert len(_made()) == 2

    def test_is_for_administrators(self, officer: User) -> None:
        with pytest.raises(PermissionRefused):
            run_schedule("tests.daily", actor=officer, now=NOON)

    def test_knows_what_is_registered(self, admin: User) -> None:
        with pytest.raises(ScheduleUnknown):
            run_schedule("tests.nothing", actor=admin, now=NOON)


class TestPausing:
    def test_queues_nothing_until_it_is_resumed_and_makes_up_for_nothing(self, admin: User) -> None:
        pause_schedule("tests.daily", actor=admin, now=NOON, reason="搬迁机房")
        queue_due(now=NOON + timedelta(days=2))
        assert _made() == []
        resume_schedule("tests.daily", actor=admin, now=NOON + timedelta(days=3), reason="搬完了")
        queue_due(now=NOON + timedelta(days=3, hours=1))
        assert _made() == []
        queue_due(now=NOON + timedelta(days=4))
        assert _made() == ["2024-03-19T02:30:00+08:00"]

    def test_is_told_with_its_moment(self, admin: User) -> None:
        pause_schedule("tests.daily", actor=admin, now=NOON, reason="搬迁机房")
        status = next(status for status in list_schedule_statuses(NOON) if status.schedule == DAILY)
        assert (status.paused_at, status.next_at) == (NOON, None)

    def test_keeps_who_did_so_and_why(self, admin: User) -> None:
        pause_schedule("tests.daily", actor=admin, now=NOON, reason=" 搬迁\x00机房 ")
        resume_schedule("tests.daily", actor=admin, now=NOON + timedelta(hours=2), reason="搬完了")
        pause = list_pauses("tests.daily").get()
        assert (pause.paused_by, pause.pause_reason, pause.resume_reason) == (admin, "搬迁机房", "搬完了")
        entries = audit.list_all_entries().filter(subject="schedule:tests.daily").order_by("pk")
        assert [(entry.action, entry.reason) for entry in entries] == [
            ("jobs.pause_schedule", "搬迁机房"),
            ("jobs.resume_schedule", "搬完了"),
        ]

    def test_goes_once_and_with_a_reason(self, admin: User, officer: User) -> None:
        with pytest.raises(ReasonMissing):
            pause_schedule("tests.daily", actor=admin, now=NOON, reason=" \n")
        with pytest.raises(ScheduleRunning):
            resume_schedule("tests.daily", actor=admin, now=NOON, reason="恢复")
        with pytest.raises(PermissionRefused):
            pause_schedule("tests.daily", actor=officer, now=NOON, reason="试试")
        with pytest.raises(ScheduleUnknown):
            pause_schedule("tests.nothing", actor=admin, now=NOON, reason="试试")
        pause_schedule("tests.daily", actor=admin, now=NOON, reason="搬迁机房")
        with pytest.raises(SchedulePaused):
            pause_schedule("tests.daily", actor=admin, now=NOON, reason="又一次")
        with pytest.raises(ReasonMissing):
            resume_schedule("tests.daily", actor=admin, now=NOON, reason="")


def test_a_schedule_is_registered_once() -> None:
    with pytest.raises(ScheduleTwice):
        register_schedule(Schedule("tests.daily", "别的", "0 0 * * *", "tests.scheduled"))


@pytest.mark.django_db
def test_what_has_a_pace_is_done_again_and_again_beside_the_work() -> None:
    done, count = Event(), [0]

    def chore() -> None:
        count[0] += 1
        if count[0] == 3:
            done.set()

    with repeat(chore, every=timedelta(milliseconds=5)):
        assert done.wait(timeout=30)
