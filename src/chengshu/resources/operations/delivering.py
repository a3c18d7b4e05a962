"""Taking a delivery: look for drift, read it once, let the lake take it once, keep the receipt."""

import fcntl
import hashlib
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from chengshu.base.errors import ChengshuError
from chengshu.dataplane.engines.workplaces import work_folder
from chengshu.dataplane.errors import ReadRefused
from chengshu.dataplane.lake import writing
from chengshu.dataplane.lake.reading import active_files
from chengshu.dataplane.lake.writing import Committed, Entry
from chengshu.dataplane.sources.columnar import DatabaseTable, open_table, sample_table
from chengshu.dataplane.sources.contracts import Drift, Mark
from chengshu.dataplane.sources.drifting import find_drift
from chengshu.dataplane.sources.files import inspect_file, open_file
from chengshu.dataplane.sources.headings import name_headings
from chengshu.dataplane.sources.intake import Intake
from chengshu.dataplane.sources.pulls import Interface, pull
from chengshu.kernel.audit.facade import record
from chengshu.kernel.files import facade as files
from chengshu.kernel.jobs import facade as jobs
from chengshu.resources.contracts.collection import LISTED_REFUSED, Channel, DeliveryState, SourceKind, WriteMode
from chengshu.resources.models import DataSource, Delivery, Field, RefusedRow
from chengshu.resources.operations.collection import receive_file, receive_unchanged
from chengshu.resources.operations.quality import note_new_version
from chengshu.resources.operations.spooling import Marking, Spooled, discard, find_spooled, spool
from chengshu.resources.queries.addresses import require_reachable
from chengshu.resources.queries.lake import open_lake, raw_table, to_schema
from chengshu.resources.queries.refused import write_refused
from chengshu.resources.queries.secrets import full_address

_BATCH = 1000
_LOCKS = 64
_STRANGE, _NAME_LENGTH = re.compile(r"[^\w.\- ]"), 60
Report = Callable[[str, int], object]
"""Told which stage begins or goes on, and rows done; may raise to stop."""


def take_delivery(delivery_id: int, *, report: Report, now: Callable[[], datetime] = timezone.now) -> Delivery:
    """Take a delivery to its end, from wherever it was cut; one that is taken or held stays as it is.

    Raises:
        ChengshuError: the source, the lake or the file store refuses; the delivery is kept as failed with the reason,
            and may be taken again.
    """
    with _alone(delivery_id):
        return _take_alone(delivery_id, report, now)


@contextmanager
def _alone(delivery_id: int) -> Iterator[None]:
    """Keep others from taking the same delivery meanwhile; the lock goes with the process, however that ends."""
    folder = Path(settings.LAKE_ROOT) / "_locks"
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / str(delivery_id % _LOCKS)).open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _take_alone(delivery_id: int, report: Report, now: Callable[[], datetime]) -> Delivery:
    delivery = Delivery.objects.select_related("source").get(pk=delivery_id)
    if delivery.state == DeliveryState.TAKEN.value or (_is_held(delivery) and not delivery.is_drift_accepted):
        return delivery
    Delivery.objects.filter(pk=delivery.pk).update(state=DeliveryState.TAKING.value, waived="")
    try:
        return _take(delivery, report, now)
    except jobs.JobCancelled:
        _fail(delivery, _("已按要求停止，没有写入任何一行。"))
        raise
    except ChengshuError as fault:
        _fail(delivery, fault.message)
        raise
    except Exception as fault:  # a fault of ours: whoever waits is told, and the job keeps the rest
        told = _("归集时出了意外的错误（%(kind)s），没有写入任何一行，来件已留存。请重试；仍不成功的请联系管理员。")
        _fail(delivery, told % {"kind": type(fault).__name__})
        raise


def _take(delivery: Delivery, report: Report, now: Callable[[], datetime]) -> Delivery:
    root = Path(settings.LAKE_ROOT) / "_spool"
    spooled = find_spooled(root, delivery.uuid)
    if spooled is not None and not _is_usable(spooled, delivery.source) and not _is_committed(delivery):
        spooled = None  # cut while the lake took the file over, or read as the source was declared before: read again
    if spooled is None:
        with _opened(delivery) as (drift, opened):
            if drift and not delivery.is_drift_accepted:
                return _hold(delivery, drift)
            if delivery.source.kind == SourceKind.DATABASE.value:  # what is read is what stands there from now on
                Delivery.objects.filter(pk=delivery.pk).update(received_at=now())
            intake, mark = opened()
            with intake:
                report(_("读取"), 0)
                spooled = spool(root, delivery.uuid, intake, mark=mark, report=lambda rows: report(_("读取"), rows))
    report(_("写入数据湖"), spooled.taken)
    committed = _commit(delivery, spooled)
    report(_("登记回执"), spooled.taken)
    _keep_receipt(delivery, spooled, committed, _count_held(delivery.source, committed), now())
    discard(root, delivery.uuid)
    delivery.refresh_from_db()
    return delivery


