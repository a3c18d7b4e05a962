"""What crosses the boundary of the audit: entries, links and heads as plain values, and what a check says of them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from django.utils.translation import gettext_lazy as _

#: What stands before the first link and before the first head.
NOTHING_BEFORE = "0" * 64

Progress = Callable[[int, int], None]
"""Takes how much is done and how much there is in all."""


@dataclass(frozen=True, slots=True)
class Origin:
    """From where something was done: the address, a digest of the session, the request's id; empty when unknown."""

    address: str = ""
    session: str = ""
    request: str = ""


@dataclass(frozen=True, slots=True)
class EntryRecord:
    """One entry: who (`actor` the account's id, `actor_name` its login name then), when, from where, what, and why."""

    id: int
    at: datetime
    actor: int | None
    actor_name: str
    action: str
    subject: str
    reason: str
    details: Mapping[str, Any]
    before: Mapping[str, Any] | None
    after: Mapping[str, Any] | None
    address: str
    session: str
    request: str
    digest: str = ""


@dataclass(frozen=True, slots=True)
class LinkRecord:
    """The place of one entry in the chain; numbers start at 1 and have no gaps."""

    sequence: int
    entry: int
    previous: str
    hash: str


@dataclass(frozen=True, slots=True)
class Signature:
    """A signature in base64, and the id of the key that made it; both empty when there is none."""

    key: str = ""
    value: str = ""


@dataclass(frozen=True, slots=True)
class HeadRecord:
    """What was signed over the links `first` to `last`, those of one day."""

    day: date
    first: int
    last: int
    root: str
    previous: str
    hash: str
    ed25519: Signature
    sm2: Signature


class Algorithm(StrEnum):
    """The kinds of keys that sign heads."""

    ED25519 = "ed25519"
    SM2 = "sm2"


@dataclass(frozen=True, slots=True)
class PublicKey:
    """A public key: its id (the first 32 signs of the SM3 of its DER encoding), its kind, and itself as PEM."""

    id: str
    algorithm: Algorithm
    pem: str


class Reason(StrEnum):
    """Why a chain is broken, or an export does not hold."""

    ENTRY_CHANGED = "entry_changed"
    ENTRY_REMOVED = "entry_removed"
    ENTRY_INSERTED = "entry_inserted"
    ENTRY_UNLINKED = "entry_unlinked"
    LINK_MISSING = "link_missing"
    LINK_CHANGED = "link_changed"
    LINK_REHASHED = "link_rehashed"
    HEAD_MISSING = "head_missing"
    HEAD_CHANGED = "head_changed"
    HEAD_MISMATCH = "head_mismatch"
    HEAD_SIGNATURE = "head_signature"
    FILE_DAMAGED = "file_damaged"


REASON_LABELS = {
    Reason.ENTRY_CHANGED: _("内容被改过，和它的摘要对不上"),
    Reason.ENTRY_REMOVED: _("记录被删除，链上还有它的位置"),
    Reason.ENTRY_INSERTED: _("记录是后来插进链里的"),
    Reason.ENTRY_UNLINKED: _("记录在链上的位置被删除"),
    Reason.LINK_MISSING: _("链从这里缺号，记录连同它的位置被删除"),
    Reason.LINK_CHANGED: _("链上这个位置被改过，或者记录的次序被调换"),
    Reason.LINK_REHASHED: _("记录连同摘要一起被改写，和后一条对不上"),
    Reason.HEAD_MISSING: _("缺少一天的封存"),
    Reason.HEAD_CHANGED: _("当天的封存被改过"),
    Reason.HEAD_MISMATCH: _("当天的记录和签名封存的根对不上，从这条起都不可信"),
    Reason.HEAD_SIGNATURE: _("当天封存的签名不对，或者签名的密钥不认识"),
    Reason.FILE_DAMAGED: _("文件缺了内容，或者这一行不合格式"),
}


@dataclass(frozen=True, slots=True)
class Fault:
    """The first place where a chain is broken.

    `entry` is the entry's id, None when neither the entry nor its place is there any more; `sequence` is the place.
    """

    entry: int | None
    reason: Reason
    sequence: int


@dataclass(frozen=True, slots=True)
class Verification:
    """What a check of the whole chain found.

    `entries` were looked at, `pending` of them not linked yet (the sweeper will), `sealed` are covered by `heads`.
    """

    entries: int
    heads: int
    pending: int
    sealed: int
    broken: Fault | None


@dataclass(frozen=True, slots=True)
class ExportFilter:
    """Which entries to write: from a moment, until before a moment, of a subject, an action, an account's login name."""

    since: datetime | None = None
    until: datetime | None = None
    subject: str = ""
    action: str = ""
    actor_name: str = ""


@dataclass(frozen=True, slots=True)
class ExportSummary:
    """What was written: entries, heads, and how many entries no head covers yet."""

    entries: int
    heads: int
    unsealed: int


@dataclass(frozen=True, slots=True)
class ExportCheck:
    """What a check of an export found; `line` is where it fails, counted from 1, and `entry` the entry there if known."""

    entries: int
    heads: int
    unsealed: int
    keys: tuple[str, ...]
    line: int | None = None
    entry: int | None = None
    reason: Reason | None = None
