"""Who answers for files: each domain that attaches some says who may have them."""

from chengshu.kernel.files.contracts import OwnerCheck
from chengshu.kernel.files.errors import OwnerTwice

_owners: dict[str, OwnerCheck] = {}


def register_owner(key: str, check: OwnerCheck) -> None:
    """Let a domain answer for the files that it attaches to its own things.

    Raises:
        OwnerTwice: another check has this key.
    """
    if _owners.get(key, check) != check:
        raise OwnerTwice(f"文件归属 {key} 登记了两次", key=key)
    _owners[key] = check


def list_owners() -> list[OwnerCheck]:
    """Return the checks in the order of their keys."""
    return [_owners[key] for key in sorted(_owners)]
