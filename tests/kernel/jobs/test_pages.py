"""Administrators see everybody's jobs, deal with those that failed for good, and know what is due when."""

from datetime import datetime

import pytest
from django.test import Client
from django.urls import reverse

from chengshu.kernel.accounts.facade import User
from chengshu.kernel.jobs.facade import Job, Schedule, State, enqueue_job, register_schedule


@pytest.fixture
def dead(officer: User, now: datetime) -> Job:
    return enqueue_job("tests.break", payload={}, owner=officer, now=now)


@pytest.fixture
def desk(client: Client, admin: User) -> Client:
    client.force_login(admin)
    return client


class TestPages:
    @pytest.mark.parametrize("name", ["jobs:all", "jobs:dead", "jobs:schedules"])
    def test_are_for_administrators(self, client: Client, officer: User, name: str) -> None:
        client.force_login(officer)
        assert client.get(reverse(name)).status_code == 403

    def test_name_whoever_asked_and_how_often_it_was_tried(self, desk: Client, dead: Job) -> None:
        for name in ("jobs:all", "jobs:dead"):
            html = desk.get(reverse(name)).content.decode()
            assert "officer的姓名" in html
            assert "出错" in html
        html = desk.get(reverse("jobs:record", args=[dead.uuid])).content.decode()
        assert "RuntimeError" in html
        assert "disk" not in html

    def test_an_empty_list_says_so(self, desk: Client) -> None:
        assert "没有等待处理的失败任务" in desk.get(reverse("jobs:dead")).content.decode()

    def test_speak_english(self, desk: Client, dead: Job) -> None:
        desk.cookies["django_language"] = "en"
        html = desk.get(reverse("jobs:record", args=[dead.uuid])).content.decode()
        assert "Put aside" in html


class TestDealing:
    def test_with_a_reason_puts_it_aside(self, desk: Client, dead: Job) -> None:
        address = reverse("jobs:dismiss", args=[dead.uuid])
        refused = desk.post(address, {"reason": " "})
        assert refused.status_code == 422
        assert "请写明为什么不再重试" in refused.content.decode()
        assert desk.post(address, {"reason": "文件<b>已作废"}).status_code == 302
        assert "文件&lt;b&gt;已作废" in desk.get(reverse("jobs:record", args=[dead.uuid])).content.decode()
        assert desk.post(address, {"reason": "又一次"}).status_code == 409

    def test_tries_again(self, desk: Client, dead: Job) -> None:
        assert desk.post(reverse("jobs:retry-dead", args=[dead.uuid])).status_code == 302
        dead.refresh_from_db()
        assert (dead.state, dead.attempt) == (State.FAILED, 2)


class TestSchedules:
    def test_show_their_times_and_can_be_run_now(self, desk: Client) -> None:
        register_schedule(Schedule("tests.daily", "每天数数", "30 2 * * *", "tests.scheduled"))
        html = desk.get(reverse("jobs:schedules")).content.decode()
        assert "每天数数" in html
        assert "30 2 * * *" in html
        answer = desk.post(reverse("jobs:run-schedule", args=["tests.daily"]))
        assert answer["Location"] == f"/jobs/{Job.objects.get().uuid}/"
        assert desk.post(reverse("jobs:run-schedule", args=["tests.nothing"])).status_code == 404

    def test_are_paused_and_resumed_with_a_reason(self, desk: Client) -> None:
        register_schedule(Schedule("tests.daily", "每天数数", "30 2 * * *", "tests.scheduled"))
        page, pause, resume = (
            reverse(f"jobs:{name}", args=["tests.daily"]) for name in ("schedule", "pause-schedule", "resume-schedule")
        )
        assert "没有暂停过" in desk.get(page).content.decode()
        refused = desk.post(pause, {"reason": " "})
        assert refused.status_code == 422
        assert "请写明事由" in refused.content.decode()
        assert desk.post(resume, {"reason": "恢复"}).status_code == 409
        assert desk.post(pause, {"reason": "搬迁<b>机房"})["Location"] == page
        assert "搬迁&lt;b&gt;机房" in desk.get(page).content.decode()
        assert "已暂停" in desk.get(reverse("jobs:schedules")).content.decode()
        assert desk.post(pause, {"reason": "又一次"}).status_code == 409
        assert desk.post(resume, {"reason": "搬完了"}).status_code == 302
        assert "已暂停" not in desk.get(reverse("jobs:schedules")).content.decode()
        for address in (pause, resume):
            assert desk.post(address.replace("tests.daily", "none"), {"reason": "试"}).status_code == 404