@contextmanager
def _opened(delivery: Delivery) -> Iterator[tuple[Drift, Callable[[], tuple[Intake, Marking]]]]:
    """The drift of what came, and how to begin reading it."""
    source = delivery.source
    schema = to_schema(source.columns)
    with work_folder(settings.WORK_ROOT) as folder:
        if source.kind == SourceKind.DATABASE.value:
            table = _database_table(source)
            sample = sample_table(table, folder=folder)
            told = source.mark
            mark = Mark(told["value"], tuple(told["taken"]), tuple(told.get("far", ()))) if told else None

            def open_database() -> tuple[Intake, Marking]:
                intake, marked = open_table(table, schema, folder=folder, mark=mark)
                return intake, lambda: asdict(found) if (found := marked.mark()) else None

            yield find_drift(sample.schema.names, schema, sample), open_database
            return
        path = folder / "came" / _plain_name(delivery.name)
        path.parent.mkdir()
        if delivery.file is None:
            message = _("这次采集没有取得文件。")
            raise files.FileContentMissing(message)
        path.symlink_to(files.get_path(delivery.file))
        sheet = source.address.get("sheet", "")
        work = folder / "work"
        work.mkdir()
        called = _called(source)
        drift = inspect_file(path, schema, folder=work, sheet=sheet, called=called)
        delivery.headings = dict(drift.headings)
        Delivery.objects.filter(pk=delivery.pk).update(headings=delivery.headings)
        yield drift, lambda: (open_file(path, schema, folder=work, sheet=sheet, called=called), lambda: None)


def _called(source: DataSource) -> dict[str, str]:
    """Give the declared columns by what the linked entry calls them."""
    if source.resource_id is None:
        return {}
    names = dict(Field.objects.filter(resource=source.resource_id).values_list("code", "name"))
    return name_headings(names, [column["name"] for column in source.columns])


def _plain_name(name: str) -> str:
    """Give a file's name as messages show it, without the signs by which an engine means several files."""
    plain = Path(_STRANGE.sub("_", name))
    return plain.stem[:_NAME_LENGTH] + plain.suffix.lower()[:_NAME_LENGTH]


def bring_interface(source_id: int, *, now: datetime) -> Delivery | None:
    """Ask an interface, and receive what it gives; None where nothing changed in this cycle.

    Raises:
        SourceUnreachable, SourceUnreadable: as the data plane's `pull` does.
    """
    source = DataSource.objects.get(pk=source_id)
    with work_folder(settings.WORK_ROOT) as folder:
        pulled = _pull_interface(source, folder)
        if pulled is None:
            received = receive_unchanged(source, now=now)
        else:
            path, etag = pulled
            with path.open("rb") as content:
                delivery, is_new = receive_file(
                    source, content, name=path.name, actor=None, now=now, channel=Channel.PULL
                )
            received, source.etag = delivery if is_new else None, etag[:200]
    DataSource.objects.filter(pk=source.pk).update(checked_at=now, etag=source.etag)
    return received


def _pull_interface(source: DataSource, folder: Path) -> tuple[Path, str] | None:
    """Bring what an interface gives, with the tag of the answer; None where nothing changed."""
    address = full_address(source)
    require_reachable(address["url"])
    headers = {address["header"]: address.get("secret", "")} if address.get("header") else {}
    interface = Interface(
        address["url"],
        rows_at=address.get("rows_at", ""),
        next_at=address.get("next_at", ""),
        page_field=address.get("page_field", ""),
        headers=headers,
    )
    pulled = pull(interface, folder, etag=source.etag)
    return None if pulled is None else (pulled.file, pulled.etag)


def _database_table(source: DataSource) -> DatabaseTable:
    address = full_address(source)
    require_reachable(address["url"])
    return DatabaseTable(
        address["url"],
        address["table"],
        schema=address.get("schema", ""),
        by=address.get("by", ""),
        key=address.get("key", ""),
    )


