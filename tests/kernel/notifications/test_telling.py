"""Who is told what, by which way, when; and who may still see it."""

from dataclasses import replace
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from conftest import HOUSE_UNIT, enter_account
from django.db import transaction
from kernel.notifications.conftest import plain, urgent
from pytest_django import DjangoAssertNumQueries, Settings

from chengshu.kernel.accounts.facade import User
from chengshu.kernel.audit import facade as audit
from chengshu.kernel.grants import facade as grants
from chengshu.kernel.grants.facade import Grant, HouseRole
from chengshu.kernel.notifications.facade import (
    Digest,
    Notification,
    NotificationNotFound,
    PreferenceInvalid,
    Preferences,
    TemplateUnknown,
    count_unread,
    get_notification,
    get_preferences,
    list_holders,
    list_notifications,
    mark_read,
    notify,
    save_preferences,
    send_digests,
    unmark_read,
)
from chengshu.kernel.outbox.facade import Message, NewEndpoint, register_endpoint

NIGHT = datetime(2024, 3, 15, 23, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
MORNING = datetime(2024, 3, 16, 7, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
BY_MAIL = Preferences(email="wang@example.cn")


@pytest.fixture(autouse=True)
def _mail_server(settings: Settings) -> None:
    settings.EMAIL_IS_SET_UP = True
    settings.SITE_URL = "https://jx.example.gov.cn"


class TestNotify:
    def test_tells_those_who_may_know_once(self, officer: User, reviewer: User, unit_id: int, now: datetime) -> None:
        stranger = enter_account("stranger", HouseRole.OFFICER, code="OTHER")
        everybody = [officer.pk, reviewer.pk, stranger.pk, officer.pk]
        assert notify(everybody, plain(unit_id), now=now) == 2
        assert notify(everybody, plain(unit_id), now=now) == 0
        assert count_unread(officer, on=now.date()) == 1
        assert count_unread(stranger, on=now.date()) == 0

    def test_tells_nothing_of_what_was_undone(self, officer: User, unit_id: int, now: datetime) -> None:
        save_preferences(officer, BY_MAIL, now=now)
        with transaction.atomic():
            assert notify([officer.pk], plain(unit_id), now=now) == 1
            transaction.set_rollback(True)
        assert not Notification.objects.exists()
        assert not Message.objects.exists()

    def test_leaves_out_who_is_retired(self, officer: User, unit_id: int, now: datetime) -> None:
        User.objects.filter(pk=officer.pk).update(is_active=False)
        assert notify([officer.pk], plain(unit_id), now=now) == 0
        assert notify([officer.pk], urgent(), now=now) == 0

    def test_needs_a_registered_template(self, officer: User, now: datetime) -> None:
        with pytest.raises(TemplateUnknown):
            notify([officer.pk], replace(urgent(), template="tests.none"), now=now)

    def test_asks_as_often_for_many_as_for_few(
        self, unit_id: int, now: datetime, django_assert_max_num_queries: DjangoAssertNumQueries
    ) -> None:
        people = [enter_account(f"p{n}", HouseRole.OFFICER, code=HOUSE_UNIT).pk for n in range(12)]
        with django_assert_max_num_queries(8):
            assert notify(people, plain(unit_id), now=now) == 12


class TestRights:
    def test_are_asked_again_when_it_is_shown(self, officer: User, admin: User, unit_id: int, now: datetime) -> None:
        notify([officer.pk], plain(unit_id), now=now)
        notify([officer.pk], urgent(), now=now)
        [told] = list_notifications(officer, on=now.date()).filter(template="tests.plain")
        grants.end_grant(Grant.objects.get(account=officer).pk, actor=admin, now=now, reason="调离")
        assert [n.template for n in list_notifications(officer, on=now.date())] == ["tests.urgent"]
        assert count_unread(officer, on=now.date()) == 1
        with pytest.raises(NotificationNotFound):
            get_notification(told.pk, viewer=officer, on=now.date())

    def test_of_one_project_count_for_that_project(self, officer: User, unit_id: int, now: datetime) -> None:
        Grant.objects.filter(account=officer).update(scope_kind="project", scope_id=7)
        assert notify([officer.pk], replace(plain(unit_id), project_id=8), now=now) == 0
        assert notify([officer.pk], replace(plain(unit_id), project_id=7), now=now) == 1
        assert count_unread(officer, on=now.date()) == 1

    def test_of_others_are_not_shown(self, officer: User, reviewer: User, unit_id: int, now: datetime) -> None:
        notify([officer.pk], plain(unit_id), now=now)
        with pytest.raises(NotificationNotFound):
            get_notification(Notification.objects.get().pk, viewer=reviewer, on=now.date())

    def test_say_who_is_to_be_told(self, officer: User, reviewer: User, unit_id: int, now: datetime) -> None:
        assert list_holders("performance.edit_goal", unit_id, on=now.date()) == [officer.pk]
        assert list_holders("performance.review_finance", unit_id, on=now.date()) == [reviewer.pk]


class TestMail:
    def test_goes_to_the_chosen_address_with_the_link(self, officer: User, unit_id: int, now: datetime) -> None:
        save_preferences(officer, replace(BY_MAIL, language="en"), now=now)
        notify([officer.pk], plain(unit_id, what="<b>"), now=now)
        mail = Message.objects.get().payload
        assert (mail["to"], mail["subject"]) == ("wang@example.cn", "<b> has come")
        assert "https://jx.example.gov.cn/performance/goals/1/" in mail["text"]
        assert "notification settings" in mail["text"]

    def test_is_not_sent_unasked(self, officer: User, reviewer: User, unit_id: int, now: datetime) -> None:
        save_preferences(officer, replace(BY_MAIL, no_email=frozenset({"tests.plain"})), now=now)
        notify([officer.pk, reviewer.pk], plain(unit_id), now=now)
        assert not Message.objects.exists()

    def test_waits_for_the_morning_unless_it_is_urgent(self, officer: User, unit_id: int, now: datetime) -> None:
        save_preferences(officer, BY_MAIL, now=now)
        notify([officer.pk], plain(unit_id), now=NIGHT)
        notify([officer.pk], urgent(), now=NIGHT)
        assert [message.due_at for message in Message.objects.order_by("id")] == [MORNING, NIGHT]

    def test_comes_once_a_day_to_who_wants_it_so(self, officer: User, unit_id: int, now: datetime) -> None:
        save_preferences(officer, replace(BY_MAIL, digest=Digest.DAILY), now=now)
        for key in "abc":
            notify([officer.pk], plain(unit_id, key, what=f"材料{key}"), now=now)
        read = Notification.objects.get(key="b")
        mark_read(officer, now=now, ids=[read.pk])
        assert not Message.objects.exists()
        assert send_digests(now=MORNING) == 1
        assert send_digests(now=MORNING + timedelta(days=1)) == 0
        mail = Message.objects.get().payload
        assert "2 条" in mail["subject"]
        assert "材料a" in mail["text"]
        assert "材料b" not in mail["text"]


class TestWebhook:
    def test_tells_the_bridge_of_those_who_want_it(
        self, officer: User, reviewer: User, admin: User, unit_id: int, now: datetime, settings: Settings
    ) -> None:
        settings.WEBHOOK_HOSTS = ["hooks.example.gov.cn"]
        new = NewEndpoint("政务微信", "https://hooks.example.gov.cn/", frozenset({"notifications.sent"}))
        register_endpoint(new, actor=admin, now=now)
        save_preferences(officer, Preferences(webhook=frozenset({"tests.plain"})), now=now)
        notify([officer.pk, reviewer.pk], plain(unit_id), now=NIGHT)
        message = Message.objects.get()
        assert message.payload["data"]["account"] == "officer"
        assert message.payload["data"]["title"] == "材料来了"
        assert message.due_at == MORNING


class TestReading:
    def test_is_taken_back_as_a_whole(self, officer: User, unit_id: int, now: datetime) -> None:
        for key in "abc":
            notify([officer.pk], plain(unit_id, key), now=now)
        first = Notification.objects.get(key="a")
        assert mark_read(officer, now=now, ids=[first.pk]) == 1
        later = now + timedelta(minutes=1)
        assert mark_read(officer, now=later) == 2
        assert unmark_read(officer, marked_at=later) == 2
        assert count_unread(officer, on=now.date()) == 2

    def test_touches_nothing_of_others(self, officer: User, reviewer: User, unit_id: int, now: datetime) -> None:
        notify([officer.pk], plain(unit_id), now=now)
        assert mark_read(reviewer, now=now, ids=[Notification.objects.get().pk]) == 0
        mark_read(officer, now=now)
        assert unmark_read(reviewer, marked_at=now) == 0


class TestPreferences:
    def test_are_kept_and_audited_without_the_address(self, officer: User, now: datetime) -> None:
        chosen = replace(BY_MAIL, quiet_from=time(0), quiet_until=time(0), webhook=frozenset({"tests.plain", "gone"}))
        save_preferences(officer, chosen, now=now)
        assert get_preferences(officer) == replace(chosen, webhook=frozenset({"tests.plain"}))
        entry = audit.list_all_entries().get(action="notifications.change_preferences")
        assert "wang" not in str([entry.details, entry.before, entry.after])

    @pytest.mark.parametrize("email", ["wang", "a@b", "a@example.cn\nBcc: b@example.cn"])
    def test_take_whole_addresses_only(self, officer: User, now: datetime, email: str) -> None:
        with pytest.raises(PreferenceInvalid):
            save_preferences(officer, Preferences(email=email), now=now)
