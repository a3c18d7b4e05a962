"""Time-based one-time codes: RFC 6238 with SHA-1, six digits and steps of 30 seconds, as every authenticator app has them."""

import base64
import binascii
from datetime import datetime

from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor import InvalidToken
from cryptography.hazmat.primitives.twofactor.hotp import HOTP

STEP_SECONDS = 30
#: Steps before and after now whose codes count as well: clocks of phones go wrong by half a minute.
TOLERANCE = 1
_DIGITS = 6


def find_step(secret: str, code: str, *, now: datetime, after: int = -1) -> int | None:
    """Return the number of the step whose code this is, or None.

    Args:
        secret: the shared secret in base 32.
        code: six digits; blanks do not count.
        now: the moment, aware.
        after: the last step whose code was used; codes of it and of those before are refused, so that none works twice.
    """
    typed = "".join(code.split())
    if len(typed) != _DIGITS or not (typed.isascii() and typed.isdigit()):
        return None
    try:
        generator = HOTP(base64.b32decode(secret, casefold=True), _DIGITS, SHA1())  # noqa: S303 - what the apps do
    except (binascii.Error, ValueError):
        return None
    current = int(now.timestamp()) // STEP_SECONDS
    for step in range(max(current - TOLERANCE, after + 1, 0), current + TOLERANCE + 1):
        try:
            generator.verify(typed.encode("ascii"), step)
        except InvalidToken:
            continue
        return step
    return None