def _entry(delivery: Delivery) -> Entry:
    return Entry(f"delivery:{delivery.uuid}", str(delivery.author or ""), f"delivery {delivery.uuid}")


def _is_usable(spooled: Spooled, source: DataSource) -> bool:
    return spooled.rows.is_file() and pq.read_schema(spooled.rows).equals(to_schema(source.columns))


def _is_committed(delivery: Delivery) -> bool:
    return writing.find_commit(open_lake(), raw_table(delivery.source), _entry(delivery)) is not None


def _commit(delivery: Delivery, spooled: Spooled) -> Committed | None:
    """One commit, or none where no row is to be taken: an empty replacement would empty the table.

    Columns that the table lacks are added: somebody declared them, or accepted the drift that brought them.
    """
    if not spooled.taken:
        return None
    source = delivery.source
    lake, table, entry = open_lake(), raw_table(source), _entry(delivery)
    if source.mode == WriteMode.MERGE.value:
        known = writing.find_commit(lake, table, entry)
        rows = [spooled.rows]
        return known or writing.merge(lake, table, rows, key=source.key, entry=entry, evolve=True)
    write = writing.append if source.mode == WriteMode.APPEND.value else writing.replace
    return write(lake, table, [spooled.rows], entry=entry, evolve=True)


def _count_held(source: DataSource, committed: Committed | None) -> int | None:
    """Tell how many rows the table holds after a commit; None where its files alone do not tell."""
    if committed is None:
        return None
    try:
        return active_files(open_lake(), raw_table(source), version=committed.version).rows
    except ReadRefused:
        return None


@transaction.atomic
def _keep_receipt(
    delivery: Delivery, spooled: Spooled, committed: Committed | None, held: int | None, now: datetime
) -> None:
    locked = Delivery.objects.select_for_update().get(pk=delivery.pk)
    if locked.state == DeliveryState.TAKEN.value:
        return
    refused = islice(spooled.list_refused(), LISTED_REFUSED)
    while chunk := list(islice(refused, _BATCH)):
        RefusedRow.objects.bulk_create(
            RefusedRow(
                delivery=locked, row=found.row, column=found.column[:200], raw=_clean(found.raw), reason=found.reason
            )
            for found in chunk
        )
    locked.state, locked.ended_at = DeliveryState.TAKEN.value, now
    locked.taken, locked.refused, locked.sent = spooled.taken, spooled.refused, spooled.taken + spooled.refused
    locked.refused_file = _keep_refused(locked, spooled, now) if spooled.refused else None
    locked.version, locked.rows_held = committed.version if committed else None, held
    locked.save()
    changed: dict[str, Any] = {"checked_at": now} | ({"mark": spooled.mark} if spooled.mark else {})
    DataSource.objects.filter(pk=locked.source_id).update(**changed)
    if locked.version is not None and delivery.source.resource_id is not None:
        note_new_version(delivery.source.resource_id, locked.version, now=now)
    counts = {"sent": locked.sent, "taken": locked.taken, "refused": locked.refused, "version": locked.version}
    record(locked.author, "resources.take", f"delivery:{locked.pk}", now=now, details=counts)


def _keep_refused(delivery: Delivery, spooled: Spooled, now: datetime) -> files.StoredFile:
    """Keep all refused rows as a file. The limit of uploads is not for it: it is what the house wrote itself."""
    path = spooled.folder / "refused.parquet"
    write_refused(spooled.list_refused(), path)
    with path.open("rb") as content:
        digest = hashlib.file_digest(content, "sha256").hexdigest()
    size = path.stat().st_size
    files.put_content(path, digest)
    name = f"{Path(delivery.name).stem[:200]}-隔离行.parquet"
    return files.StoredFile.objects.create(name=name, sha256=digest, size=size, created_at=now)


def _hold(delivery: Delivery, drift: Drift) -> Delivery:
    delivery.state, delivery.drift = DeliveryState.HELD.value, asdict(drift)
    delivery.save(update_fields=["state", "drift"])
    delivery.refresh_from_db()
    return delivery


def _fail(delivery: Delivery, reason: str) -> None:
    Delivery.objects.filter(pk=delivery.pk).exclude(state=DeliveryState.TAKEN.value).update(
        state=DeliveryState.FAILED.value, reason=reason[:500]
    )


def _is_held(delivery: Delivery) -> bool:
    return delivery.state == DeliveryState.HELD.value


def _clean(raw: str) -> str:
    """PostgreSQL keeps no NUL in a text."""
    return raw.replace("\0", "\ufffd")
