"""Deliveries over HTTP: a department's system pushes rows and reads their receipts (ADR 0022)."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.timezone import localdate
from django.utils.translation import gettext_noop as _
from ninja import Header, Query, Router, Schema, Status
from ninja.security import HttpBearer
from pydantic import Field

from chengshu.base.errors import ChengshuError
from chengshu.kernel.accounts.facade import User
from chengshu.kernel.audit.facade import record_view
from chengshu.kernel.http.facade import MOST_ROWS, Bearer, Id, Page, PageAsked, Session, person_of, read_page
from chengshu.resources.facade import collection
from chengshu.resources.facade.collection import DataSource, Delivery, DeliveryState, RowSight, SourceKey

TAKEN_AT_ONCE = 16 * 1024 * 1024
"""So many bytes, unpacked, are taken while the caller waits; more by a job."""
_SHOWN_REFUSED = 100
_BODY = {
    "requestBody": {
        "required": True,
        "description": _("数据行：JSON 数组、每行一个 JSON 对象，或带表头的 CSV；可用 Content-Encoding: gzip"),
        "content": {
            "application/json": {"schema": {"type": "array", "items": {"type": "object"}}},
            "application/x-ndjson": {"schema": {"type": "string"}},
            "text/csv": {"schema": {"type": "string"}},
        },
    }
}


class SourceBearer(HttpBearer):
    """A token of one source: it speaks for who issued it, and opens that source's deliveries only."""

    def authenticate(self, request: HttpRequest, token: str) -> User | None:
        """Return the account that the token speaks for, or None."""
        key = collection.find_key(token, now=timezone.now())
        if key is None:
            return None
        request.user = key.account
        request.source_key = key  # type: ignore[attr-defined]  # asked for below
        return key.account


router = Router(tags=["deliveries"], auth=[SourceBearer(), Bearer(), Session()])


class RefusedRecord(Schema):
    """A row that was not taken: its number in the file (none where it has none), the column at fault, and why."""

    row: int | None
    column: str
    reason: str
    raw: str


class DeliveryRow(Schema):
    """A delivery with the counts of its receipt."""

    id: int
    source_id: int
    name: str
    channel: str
    state: DeliveryState
    digest: str
    sent: int
    taken: int
    refused: int
    version: int | None
    reason: str
    waived: str = Field(description="失败后为什么不再处理；还要处理的为空")
    received_at: datetime
    ended_at: datetime | None


class DeliveryReceipt(DeliveryRow):
    """A receipt: `sent` is `taken` plus `refused`; `drift` tells what changed in the columns."""

    uuid: str
    is_replay: bool = Field(description="同样的内容以前交付过，这是当时的回执")
    drift: dict[str, Any]
    refused_rows: list[RefusedRecord] = Field(description="前一百条隔离行；全部另有列表")


class DeliveryPage(Page[DeliveryRow]):
    """One page of deliveries, newest first."""


class RefusedPage(Page[RefusedRecord]):
    """One page of all refused rows, in their order."""


class PushTold(Schema):
    """What header lines tell of a push beside its kind and length."""

    idempotency_key: str = Field(
        "",
        alias="Idempotency-Key",
        max_length=128,
        pattern=r"^[\x21-\x7e]*$",
        description="同一次推送重试时不变；内容不同却用同一个会被拒绝",
    )


class RowsAsked(Schema):
    """Which page of the refused rows."""

    page: int = Field(1, ge=1, le=1_000_000)
    size: int = Field(100, ge=1, le=MOST_ROWS)


@router.post(
    "/{source_id}/deliveries",
    response={200: DeliveryReceipt, 201: DeliveryReceipt, 202: DeliveryReceipt},
    openapi_extra=_BODY,
    summary=_("推送数据"),
)
def push_delivery(request: HttpRequest, source_id: Id, told: Header[PushTold]) -> Status[DeliveryReceipt]:
    """Receive rows and give their receipt: 201 taken, 200 received before, 202 kept, to be taken or decided about."""
    viewer, now = person_of(request), timezone.now()
    source = _source(request, source_id, viewer)
    push = collection.Push(
        request.read,
        request.headers.get("Content-Type", ""),
        request.headers.get("Content-Encoding", ""),
        _length(request),
        told.idempotency_key,
    )
    delivery, is_new = collection.receive_push(source, push, actor=viewer, now=now, token=_key(request))
    if is_new and delivery.file is not None and delivery.file.size <= TAKEN_AT_ONCE:
        delivery = _take(delivery)
    is_done = delivery.state == DeliveryState.TAKEN.value
    return Status(
        (201 if is_done else 202) if is_new else 200, _write(delivery, _sight(request, delivery), is_replay=not is_new)
    )


