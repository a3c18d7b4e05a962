"""What exactly is hashed and signed; docs/audit-chain.md says it for outsiders.

Every hash is SM3 (GB/T 32905) of the UTF-8 bytes of a JSON object: keys sorted by code point, no white space, only
quotation mark, backslash and signs below U+0020 escaped, whole numbers only. `format` keeps the three kinds apart.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from cryptography.hazmat.primitives.hashes import SM3, Hash

from chengshu.kernel.audit.contracts import EntryRecord, HeadRecord, LinkRecord
from chengshu.kernel.audit.errors import ValueNotPlain

_encode = json.JSONEncoder(ensure_ascii=False, allow_nan=False, sort_keys=True, separators=(",", ":")).encode
_sm3 = SM3()


def sm3(data: bytes) -> bytes:
    """Return the SM3 digest, 32 bytes."""
    digest = Hash(_sm3)
    digest.update(data)
    return digest.finalize()


def canonical(value: Mapping[str, Any]) -> bytes:
    """Return the one encoding of plain values that is hashed."""
    return _encode(value).encode()


def plain(value: object) -> Any:
    """Return the value as the audit keeps it, so that any database gives back the same.

    Fractions, decimals, moments and ids become text; signs that databases refuse (U+0000, lone surrogates) are replaced.

    Raises:
        ValueNotPlain: the value is of another kind.
    """
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, Mapping):
        return {plain_text(str(key)): plain(item) for key, item in value.items()}
    if isinstance(value, set | frozenset):
        return [plain(item) for item in sorted(value)]
    if isinstance(value, Sequence) and not isinstance(value, str | bytes | bytearray):
        return [plain(item) for item in value]
    return _scalar_text(value)


def _scalar_text(value: object) -> str:
    if isinstance(value, str):
        return plain_text(value)
    if isinstance(value, float | Decimal | UUID):
        return str(value)
    if isinstance(value, datetime):
        return moment(value)
    if isinstance(value, date):
        return value.isoformat()
    raise ValueNotPlain(f"审计记录不能保存 {type(value).__name__} 类型的值", kind=type(value).__name__)


def plain_text(text: str) -> str:
    """Return the text without signs that a database may refuse."""
    return text.replace("\x00", "\ufffd").encode("utf-8", "replace").decode("utf-8")


def moment(at: datetime) -> str:
    """Return the moment in UTC with six places of a second, such as `2024-03-15T06:05:00.000000Z`."""
    return at.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"


def entry_content(entry: EntryRecord) -> dict[str, Any]:
    """Return what an entry's digest covers: all of it but its id, which its link covers."""
    return {
        "format": "chengshu-audit-entry-1",
        "at": moment(entry.at),
        "actor": entry.actor,
        "actor_name": entry.actor_name,
        "action": entry.action,
        "subject": entry.subject,
        "reason": entry.reason,
        "details": entry.details,
        "before": entry.before,
        "after": entry.after,
        "address": entry.address,
        "session": entry.session,
        "request": entry.request,
    }


def digest_entry(entry: EntryRecord) -> str:
    """Return the digest of an entry's content, in hexadecimal."""
    return sm3(canonical(entry_content(entry))).hex()


def hash_link(link: LinkRecord, digest: str) -> str:
    """Return what the link's hash must be, given its entry's digest."""
    content = {
        "format": "chengshu-audit-link-1",
        "sequence": link.sequence,
        "entry": link.entry,
        "digest": digest,
        "previous": link.previous,
    }
    return sm3(canonical(content)).hex()


def head_message(head: HeadRecord) -> bytes:
    """Return the bytes that are hashed and signed for a head."""
    return canonical(
        {
            "format": "chengshu-audit-head-1",
            "day": head.day.isoformat(),
            "first": head.first,
            "last": head.last,
            "root": head.root,
            "previous": head.previous,
        }
    )


def hash_head(head: HeadRecord) -> str:
    """Return what the head's hash must be, in hexadecimal."""
    return sm3(head_message(head)).hex()


def leaf_of(link_hash: str) -> bytes:
    """Return the leaf that stands for a link in its day's Merkle tree: the 32 bytes of its hash."""
    return bytes.fromhex(link_hash)
