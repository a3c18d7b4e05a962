"""Clearing out what ran out: the stored halves of sessions, and what the identity provider gave to applications."""

from datetime import datetime
from importlib import import_module

import structlog
from django.conf import settings
from django.contrib.sessions.models import Session as StoredSession
from oauth2_provider.models import (
    clear_expired,
    get_access_token_model,
    get_grant_model,
    get_id_token_model,
    get_refresh_token_model,
)

log = structlog.get_logger(__name__)


def clear_run_out(*, now: datetime) -> dict[str, int]:
    """Take out sessions and tokens that let nobody in any more; return how many rows of each went.

    The libraries that keep them say what has run out, by the clock of the machine; `now` tells only how to count. The
    list of who was inside from where (`Session`) stays, and so do refresh tokens that were used, until they would have
    run out: they show when somebody uses one again.
    """
    before = _count(now)
    import_module(settings.SESSION_ENGINE).SessionStore.clear_expired()
    clear_expired()
    cleared = {name: rows - after for (name, rows), after in zip(before.items(), _count(now).values(), strict=True)}
    log.info("identity_cleared", **cleared)
    return cleared


def _count(now: datetime) -> dict[str, int]:
    """Count what was there at `now`, so that what comes meanwhile does not disturb."""
    tokens = {
        "access_tokens": get_access_token_model(),
        "refresh_tokens": get_refresh_token_model(),
        "id_tokens": get_id_token_model(),
        "grants": get_grant_model(),
    }
    return {
        "sessions": StoredSession.objects.filter(expire_date__lte=now).count(),
        **{name: model.objects.filter(created__lte=now).count() for name, model in tokens.items()},
    }