@router.get("/{source_id}/deliveries", response=DeliveryPage, summary=_("数据源的交付"))
def list_source_deliveries(request: HttpRequest, source_id: Id, asked: Query[PageAsked]) -> dict[str, Any]:
    """List the deliveries of a source in sight, newest first."""
    viewer = person_of(request)
    source = _source(request, source_id, viewer)
    rows = collection.list_deliveries(viewer, on=localdate(), source_id=source.pk)
    for word in asked.q.split():
        rows = rows.filter(name__icontains=word)
    return read_page(rows, asked, DeliveryRow.from_orm, order=["-received_at"])


@router.get("/{source_id}/deliveries/{delivery_id}", response=DeliveryReceipt, summary=_("交付的回执"))
def get_source_delivery(request: HttpRequest, source_id: Id, delivery_id: Id) -> DeliveryReceipt:
    """Give the receipt of a delivery of a source in sight."""
    delivery = _delivery(request, source_id, delivery_id)
    if delivery.refused:
        record_view(person_of(request), f"delivery:{delivery.pk}", now=timezone.now(), fields=("refused_rows",))
    return _write(delivery, _sight(request, delivery), is_replay=False)


@router.get("/{source_id}/deliveries/{delivery_id}/refused-rows", response=RefusedPage, summary=_("交付的隔离行"))
def list_refused_rows(request: HttpRequest, source_id: Id, delivery_id: Id, asked: Query[RowsAsked]) -> dict[str, Any]:
    """List all refused rows of a delivery in sight, with the reasons."""
    delivery = _delivery(request, source_id, delivery_id)
    record_view(person_of(request), f"delivery:{delivery.pk}", now=timezone.now(), fields=("refused_rows",))
    rows = _refused(delivery, _sight(request, delivery), first=(asked.page - 1) * asked.size, count=asked.size)
    return {"items": rows, "page": asked.page, "size": asked.size, "count": delivery.refused}


def _key(request: HttpRequest) -> SourceKey | None:
    found: SourceKey | None = getattr(request, "source_key", None)
    return found


def _source(request: HttpRequest, source_id: int, viewer: User) -> DataSource:
    """Give a source in sight; for a token no other than its own is."""
    key = _key(request)
    if key is not None and key.source_id != source_id:
        raise collection.SourceNotFound(_("没有这个数据源，或您无权查看。"), source=source_id)
    return collection.get_source(source_id, viewer=viewer, on=localdate())


def _delivery(request: HttpRequest, source_id: int, delivery_id: int) -> Delivery:
    viewer = person_of(request)
    source = _source(request, source_id, viewer)
    found = collection.get_delivery(delivery_id, viewer=viewer, on=localdate())
    if found.source_id != source.pk:
        raise collection.SourceNotFound(_("没有这次交付，或您无权查看。"), delivery=delivery_id)
    return found


def _length(request: HttpRequest) -> int:
    told = request.headers.get("Content-Length", "")
    return int(told) if told.isascii() and told.isdecimal() and len(told) < 16 else 0


def _take(delivery: Delivery) -> Delivery:
    """Take a delivery now; its job then finds it taken, or goes on where this process was cut."""
    from chengshu.resources.facade import deliveries  # noqa: PLC0415 - heavy: imported where it runs

    try:
        return deliveries.take_delivery(delivery.pk, report=lambda _stage, _rows: None, now=timezone.now)
    except ChengshuError as fault:
        raise collection.PushFailed(fault.message, delivery=delivery.pk, cause=fault.code) from fault


def _sight(request: HttpRequest, delivery: Delivery) -> RowSight:
    return collection.sight_of_delivery(delivery, person_of(request), on=localdate())


def _refused(delivery: Delivery, sight: RowSight, *, first: int, count: int) -> list[RefusedRecord]:
    if delivery.refused_file is None:
        return []
    from chengshu.resources.facade import refused  # noqa: PLC0415 - the same

    found = refused.read_refused(delivery, first=first, count=count)
    return [
        RefusedRecord(row=row.row or None, column=row.column, reason=row.reason, raw=sight.show(row.raw))
        for row in found
    ]


def _write(delivery: Delivery, sight: RowSight, *, is_replay: bool) -> DeliveryReceipt:
    return DeliveryReceipt(
        **DeliveryRow.from_orm(delivery).model_dump(),
        uuid=str(delivery.uuid),
        is_replay=is_replay,
        drift=sight.show_drift(delivery.drift),
        refused_rows=_refused(delivery, sight, first=0, count=_SHOWN_REFUSED),
    )
