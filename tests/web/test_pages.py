"""The shell's own pages: home, about, preferences, errors, health, jobs."""

import json
import re
from datetime import datetime, timedelta
from urllib.robotparser import RobotFileParser

import pytest
import structlog
from django.http import HttpRequest
from django.test import Client, RequestFactory
from django.utils import timezone
from structlog.testing import capture_logs

from chengshu.kernel.accounts.facade import User
from chengshu.kernel.jobs.facade import Job, JobKind, Progress, State, enqueue_job, record_beat, register_kind
from chengshu.web.middleware import RequestLog
from chengshu.web.views import errors


def _work(progress: Progress) -> None:
    progress.report("数数", done=1, total=2)


register_kind(JobKind("tests.web", "网页任务", _work))


@pytest.mark.django_db
class TestPreferences:
    def test_hold_on_the_next_page(self, client: Client) -> None:
        client.post("/preferences/", {"theme": "dark", "type_size": "large", "language": "en"})
        html = client.get("/about/").content.decode()
        assert re.search(r'<html lang="en" data-theme="dark" data-bs-theme="dark" data-type="large">', html)
        assert "About and help" in html

    def test_lead_back_to_the_page(self, client: Client) -> None:
        assert client.post("/preferences/", {"theme": "dark", "next": "/about/?a=1"})["Location"] == "/about/?a=1"
        assert client.post("/preferences/", {"next": "https://evil.example/"})["Location"] == "/"

    def test_unknown_values_change_nothing(self, client: Client) -> None:
        assert client.post("/preferences/", {"theme": "pink", "language": "xx"}).cookies.keys() <= {"csrftoken"}

    def test_chinese_comes_first_whatever_the_browser_wishes(self, client: Client) -> None:
        response = client.get("/about/", headers={"Accept-Language": "en-GB,en;q=0.9"})
        assert 'lang="zh-Hans"' in response.content.decode()


class TestErrorPages:
    def test_a_page_that_is_not_there(self, client: Client, officer: User) -> None:
        client.force_login(officer)
        response = client.get("/no-such-page/")
        assert response.status_code == 404
        assert "没有这一页" in response.content.decode()

    def test_a_form_without_its_key(self, officer: User) -> None:
        client = Client(enforce_csrf_checks=True)
        client.force_login(officer)
        response = client.post("/logout/")
        assert response.status_code == 403
        assert "页面已过期" in response.content.decode()

    def test_a_fault_is_told_by_its_number_alone(self, rf: RequestFactory) -> None:
        structlog.contextvars.bind_contextvars(request_id="0123456789abcdef")
        response = errors.server_error(rf.get("/"))
        structlog.contextvars.clear_contextvars()
        assert response.status_code == 500
        assert "0123456789abcdef" in response.content.decode()

    @pytest.mark.parametrize(("view", "status"), [(errors.bad_request, 400), (errors.forbidden, 403)])
    def test_others_say_what_to_do(self, rf: RequestFactory, view: object, status: int) -> None:
        assert callable(view)
        assert view(rf.get("/"), ValueError("inner words")).status_code == status


@pytest.mark.django_db
class TestRobots:
    def test_may_read_what_is_public_and_nothing_else(self, client: Client) -> None:
        rules = RobotFileParser()
        rules.parse(client.get("/robots.txt").content.decode().splitlines())
        assert rules.can_fetch("anybot", "http://testserver/performance/public/2023-1-1/")
        assert not rules.can_fetch("anybot", "http://testserver/performance/projects/")
        assert rules.site_maps() == ["http://testserver/performance/public/sitemap.xml"]


@pytest.mark.django_db
class TestHealth:
    def test_lives_without_login(self, client: Client) -> None:
        assert client.get("/health/live").json() == {"status": "ok"}

    def test_is_not_ready_without_a_worker(self, client: Client) -> None:
        response = client.get("/health/ready")
        assert response.status_code == 503
        assert response.json()["checks"] == {"database": "ok", "migrations": "ok", "worker": "failed"}

    def test_is_ready_with_a_worker(self, client: Client) -> None:
        record_beat("host-1", now=timezone.now(), forget_after=timedelta(days=1))
        assert client.get("/health/ready").status_code == 200


class TestJobPages:
    def test_list_shows_ones_own_jobs_only(self, client: Client, officer: User, reviewer: User, now: datetime) -> None:
        enqueue_job("tests.web", payload={}, owner=officer, now=now)
        client.force_login(officer)
        assert "网页任务" in client.get("/jobs/").content.decode()
        client.force_login(reviewer)
        assert "网页任务" not in client.get("/jobs/").content.decode()
        assert client.get(f"/jobs/{Job.objects.get().uuid}/").status_code == 404

    def test_running_job_is_polled_and_an_ended_one_is_not(self, client: Client, officer: User, now: datetime) -> None:
        job = enqueue_job("tests.web", payload={}, owner=officer, now=now)
        client.force_login(officer)
        status = f"/jobs/{job.uuid}/status/"
        ended = client.get(status, headers={"HX-Request": "true"})
        assert "hx-trigger" not in ended.content.decode()
        assert ended["HX-Trigger-After-Swap"] == "job-ended"
        Job.objects.update(state=State.RUNNING)
        running = client.get(status, headers={"HX-Request": "true"})
        assert 'hx-trigger="every 2s"' in running.content.decode()
        assert "取消任务" in running.content.decode()

    def test_works_by_plain_forms(self, client: Client, officer: User, now: datetime) -> None:
        job = enqueue_job("tests.web", payload={}, owner=officer, now=now)
        Job.objects.update(state=State.RUNNING, cancel_requested_at=None)
        client.force_login(officer)
        response = client.post(f"/jobs/{job.uuid}/cancel/")
        assert response["Location"] == f"/jobs/{job.uuid}/"
        assert "正在停止" in client.get(response["Location"]).content.decode()
        Job.objects.update(state=State.FAILED)
        client.post(f"/jobs/{job.uuid}/retry/")
        assert Job.objects.get().attempt == 2


class TestRequestLog:
    def test_names_neither_person_nor_address_nor_search(self, client: Client, officer: User) -> None:
        client.force_login(officer)
        with capture_logs() as lines:
            client.get("/jobs/?q=陈专员", REMOTE_ADDR="10.1.2.3")
        written = json.dumps(lines, ensure_ascii=False, default=str)
        assert [line["route"] for line in lines if line["event"] == "request_ended"] == ["jobs/"]
        assert not {word for word in ("陈专员", "10.1.2.3", "officer", "q=") if word in written}

    def test_keeps_a_proxys_id_and_refuses_a_strange_one(self, client: Client) -> None:
        assert client.get("/health/live", headers={"X-Request-ID": "abcdef-123456"})["X-Request-ID"] == "abcdef-123456"
        assert client.get("/health/live", headers={"X-Request-ID": "a b\n<c>"})["X-Request-ID"].isalnum()

    def test_logs_what_no_view_caught(self, rf: RequestFactory) -> None:
        def fail(request: HttpRequest) -> None:
            raise AssertionError("not reached")

        with capture_logs() as lines:
            RequestLog(fail).process_exception(rf.get("/"), ValueError("inner words"))  # type: ignore[arg-type]  # never called
        assert [line["event"] for line in lines] == ["request_failed"]
