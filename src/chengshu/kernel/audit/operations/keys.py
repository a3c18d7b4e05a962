"""The private keys that sign heads: made when first needed, readable by this user alone."""

import os
import secrets
from pathlib import Path

from chengshu.kernel.audit.contracts import Algorithm, PublicKey
from chengshu.kernel.audit.queries.keys import PUBLIC_ENDING
from chengshu.kernel.audit.rules.signatures import create_private_key, has_sm2, public_key_of


def algorithms() -> list[Algorithm]:
    """Return the kinds of signature that can be made here."""
    return [Algorithm.ED25519, *([Algorithm.SM2] if has_sm2() else [])]


def ensure_key(folder: Path, algorithm: Algorithm) -> tuple[PublicKey, bytes]:
    """Return the signing key's public and private half, making it when there is none.

    Raises:
        KeyUnreadable: the kept key is damaged.
    """
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    path = _private_path(folder, algorithm)
    if not path.exists():
        _write(path, create_private_key(algorithm), replace=False)
    private = path.read_bytes()
    public = public_key_of(private, algorithm)
    kept = folder / f"{public.id}{PUBLIC_ENDING}"
    if not kept.exists():
        _write(kept, public.pem.encode("ascii"), replace=True)
    return public, private


def rotate_keys(folder: Path) -> list[PublicKey]:
    """Put new signing keys in the place of the old, whose public halves stay, and return the new public keys."""
    rotated = []
    for algorithm in algorithms():
        ensure_key(folder, algorithm)  # keeps the old public half, should it be missing
        _write(_private_path(folder, algorithm), create_private_key(algorithm), replace=True)
        rotated.append(ensure_key(folder, algorithm)[0])
    return rotated


def _private_path(folder: Path, algorithm: Algorithm) -> Path:
    return folder / f"{algorithm}.pem"


def _write(path: Path, data: bytes, *, replace: bool) -> None:
    """Put the whole file there at once; without `replace` the first of two writers wins."""
    draft = path.with_name(f".{secrets.token_hex(8)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        if replace:
            draft.replace(path)
        else:
            _link_first(draft, path)
    finally:
        draft.unlink(missing_ok=True)


def _link_first(draft: Path, path: Path) -> None:
    try:
        path.hardlink_to(draft)
    except FileExistsError:
        return
