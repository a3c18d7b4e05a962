"""Collection on demand from the command line: what is asked for is taken here, and told as receipts."""

import json
import sys
from collections.abc import Iterator
from pathlib import Path

import click
from django.utils import timezone

from chengshu.base.errors import ChengshuError
from chengshu.resources.facade import collection, deliveries
from chengshu.resources.facade.collection import DataSource, Delivery, DeliveryState, SourceKind

_WAITING = (DeliveryState.WAITING.value, DeliveryState.TAKING.value)


def collect(table: str | None, path: str | None, *, as_json: bool) -> None:
    """Collect one source, or all that is due, and end the command with its code."""
    faults = 0
    for delivery in _one(table, path) if table else _due():
        try:
            taken = deliveries.take_delivery(delivery.pk, report=lambda _stage, _rows: None, now=timezone.now)
        except ChengshuError:
            taken = Delivery.objects.get(pk=delivery.pk)  # it says why
        faults += taken.state != DeliveryState.TAKEN.value
        click.echo(_as_json(taken) if as_json else _as_text(taken))
    sys.exit(1 if faults else 0)


def reseal() -> None:
    """Seal the passwords of all sources with the signing key of now."""
    count = collection.reseal_secrets(now=timezone.now())
    click.echo(f"已用现在的签名密钥重新封存 {count} 个数据源的口令。")


def _one(table: str, path: str | None) -> Iterator[Delivery]:
    source = DataSource.objects.filter(table=table).first()
    if source is None:
        raise collection.SourceNotFound(f"没有湖表名为“{table}”的数据源。")
    now = timezone.now()
    if path is not None:
        with Path(path).open("rb") as content:
            yield collection.receive_file(source, content, name=Path(path).name, actor=None, now=now)[0]
    elif source.kind == SourceKind.INTERFACE.value:
        brought = deliveries.bring_interface(source.pk, now=now)
        if brought is None:
            click.echo("接口没有新数据。", err=True)
        else:
            yield brought
    else:
        collection.ask_pull(source, actor=None, now=now)
        yield from Delivery.objects.filter(source=source, state__in=[*_WAITING, DeliveryState.FAILED.value])[:1]


def _due() -> Iterator[Delivery]:
    """Receive and ask for what is due; interfaces are asked by their jobs."""
    now = timezone.now()
    collection.watch_folders(now)
    collection.pull_due(now)
    yield from Delivery.objects.filter(state__in=_WAITING).order_by("received_at")


def _as_json(delivery: Delivery) -> str:
    names = ("id", "name", "state", "digest", "sent", "taken", "refused", "version", "reason", "drift")
    told = {"table": delivery.source.table} | {name: getattr(delivery, name) for name in names}
    return json.dumps(told, ensure_ascii=False)


def _as_text(delivery: Delivery) -> str:
    if delivery.state == DeliveryState.TAKEN.value:
        return (
            f"{delivery.source.table}：送来 {delivery.sent:,} 行，收下 {delivery.taken:,} 行，"
            f"隔离 {delivery.refused:,} 行（{delivery.name}）"
        )
    if delivery.state == DeliveryState.HELD.value:
        return f"{delivery.source.table}：结构有变化，没有收下任何一行，请到交付页面处理（{delivery.name}）"
    return f"{delivery.source.table}：没有做成，{delivery.reason}（{delivery.name}）"
