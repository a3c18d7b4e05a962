"""A step with a paper tells whom it concerns: who looks at it next, or who handed it in."""

from datetime import datetime

from performance.goals.conftest import Office

from chengshu.kernel.accounts.facade import User
from chengshu.kernel.notifications.facade import Notification, list_notifications, tell
from chengshu.performance.contracts.year import SheetKind, StepAsked
from chengshu.performance.facade import goals
from chengshu.performance.facade.goals import GoalSheet


def _step(sheet: GoalSheet, action: str, actor: User, now: datetime, reason: str = "") -> None:
    sheet.refresh_from_db()
    goals.take_step(StepAsked(SheetKind.GOAL, sheet.pk, action, sheet.version, reason), actor=actor, now=now)


def _told() -> list[tuple[str, str]]:
    return list(Notification.objects.order_by("id").values_list("account__login_name", "template"))


def test_handing_in_tells_the_department_and_its_approval_tells_finance(
    sheet: GoalSheet, office: Office, now: datetime
) -> None:
    _step(sheet, "submit", office.officer, now)
    _step(sheet, "approve", office.department_reviewer, now)
    assert _told() == [("zhao", "performance.goal_waits"), ("lin", "performance.goal_waits")]
    _step(sheet, "approve", office.finance_reviewer, now)
    assert _told()[2:] == [("chen", "performance.goal_approved")]


def test_sending_back_tells_who_handed_it_in_why(sheet: GoalSheet, office: Office, now: datetime) -> None:
    _step(sheet, "submit", office.officer, now)
    _step(sheet, "return", office.department_reviewer, now, reason="指标不可衡量")
    [told] = list_notifications(office.officer, on=now.date())
    assert "指标不可衡量" in tell(told, language="zh-hans").body
    assert told.url == f"/performance/goals/{sheet.pk}/"
    assert not list_notifications(office.stranger, on=now.date()).exists()


def test_each_handing_in_tells_anew(sheet: GoalSheet, office: Office, now: datetime) -> None:
    for _ in range(2):
        _step(sheet, "submit", office.officer, now)
        _step(sheet, "withdraw", office.officer, now)
    assert _told() == [("zhao", "performance.goal_waits")] * 2
