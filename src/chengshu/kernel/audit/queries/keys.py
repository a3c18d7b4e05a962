"""The public keys that signatures of heads are checked with, kept as files in the keys' folder."""

from collections.abc import Iterable
from pathlib import Path

from chengshu.kernel.audit.contracts import PublicKey
from chengshu.kernel.audit.errors import KeyUnreadable
from chengshu.kernel.audit.rules.signatures import read_public_key

PUBLIC_ENDING = ".pub"


def read_public_keys(folder: Path) -> dict[str, PublicKey]:
    """Return the public keys in the folder by their ids, also those whose private half is gone; no folder, no keys.

    Raises:
        KeyUnreadable: a file in it is no public key.
    """
    return read_key_files(sorted(folder.glob(f"*{PUBLIC_ENDING}")))


def read_key_files(paths: Iterable[Path]) -> dict[str, PublicKey]:
    """Return the public keys in the files by their ids.

    Raises:
        KeyUnreadable: a file cannot be read or is no public key.
    """
    keys = {}
    for path in paths:
        try:
            key = read_public_key(path.read_text(encoding="ascii"))
        except (OSError, UnicodeDecodeError, KeyUnreadable) as error:
            raise KeyUnreadable(f"公钥文件读不出：{path.name}", file=path.name) from error
        keys[key.id] = key
    return keys
