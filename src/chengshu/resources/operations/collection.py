"""Sources promise; deliveries are received, decided about, and taken into the lake by a job."""

from contextlib import AbstractContextManager
from datetime import datetime
from typing import Any, BinaryIO

from django.conf import settings
from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from chengshu.base.texts import drop_controls, tidy
from chengshu.kernel.accounts.facade import User
from chengshu.kernel.audit.facade import record
from chengshu.kernel.files import facade as files
from chengshu.kernel.grants import facade as grants
from chengshu.kernel.jobs import facade as jobs
from chengshu.kernel.jobs.facade import Job
from chengshu.resources.contracts.arrivals import Arrival, ArrivalKind
from chengshu.resources.contracts.catalogue import ValueType
from chengshu.resources.contracts.collection import (
    Channel,
    DeliveryState,
    PromiseContent,
    SourceKind,
)
from chengshu.resources.errors import DeliveryClosed, PushKeyReused, ReasonMissing, SourceInvalid
from chengshu.resources.models import COLLECT, DataSource, Delivery, DeliveryPromise
from chengshu.resources.operations.arrivals import Sender, keeping_refused
from chengshu.resources.operations.dues import note_dues
from chengshu.resources.queries.drift import list_firm
from chengshu.resources.queries.repeats import Meaning, judge_repeat
from chengshu.resources.rules.promises import PROMISED

JOB, PULL_JOB = "resources.collect", "resources.pull"
_LONGEST_REASON, _LONGEST_WAIVER = 500, 200


@transaction.atomic
def keep_promise(source: DataSource, content: PromiseContent, *, actor: User, now: datetime) -> DeliveryPromise:
    """Keep what a source promises, instead of what it promised before.

    Raises:
        PermissionRefused: the actor does not collect for the department.
        SourceInvalid: the cycle has no end at which something is owed.
    """
    grants.require(actor, COLLECT, source.department_id, on=localdate(now))
    if content.cycle not in PROMISED:
        raise SourceInvalid(_("这种更新周期没有到期日，不能作为约定。"), field="cycle")
    told: dict[str, Any] = {"cycle": content.cycle.value, "due_hours": content.due_hours, "since": content.since}
    note_dues(now, source_id=source.pk)
    promise, _is_new = DeliveryPromise.objects.update_or_create(source=source, defaults=told)
    after = told | {"since": content.since.isoformat()}
    record(actor, "resources.keep_promise", f"source:{source.pk}", now=now, after=after)
    return promise


def receive_file(  # noqa: PLR0913 - where to, what, by whom, when and which way
    source: DataSource,
    content: bytes | BinaryIO,
    *,
    name: str,
    actor: User | None,
    now: datetime,
    channel: Channel = Channel.UPLOAD,
    push_key: str = "",
) -> tuple[Delivery, bool]:
    """Keep a file as a delivery and queue its taking; the same content again is the delivery that is there (False).

    One that failed is tried again (True). In a later cycle of the source's promise the same content is a delivery of
    that cycle which changed nothing; where other rows have replaced it since, it is taken anew.

    Raises:
        PermissionRefused: the actor does not collect for the department.
        SourceInvalid: the source is not collected from, or is no source of files.
        FileError: the file cannot be kept; of an upload that is too large its head is kept with the refusal.
        PushKeyReused: other content came with this key before.
    """
    if actor is not None:
        grants.require(actor, COLLECT, source.department_id, on=localdate(now))
    _require_receiving(source, of_files=True)
    uploader = actor if channel is Channel.UPLOAD else None
    with _keeping_too_large(source, name, content, Sender(uploader, COLLECT, now)), transaction.atomic():
        locked = DataSource.objects.select_for_update().get(pk=source.pk)
        stored = _store(content, name=name, actor=actor, now=now)
        of_key = Delivery.objects.filter(source=locked, push_key=push_key).first() if push_key else None
        if of_key is not None and of_key.digest != stored.sha256:
            raise PushKeyReused(_("这个 Idempotency-Key 已用于另一次内容不同的推送。"), delivery=of_key.pk)
        told = {"name": stored.name, "channel": channel.value, "digest": stored.sha256, "push_key": push_key}
        delivery = Delivery(source=locked, file=stored, **told)
        known = of_key or _find_content(locked, stored.sha256)
        if known is None:
            _queue(delivery, actor=actor, now=now)
            return delivery, True
        delivery.file = known.file
        stored.delete()
        return _receive_again(known, delivery, actor=actor, now=now)


def _keeping_too_large(
    source: DataSource, name: str, content: bytes | BinaryIO, sender: Sender
) -> AbstractContextManager[None]:
    """Keep the head of a file that is too large, of who uploads it."""
    arrival = Arrival(ArrivalKind.FILE, name, content, source.department_id, f"source:{source.pk}")
    return keeping_refused(lambda: arrival, files.FileTooLarge, sender)


