"""Second factors: setting them up, asking for them, taking them away. The library keeps them and knows their forms."""

from dataclasses import dataclass
from datetime import datetime

from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.db import IntegrityError, transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext

from chengshu.kernel.accounts import facade as accounts
from chengshu.kernel.accounts.facade import User
from chengshu.kernel.audit import facade as audit
from chengshu.kernel.identity.contracts import FactorKind
from chengshu.kernel.identity.errors import FactorNotFound, FactorRequired, FactorTwice, FactorWrong
from chengshu.kernel.identity.queries.factors import is_factor_required
from chengshu.kernel.identity.rules.codes import find_step

ADD = "identity.add_factor"
REMOVE = "identity.remove_factor"
RESET = "identity.reset_factors"
USE = "identity.use_factor"
RENEW_CODES = "identity.renew_recovery_codes"
_LAST_STEP = "last_step"


@dataclass(frozen=True, slots=True)
class NewSecret:
    """A secret that an authenticator app is to learn: as text, and as a picture in SVG."""

    secret: str
    picture: str


def draw_secret(user: User, secret: str = "") -> NewSecret:
    """Return a secret, a new one unless it is given, with the picture that an app reads it from."""
    secret = secret or generate_totp_secret()
    adapter = get_adapter()
    return NewSecret(secret, adapter.build_totp_svg(adapter.build_totp_url(user, secret)))


def add_totp(user: User, secret: str, code: str, *, now: datetime) -> list[str]:
    """Keep the secret once the app has proved to know it; return new recovery codes when there were none.

    Raises:
        FactorWrong: the code is not the app's.
        FactorTwice: there is an app already.
    """
    step = find_step(secret, code, now=now)
    if step is None:
        raise FactorWrong(gettext("验证码不对。请核对手机时间后输入最新的 6 位数字。"))
    try:
        with transaction.atomic():
            row = TOTP.activate(user, secret).instance
            row.data[_LAST_STEP] = step
            row.save(update_fields=["data"])
            return finish_adding(user, FactorKind.TOTP, now=now)
    except IntegrityError as error:
        raise FactorTwice(gettext("已经有一个动态验证码了，请先移除原来的。")) from error


def finish_adding(user: User, kind: FactorKind, *, now: datetime) -> list[str]:
    """Tell the audit of a new factor; with the first one come recovery codes, which are returned."""
    audit.record(user, ADD, f"account:{user.pk}", now=now, details={"kind": kind})
    codes = Authenticator.objects.filter(user=user, type=FactorKind.RECOVERY_CODES)
    return [] if codes.exists() else list(RecoveryCodes.activate(user).get_unused_codes())


def renew_recovery_codes(user: User, *, now: datetime) -> list[str]:
    """Replace the recovery codes; the old ones work no more. They are shown now and never again.

    Raises:
        FactorNotFound: there is no second factor that they could stand in for.
    """
    with transaction.atomic():
        if not Authenticator.objects.filter(user=user).exclude(type=FactorKind.RECOVERY_CODES).exists():
            raise FactorNotFound(gettext("请先添加动态验证码或通行密钥。"))
        Authenticator.objects.filter(user=user, type=FactorKind.RECOVERY_CODES).delete()
        codes = list(RecoveryCodes.activate(user).get_unused_codes())
        audit.record(user, RENEW_CODES, f"account:{user.pk}", now=now)
    return codes


def verify_code(user: User, code: str, *, now: datetime) -> FactorKind:
    """Accept a code of the app, or a recovery code; each works once.

    Raises:
        FactorWrong: it is neither.
        LoginPaused: too many were wrong; the code is not looked at.
    """
    accounts.refuse_while_locked(user, now=now)
    with transaction.atomic():
        kind = _match_code(user, code, now=now)
    if kind is None:
        accounts.count_wrong_factor(user, now=now)
        accounts.refuse_while_locked(user, now=now)
        raise FactorWrong(gettext("验证码不对，请重新输入。"))
    accounts.forget_wrong_factors(user)
    return kind


def note_use(user: User, row: Authenticator, *, now: datetime) -> None:
    """Remember when a factor was used last, and tell the audit."""
    row.last_used_at = now
    row.save(update_fields=["last_used_at"])
    audit.record(user, USE, f"account:{user.pk}", now=now, details={"kind": row.type})


def remove_factor(user: User, factor_id: int, *, now: datetime) -> None:
    """Take away one of the person's own factors; with the last one the recovery codes go.

    Raises:
        FactorNotFound: the person has no such factor.
        FactorRequired: it is the last, and a role demands one.
    """
    with transaction.atomic():
        rows = Authenticator.objects.select_for_update().filter(user=user)
        others = [row for row in rows if row.pk != factor_id and row.type != FactorKind.RECOVERY_CODES]
        row = next((row for row in rows if row.pk == factor_id), None)
        if row is None or row.type == FactorKind.RECOVERY_CODES:
            raise FactorNotFound(gettext("没有这个验证方式。"))
        if not others and is_factor_required(user, on=localdate(now)):
            raise FactorRequired(gettext("您的角色必须有第二重验证。请先添加另一种，再移除这一种。"))
        row.delete()
        if not others:
            Authenticator.objects.filter(user=user).delete()
        audit.record(user, REMOVE, f"account:{user.pk}", now=now, details={"kind": row.type})


def reset_factors(user: User, *, actor: User, reason: str, now: datetime) -> None:
    """Take away all factors of somebody who lost them. Whether the actor may do so asks the caller."""
    with transaction.atomic():
        rows = Authenticator.objects.filter(user=user)
        kinds = sorted(rows.values_list("type", flat=True))
        rows.delete()
        accounts.forget_wrong_factors(user)
        audit.record(actor, RESET, f"account:{user.pk}", now=now, reason=reason, details={"kinds": kinds})


def _match_code(user: User, code: str, *, now: datetime) -> FactorKind | None:
    rows = Authenticator.objects.select_for_update().filter(user=user)
    for row in rows.exclude(type=FactorKind.PASSKEY).order_by("-type"):
        kind = FactorKind(row.type)
        is_right = _match_app(row, code, now=now) if kind is FactorKind.TOTP else row.wrap().validate_code(code)
        if is_right:
            row.refresh_from_db()
            note_use(user, row, now=now)
            return kind
    return None


def _match_app(row: Authenticator, code: str, *, now: datetime) -> bool:
    """Match the app's code, and remember its step: a code that was seen over a shoulder works no second time."""
    secret = get_adapter().decrypt(row.data["secret"])
    step = find_step(secret, code, now=now, after=row.data.get(_LAST_STEP, -1))
    if step is None:
        return False
    row.data[_LAST_STEP] = step
    row.save(update_fields=["data"])
    return True
