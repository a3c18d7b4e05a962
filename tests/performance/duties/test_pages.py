"""The inbox and the calendar as a browser without scripts gets them, and the calendar file as a calendar reads it."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.timezone import localdate
from icalendar import Calendar
from performance.monitoring.conftest import AUGUST, MakeYear, Office

from chengshu.kernel.accounts.facade import User
from chengshu.performance.facade import monitoring
from chengshu.performance.facade.monitoring import MonitoringSheet
from chengshu.performance.models import MonitoringPoint

pytestmark = pytest.mark.django_db
As = Callable[[User], Client]


@pytest.fixture
def enter() -> As:
    def _enter(user: User) -> Client:
        client = Client()
        client.force_login(user)
        return client

    return _enter


def events_of(content: bytes) -> list[Any]:
    """Read the events of a calendar file; the library's types know more kinds of values than these."""
    return list(Calendar.from_ical(content).walk("VEVENT"))


def at(name: str) -> str:
    return reverse(f"performance:{name}")


class TestInbox:
    def test_names_what_is_owed_where_it_is_done_and_by_when(
        self, sheet: MonitoringSheet, office: Office, enter: As
    ) -> None:
        page = enter(office.officer).get(at("inbox")).content.decode()
        assert reverse("performance:monitoring-sheet", args=[sheet.pk]) in page
        for text in ("填报绩效监控", "1—7月监控", "2024-08-30", "已超期", "示范中心"):
            assert text in page

    def test_says_so_when_nothing_waits(self, office: Office, enter: As) -> None:
        page = enter(office.auditor).get(at("inbox")).content.decode()
        assert "没有等您办的事" in page

    def test_narrows_to_a_kind_and_counts_all(
        self, sheet: MonitoringSheet, make_year: MakeYear, office: Office, enter: As
    ) -> None:
        make_year("新项目", goals="draft")
        page = enter(office.officer).get(at("inbox"), {"kind": "write_goals"}).content.decode()
        assert "新项目" in page
        assert sheet.project_year.project.name not in page
        assert "填报绩效监控 <span" in page

    def test_reads_nothing_into_a_kind_that_there_is_not(self, office: Office, enter: As) -> None:
        assert enter(office.officer).get(at("inbox"), {"kind": "<script>"}).status_code == 200


class TestApproving:
    def test_the_paper_is_approved_and_leaves_the_inbox(
        self, sheet: MonitoringSheet, office: Office, enter: As
    ) -> None:
        MonitoringSheet.objects.update(state="submitted")
        sent = {"kind": "monitoring", "sheet": sheet.pk, "version": sheet.version, "back": "review_monitoring"}
        answer = enter(office.department_reviewer).post(at("duty-approve"), sent, follow=True)
        assert MonitoringSheet.objects.get().state == "department_approved"
        assert "已审核通过" in answer.content.decode()
        assert "没有等您审核监控表的事" in answer.content.decode()

    def test_what_was_edited_meanwhile_is_not_approved_unseen(
        self, sheet: MonitoringSheet, office: Office, enter: As
    ) -> None:
        MonitoringSheet.objects.update(state="submitted", version=sheet.version + 1)
        sent = {"kind": "monitoring", "sheet": sheet.pk, "version": sheet.version}
        answer = enter(office.department_reviewer).post(at("duty-approve"), sent, follow=True)
        assert MonitoringSheet.objects.get().state == "submitted"
        assert "已先保存了修改" in answer.content.decode()

    def test_an_officer_approves_nothing(self, sheet: MonitoringSheet, office: Office, enter: As) -> None:
        MonitoringSheet.objects.update(state="submitted")
        sent = {"kind": "monitoring", "sheet": sheet.pk, "version": sheet.version}
        assert enter(office.officer).post(at("duty-approve"), sent).status_code == 403


class TestCalendar:
    def test_shows_what_is_due_and_where_the_week_is_changed(
        self, sheet: MonitoringSheet, office: Office, enter: As
    ) -> None:
        client = enter(office.officer)
        page = client.get(at("calendar"), {"month": "2024-08"}).content.decode()
        assert "填报绩效监控 1—7月监控 1 项" in page
        october = client.get(at("calendar"), {"month": "2024-10"}).content.decode()
        assert "休" in october
        assert "班" in october
        july = client.get(at("calendar"), {"month": "2024-07"}).content.decode()
        assert "1—7月监控 截至日" in july
        assert sheet.point.name in july

    @pytest.mark.parametrize("month", ["2024-13", "0001-01", "9999-12", "x" * 50, ""])
    def test_a_month_that_is_none_gives_this_month(self, month: str, office: Office, enter: As) -> None:
        page = enter(office.officer).get(at("calendar"), {"month": month}).content.decode()
        assert f'datetime="{localdate().isoformat()}"' in page

    def test_says_that_a_year_without_a_notice_is_provisional(self, office: Office, enter: As) -> None:
        page = enter(office.officer).get(at("calendar"), {"month": "2090-05"}).content.decode()
        assert "到期日暂定" in page


class TestCalendarFile:
    def test_holds_a_whole_day_for_each_due_day_under_a_name_that_stays(
        self, sheet: MonitoringSheet, make_year: MakeYear, office: Office, enter: As
    ) -> None:
        client = enter(office.officer)
        first, again = (client.get(at("calendar-file")) for _ in range(2))
        assert first["Content-Type"].startswith("text/calendar")
        event = events_of(first.content)[0]
        assert event["SUMMARY"] == "填报绩效监控 1—7月监控 1 项"
        assert event["DTSTART"].dt == sheet.point.due_on
        assert event["DTEND"].dt == sheet.point.due_on + timedelta(days=1)
        assert events_of(again.content)[0]["UID"] == event["UID"]
        make_year("又一个")
        monitoring.open_reports(sheet.point_id, now=AUGUST)
        more = events_of(client.get(at("calendar-file")).content)
        assert [(found["UID"], found["SUMMARY"]) for found in more] == [(event["UID"], "填报绩效监控 1—7月监控 2 项")]

    def test_a_name_with_signs_of_the_format_stays_one_event(
        self, sheet: MonitoringSheet, office: Office, enter: As
    ) -> None:
        MonitoringPoint.objects.filter(pk=sheet.point_id).update(name="一,二;三\nEND:VEVENT")
        events = events_of(enter(office.officer).get(at("calendar-file")).content)
        assert len(events) == 1
        assert "一,二;三" in events[0]["SUMMARY"]
