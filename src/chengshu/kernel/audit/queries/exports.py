"""Checking an export without the database: every line for itself, memory for one line."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

from chengshu.base.merkle import leaf_hash, root_from_path
from chengshu.kernel.audit.contracts import (
    EntryRecord,
    ExportCheck,
    HeadRecord,
    LinkRecord,
    PublicKey,
    Reason,
    Signature,
)
from chengshu.kernel.audit.errors import KeyUnreadable
from chengshu.kernel.audit.rules.chain import is_head_signed
from chengshu.kernel.audit.rules.encoding import digest_entry, hash_head, hash_link, leaf_of, sm3
from chengshu.kernel.audit.rules.signatures import read_public_key

FORMAT = "chengshu-audit-export-1"


class _Broken(Exception):
    """A line does not hold."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(slots=True)
class _State:
    """What has been read so far."""

    trusted: Mapping[str, PublicKey] | None
    keys: dict[str, PublicKey] = field(default_factory=dict)
    head: HeadRecord | None = None
    link: LinkRecord | None = None
    entry: int | None = None
    entries: int = 0
    heads: int = 0
    unsealed: int = 0
    is_open: bool = False
    is_ended: bool = False


def verify_export(path: Path, *, trusted: Mapping[str, PublicKey] | None = None) -> ExportCheck:
    """Check that every entry in the file is what was chained, and what was signed on its day.

    Args:
        path: the file.
        trusted: the keys that may have signed, known from elsewhere; None takes the keys that the file itself names,
            whose ids the reader should then compare with those that the house publishes.
    """
    state = _State(trusted)
    number = 0
    reason: Reason | None = None
    try:
        for number, line in enumerate(_read_lines(path), start=1):  # noqa: B007 - the number is wanted after the loop
            state.entry = None
            _take(state, line)
        if not state.is_ended:
            number, state.entry = number + 1, None
            reason = Reason.FILE_DAMAGED
    except _Broken as fault:
        reason = fault.reason
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError, KeyUnreadable):
        number, reason = max(number, 1), Reason.FILE_DAMAGED
    return ExportCheck(
        entries=state.entries,
        heads=state.heads,
        unsealed=state.unsealed,
        keys=tuple(sorted(state.trusted if state.trusted is not None else state.keys)),
        line=number if reason else None,
        entry=state.entry if reason else None,
        reason=reason,
    )


def _read_lines(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        yield from file


def _take(state: _State, line: bytes) -> None:
    value = json.loads(line)
    kind = value["kind"]
    if state.is_ended or (kind == "header") == state.is_open:
        raise _Broken(Reason.FILE_DAMAGED)
    {"header": _take_header, "head": _take_head, "entry": _take_entry, "end": _take_end}[kind](state, value)


def _take_header(state: _State, value: Mapping[str, Any]) -> None:
    if value["format"] != FORMAT:
        raise _Broken(Reason.FILE_DAMAGED)
    for named in value["keys"]:
        key = read_public_key(named["pem"])
        if key.id != named["id"] or key.algorithm != named["algorithm"]:
            raise _Broken(Reason.FILE_DAMAGED)
        state.keys[key.id] = key
    state.is_open = True


def _take_head(state: _State, value: Mapping[str, Any]) -> None:
    head = HeadRecord(
        day=date.fromisoformat(value["day"]),
        first=_whole(value["first"]),
        last=_whole(value["last"]),
        root=str(value["root"]),
        previous=str(value["previous"]),
        hash=str(value["hash"]),
        ed25519=Signature(**value["ed25519"]),
        sm2=Signature(**(value["sm2"] or {})),
    )
    if hash_head(head) != head.hash or (state.head and head.first <= state.head.last):
        raise _Broken(Reason.HEAD_CHANGED)
    if not is_head_signed(head, state.keys if state.trusted is None else state.trusted):
        raise _Broken(Reason.HEAD_SIGNATURE)
    state.head = head
    state.heads += 1


def _take_entry(state: _State, value: Mapping[str, Any]) -> None:
    entry = _read_entry(value["entry"])
    state.entry = entry.id
    link = LinkRecord(_whole(value["sequence"]), entry.id, str(value["previous"]), str(value["hash"]))
    if digest_entry(entry) != entry.digest:
        raise _Broken(Reason.ENTRY_CHANGED)
    if hash_link(link, entry.digest) != link.hash:
        raise _Broken(Reason.LINK_CHANGED)
    last = state.link
    if last and (link.sequence <= last.sequence or (link.sequence == last.sequence + 1 and link.previous != last.hash)):
        raise _Broken(Reason.LINK_CHANGED)
    _check_proof(state, link, value["proof"])
    state.link = link
    state.entries += 1


def _check_proof(state: _State, link: LinkRecord, proof: list[str] | None) -> None:
    """Lead the link up to the root that was signed; without a proof it stands after all that was sealed."""
    head = state.head
    if proof is None:
        if head and link.sequence <= head.last:
            raise _Broken(Reason.HEAD_MISMATCH)
        state.unsealed += 1
        return
    if head is None or state.unsealed:
        raise _Broken(Reason.HEAD_MISSING)
    path = [bytes.fromhex(neighbour) for neighbour in proof]
    size = head.last - head.first + 1
    root = root_from_path(leaf_hash(leaf_of(link.hash), sm3), link.sequence - head.first, size, path, sm3)
    if root is None or root.hex() != head.root:
        raise _Broken(Reason.HEAD_MISMATCH)


def _take_end(state: _State, value: Mapping[str, Any]) -> None:
    if (value["entries"], value["heads"]) != (state.entries, state.heads):
        raise _Broken(Reason.FILE_DAMAGED)
    state.is_ended = True


def _read_entry(value: Mapping[str, Any]) -> EntryRecord:
    return EntryRecord(**{**value, "at": datetime.fromisoformat(value["at"]), "id": _whole(value["id"])})


def _whole(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise TypeError(value)
    return value
