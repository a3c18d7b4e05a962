"""Early warning: what is behind is seen once a day, told once, and taken back when it is caught up."""

from collections.abc import Collection
from datetime import UTC, datetime, timedelta

from django.core.cache import cache
from performance.monitoring.conftest import AUGUST, MakeYear, Office

from chengshu.kernel.notifications.facade import list_notifications, tell
from chengshu.performance.facade import monitoring
from chengshu.performance.facade.monitoring import Behind, EarlyWarning, MonitoringPoint, MonitoringSheet, Warned
from chengshu.performance.models import ProjectYear

_SEPTEMBER = datetime(2024, 9, 2, 2, 0, tzinfo=UTC)


class Postbox:
    """Keeps what it was told to tell."""

    def __init__(self) -> None:
        self.told: list[tuple[tuple[int, ...], Behind]] = []
        self.last: datetime | None = None

    def __call__(self, account_ids: Collection[int], warned: Warned, now: datetime) -> None:
        self.told.append((tuple(account_ids), warned.reason))
        self.last = now


def test_tells_the_officers_of_a_project_with_slow_money_once(make_year: MakeYear, office: Office) -> None:
    make_year("支付慢", paid=100_000)
    make_year("支付正常", paid=600_000)
    post = Postbox()
    monitoring.warn_of_behind(AUGUST, notifiers=[post])
    monitoring.warn_of_behind(AUGUST + timedelta(days=1), notifiers=[post])
    officers = tuple(sorted((office.officer.pk, office.colleague.pk)))
    assert post.told == [(officers, Behind.SLOW_MONEY)]
    assert post.last == AUGUST


def test_money_is_not_warned_of_early_in_the_year(make_year: MakeYear) -> None:
    make_year(paid=1)
    assert monitoring.warn_of_behind(datetime(2024, 2, 1, tzinfo=UTC)) == ()


def test_a_report_past_its_day_is_warned_of(make_year: MakeYear, point: MonitoringPoint) -> None:
    make_year()
    monitoring.open_reports(point.pk, now=AUGUST)
    assert monitoring.warn_of_behind(AUGUST) == ()
    assert [warned.reason for warned in monitoring.warn_of_behind(_SEPTEMBER)] == [Behind.OVERDUE]


def test_a_red_lamp_is_warned_of_once_it_is_handed_in(make_year: MakeYear, point: MonitoringPoint) -> None:
    make_year()
    monitoring.open_reports(point.pk, now=AUGUST)
    MonitoringSheet.objects.update(lamp="red")
    assert monitoring.warn_of_behind(AUGUST) == ()
    MonitoringSheet.objects.update(state="submitted")
    assert [warned.reason for warned in monitoring.warn_of_behind(AUGUST)] == [Behind.RED_LAMP]


def test_a_warning_ends_when_the_project_has_caught_up(make_year: MakeYear, office: Office) -> None:
    make_year(paid=100_000)
    monitoring.warn_of_behind(AUGUST)
    assert monitoring.list_warnings(office.officer, on=AUGUST.date()).count() == 1
    assert monitoring.list_warnings(office.stranger, on=AUGUST.date()).count() == 0
    ProjectYear.objects.update(executed_yuan=700_000)
    monitoring.warn_of_behind(_SEPTEMBER)
    assert EarlyWarning.objects.get().ended_at == _SEPTEMBER


def test_the_daily_chore_opens_reports_of_goals_approved_late(make_year: MakeYear, point: MonitoringPoint) -> None:
    cache.clear()
    make_year()
    monitoring.keep_monitoring(AUGUST)
    assert MonitoringSheet.objects.count() == 1


def test_the_officers_find_the_warning_among_their_notifications(make_year: MakeYear, office: Office) -> None:
    year = make_year("支付慢", paid=100_000)
    monitoring.warn_of_behind(AUGUST, notifiers=[monitoring.tell_behind])
    monitoring.warn_of_behind(AUGUST + timedelta(days=1), notifiers=[monitoring.tell_behind])
    [told] = list_notifications(office.officer, on=AUGUST.date())
    assert (told.template, told.project_id) == ("performance.behind_slow_money", year.project_id)
    assert "支付慢" in tell(told, language="en").title
