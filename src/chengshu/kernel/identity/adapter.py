"""What the library of second factors asks the house: how it keeps secrets, and how it calls people and itself."""

import base64
from typing import Any

from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.utils.encoding import force_bytes

from chengshu.kernel.identity.errors import KeyUnreadable


class FactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]  # the library ships no types
    """Keeps the secrets of second factors encrypted under keys that are derived from the signing key."""

    def encrypt(self, text: str) -> str:
        """Return the secret as it is kept."""
        return _box().encrypt(text.encode()).decode("ascii")

    def decrypt(self, encrypted_text: str) -> str:
        """Return the secret.

        Raises:
            KeyUnreadable: it was encrypted under a signing key that is not known here any more.
        """
        try:
            return _box().decrypt(encrypted_text.encode("ascii")).decode()
        except InvalidToken as error:
            raise KeyUnreadable("第二重验证的密钥解不开：签名密钥换过了，请让管理员重置。") from error

    def get_totp_label(self, user: Any) -> str:
        """Return what the authenticator app shows beside the code."""
        return str(user.get_username())

    def _get_user_identifier(self, user: Any) -> str:
        return str(user.get_username())

    def _get_site_name(self) -> str:
        return "城枢"


def _box() -> MultiFernet:
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return MultiFernet([Fernet(base64.urlsafe_b64encode(_derive(key))) for key in keys])


def _derive(key: str | bytes) -> bytes:
    return HKDF(SHA256(), length=32, salt=None, info=b"chengshu.identity.factors").derive(force_bytes(key))
