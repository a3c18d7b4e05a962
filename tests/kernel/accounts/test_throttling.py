"""Guessing is slow, whether one name is tried with many passwords or one address tries many names."""

from datetime import datetime, timedelta

import pytest
from conftest import PASSWORD
from pytest_django import Settings

from chengshu.kernel.accounts.facade import (
    LoginPaused,
    LoginRefused,
    User,
    authenticate_account,
    count_wrong_factor,
    find_account_pause,
    refuse_while_locked,
    unlock_account,
)
from chengshu.kernel.audit import facade as audit
from chengshu.kernel.audit.facade import Origin

HERE, ELSEWHERE = "192.0.2.7", "192.0.2.8"


def _try(name: str, now: datetime, address: str = HERE, password: str = "wrong") -> User:  # noqa: S107 - a wrong one
    with audit.originating_from(lambda: Origin(address=address)):
        return authenticate_account(name, password, now=now)


@pytest.fixture(autouse=True)
def _few_attempts(settings: Settings) -> None:
    settings.LOGIN_ATTEMPTS, settings.LOGIN_ADDRESS_ATTEMPTS, settings.LOGIN_PAUSE = 3, 4, timedelta(minutes=15)


class TestOneAddress:
    def test_that_tries_many_names_is_paused(self, officer: User, now: datetime) -> None:
        for number in range(3):
            with pytest.raises(LoginRefused):
                _try(f"name{number}", now)
        with pytest.raises(LoginPaused):
            _try("name3", now)
        with pytest.raises(LoginPaused):
            _try(officer.login_name, now, password=PASSWORD)

    def test_does_not_pause_people_elsewhere(self, officer: User, now: datetime) -> None:
        for number in range(4):
            with pytest.raises((LoginRefused, LoginPaused)):
                _try(f"name{number}", now)
        assert _try(officer.login_name, now, ELSEWHERE, PASSWORD) == officer

    def test_is_let_in_again_after_the_pause(self, officer: User, now: datetime) -> None:
        for number in range(4):
            with pytest.raises((LoginRefused, LoginPaused)):
                _try(f"name{number}", now)
        assert _try(officer.login_name, now + timedelta(minutes=16), HERE, PASSWORD) == officer

    @pytest.mark.usefixtures("officer")
    def test_gains_nothing_by_logging_in_rightly_in_between(self, now: datetime) -> None:
        for number in range(3):
            with pytest.raises(LoginRefused):
                _try(f"name{number}", now)
            _try("officer", now, password=PASSWORD)
        with pytest.raises(LoginPaused):
            _try("name3", now)

    @pytest.mark.django_db
    def test_is_not_held_to_failures_of_long_ago(self, now: datetime) -> None:
        for hour in range(6):
            with pytest.raises(LoginRefused):
                _try(f"name{hour}", now + timedelta(hours=hour))

    @pytest.mark.django_db
    def test_is_the_whole_network_of_one_connection(self, now: datetime) -> None:
        for number in range(3):
            with pytest.raises(LoginRefused):
                _try(f"name{number}", now, f"2001:db8::{number}")
        with pytest.raises(LoginPaused):
            _try("name3", now, "2001:db8::ffff")


class TestSecondFactors:
    def test_too_many_wrong_ones_lock_the_account(self, officer: User, now: datetime) -> None:
        for _ in range(3):
            refuse_while_locked(officer, now=now)
            count_wrong_factor(officer, now=now)
        with pytest.raises(LoginPaused):
            refuse_while_locked(officer, now=now)
        assert audit.list_entries(f"account:{officer.pk}").count() == 3


class TestUnlock:
    def test_ends_the_lock_and_is_audited_with_the_reason(self, officer: User, admin: User, now: datetime) -> None:
        for _ in range(3):
            with pytest.raises((LoginRefused, LoginPaused)):
                _try("officer", now, ELSEWHERE)
            count_wrong_factor(officer, now=now)
        assert find_account_pause(officer, now=now) == now + timedelta(minutes=15)
        unlock_account(officer, actor=admin, reason="本人当面核实", now=now)
        assert find_account_pause(officer, now=now) is None
        assert _try("officer", now, ELSEWHERE, PASSWORD) == officer
        entry = audit.list_entries(f"account:{officer.pk}").get(action="accounts.unlock")
        assert (entry.actor, entry.reason) == (admin, "本人当面核实")
