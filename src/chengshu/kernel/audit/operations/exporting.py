"""Writing entries with their proofs into a file that can be sent on and checked without the house."""

import json
import os
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import IO, Any

from django.conf import settings

from chengshu.kernel.accounts.models import User
from chengshu.kernel.audit.contracts import (
    EntryRecord,
    ExportFilter,
    ExportSummary,
    HeadRecord,
    LinkRecord,
    Progress,
    Signature,
)
from chengshu.kernel.audit.errors import ExportRefused
from chengshu.kernel.audit.models import Link
from chengshu.kernel.audit.operations.recording import record
from chengshu.kernel.audit.queries.entries import read_heads
from chengshu.kernel.audit.queries.exports import FORMAT
from chengshu.kernel.audit.queries.keys import read_public_keys
from chengshu.kernel.audit.queries.verifying import read_entries
from chengshu.kernel.audit.rules.encoding import leaf_of, moment
from chengshu.kernel.audit.rules.proofs import ProofTree

EXPORT = "audit.export"
_CHUNK = 2_000
_LEAVES = 50_000


def export(
    path: Path,
    chosen: ExportFilter,
    *,
    actor: User | None,
    now: datetime,
    on_progress: Progress | None = None,
) -> ExportSummary:
    """Write the chosen entries in the order of the chain, each day's after its head, as JSON Lines.

    The file appears under its name when it is whole. The audit tells of the export. Memory: 64 bytes for each link of
    one day.

    Raises:
        ExportRefused: the file cannot be written there.
    """
    draft = path.with_name(f"{path.name}.part")
    try:
        with draft.open("w", encoding="utf-8", newline="\n") as file:
            summary = _Writer(file, chosen, now).write(on_progress or (lambda _done, _total: None))
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    except OSError as error:
        raise ExportRefused(f"不能写入 {path.name}：{error.strerror}", file=path.name) from error
    finally:
        draft.unlink(missing_ok=True)
    record(actor, EXPORT, "audit:export", now=now, details={"filter": _filter(chosen), "entries": summary.entries})
    return summary


class _Writer:
    """Writes one file from its header to its end."""

    def __init__(self, file: IO[str], chosen: ExportFilter, now: datetime) -> None:
        self._file = file
        self._chosen = chosen
        self._now = now
        self._heads = read_heads()
        self._lasts = [head.last for head in self._heads]
        self._head: HeadRecord | None = None
        self._tree = ProofTree([])
        self._entries = self._written_heads = self._unsealed = 0

    def write(self, report: Progress) -> ExportSummary:
        keys = read_public_keys(settings.AUDIT_KEYS_DIR)
        self._line(
            kind="header",
            format=FORMAT,
            made_at=moment(self._now),
            filter=_filter(self._chosen),
            keys=[asdict(key) for key in keys.values()],
        )
        total = _chosen_links(self._chosen).count()
        for link, entry in _stream(self._chosen):
            if self._entries % _CHUNK == 0:
                report(self._entries, total)
            self._write_entry(link, entry)
        self._line(kind="end", entries=self._entries, heads=self._written_heads)
        report(self._entries, total)
        return ExportSummary(self._entries, self._written_heads, self._unsealed)

    def _write_entry(self, link: LinkRecord, entry: EntryRecord) -> None:
        at = bisect_left(self._lasts, link.sequence)
        head = self._heads[at] if at < len(self._heads) and self._heads[at].first <= link.sequence else None
        if head and head != self._head:
            self._write_head(head)
        proof = [step.hex() for step in self._tree.path(link.sequence - head.first)] if head else None
        self._line(
            kind="entry",
            sequence=link.sequence,
            previous=link.previous,
            hash=link.hash,
            entry={**asdict(entry), "at": moment(entry.at)},
            proof=proof,
        )
        self._entries += 1
        self._unsealed += head is None

    def _write_head(self, head: HeadRecord) -> None:
        links = Link.objects.filter(sequence__range=(head.first, head.last)).order_by("sequence")
        hashes = links.values_list("hash", flat=True).iterator(chunk_size=_LEAVES)
        self._head, self._tree = head, ProofTree(leaf_of(hashed) for hashed in hashes)
        self._written_heads += 1
        self._line(
            kind="head",
            day=head.day.isoformat(),
            first=head.first,
            last=head.last,
            root=head.root,
            previous=head.previous,
            hash=head.hash,
            ed25519=asdict(head.ed25519),
            sm2=asdict(head.sm2) if head.sm2 != Signature() else None,
        )

    def _line(self, **parts: Any) -> None:
        self._file.write(json.dumps(parts, ensure_ascii=False, separators=(",", ":")) + "\n")


def _stream(chosen: ExportFilter) -> Iterator[tuple[LinkRecord, EntryRecord]]:
    """Give the chosen links with their entries in the order of the chain."""
    last = 0
    columns = ("sequence", "entry_id", "previous", "hash")
    while rows := list(
        _chosen_links(chosen).filter(sequence__gt=last).order_by("sequence").values_list(*columns)[:_CHUNK]
    ):
        entries = read_entries([row[1] for row in rows])
        for row in rows:
            yield LinkRecord(*row), entries[row[1]]
        last = rows[-1][0]


def _chosen_links(chosen: ExportFilter) -> Any:
    conditions: dict[str, object] = {}
    if chosen.since:
        conditions["entry__at__gte"] = chosen.since
    if chosen.until:
        conditions["entry__at__lt"] = chosen.until
    for name in ("subject", "action", "actor_name"):
        if value := getattr(chosen, name):
            conditions[f"entry__{name}"] = value
    return Link.objects.filter(**conditions)


def _filter(chosen: ExportFilter) -> dict[str, str | None]:
    return {
        "from": moment(chosen.since) if chosen.since else None,
        "until": moment(chosen.until) if chosen.until else None,
        "subject": chosen.subject or None,
        "action": chosen.action or None,
        "actor": chosen.actor_name or None,
    }
