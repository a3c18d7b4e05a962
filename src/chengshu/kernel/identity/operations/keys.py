"""The keys that sign what the house tells applications about people: kept like the signing key, changed while running."""

import os
import secrets
from datetime import datetime
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from django.conf import settings
from django.utils import timezone
from oauth2_provider.settings import oauth2_settings

from chengshu.kernel.accounts.facade import User
from chengshu.kernel.audit import facade as audit
from chengshu.kernel.identity.rules.keys import choose_keys, name_key

ROTATE = "identity.rotate_keys"
_BITS = 3072


def use_current_keys() -> None:
    """Let the provider sign with the newest key and tell those before it; a first one is made when there is none."""
    active, told = _choose(timezone.now())
    oauth2_settings.OIDC_RSA_PRIVATE_KEY = active
    oauth2_settings.OIDC_RSA_PRIVATE_KEYS_INACTIVE = told


def rotate_keys(*, actor: User | None, now: datetime) -> str:
    """Make a new key that signs from now on, in every running process, and return its name.

    Keys whose time to be told is over are deleted.
    """
    folder: Path = settings.OIDC_KEYS_DIR
    name = _make(folder, now)
    active, told = choose_keys(_names(folder), now=now, overlap=settings.OIDC_KEY_OVERLAP)
    for old in set(_names(folder)) - {active, *told}:
        (folder / f"{old}.pem").unlink(missing_ok=True)
    audit.record(actor, ROTATE, "identity:keys", now=now, details={"key": name, "told": told})
    return name


def _choose(now: datetime) -> tuple[str, list[str]]:
    """Return the texts of the keys."""
    folder: Path = settings.OIDC_KEYS_DIR
    active, told = choose_keys(_names(folder), now=now, overlap=settings.OIDC_KEY_OVERLAP)
    if active is None:
        active = _make(folder, now)
    return _read(folder, active), [_read(folder, name) for name in told]


def _names(folder: Path) -> list[str]:
    return [path.stem for path in folder.glob("[0-9]*.pem")]


def _read(folder: Path, name: str) -> str:
    return (folder / f"{name}.pem").read_text(encoding="ascii")


def _make(folder: Path, now: datetime) -> str:
    """Write a new key, whole or not at all, readable by this user alone."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    name = name_key(now, secrets.token_hex(4))
    key = generate_private_key(public_exponent=65537, key_size=_BITS)
    draft = folder / f".{name}"
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
        file.flush()
        os.fsync(file.fileno())
    draft.replace(folder / f"{name}.pem")
    return name
