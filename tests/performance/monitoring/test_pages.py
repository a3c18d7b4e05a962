"""The pages of monitoring as a browser without scripts gets them."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from lxml import html
from performance.monitoring.conftest import AUGUST, MakeYear, Office

from chengshu.kernel.accounts.facade import User
from chengshu.kernel.jobs.facade import Job
from chengshu.performance.facade import evaluations, monitoring
from chengshu.performance.facade.monitoring import Behind, MonitoringPoint, MonitoringSheet
from chengshu.performance.models import EarlyWarning

pytestmark = pytest.mark.django_db
As = Callable[[User], Client]


@pytest.fixture
def enter() -> As:
    def _enter(user: User) -> Client:
        client = Client()
        client.force_login(user)
        return client

    return _enter


def at(name: str, *args: object) -> str:
    return reverse(f"performance:{name}", args=args)


def editor_of(client: Client, sheet: MonitoringSheet) -> dict[str, str]:
    """Read the fields of the editor as a browser would send them."""
    tree: Any = html.document_fromstring(client.get(at("monitoring-edit", sheet.pk)).content.decode())
    form = next(form for form in tree.forms if form.get("id") == "editor")
    return dict(form.form_values())


def fill(sheet: MonitoringSheet, sent: dict[str, str], *values: str) -> dict[str, str]:
    """Type the values of the indicators in their order."""
    goals = [row.goal_id for row in monitoring.rows_of(sheet)]
    return sent | {f"value-{goal}": value for goal, value in zip(goals, values, strict=False)}


class TestPoints:
    def test_finance_sets_a_point_and_the_worker_opens_the_reports(self, office: Office, enter: As) -> None:
        typed = {"name": "1—9月监控", "until_on": "2024-09-30", "due_on": "2024-10-20"}
        answer = enter(office.finance_reviewer).post(at("monitoring-points"), typed, follow=True)
        assert "1—9月监控" in answer.content.decode()
        assert Job.objects.filter(kind=monitoring.OPEN_KIND).count() == 1

    def test_dates_that_do_not_follow_are_told_at_the_field_and_nothing_is_lost(
        self, office: Office, enter: As
    ) -> None:
        typed = {"name": "1—9月监控", "until_on": "2024-09-30", "due_on": "2024-09-01"}
        answer = enter(office.finance_reviewer).post(at("monitoring-points"), typed)
        page = answer.content.decode()
        assert answer.status_code == 422
        assert "报送截止日期不能早于监控截至日期" in page
        assert 'value="2024-09-30"' in page

    def test_an_officer_reads_points_and_sets_none(self, point: MonitoringPoint, office: Office, enter: As) -> None:
        client = enter(office.officer)
        page = client.get(at("monitoring-points")).content.decode()
        assert point.name in page
        assert "设定并下发" not in page
        assert client.post(at("monitoring-points"), {}).status_code == 403

    def test_the_day_due_moves(self, point: MonitoringPoint, office: Office, enter: As) -> None:
        client = enter(office.finance_reviewer)
        page = client.post(at("monitoring-due", point.pk), {"due_on": "2024-09-15"}, follow=True).content.decode()
        assert "2024-09-15" in page
        page = client.post(at("monitoring-due", point.pk), {"due_on": "2024-01-15"}, follow=True).content.decode()
        assert "不能早于" in page


class TestFilling:
    def test_saves_lights_the_lamps_and_asks_for_causes(
        self, sheet: MonitoringSheet, office: Office, enter: As
    ) -> None:
        client = enter(office.officer)
        sent = fill(sheet, editor_of(client, sheet), "3次", "99.5%", "及时")
        page = client.post(at("monitoring-edit", sheet.pk), sent, follow=True).content.decode()
        assert "红灯（未达成）" in page
        version = MonitoringSheet.objects.get().version
        answer = client.post(at("monitoring-step", sheet.pk), {"action": "submit", "version": version})
        assert answer.status_code == 422
        assert "黄灯、红灯要写明偏差原因" in answer.content.decode()
        assert "线路巡检次数" in answer.content.decode()

    def test_a_figure_that_is_none_is_told_and_what_was_typed_stays(
        self, sheet: MonitoringSheet, office: Office, enter: As
    ) -> None:
        client = enter(office.officer)
        sent = fill(sheet, editor_of(client, sheet), "7次") | {"forecast_yuan": "一百万左右"}
        answer = client.post(at("monitoring-edit", sheet.pk), sent)
        page = answer.content.decode()
        assert answer.status_code == 422
        for text in ("请填数字", "一百万左右", "7次"):
            assert text in page

    def test_two_at_once_see_both_texts(self, sheet: MonitoringSheet, office: Office, enter: As) -> None:
        client = enter(office.officer)
        mine = fill(sheet, editor_of(client, sheet), "7次")
        colleague = enter(office.colleague)
        theirs = fill(sheet, editor_of(colleague, sheet), "8次", "99.2%")
        colleague.post(at("monitoring-edit", sheet.pk), theirs)
        answer = client.post(at("monitoring-edit", sheet.pk), mine)
        page = answer.content.decode()
        assert answer.status_code == 409
        for text in ("7次", "8次", "99.2%", "两人都改了的栏"):
            assert text in page

    def test_a_handed_in_report_is_closed(self, sheet: MonitoringSheet, office: Office, enter: As) -> None:
        MonitoringSheet.objects.update(state="submitted")
        answer = enter(office.officer).get(at("monitoring-edit", sheet.pk), follow=True)
        assert "已提交的监控表不能再改" in answer.content.decode()

    def test_the_reviewer_sees_no_editor(self, sheet: MonitoringSheet, office: Office, enter: As) -> None:
        assert enter(office.department_reviewer).get(at("monitoring-edit", sheet.pk)).status_code == 403


class TestCarryingOver:
    def test_the_last_report_stands_beside_the_result_in_the_self_evaluation(
        self, sheet: MonitoringSheet, office: Office, enter: As
    ) -> None:
        client = enter(office.officer)
        client.post(at("monitoring-edit", sheet.pk), fill(sheet, editor_of(client, sheet), "7次", "99.5%", "及时"))
        paper = evaluations.open_evaluation(sheet.project_year_id, actor=office.officer, now=AUGUST)
        address = at("evaluation-edit", paper.pk)
        assert "1—7月监控" not in client.get(address).content.decode()  # a draft says nothing yet
        MonitoringSheet.objects.update(state="submitted")
        page = " ".join(client.get(address).content.decode().split())
        assert "最近一次监控 1—7月监控 · 完成值 <strong>7次</strong>" in page


class TestWarnings:
    def test_lists_what_is_behind_with_the_reason(self, sheet: MonitoringSheet, office: Office, enter: As) -> None:
        EarlyWarning.objects.create(project_year=sheet.project_year, reason=Behind.SLOW_MONEY, raised_at=AUGUST)
        page = enter(office.officer).get(at("monitoring-warnings")).content.decode()
        assert "支付明显慢于时间进度" in page
        assert sheet.project_year.project.name in page
        assert (
            sheet.project_year.project.name
            not in enter(office.stranger).get(at("monitoring-warnings")).content.decode()
        )

    def test_the_list_narrows_to_a_lamp(
        self, sheet: MonitoringSheet, make_year: MakeYear, point: MonitoringPoint, office: Office, enter: As
    ) -> None:
        make_year("政务云运行维护")
        monitoring.open_reports(point.pk, now=AUGUST)
        MonitoringSheet.objects.filter(pk=sheet.pk).update(lamp="red")
        page = enter(office.officer).get(at("monitoring"), {"lamp": "red"}).content.decode()
        assert sheet.project_year.project.name in page
        assert "政务云运行维护" not in page
