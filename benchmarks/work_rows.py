"""A city's work with data laid down in bulk: what is done, and the share of it that departments still owe."""

import random
from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from itertools import islice
from typing import Any

from django.db.models import Model

from benchmarks.catalogue_rows import lay_catalogue
from chengshu.kernel.tickets.models import Ticket
from chengshu.resources.models import (
    CheckRun,
    DataResource,
    DataSource,
    Decision,
    Delivery,
    DeliveryPromise,
    Dispute,
    ListItem,
    QualityIssue,
    QualityRule,
)

TICKETS_EACH, DELIVERIES_EACH = 5, 3
"""So many for each resource: 100,000 and 60,000 in a city with 20,000 resources."""
_SOURCES, _BATCH, _DAYS = 5, 5_000, 365
_DRAW = random.Random(41)  # noqa: S311 - invented data, not a secret
_CYCLES = ("daily", "weekly", "monthly", "monthly")
_FAULT = "第 3 列应是日期，实为文字；请更正后重新交付。"


def lay_work(resources: int, *, now: datetime, asker: int) -> None:
    """Let there be so many resources, those that are there counted, and all that was done with the new ones."""
    first = DataResource.objects.count()
    lay_catalogue(resources, 0, now=now)
    entries = list(DataResource.objects.order_by("pk")[first:])
    _lay_steps(entries, now)
    carried = _lay_disputes(entries, now, asker) + _lay_issues(entries, now)
    _lay_service(entries, TICKETS_EACH * len(entries) - carried, now)
    _lay_sources(entries, now)


def _keep(model: type[Model], rows: Iterator[Any]) -> list[Any]:
    kept = []
    while piece := list(islice(rows, _BATCH)):
        kept += model._default_manager.bulk_create(piece)  # noqa: SLF001 - Django's documented API
    return kept


def _past(now: datetime) -> datetime:
    return now - timedelta(minutes=_DRAW.randrange(_DAYS * 1440))


def _lay_steps(entries: Sequence[DataResource], now: datetime) -> None:
    """Let every entry have been handed in and approved; one of fifty came back, one of a hundred is only asked for."""
    back = {entry.pk for at, entry in enumerate(entries) if at % 50 == 0}
    asked = {entry.pk for at, entry in enumerate(entries) if at % 100 == 7}
    DataResource.objects.filter(pk__in=back | asked).update(state="draft", version=0, published_at=None)
    steps = (
        Decision(resource=entry, step=step, version=0, reason="更新周期与说明不符，请核对", decided_at=_past(now))
        for entry in entries
        if entry.pk not in asked
        for step in ("submit", "return", "submit", "return" if entry.pk in back else "approve")
    )
    _keep(Decision, steps)
    _keep(ListItem, (ListItem(resource=e, kind="responsibility", basis="三定方案") for e in entries))
    _keep(ListItem, (ListItem(resource_id=pk, kind="demand", basis="一网通办核验") for pk in sorted(asked)))


def _tickets(kind: str, states: Sequence[str], owners: Sequence[int], now: datetime) -> list[Ticket]:
    """Keep a ticket for each owner; one of ten is open, in one of the states."""
    first = Ticket.objects.count()

    def rows() -> Iterator[Ticket]:
        for at, owner in enumerate(owners):
            opened, is_open = _past(now), at % 10 == 0
            yield Ticket(
                kind=kind,
                number=f"{kind[:6]}-{first + at:07}",
                title=f"第 {at} 件事",
                organisation_id=owner,
                priority="normal",
                state=_DRAW.choice(states) if is_open else "closed",
                opened_at=opened,
                closed_at=None if is_open else opened + timedelta(days=2),
                due_at=now + timedelta(hours=_DRAW.randrange(-72, 400)) if is_open else None,
            )

    return _keep(Ticket, rows())


