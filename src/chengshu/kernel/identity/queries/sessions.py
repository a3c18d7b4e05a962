"""Reads of sessions, and what the running session knows of itself."""

from datetime import datetime

from django.conf import settings
from django.contrib.sessions.backends.base import SessionBase
from django.contrib.sessions.models import Session as StoredSession
from django.db.models import Exists, OuterRef, QuerySet

from chengshu.kernel.accounts.facade import User
from chengshu.kernel.identity.contracts import Entrance, Method
from chengshu.kernel.identity.models import Session

KEPT = "identity"


def read_entrance(session: SessionBase) -> Entrance | None:
    """Return what the running session knows of how it began; None when it began without the log-in's doing."""
    kept = session.get(KEPT)
    return Entrance(**{**kept, "method": Method(kept["method"])}) if kept else None


def list_sessions(user: User, *, now: datetime) -> QuerySet[Session]:
    """Return the person's sessions that are still open, the last used first."""
    stored = StoredSession.objects.filter(session_key=OuterRef("key"), expire_date__gt=now)
    since = now - settings.SESSION_IDLE
    started = now - settings.SESSION_LIFETIME
    rows = Session.objects.filter(account=user, ended_at=None, seen_at__gt=since, started_at__gt=started)
    return rows.filter(Exists(stored)).order_by("-seen_at", "-pk")


def is_fresh(session: SessionBase, *, now: datetime) -> bool:
    """Tell whether the person proved who he is so lately that he may change what proves it."""
    entrance = read_entrance(session)
    return entrance is not None and now.timestamp() - entrance.confirmed < settings.CONFIRMATION_LASTS.total_seconds()
