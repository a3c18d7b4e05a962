"""Passkeys: WebAuthn credentials that stay on a device or a key, unlocked there by finger, face or PIN.

Each is kept so that it can stand for both steps of a log-in: the device tells who it is, and checks the person. The
library holds the challenge in the session between the two halves of each exchange.
"""

from datetime import datetime
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.internal import auth as library
from cryptography.exceptions import InvalidSignature
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext

from chengshu.kernel.accounts import facade as accounts
from chengshu.kernel.accounts.facade import User
from chengshu.kernel.audit import facade as audit
from chengshu.kernel.identity.contracts import FactorKind
from chengshu.kernel.identity.errors import FactorWrong
from chengshu.kernel.identity.operations.factors import finish_adding, note_use

REFUSE_PASSKEY = "identity.refuse_passkey"
_COUNTER = "sign_count"
_NAME_LENGTH = 64
# What an answer that was not made by a device can set off in the library.
_MALFORMED = (ValidationError, InvalidSignature, ValueError, TypeError, KeyError, AttributeError)


def offer_registration(user: User) -> dict[str, Any]:
    """Return what a browser needs to make a new passkey; the running session remembers the challenge."""
    options: dict[str, Any] = library.begin_registration(user, True)  # noqa: FBT003 - the library's signature
    return options


def add_passkey(user: User, name: str, answer: object, *, now: datetime) -> list[str]:
    """Keep the passkey that a device made; return new recovery codes when there were none.

    Raises:
        FactorWrong: the answer is not one to this session's challenge, or the device did not check the person.
    """
    try:
        library.parse_registration_response(answer)
        made = library.complete_registration(answer)
        is_verified = made.is_user_verified()
    except _MALFORMED as error:
        raise FactorWrong(gettext("通行密钥没有添加成功，请再试一次。")) from error
    if not is_verified:
        raise FactorWrong(gettext("这个设备没有核对指纹、面容或密码，不能用作通行密钥。"))
    with transaction.atomic():
        row = library.WebAuthn.add(user, name.strip()[:_NAME_LENGTH] or gettext("通行密钥"), answer).instance
        row.data[_COUNTER] = made.counter
        row.save(update_fields=["data"])
        return finish_adding(user, FactorKind.PASSKEY, now=now)


def offer_authentication(user: User | None = None) -> dict[str, Any]:
    """Return what a browser needs to show a passkey: one of the person's, or of whoever it belongs to."""
    options: dict[str, Any] = library.begin_authentication(user)
    return options


def verify_passkey(answer: object, *, now: datetime, user: User | None = None) -> User:
    """Return whose passkey answered; with `user` it has to be his.

    Raises:
        FactorWrong: the answer is not one to this session's challenge, or belongs to nobody who may come in.
        LoginPaused: the account is locked.
    """
    try:
        response = library.parse_authentication_response(answer)
        owner = user or library.extract_user_from_response(answer)
        counter = response.response.authenticator_data.counter
        row = library.complete_authentication(owner, answer)
    except _MALFORMED as error:
        if user is not None:
            accounts.count_wrong_factor(user, now=now)
        raise FactorWrong(gettext("通行密钥没有通过验证，请再试一次，或改用其他方式登录。")) from error
    if not owner.is_active:
        raise FactorWrong(gettext("通行密钥没有通过验证，请再试一次，或改用其他方式登录。"))
    accounts.refuse_while_locked(owner, now=now)
    _accept(owner, row.pk, counter, now=now)
    return owner


def _accept(owner: User, factor_id: int, counter: int, *, now: datetime) -> None:
    """Note the use. Devices that count must count on: a count seen before tells of a copy of the key."""
    with transaction.atomic():
        row = Authenticator.objects.select_for_update().get(pk=factor_id)
        last = row.data.get(_COUNTER, 0)
        is_copy = counter <= last if counter or last else False
        if not is_copy:
            row.data[_COUNTER] = counter
            row.save(update_fields=["data"])
            note_use(owner, row, now=now)
    if is_copy:
        audit.record(None, REFUSE_PASSKEY, f"account:{owner.pk}", now=now, details={"because": "count went back"})
        raise FactorWrong(gettext("这个通行密钥像是被复制过，不能使用。请告诉管理员。"))