def _lay_disputes(entries: Sequence[DataResource], now: datetime, asker: int) -> int:
    """Let somebody have disputed one of four entries; return how many tickets that makes."""
    some = _DRAW.sample(entries, k=len(entries) // 4)
    carried = _tickets("catalogue_dispute", ("new", "answered"), [e.department_id for e in some], now)
    pairs = zip(some, carried, strict=True)
    told = {"problem": "更新不及时", "raised_by_id": asker}
    _keep(Dispute, (Dispute(resource=e, ticket=t, raised_at=t.opened_at, **told) for e, t in pairs))
    return len(carried)


def _lay_issues(entries: Sequence[DataResource], now: datetime) -> int:
    """Let every entry have a rule, a check and two issues; return how many tickets that makes."""
    rules = _keep(QualityRule, (_rule(entry, now) for entry in entries))
    runs = _keep(CheckRun, (_run(entry, now) for entry in entries))
    twice = [entry.department_id for entry in entries for _ in range(2)]
    carried = _tickets("quality_issue", ("new", "mending", "new", "disputed"), twice, now)
    _keep(QualityIssue, (_issue(ticket, rules[at // 2], runs[at // 2]) for at, ticket in enumerate(carried)))
    return len(carried)


def _rule(entry: DataResource, now: datetime) -> QualityRule:
    definition = {"kind": ("not_null", "timeliness")[entry.pk % 8 == 0], "columns": ["f0"]}
    return QualityRule(resource=entry, key="r", name="不得为空", definition=definition, origin="person", changed_at=now)


def _run(entry: DataResource, now: datetime) -> CheckRun:
    told = {"kind": "full", "state": "done", "table": "standard/t", "version": 0, "month_on": date(2026, 1, 1)}
    return CheckRun(resource=entry, rows=9, started_at=now, finished_at=now, **told)


def _issue(ticket: Ticket, rule: QualityRule, run: CheckRun) -> QualityIssue:
    rows, is_open = 1 + ticket.pk % 400, ticket.closed_at is None
    return QualityIssue(
        resource_id=rule.resource_id,
        rule=rule,
        organisation_id=ticket.organisation_id,
        opened_in=run,
        ticket=ticket,
        state="open" if is_open else "rectified",
        rows_total=rows,
        rows_owed=rows if is_open else 0,
        rows_verified=0 if is_open else rows,
        opened_at=ticket.opened_at,
        settled_at=ticket.closed_at,
    )


def _lay_service(entries: Sequence[DataResource], count: int, now: datetime) -> None:
    """Let so many tickets be those of the service."""
    owners = [entries[at % len(entries)].department_id for at in range(count)]
    _tickets("data_work", ("new", "working"), owners, now)


def _lay_sources(entries: Sequence[DataResource], now: datetime) -> None:
    """Let one of five entries have a source with a promise; of its deliveries one of thirty failed, few are held."""
    sources = _keep(DataSource, (_source(entry, now) for entry in entries[::_SOURCES]))
    promises = (
        DeliveryPromise(
            source=source, cycle=_DRAW.choice(_CYCLES), due_hours=_DRAW.choice((24, 120)), since=date(2020, 1, 1)
        )
        for source in sources
        if _DRAW.random() < 0.7
    )
    _keep(DeliveryPromise, promises)
    each = DELIVERIES_EACH * len(entries) // len(sources)
    _keep(Delivery, (_delivery(source, number, now) for source in sources for number in range(each)))


def _source(entry: DataResource, now: datetime) -> DataSource:
    return DataSource(
        name=f"{entry.name}数据源",
        department_id=entry.department_id,
        resource=entry,
        kind=_DRAW.choice(("file", "folder", "database", "interface")),
        table=f"t{entry.pk}",
        columns=[],
        mode=_DRAW.choice(("append", "replace", "merge")),
        created_at=now - timedelta(days=_DAYS),
    )


def _delivery(source: DataSource, number: int, now: datetime) -> Delivery:
    draw = _DRAW.randrange(1000)
    state = "failed" if draw < 30 else "held" if draw < 35 else "taken"
    came = now - timedelta(days=2 * number, minutes=_DRAW.randrange(2 * 1440))
    return Delivery(
        source=source,
        department_id=source.department_id,
        name=f"交付{number}.csv",
        channel="pull" if source.kind in {"database", "interface"} else "upload",
        digest=f"{source.pk:032}{number:032}",
        state=state,
        reason="" if state == "taken" else _FAULT,
        received_at=came,
        ended_at=came if state == "taken" else None,
    )
