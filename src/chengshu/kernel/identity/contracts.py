"""What crosses the boundary of identity."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.utils.translation import gettext_lazy as _


class Method(StrEnum):
    """How somebody came in."""

    PASSWORD = "password"  # noqa: S105 - the name of a way in
    PASSKEY = "passkey"
    CITY = "city"
    UNKNOWN = "unknown"


METHOD_LABELS = {
    Method.PASSWORD: _("口令"),
    Method.PASSKEY: _("通行密钥"),
    Method.CITY: _("统一身份"),
    Method.UNKNOWN: _("其他"),
}


class FactorKind(StrEnum):
    """The kinds of second factor, under the names that the library keeps them by."""

    TOTP = "totp"
    RECOVERY_CODES = "recovery_codes"
    PASSKEY = "webauthn"


FACTOR_LABELS = {
    FactorKind.TOTP: _("动态验证码"),
    FactorKind.RECOVERY_CODES: _("恢复码"),
    FactorKind.PASSKEY: _("通行密钥"),
}


@dataclass(frozen=True, slots=True)
class Factor:
    """A second factor that a person has. `left` counts unused recovery codes, and is None for the other kinds."""

    id: int
    kind: FactorKind
    name: str
    created_at: datetime
    last_used_at: datetime | None
    left: int | None = None


@dataclass(frozen=True, slots=True)
class Entrance:
    """What a session knows of how it began. `has_factor`: a second factor was shown. Moments in seconds since 1970."""

    record: int
    method: Method
    started: float
    seen: float
    confirmed: float
    has_factor: bool