def _store(content: bytes | BinaryIO, *, name: str, actor: User | None, now: datetime) -> files.StoredFile:
    """Keep the file of a delivery; of what is too large say how it may come nevertheless."""
    try:
        return files.store_file(content, name=name, owner=actor, now=now)
    except files.FileTooLarge as fault:
        told = {"name": name, "most": settings.FILES_MAX_BYTES >> 20}
        line = _(
            "“%(name)s”超过一次交付的上限 %(most)s MB。请分成几个文件交付，或改由平台直接读取来源库；"
            "确需一次交来的，请管理员调高 CHENGSHU_MAX_FILE_MB。"
        )
        raise files.FileTooLarge(line % told, **fault.details) from None


@transaction.atomic
def receive_unchanged(source: DataSource, *, now: datetime) -> Delivery | None:
    """Receive what an interface gave last once more: it said that this is what it still has.

    None where that is no delivery of its own: nothing came yet, or it came in this cycle.
    """
    locked = DataSource.objects.select_for_update().get(pk=source.pk)
    pulled = Delivery.objects.filter(source=locked, channel=Channel.PULL.value).exclude(digest="")
    last = pulled.order_by("-received_at", "-pk").first()
    if last is None:
        return None
    known = _find_content(locked, last.digest) or last
    same = Delivery(source=locked, name=known.name, channel=known.channel, file=known.file, digest=known.digest)
    received, is_new = _receive_again(known, same, actor=None, now=now)
    return received if is_new else None


def _find_content(source: DataSource, digest: str) -> Delivery | None:
    """Give the newest delivery with a content."""
    found: Delivery | None = Delivery.objects.filter(source=source, digest=digest).order_by("-repeat").first()
    return found


def _receive_again(known: Delivery, delivery: Delivery, *, actor: User | None, now: datetime) -> tuple[Delivery, bool]:
    """Receive a content that is there already, as `receive_file` does; the caller has locked its source."""
    if _try_again_failed(known, actor=actor, now=now):
        return known, True
    if known.push_key and known.push_key == delivery.push_key:
        return known, False
    meaning = judge_repeat(known, now=now)
    if meaning is Meaning.REPLAY:
        return known, False
    delivery.repeat = known.repeat + 1
    if meaning is Meaning.ANEW:
        _queue(delivery, actor=actor, now=now)
    else:
        delivery.state, delivery.ended_at = DeliveryState.TAKEN.value, now
        _keep(delivery, actor=actor, now=now)
        DataSource.objects.filter(pk=delivery.source_id).update(checked_at=now)
    return delivery, True


def ask_pull(source: DataSource, *, actor: User | None, now: datetime) -> Job:
    """Queue the reading of a database or an interface now; a database's reading that is still open is gone on with.

    Raises:
        PermissionRefused: the actor does not collect for the department.
        SourceInvalid: the source is not collected from, or delivers files.
    """
    if actor is not None:
        grants.require(actor, COLLECT, source.department_id, on=localdate(now))
    if source.kind not in {SourceKind.DATABASE.value, SourceKind.INTERFACE.value} or not source.is_active:
        raise SourceInvalid(_("这个数据源不能主动采集：它交付文件，或已停用。"), field="source")
    if source.kind == SourceKind.INTERFACE.value:
        return jobs.enqueue_job(PULL_JOB, payload={"source": source.pk}, owner=actor, now=now)
    with transaction.atomic():
        locked = DataSource.objects.select_for_update().get(pk=source.pk)
        pulls = Delivery.objects.filter(source=locked, channel=Channel.PULL.value, digest="")
        delivery = pulls.exclude(state=DeliveryState.TAKEN.value).first()
        if delivery is None:
            delivery = Delivery(source=locked, name=source.name, channel=Channel.PULL.value)
            return _queue(delivery, actor=actor, now=now)
        return _enqueue(delivery, actor=actor, now=now)


@transaction.atomic
def retry_delivery(delivery: Delivery, *, actor: User, now: datetime) -> Delivery:
    """Queue a failed delivery once more; it counts as received now.

    Raises:
        PermissionRefused: the actor does not collect for the department.
        SourceInvalid: the source is not collected from.
        DeliveryClosed: it has not failed.
    """
    grants.require(actor, COLLECT, delivery.department_id, on=localdate(now))
    source = DataSource.objects.select_for_update().get(pk=delivery.source_id)
    _require_receiving(source)
    locked = Delivery.objects.get(pk=delivery.pk)
    if not _try_again_failed(locked, actor=actor, now=now):
        raise DeliveryClosed(_("这次交付没有失败，或已经在重试。"), delivery=locked.pk)
    return locked


