"""What of a source's address is secret, and how secrets are kept: apart from the address, sealed, never shown again."""

import base64
import json
import re
from collections.abc import Mapping, Sequence
from urllib.parse import SplitResult, urlsplit

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from chengshu.resources.errors import SecretUnreadable

MASK = "******"
"""Stands where a secret is."""
_SECRET_FIELD = "secret"  # noqa: S105 - the name of a field
_OPEN_PARAMETERS = frozenset(
    {"application_name", "connect_timeout", "format", "limit", "offset", "page", "size", "sslmode", "version"}
)
"""Parameters of addresses whose values are never secret; of all others nobody knows."""
_PARAMETER = re.compile(r"([^=&;]+)=([^&;]*)")
_PURPOSE = b"chengshu.resources.sources"


def mask_url(url: str) -> str:
    """Return an address as people may see it: without password, and without the values of unknown parameters.

    One that cannot be taken apart shows its scheme only. Masking twice changes nothing.
    """
    try:
        parts = urlsplit(url)
        login, sign, host = parts.netloc.rpartition("@")
        is_whole = parts.port is None or parts.port > 0
    except ValueError:
        is_whole = False
    if not is_whole or (parts.netloc and "@" in parts.path):
        return f"{url.partition('://')[0][:20]}://{MASK}"
    if not parts.netloc and not parts.query and not parts.fragment:
        return url
    return SplitResult(
        parts.scheme,
        f"{_mask_login(login, parts.scheme)}{sign}{host}",
        parts.path,
        _PARAMETER.sub(_mask_parameter, parts.query),
        MASK if parts.fragment else "",
    ).geturl()


def mask_address(address: Mapping[str, str]) -> dict[str, str]:
    """Return an address as pages, the audit and the database may have it."""
    shown = {name: value for name, value in address.items() if value and name != _SECRET_FIELD}
    if "url" in shown:
        shown["url"] = mask_url(shown["url"])
    return shown


def take_secrets(address: Mapping[str, str]) -> dict[str, str]:
    """Return the fields of an address that hold a secret, as they are; what is masked already is none."""
    shown = mask_address(address)
    return {
        name: value
        for name, value in address.items()
        if value and value != MASK and shown.get(name) != value and name in {"url", _SECRET_FIELD}
    }


def keep_known(typed: Mapping[str, str], known: Mapping[str, str]) -> tuple[dict[str, str], str]:
    """Put known secrets in where an edited address shows their masks; the second result names a field to type anew.

    A secret goes on only to where it was given for: an address with another server asks for it again.
    """
    address = dict(typed)
    is_same_place = mask_url(typed.get("url", "")) == mask_url(known.get("url", ""))
    if MASK in address.get("url", ""):
        if not is_same_place:
            return address, "url"
        address["url"] = known["url"]
    if address.get("header") and address.get(_SECRET_FIELD, MASK) == MASK:
        if not is_same_place or not known.get(_SECRET_FIELD) or address["header"] != known.get("header"):
            return address, _SECRET_FIELD
        address[_SECRET_FIELD] = known[_SECRET_FIELD]
    return address, ""


def seal(secrets: Mapping[str, str], *, house_keys: Sequence[str]) -> str:
    """Return secrets so that only who has the first key of the house can read them; empty for none."""
    if not secrets:
        return ""
    return _lock(house_keys).encrypt(json.dumps(dict(secrets), ensure_ascii=False).encode()).decode("ascii")


def unseal(box: str, *, house_keys: Sequence[str]) -> dict[str, str]:
    """Return the secrets in a box that was sealed with any of the keys.

    Raises:
        SecretUnreadable: with none of them.
    """
    if not box:
        return {}
    try:
        found: dict[str, str] = json.loads(_lock(house_keys).decrypt(box.encode("ascii")))
    except InvalidToken:
        raise SecretUnreadable("数据源的口令解不开：系统密钥换过了，请在数据源页面重新填写地址和口令。") from None
    return found


def reseal(box: str, *, house_keys: Sequence[str]) -> str:
    """Return a box sealed with the first key. Raises as `unseal` does."""
    return seal(unseal(box, house_keys=house_keys), house_keys=house_keys)


def _mask_login(login: str, scheme: str) -> str:
    """A database's user is no secret; with an interface even what stands alone may be a token."""
    user, sign, _password = login.partition(":")
    if scheme in {"http", "https"}:
        return MASK if login else ""
    return f"{user}:{MASK}" if sign else user


def _mask_parameter(found: re.Match[str]) -> str:
    name, value = found.groups()
    return f"{name}={value}" if not value or name.lower() in _OPEN_PARAMETERS else f"{name}={MASK}"


def _lock(house_keys: Sequence[str]) -> MultiFernet:
    return MultiFernet([Fernet(base64.urlsafe_b64encode(_derive(key))) for key in house_keys])


def _derive(key: str) -> bytes:
    return HKDF(SHA256(), length=32, salt=None, info=_PURPOSE).derive(key.encode())
