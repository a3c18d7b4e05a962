"""How a webhook is signed: the Standard Webhooks scheme, HMAC-SHA256 over id, moment and body."""

import base64
import hashlib
import hmac
import secrets
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

_PREFIX = "whsec_"
_SECRET_BYTES = 32


def draw_secret() -> str:
    """Return a new secret, as the other side has to enter it."""
    return _PREFIX + base64.b64encode(secrets.token_bytes(_SECRET_BYTES)).decode("ascii")


def sign(uuid: UUID, sent_at: datetime, body: bytes, *, secrets_: Sequence[str]) -> dict[str, str]:
    """Return the headers that let the other side check who sent this, and when; one signature for each secret."""
    moment = str(int(sent_at.timestamp()))
    signed = f"{uuid}.{moment}.".encode("ascii") + body
    return {
        "webhook-id": str(uuid),
        "webhook-timestamp": moment,
        "webhook-signature": " ".join(f"v1,{_digest(secret, signed)}" for secret in secrets_),
    }


def _digest(secret: str, signed: bytes) -> str:
    key = base64.b64decode(secret.removeprefix(_PREFIX))
    return base64.b64encode(hmac.digest(key, signed, hashlib.sha256)).decode("ascii")