@transaction.atomic
def waive_delivery(delivery: Delivery, *, reason: str, actor: User, now: datetime) -> Delivery:
    """Do nothing more about a failed or held delivery, such as where its corrected file was taken; it may be tried again.

    A held one has failed with that: nothing of it was taken.

    Raises:
        PermissionRefused: the actor does not collect for the department.
        DeliveryClosed: it has neither failed nor is held, or somebody said so before.
        ReasonMissing: no reason was given.
    """
    grants.require(actor, COLLECT, delivery.department_id, on=localdate(now))
    told = tidy(drop_controls(reason))[:_LONGEST_WAIVER]
    if not told:
        raise ReasonMissing(_("请写明不再处理的理由。"), field="reason")
    failed = Delivery.objects.filter(pk=delivery.pk, state=DeliveryState.FAILED.value, waived="")
    held = Delivery.objects.filter(pk=delivery.pk, state=DeliveryState.HELD.value, is_drift_accepted=False)
    returned = {"state": DeliveryState.FAILED.value, "reason": _("列的结构与声明不同，已退回，没有收下任何一行。")}
    # in one statement each: its job may be trying again by itself
    if not failed.update(waived=told) and not held.update(waived=told, **returned):
        raise DeliveryClosed(_("这次交付没有失败，或已经不再处理。"), delivery=delivery.pk)
    details = {"failed": delivery.reason, "state": delivery.state}
    record(actor, "resources.waive_delivery", f"delivery:{delivery.pk}", now=now, reason=told, details=details)
    delivery.refresh_from_db()
    return delivery


@transaction.atomic
def accept_drift(delivery: Delivery, *, reason: str, actor: User, now: datetime) -> Delivery:
    """Take a held delivery nevertheless: new columns are declared as text, missing ones are left empty from now on.

    Raises:
        PermissionRefused: the actor does not collect for the department.
        DeliveryClosed: it is not held.
        ReasonMissing: no reason was given.
        SourceInvalid: a column is missing that may not be empty, or that rows are known by.
    """
    grants.require(actor, COLLECT, delivery.department_id, on=localdate(now))
    locked = Delivery.objects.select_for_update().select_related("source").get(pk=delivery.pk)
    if locked.state != DeliveryState.HELD.value:
        raise DeliveryClosed(_("这次交付没有等待处理的结构变化。"), delivery=locked.pk)
    if not reason.strip():
        raise ReasonMissing(_("请写明接收结构变化的理由。"), field="reason")
    source = locked.source
    missing = set(locked.drift.get("missing", ()))
    if firm := list_firm(source, missing):
        names = "、".join(firm)
        message = _("缺少的列“%(names)s”不能为空，只能请来源单位补齐后重新交付。")
        raise SourceInvalid(message % {"names": names}, field="columns")
    before = [column["name"] for column in source.columns]
    added = [{"name": name, "type": ValueType.TEXT.value, "is_nullable": True, "scale": 2} for name in _added(locked)]
    source.columns = [*source.columns, *added]
    source.save(update_fields=["columns"])
    locked.is_drift_accepted, locked.reason = True, reason.strip()[:_LONGEST_REASON]
    locked.save(update_fields=["is_drift_accepted", "reason"])
    details = {"added": len(added), "missing": len(missing), "columns_before": len(before)}
    record(actor, "resources.accept_drift", f"delivery:{locked.pk}", now=now, details=details, reason=locked.reason)
    _enqueue(locked, actor=actor, now=now)
    return locked


def _added(delivery: Delivery) -> list[str]:
    known = {column["name"] for column in delivery.source.columns}
    return [name for name in delivery.drift.get("added", ()) if name not in known]


def _require_receiving(source: DataSource, *, of_files: bool = False) -> None:
    if not source.is_active:
        raise SourceInvalid(_("这个数据源已停用，不再接收交付。"), field="source")
    if of_files and source.kind == SourceKind.DATABASE.value:
        raise SourceInvalid(_("这个数据源直接读取数据库，不接收文件。"), field="source")


def _try_again_failed(delivery: Delivery, *, actor: User | None, now: datetime) -> bool:
    """Queue a delivery that failed once more, as received now; the caller has locked its source."""
    told = {"state": DeliveryState.WAITING.value, "reason": "", "waived": "", "received_at": now, "author": actor}
    failed = Delivery.objects.filter(pk=delivery.pk, state=DeliveryState.FAILED.value)
    before = delivery.reason
    if not failed.update(**told):  # in one statement: its job may be trying again by itself
        return False
    record(actor, "resources.retry", f"delivery:{delivery.pk}", now=now, details={"failed": before})
    _enqueue(delivery, actor=actor, now=now)
    return True


def _queue(delivery: Delivery, *, actor: User | None, now: datetime) -> Job:
    _keep(delivery, actor=actor, now=now)
    return _enqueue(delivery, actor=actor, now=now)


def _keep(delivery: Delivery, *, actor: User | None, now: datetime) -> None:
    delivery.department_id = delivery.source.department_id
    delivery.received_at, delivery.author = now, actor
    delivery.save()
    details = {"source": delivery.source_id, "name": delivery.name, "digest": delivery.digest}
    record(actor, "resources.receive", f"delivery:{delivery.pk}", now=now, details=details)


def _enqueue(delivery: Delivery, *, actor: User | None, now: datetime) -> Job:
    job = jobs.enqueue_job(JOB, payload={"delivery": delivery.pk}, owner=actor, now=now)
    Delivery.objects.filter(pk=delivery.pk).update(job=job.uuid)
    delivery.refresh_from_db()
    return job
