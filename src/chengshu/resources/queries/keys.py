"""Tokens of sources: which there are, and which one a system shows."""

import hashlib
from datetime import datetime

from chengshu.resources.models import DataSource, SourceKey

KEY_PREFIX = "cspush_"
"""How tokens begin, so that tools which look for leaked secrets know them."""


def digest_token(token: str) -> str:
    """Return what is kept of a token: drawn at random, it needs no slow hash."""
    return hashlib.sha256(token.encode()).hexdigest()


def find_key(token: str, *, now: datetime) -> SourceKey | None:
    """Return the token that holds now, with its account; None for any other text."""
    if not token.startswith(KEY_PREFIX):
        return None
    holding = SourceKey.objects.filter(revoked_at=None, expires_at__gt=now, account__is_active=True)
    return holding.select_related("account").filter(digest=digest_token(token)).first()


def list_keys(source: DataSource) -> list[SourceKey]:
    """List the tokens of a source, newest first; who may see the source was asked."""
    return list(SourceKey.objects.filter(source=source).select_related("account").order_by("-created_at")[:50])
