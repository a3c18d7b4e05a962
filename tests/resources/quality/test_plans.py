"""The month's plan: made by schedule or by the centre, what is missing checked by one job, and told when it is late."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from conftest import NOW
from django.test import Client
from django.utils import timezone
from django.utils.timezone import localdate
from resources.catalogue.town import Town, published
from resources.quality.fakes import add_run
from resources.quality.lake import deliver, row

from chengshu.kernel.grants.facade import PermissionRefused
from chengshu.kernel.jobs.facade import Job, get_kind
from chengshu.resources.facade import quality
from chengshu.resources.facade.quality import CheckRun, PlannedCheck, PlanState, StepNotOpen, TableProfile
from chengshu.resources.models import DataResource

MONTH = date(2024, 3, 1)


def _states(town: Town, on: date) -> dict[str, Any]:
    return {one.resource.name: one.plan_state for one in quality.list_plan(town.steward, MONTH, on=on)}


def test_a_plan_tells_done_missing_and_late(client: Client, town: Town, resource: DataResource) -> None:
    other = published(town, code="307/MZ002", name="收养登记信息")
    quality.remake_rules(other.pk, actor=town.steward, now=NOW)
    assert quality.plan_checks(MONTH, None, actor=town.steward, now=NOW) == 2
    add_run(resource)
    assert _states(town, NOW.date()) == {resource.name: PlanState.DONE, other.name: PlanState.MISSING}
    assert _states(town, date(2024, 4, 1))[other.name] == PlanState.LATE
    assert [one.pk for one in quality.list_missing(town.steward, MONTH, on=NOW.date())] == [other.pk]
    assert quality.list_missing(town.operator, MONTH, on=NOW.date()) == []  # not his to have checked
    client.force_login(town.operator)
    page = "/resources/quality/plan/2024/3/"
    html = client.get(page).content.decode()
    assert "50.00%" in html
    assert "逾期未做" in html
    assert "收养登记信息" in client.get(f"{page}?state=late").content.decode()
    assert "收养登记信息" not in client.get(f"{page}?state=done").content.decode()
    assert "收养登记信息" in b"".join(client.get(f"{page}?export=csv")).decode("utf-8-sig")
    assert client.post(page, {"step": "plan"}).status_code == 403
    assert client.get("/resources/quality/plan/2024/13/").status_code == 404


def test_what_is_missing_is_checked_by_one_job_which_goes_on_where_it_stopped(
    client: Client, town: Town, resource: DataResource
) -> None:
    bare = published(town, code="307/MZ002", name="没有数据的资源")
    quality.remake_rules(bare.pk, actor=town.steward, now=NOW)
    deliver(resource, [row("1", sfzh="1")])
    client.force_login(town.steward)
    assert client.post("/resources/quality/plan/", {"step": "plan"}).status_code == 302
    assert PlannedCheck.objects.filter(month_on=localdate().replace(day=1)).count() == 2
    answer = client.post("/resources/quality/plan/", {"step": "check"})
    job = Job.objects.get(kind=quality.MISSING_JOB)
    assert job.result == {"month": f"{localdate():%Y-%m}-01", "checked": 1, "failed": 1}
    html = client.get(answer["Location"]).content.decode()
    assert "补做本月的质量检查" in html
    assert "没有" in html
    assert TableProfile.objects.get().resource == resource
    again = quality.order_missing(localdate(), actor=town.steward, now=timezone.now())
    again.refresh_from_db()
    assert again.result == {**job.result, "checked": 0}  # what is done is not done twice
    assert CheckRun.objects.filter(resource=resource, kind="full").count() == 1
    with pytest.raises(StepNotOpen):
        quality.order_missing(MONTH, actor=town.steward, now=timezone.now())
    with pytest.raises(PermissionRefused):
        quality.order_missing(localdate(), actor=town.operator, now=timezone.now())


class _Due:
    """A schedule's job as its function sees it."""

    def __init__(self, at: datetime) -> None:
        self.payload = {"due_at": at.isoformat()}


@pytest.mark.usefixtures("resource")
def test_next_months_plan_is_made_by_schedule(town: Town) -> None:
    run = get_kind("resources.plan_checks").run
    result = run(_Due(NOW + timedelta(days=285)))  # type: ignore[arg-type]  # 25 December
    assert result == {"month": "2025-01", "added": 1}
    assert run(_Due(NOW + timedelta(days=285))) == {"month": "2025-01", "added": 0}  # type: ignore[arg-type]
    planned = PlannedCheck.objects.get()
    assert (planned.month_on, planned.planned_by) == (date(2025, 1, 1), None)
    assert not quality.list_missing(town.steward, MONTH, on=NOW.date())
