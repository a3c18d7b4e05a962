"""Secrets at rest: sealed with a key that is derived from that of the house, which the database does not hold."""

import base64

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from chengshu.kernel.outbox.errors import DeliveryFailed

_PURPOSE = b"chengshu outbox endpoint secrets"


def seal(secret: str, *, house_key: str) -> str:
    """Return the secret so that only who has the key of the house can read it."""
    return _lock(house_key).encrypt(secret.encode("utf-8")).decode("ascii")


def unseal(box: str, *, house_key: str) -> str:
    """Return the secret in the box.

    Raises:
        DeliveryFailed: the key of the house was changed since; the secret has to be drawn anew.
    """
    try:
        return _lock(house_key).decrypt(box.encode("ascii")).decode("utf-8")
    except InvalidToken as error:
        raise DeliveryFailed("推送密钥无法解开：系统密钥已更换，请重新生成推送密钥", is_final=True) from error


def _lock(house_key: str) -> Fernet:
    derived = HKDF(algorithm=hashes.SHA256(), length=32, salt=None, info=_PURPOSE).derive(house_key.encode("utf-8"))
    return Fernet(base64.urlsafe_b64encode(derived))
