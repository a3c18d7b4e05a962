"""The shipped notices against an independent table, and loading a new one."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

import chinese_calendar
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from chengshu.base.calendars import NoticeCalendar, add_working_days
from chengshu.kernel.accounts.facade import User
from chengshu.kernel.audit.facade import list_entries
from chengshu.kernel.calendars.facade import NoticeInvalid, list_years, load_calendar, load_notices
from chengshu.kernel.calendars.models import Notice
from chengshu.kernel.calendars.registry import register_listener
from chengshu.kernel.grants.facade import HouseRole, NewGrant, PermissionRefused, give_grant
from chengshu.kernel.organisations.facade import Kind, NewOrganisation, create_organisation

FIRST, LAST = 2015, 2026
# A made-up notice: the facts of 2027 are not what is tested, but that any notice moves the days.
NEXT_YEAR = """
[[notices]]
year = 2027
title = "关于2027年部分节假日安排的通知"
reference = "试验用"
holidays = [
    { name = "元旦", from = 2027-01-01, to = 2027-01-03 },
    { name = "春节", from = 2027-02-05, to = 2027-02-11 },
]
workdays = [2027-02-14]
"""


@pytest.fixture
def admin(admin: User, now: datetime) -> User:
    """The administrator of the city, by a grant on its root."""
    city = create_organisation(NewOrganisation("310000", Kind.CITY, "示范市", date(2020, 1, 1)), actor=None, now=now)
    give_grant(NewGrant(admin.pk, HouseRole.ADMIN, city.pk, now.date(), "试验"), actor=None, now=now)
    return admin


def _days(first: int, last: int) -> Iterator[date]:
    day = date(first, 1, 1)
    while day.year <= last:
        yield day
        day += timedelta(days=1)


@pytest.mark.django_db
class TestShippedNotices:
    def test_agree_with_an_independent_table_on_every_day(self) -> None:
        calendar = load_calendar()
        theirs = {day: chinese_calendar.is_workday(day) for day in _days(FIRST, LAST)}
        assert {day: calendar.is_workday(day) for day in theirs} == theirs

    def test_never_reach_further_into_the_year_before_than_is_held_open(self) -> None:
        exceptions = {**chinese_calendar.holidays, **chinese_calendar.workdays}
        assert min((day.month, day.day) for day in exceptions if day.month == 12) >= (12, 26)

    def test_announce_their_years_and_no_other(self) -> None:
        calendar = load_calendar()
        announced = [year for year in range(2010, 2040) if calendar.is_announced(year)]
        assert announced == list(range(FIRST, LAST + 1))

    def test_give_thirty_working_days_into_the_unknown_year_provisionally(self) -> None:
        due = add_working_days(date(2026, 11, 23), 30, load_calendar())
        assert due.day == date(2027, 1, 4)
        assert due.is_provisional


@pytest.mark.django_db
class TestLoadNotices:
    def test_moves_what_was_provisional(self, admin: User, now: datetime) -> None:
        assert add_working_days(date(2026, 12, 30), 27, load_calendar()).is_provisional
        assert load_notices(NEXT_YEAR, actor=admin, now=now) == [2027]
        due = add_working_days(date(2026, 12, 30), 27, load_calendar())
        # Up to 4 February there are 25, then the festival, then Friday 12 and the adjusted Sunday 14.
        assert not due.is_provisional
        assert due.day == date(2027, 2, 14)

    def test_keeps_one_entry_of_who_loaded_what(self, admin: User, now: datetime) -> None:
        load_notices(NEXT_YEAR, actor=admin, now=now)
        load_notices(NEXT_YEAR, actor=admin, now=now)
        entry = list_entries("notice:2027").get()
        assert (entry.actor, entry.details["days"]) == (admin, 11)

    def test_tells_those_who_count_by_it_and_survives_one_that_fails(
        self, admin: User, now: datetime, django_capture_on_commit_callbacks: pytest.FixtureRequest
    ) -> None:
        heard: list[datetime] = []
        register_listener(_fail)
        register_listener(heard.append)
        with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
            load_notices(NEXT_YEAR, actor=admin, now=now)
        assert heard == [now]

    def test_replaces_an_earlier_notice_of_the_year(self, admin: User, now: datetime) -> None:
        load_notices(NEXT_YEAR, actor=admin, now=now)
        load_notices(NEXT_YEAR.replace("workdays = [2027-02-14]", "workdays = []"), actor=admin, now=now)
        assert not load_calendar().is_workday(date(2027, 2, 14))

    def test_is_for_administrators(self, officer: User, now: datetime) -> None:
        with pytest.raises(PermissionRefused):
            load_notices(NEXT_YEAR, actor=officer, now=now)
        assert not Notice.objects.exists()

    @pytest.mark.parametrize(
        ("written", "instead", "said"),
        [
            ("2027-02-14]", "2027-02-15]", "本来就是工作日"),
            ("2027-02-14]", "2027-02-07]", "写了两次"),
            ("2027-02-14]", "2029-02-18]", "不属于"),
            ("to = 2027-01-03", "to = 2026-12-30", "起止日期"),
            ("from = 2027-01-01", 'from = "一月一日"', "不是日期"),
            ("year = 2027", "year = 20270", "年份"),
            ("[[notices]]", "[[notice]]", "读不懂"),
            ("holidays = [", "holidays = ", "读不懂"),
        ],
    )
    def test_refuses_what_contradicts_itself(
        self, admin: User, now: datetime, written: str, instead: str, said: str
    ) -> None:
        with pytest.raises(NoticeInvalid, match=said):
            load_notices(NEXT_YEAR.replace(written, instead, 1), actor=admin, now=now)
        assert not Notice.objects.exists()


def _fail(_now: datetime) -> None:
    raise RuntimeError("the listener is broken")


@pytest.mark.django_db
class TestPage:
    def test_shows_announced_years_and_the_next_one_as_open(self, client: Client, officer: User) -> None:
        client.force_login(officer)
        page = client.get("/calendars/").content.decode()
        assert "国办发明电〔2025〕7号" in page
        assert "2027 年" in page
        assert "尚未公布" in page
        assert "载入通知</button>" not in page

    def test_takes_a_notice_from_an_administrator(self, client: Client, admin: User) -> None:
        client.force_login(admin)
        upload = SimpleUploadedFile("2027.toml", NEXT_YEAR.encode())
        answer = client.post("/calendars/", {"notices": upload}, follow=True)
        assert "已载入 2027 年" in answer.content.decode()
        assert list_years(ahead=1)[1].runs[0].length == 3

    @pytest.mark.parametrize("content", [b"", b"\xff\xfe", b"notices = 1", b"x" * 300_000])
    def test_says_what_is_wrong_with_a_file(self, client: Client, admin: User, content: bytes) -> None:
        client.force_login(admin)
        answer = client.post("/calendars/", {"notices": SimpleUploadedFile("a.toml", content)})
        assert answer.status_code == 422
        assert 'role="alert"' in answer.content.decode()

    def test_refuses_a_notice_from_others(self, client: Client, officer: User) -> None:
        client.force_login(officer)
        upload = SimpleUploadedFile("2027.toml", NEXT_YEAR.encode())
        assert client.post("/calendars/", {"notices": upload}).status_code == 403

    def test_asks_the_database_little(
        self, client: Client, officer: User, django_assert_max_num_queries: pytest.FixtureRequest
    ) -> None:
        client.force_login(officer)
        with django_assert_max_num_queries(20):  # type: ignore[operator]
            client.get("/calendars/")


def test_a_calendar_without_notices_follows_the_week() -> None:
    assert not NoticeCalendar({}, frozenset()).is_final(date(2026, 6, 1))
