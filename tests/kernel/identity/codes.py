"""What an authenticator app shows, computed by the library that keeps the factors and not by the house's own rule."""

from datetime import datetime

from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value

STEP = 30


def code_of(secret: str, moment: datetime) -> str:
    """Return the code that an app shows at the moment."""
    return str(format_hotp_value(hotp_value(secret, int(moment.timestamp()) // STEP)))
