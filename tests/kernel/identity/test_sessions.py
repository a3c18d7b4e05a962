"""People see where they are logged in, end it, and are logged out when they leave their desk."""

from datetime import timedelta

import pytest
from conftest import PASSWORD
from django.contrib.sessions.models import Session as StoredSession
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from chengshu.kernel.accounts.facade import User
from chengshu.kernel.audit.facade import list_entries
from chengshu.kernel.identity.facade import Session, list_sessions

CHROME = "Mozilla/5.0 (Windows NT 10.0) Chrome/140.0 Safari/537.36"


def _log_in(user: User, agent: str = CHROME) -> Client:
    client = Client(headers={"User-Agent": agent})
    answer = client.post("/login/", {"login_name": user.login_name, "password": PASSWORD})
    assert answer["Location"] == "/"
    return client


def _age(client: Client, *, seconds: float) -> None:
    """Make the client's session look as if its beginning and its last use lay back."""
    session = client.session
    for part in ("seen", "started", "confirmed"):
        session["identity"][part] -= seconds
    session.save()


class TestSessions:
    def test_are_listed_with_the_device(self, officer: User) -> None:
        here, _elsewhere = _log_in(officer), _log_in(officer, "Mozilla/5.0 (iPhone) Safari/604.1")
        html = here.get("/account/").content.decode()
        assert "Chrome · Windows" in html
        assert "Safari · iPhone" in html
        assert html.count("本机") == 1

    def test_of_others_are_not_listed(self, officer: User, reviewer: User) -> None:
        _log_in(reviewer, "Mozilla/5.0 (iPhone) Safari/604.1")
        assert "iPhone" not in _log_in(officer).get("/account/").content.decode()

    def test_all_others_end_at_once(self, officer: User) -> None:
        here, elsewhere = _log_in(officer), _log_in(officer)
        here.post("/account/sessions/end-others/")
        assert here.get("/account/").status_code == 200
        assert elsewhere.get("/account/").status_code == 302
        assert list_sessions(officer, now=timezone.now()).count() == 1
        entry = list_entries(f"account:{officer.pk}").get(action="identity.end_sessions")
        assert (entry.actor, entry.details) == (officer, {"sessions": 1})

    def test_of_somebody_else_cannot_be_ended(self, officer: User, reviewer: User) -> None:
        theirs = _log_in(reviewer)
        _log_in(officer).post(f"/account/sessions/{Session.objects.get(account=reviewer).pk}/end/")
        assert theirs.get("/account/").status_code == 200

    def test_leave_the_list_with_the_log_out(self, officer: User) -> None:
        here = _log_in(officer)
        here.post("/logout/")
        assert not list_sessions(officer, now=timezone.now()).exists()
        assert Session.objects.get(account=officer).ended_at is not None

    def test_other_ones_leave_the_list_with_a_new_password(self, officer: User) -> None:
        here, _elsewhere = _log_in(officer), _log_in(officer)
        new = "another-long-word"
        here.post("/password/", {"old": PASSWORD, "new": new, "repeated": new})
        assert list_sessions(officer, now=timezone.now()).count() == 1
        assert "本机" in here.get("/account/").content.decode()

    def test_get_a_new_key_with_the_log_in(self, client: Client, officer: User) -> None:
        session = client.session
        session["started_by"] = "somebody else"
        session.save()
        planted = session.session_key
        client.post("/login/", {"login_name": officer.login_name, "password": PASSWORD})
        assert client.session.session_key != planted
        assert not StoredSession.objects.filter(session_key=planted).exists()


class TestTimeOut:
    def test_ends_an_idle_session_and_says_so(self, officer: User, settings: Settings) -> None:
        settings.SESSION_IDLE = timedelta(minutes=30)
        client = _log_in(officer)
        _age(client, seconds=31 * 60)
        answer = client.get("/account/")
        assert answer["Location"] == "/login/?next=/account/"
        assert "太久没有操作" in client.get("/login/").content.decode()
        assert list_entries(f"account:{officer.pk}").get(action="identity.expire_session").details == {
            "because": "idle"
        }

    def test_spares_a_session_in_use(self, officer: User, settings: Settings) -> None:
        settings.SESSION_IDLE, settings.SESSION_LIFETIME = timedelta(minutes=30), timedelta(hours=10)
        client = _log_in(officer)
        for _ in range(3):
            _age(client, seconds=29 * 60)
            assert client.get("/account/").status_code == 200

    def test_comes_to_every_session_however_busy(self, officer: User, settings: Settings) -> None:
        settings.SESSION_IDLE, settings.SESSION_LIFETIME = timedelta(minutes=30), timedelta(hours=1)
        client = _log_in(officer)
        answers = []
        for _ in range(3):
            _age(client, seconds=25 * 60)
            answers.append(client.get("/account/").status_code)
        assert answers == [200, 200, 302]

    def test_is_not_put_off_by_what_pages_ask_by_themselves(self, officer: User, settings: Settings) -> None:
        settings.SESSION_IDLE = timedelta(minutes=30)
        client = _log_in(officer)
        _age(client, seconds=29 * 60)
        client.get("/jobs/00000000-0000-4000-8000-000000000000/status/")
        _age(client, seconds=2 * 60)
        assert client.get("/account/").status_code == 302


class TestOlderSessions:
    def test_that_began_before_there_was_a_list_are_put_on_it(self, client: Client, officer: User) -> None:
        client.force_login(officer)
        assert "本机" in client.get("/account/").content.decode()

    @pytest.mark.usefixtures("officer")
    def test_nobody_has_none(self, client: Client) -> None:
        client.get("/login/")
        assert not Session.objects.exists()
