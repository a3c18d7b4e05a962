"""Accounts: opened with a role, let in by password, paused after too many wrong ones."""

from datetime import datetime, timedelta

import pytest
from conftest import PASSWORD
from pytest_django import Settings

from chengshu.kernel.accounts.facade import (
    LoginNameTaken,
    LoginPaused,
    LoginRefused,
    NewAccount,
    PasswordTooWeak,
    Role,
    User,
    authenticate_account,
    change_password,
    create_account,
)
from chengshu.kernel.accounts.models import LoginThrottle


def _account(login_name: str = "chen", password: str = PASSWORD, role: Role = Role.OFFICER) -> NewAccount:
    return NewAccount(login_name, "陈专员", "示范单位", role, password)


@pytest.mark.django_db
class TestCreateAccount:
    @pytest.mark.parametrize("role", list(Role))
    def test_gives_no_right_by_the_role_alone(self, role: Role, now: datetime) -> None:
        user = create_account(_account(role=role), now=now)
        assert not user.is_superuser
        assert not user.get_all_permissions()

    def test_refuses_a_taken_login_name(self, now: datetime) -> None:
        create_account(_account(), now=now)
        with pytest.raises(LoginNameTaken):
            create_account(_account(), now=now)

    def test_refuses_a_weak_password(self, now: datetime) -> None:
        with pytest.raises(PasswordTooWeak):
            create_account(_account("chen", "12345678"), now=now)

    def test_keeps_no_plain_password(self, now: datetime) -> None:
        assert PASSWORD not in create_account(_account(), now=now).password


class TestAuthenticateAccount:
    def test_gives_the_account(self, officer: User, now: datetime) -> None:
        assert authenticate_account("officer", PASSWORD, now=now) == officer

    def test_refuses_a_retired_account(self, officer: User, now: datetime) -> None:
        User.objects.filter(pk=officer.pk).update(is_active=False)
        with pytest.raises(LoginRefused):
            authenticate_account("officer", PASSWORD, now=now)

    @pytest.mark.usefixtures("officer")
    def test_tells_unknown_names_and_wrong_passwords_alike(self, now: datetime) -> None:
        faults = []
        for name in ("officer", "nobody"):
            with pytest.raises(LoginRefused) as refused:
                authenticate_account(name, "wrong", now=now)
            faults.append(refused.value.message)
        assert len(set(faults)) == 1

    def test_pauses_after_too_many_failures_and_lets_in_later(
        self, officer: User, now: datetime, settings: Settings
    ) -> None:
        settings.LOGIN_ATTEMPTS, settings.LOGIN_PAUSE = 3, timedelta(minutes=15)
        for expected in (LoginRefused, LoginRefused, LoginPaused):
            with pytest.raises(expected):
                authenticate_account("officer", "wrong", now=now)
        with pytest.raises(LoginPaused):
            authenticate_account("officer", PASSWORD, now=now + timedelta(minutes=14))
        assert authenticate_account("officer", PASSWORD, now=now + timedelta(minutes=16)) == officer

    @pytest.mark.usefixtures("officer")
    def test_success_starts_the_count_anew(self, now: datetime, settings: Settings) -> None:
        settings.LOGIN_ATTEMPTS = 2
        for _ in range(3):
            with pytest.raises(LoginRefused):
                authenticate_account("officer", "wrong", now=now)
            authenticate_account("officer", PASSWORD, now=now)

    @pytest.mark.django_db
    def test_counts_without_keeping_names(self, now: datetime) -> None:
        with pytest.raises(LoginRefused):
            authenticate_account("chen.zhuanyuan", "wrong", now=now)
        assert "chen" not in LoginThrottle.objects.get().name_digest


class TestChangePassword:
    def test_ends_a_pause(self, officer: User, now: datetime, settings: Settings) -> None:
        settings.LOGIN_ATTEMPTS = 1
        with pytest.raises(LoginPaused):
            authenticate_account("officer", "wrong", now=now)
        change_password(officer, "another-long-word")
        assert authenticate_account("officer", "another-long-word", now=now) == officer
