"""What lets nobody in any more is cleared out each night; what still counts stays."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session as StoredSession
from django.test import Client
from django.utils import timezone
from oauth2_provider.models import AccessToken, Application, Grant, IDToken, RefreshToken

from chengshu.kernel.accounts.facade import User
from chengshu.kernel.identity import facade as identity
from chengshu.kernel.jobs import facade as jobs

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture
def moment() -> datetime:
    """The libraries go by the clock of the machine, and so do these tests."""
    return timezone.now()


@pytest.fixture
def application(admin: User, moment: datetime) -> Application:
    new = identity.NewApplication("预算系统", ("https://budget.example/callback",), ())
    row, _secret = identity.register_application(new, actor=admin, now=moment)
    return row


def _tokens(application: Application, user: User, *, expires: datetime, name: str) -> None:
    common: dict[str, Any] = {"application": application, "user": user, "expires": expires, "scope": "openid"}
    Grant.objects.create(code=name, redirect_uri="https://budget.example/callback", **common)
    IDToken.objects.create(**common)
    access = AccessToken.objects.create(token=name, **common)
    RefreshToken.objects.create(application=application, user=user, token=name, access_token=access)


def _left() -> list[int]:
    return [model.objects.count() for model in (Grant, IDToken, AccessToken, RefreshToken)]


def _session(moment: datetime, *, age: timedelta) -> str:
    store = SessionStore()
    store.create()
    key = str(store.session_key)
    StoredSession.objects.filter(pk=key).update(expire_date=moment - age)
    return key


def test_sessions_that_ran_out_go_and_the_others_stay(moment: datetime, client: Client, officer: User) -> None:
    client.force_login(officer)
    client.get("/account/")
    run_out = _session(moment, age=HOUR)
    assert identity.clear_run_out(now=moment)["sessions"] == 1
    assert not StoredSession.objects.filter(pk=run_out).exists()
    assert client.get("/account/").status_code == 200
    assert identity.Session.objects.filter(account=officer).exists()


def test_codes_and_tokens_that_ran_out_go(moment: datetime, application: Application, officer: User) -> None:
    _tokens(application, officer, expires=moment - timedelta(days=15), name="old")
    _tokens(application, officer, expires=moment + HOUR, name="new")
    cleared = identity.clear_run_out(now=timezone.now())
    assert cleared == {"sessions": 0, "access_tokens": 1, "refresh_tokens": 1, "id_tokens": 1, "grants": 1}
    assert _left() == [1, 1, 1, 1]


def test_a_refresh_token_outlives_its_access_token(moment: datetime, application: Application, officer: User) -> None:
    """The application refreshes days later, and a used token still shows its thief."""
    _tokens(application, officer, expires=moment - timedelta(days=3), name="resting")
    _tokens(application, officer, expires=moment - timedelta(days=3), name="used")
    RefreshToken.objects.order_by("-pk")[:1].get().revoke()
    identity.clear_run_out(now=moment)
    assert RefreshToken.objects.count() == 2


def test_is_due_every_night(admin: User, moment: datetime) -> None:
    run_out = _session(moment, age=HOUR)
    job = jobs.run_schedule("identity.clear", actor=admin, now=moment)
    job.refresh_from_db()
    assert (job.state, (job.result or {})["sessions"]) == (jobs.State.DONE, 1)
    assert not StoredSession.objects.filter(pk=run_out).exists()
    status = jobs.describe_schedule("identity.clear", moment)
    assert status.next_at is not None
    assert status.next_at - moment <= timedelta(days=1)
