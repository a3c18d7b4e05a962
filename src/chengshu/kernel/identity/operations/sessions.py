"""Sessions: how they begin, stay alive, and end."""

from dataclasses import asdict, replace
from datetime import datetime
from importlib import import_module

from django.conf import settings
from django.contrib.auth import login, logout
from django.db import transaction
from django.http import HttpRequest
from structlog import get_logger

from chengshu.kernel.accounts import facade as accounts
from chengshu.kernel.accounts.facade import User
from chengshu.kernel.audit import facade as audit
from chengshu.kernel.identity.contracts import Entrance, Method
from chengshu.kernel.identity.models import Session
from chengshu.kernel.identity.queries.sessions import KEPT, read_entrance

log = get_logger(__name__)

END = "identity.end_sessions"
EXPIRE = "identity.expire_session"
_BACKEND = "django.contrib.auth.backends.ModelBackend"
_AGENT_LENGTH = 256
#: How often a session in use is written down; less often than people click, so that reading stays reading.
_NOTE_SECONDS = 60


def begin_session(request: HttpRequest, user: User, *, method: Method, has_factor: bool, now: datetime) -> None:
    """Let the person in: a new session, on its list and in the audit."""
    login(request, user, backend=_BACKEND)
    _note_beginning(request, user, method=method, has_factor=has_factor, now=now)
    accounts.record_log_in(user, now=now, method=method)


def watch_session(request: HttpRequest, user: User, *, now: datetime, counts: bool = True) -> bool:
    """Keep a session alive that is in use, or end it when it was idle or open for too long; tell whether it lives.

    A session that began without the log-in's doing is written down now. `counts` is False for what a page asks by
    itself: that keeps nobody inside.
    """
    entrance = read_entrance(request.session)
    if entrance is None:
        _note_beginning(request, user, method=Method.UNKNOWN, has_factor=False, now=now)
        return True
    moment = now.timestamp()
    is_idle = moment - entrance.seen >= settings.SESSION_IDLE.total_seconds()
    is_old = moment - entrance.started >= settings.SESSION_LIFETIME.total_seconds()
    if is_idle or is_old:
        _expire(request, user, entrance, reason="idle" if is_idle else "old", now=now)
        return False
    if counts and moment - entrance.seen >= _NOTE_SECONDS:
        _keep(request, replace(entrance, seen=moment))
        Session.objects.filter(pk=entrance.record).update(seen_at=now)
    return True


def confirm_session(request: HttpRequest, *, now: datetime, has_factor: bool = False) -> None:
    """Note that the person proved again who he is; with a second factor, that he has shown one."""
    entrance = read_entrance(request.session)
    if entrance is not None:
        shown = entrance.has_factor or has_factor
        _keep(request, replace(entrance, confirmed=now.timestamp(), has_factor=shown))


def end_own_session(request: HttpRequest, user: User, *, now: datetime) -> None:
    """Log the person out."""
    entrance = read_entrance(request.session)
    accounts.record_log_out(user, now=now)
    if entrance is not None:
        Session.objects.filter(pk=entrance.record, ended_at=None).update(ended_at=now)
    logout(request)


def renew_session(request: HttpRequest) -> None:
    """Write down the new key of a session that got one, as it does after a change of password."""
    entrance = read_entrance(request.session)
    if entrance is not None and request.session.session_key:
        Session.objects.filter(pk=entrance.record).update(key=request.session.session_key)


def end_sessions(
    user: User, *, actor: User, now: datetime, keep: int | None = None, only: int | None = None, reason: str = ""
) -> int:
    """End the person's sessions on every device, but the one with the id `keep`, or `only` one; return how many.

    An ended session is inside no more with its next request; what it was doing is finished.
    """
    with transaction.atomic():
        rows = Session.objects.select_for_update().filter(account=user, ended_at=None)
        rows = rows if keep is None else rows.exclude(pk=keep)
        rows = rows if only is None else rows.filter(pk=only)
        keys = list(rows.values_list("key", flat=True))
        Session.objects.filter(key__in=keys).update(ended_at=now)
        store = import_module(settings.SESSION_ENGINE).SessionStore
        for key in keys:
            store(key).delete()
        audit.record(actor, END, f"account:{user.pk}", now=now, reason=reason, details={"sessions": len(keys)})
    return len(keys)


def _expire(request: HttpRequest, user: User, entrance: Entrance, *, reason: str, now: datetime) -> None:
    audit.record(user, EXPIRE, f"account:{user.pk}", now=now, details={"because": reason})
    Session.objects.filter(pk=entrance.record, ended_at=None).update(ended_at=now)
    logout(request)
    log.info("session_expired", because=reason)


def _note_beginning(request: HttpRequest, user: User, *, method: Method, has_factor: bool, now: datetime) -> None:
    if not request.session.session_key:
        request.session.create()
    row, _created = Session.objects.update_or_create(
        key=request.session.session_key,
        defaults={
            "account": user,
            "method": method,
            "address": audit.current_origin().address,
            "agent": request.headers.get("User-Agent", "")[:_AGENT_LENGTH],
            "started_at": now,
            "seen_at": now,
            "ended_at": None,
        },
    )
    moment = now.timestamp()
    entrance = Entrance(
        record=row.pk, method=method, started=moment, seen=moment, confirmed=moment, has_factor=has_factor
    )
    _keep(request, entrance)


def _keep(request: HttpRequest, entrance: Entrance) -> None:
    request.session[KEPT] = asdict(entrance)
