"""How tickets stood before standings were kept: every step kept the facts from before it, which are those after the last.

A step that was taken back counts as never taken: it lasted ten minutes at most. Of a ticket without steps, as a bulk import
leaves them, the moments of its facts tell.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.db import migrations
from django.db.models import Exists, OuterRef
from django.utils.dateparse import parse_datetime

CHUNK = 1000
FACTS = ("work_done_at", "followed_up_at", "rating", "rated_at")
MOMENTS = ("work_done_at", "followed_up_at", "rated_at")
#: Every kind that ever was calls its state so.
VOID = "void"
NOTHING = {**dict.fromkeys(FACTS), "is_void": False}


def keep_tickets(apps: Any, schema_editor: Any) -> None:
    Ticket, Standing = apps.get_model("tickets", "Ticket"), apps.get_model("tickets", "TicketStanding")
    alias, last = schema_editor.connection.alias, 0
    unkept = Ticket.objects.using(alias).filter(~Exists(Standing.objects.filter(ticket=OuterRef("pk"))))
    while chunk := list(unkept.filter(pk__gt=last).order_by("pk")[:CHUNK]):
        steps = _steps(apps, alias, [ticket.pk for ticket in chunk])
        Standing.objects.using(alias).bulk_create(
            (row for ticket in chunk for row in _rows(Standing, ticket, steps.get(ticket.pk, []))), batch_size=CHUNK
        )
        last = chunk[-1].pk


def mark_void(apps: Any, schema_editor: Any) -> None:
    Settlement, Ticket = apps.get_model("tickets", "Settlement"), apps.get_model("tickets", "Ticket")
    alias = schema_editor.connection.alias
    voided = Ticket.objects.using(alias).filter(
        pk=OuterRef("ticket"), state=VOID, closed_at__lte=OuterRef("stopped_at")
    )
    Settlement.objects.using(alias).filter(Exists(voided)).update(is_void=True)


def _steps(apps: Any, alias: str, keys: list[int]) -> dict[int, list[Any]]:
    """Give the steps of each ticket that stood, in their order."""
    found: dict[int, list[Any]] = {}
    undone = set()
    events = apps.get_model("tickets", "TicketEvent").objects.using(alias).filter(ticket__in=keys)
    for event in events.order_by("ticket", "version", "pk").iterator(CHUNK):
        if event.action == "undo":
            undone.add(event.data.get("undoes"))
        if "before" in event.data:
            found.setdefault(event.ticket_id, []).append(event)
    return {key: [event for event in events if event.pk not in undone] for key, events in found.items()}


def _rows(standing: Any, ticket: Any, steps: list[Any]) -> Iterator[Any]:
    told: list[tuple[datetime, dict[str, Any]]] = []
    for since_at, facts in _stood(ticket, steps):
        if facts != (told[-1][1] if told else NOTHING):
            told.append((max(since_at, told[-1][0]) if told else since_at, facts))
    ends = [*(since_at for since_at, _facts in told[1:]), None]
    for (since_at, facts), ended_at in zip(told, ends, strict=False):
        if any(facts.values()):
            yield standing(
                ticket_id=ticket.pk,
                kind=ticket.kind,
                category=ticket.category,
                organisation_id=ticket.organisation_id,
                since_at=since_at,
                ended_at=ended_at,
                **facts,
            )


def _stood(ticket: Any, steps: list[Any]) -> Iterator[tuple[datetime, dict[str, Any]]]:
    """Give since when a ticket stood how, with each step of it and at last as today."""
    today = {**{name: getattr(ticket, name) for name in FACTS}, "is_void": ticket.state == VOID}
    for step, following in zip(steps, steps[1:], strict=False):
        before = following.data["before"]
        facts: dict[str, Any] = {name: _moment(before.get(name)) if name in MOMENTS else before.get(name) for name in FACTS}
        yield step.at, {**facts, "is_void": before.get("state") == VOID}
    if steps:
        yield steps[-1].at, today
        return
    for moment in sorted({at for name in MOMENTS if (at := today[name])} | ({ticket.closed_at} if today["is_void"] else set())):
        facts = {name: value if (value := today[name]) and name in MOMENTS and value <= moment else None for name in FACTS}
        facts["rating"] = today["rating"] if facts["rated_at"] else None
        yield moment, {**facts, "is_void": today["is_void"] and ticket.closed_at <= moment}


def _moment(value: str | None) -> datetime | None:
    return parse_datetime(value) if value else None


class Migration(migrations.Migration):

    dependencies = [("tickets", "0005_figures_of_past_windows")]

    operations = [
        migrations.RunPython(keep_tickets, migrations.RunPython.noop),
        migrations.RunPython(mark_void, migrations.RunPython.noop),
    ]
