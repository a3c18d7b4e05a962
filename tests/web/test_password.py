"""A person changes their own password: the old one is asked for, other sessions end, the audit knows."""

from datetime import timedelta

import pytest
from conftest import PASSWORD
from django.test import Client
from pytest_django import Settings

from chengshu.kernel.accounts.facade import User
from chengshu.kernel.audit.facade import list_entries

NEW = "another-long-word"


@pytest.fixture
def inside(client: Client, officer: User) -> Client:
    client.post("/login/", {"login_name": officer.login_name, "password": PASSWORD})
    return client


def _typed(old: str = PASSWORD, new: str = NEW, repeated: str | None = None) -> dict[str, str]:
    return {"old": old, "new": new, "repeated": new if repeated is None else repeated}


def _actions(user: User) -> list[str]:
    return [entry.action for entry in list_entries(f"account:{user.pk}")]


class TestChangePassword:
    def test_keeps_this_session_and_ends_the_others(self, inside: Client, officer: User) -> None:
        elsewhere = Client()
        elsewhere.post("/login/", {"login_name": officer.login_name, "password": PASSWORD})
        assert elsewhere.get("/jobs/").status_code == 200
        answer = inside.post("/password/", _typed(), follow=True)
        assert "口令已更改" in answer.content.decode()
        assert inside.get("/jobs/").status_code == 200
        assert elsewhere.get("/jobs/").status_code == 302

    def test_lets_in_by_the_new_password_only(self, inside: Client, officer: User) -> None:
        inside.post("/password/", _typed())
        tried = {
            word: Client().post("/login/", {"login_name": officer.login_name, "password": word}).status_code
            for word in (PASSWORD, NEW)
        }
        assert tried == {PASSWORD: 422, NEW: 302}

    def test_is_told_to_the_audit_without_the_passwords(self, inside: Client, officer: User) -> None:
        inside.post("/password/", _typed())
        entry = list_entries(f"account:{officer.pk}").get(action="accounts.change_password")
        assert (entry.actor, entry.details) == (officer, {})

    @pytest.mark.parametrize(
        ("typed", "said"),
        [
            (_typed(old="wrong"), "原口令不对"),
            (_typed(repeated="another-long-wort"), "两次输入的新口令不一样"),
            (_typed(new="short"), "10"),
            (_typed(new="12345678901234"), "口令没有更改"),
            (_typed(new="officer123"), "口令没有更改"),
            (_typed(new=PASSWORD), "新口令和原口令一样"),
            ({}, "有 3 栏要改正"),
        ],
    )
    def test_says_at_the_field_why_not(self, typed: dict[str, str], said: str, inside: Client, officer: User) -> None:
        answer = inside.post("/password/", typed)
        html = answer.content.decode()
        assert answer.status_code == 422
        assert said in html
        assert 'aria-invalid="true"' in html
        assert PASSWORD not in html
        assert "accounts.change_password" not in _actions(officer)

    def test_pauses_after_too_many_wrong_old_passwords(self, inside: Client, officer: User, settings: Settings) -> None:
        settings.LOGIN_ATTEMPTS, settings.LOGIN_PAUSE = 2, timedelta(minutes=15)
        for _ in range(2):
            inside.post("/password/", _typed(old="wrong"))
        assert "连续多次输错" in inside.post("/password/", _typed()).content.decode()
        assert _actions(officer).count("accounts.refuse_password") == 2

    def test_is_linked_beside_the_name(self, inside: Client) -> None:
        assert 'href="/account/"' in inside.get("/jobs/").content.decode()
        assert 'href="/password/"' in inside.get("/account/").content.decode()


class TestSessionsInTheAudit:
    def test_tells_who_came_and_went(self, inside: Client, officer: User) -> None:
        inside.post("/logout/")
        entries = list_entries(f"account:{officer.pk}")
        assert [(entry.action, entry.actor) for entry in entries] == [
            ("accounts.log_out", officer),
            ("accounts.log_in", officer),
        ]

    def test_tells_of_failures_under_the_account_but_not_who_it_was(self, client: Client, officer: User) -> None:
        client.post("/login/", {"login_name": officer.login_name, "password": "wrong"})
        entry = list_entries(f"account:{officer.pk}").get()
        assert (entry.action, entry.actor) == ("accounts.refuse_log_in", None)

    @pytest.mark.django_db
    def test_keeps_no_typed_name(self, client: Client, caplog: pytest.LogCaptureFixture) -> None:
        client.post("/login/", {"login_name": "my-secret-word", "password": "wrong"})
        entry = list_entries("account:unknown").get()
        assert (entry.action, entry.actor, entry.reason, entry.details) == ("accounts.refuse_log_in", None, "", {})
        assert "my-secret-word" not in caplog.text

    @pytest.mark.django_db
    def test_a_stranger_who_logs_out_leaves_no_trace(self, client: Client) -> None:
        client.post("/logout/")
        assert not list_entries("account:unknown").exists()
