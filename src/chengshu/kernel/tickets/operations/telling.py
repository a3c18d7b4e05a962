"""Telling people of tickets: who was given one, and whom a clock concerns that came to yellow or red."""

from datetime import datetime

from django.urls import reverse
from django.utils.timezone import localdate

from chengshu.kernel.notifications.facade import News, Template, Words, list_holders, list_told, notify
from chengshu.kernel.tickets.contracts import Level, Reading
from chengshu.kernel.tickets.models import Ticket
from chengshu.kernel.tickets.queries.tickets import ASSIGN

_VIEW = "tickets.view"
_SUBJECT = frozenset({"number", "title"})
ASSIGNED = Template(
    key="tickets.assigned",
    label=Words("工单派给我", "A ticket is given to me"),
    title=Words("工单 {number} 已派给您", "Ticket {number} is yours"),
    body=Words("“{title}”已由{by}派给您办理。", "{by} gave you “{title}” to handle."),
    fields=_SUBJECT | {"by"},
    permission=_VIEW,
)
YELLOW = Template(
    key="tickets.near_limit",
    label=Words("工单快到时限", "A ticket comes near its limit"),
    title=Words("工单 {number} 快到时限", "Ticket {number} comes near its limit"),
    body=Words("“{title}”的时限快到了。", "The limit of “{title}” is near."),
    fields=_SUBJECT,
    permission=_VIEW,
)
RED = Template(
    key="tickets.over_limit",
    label=Words("工单超过时限", "A ticket is over its limit"),
    title=Words("工单 {number} 已超过时限", "Ticket {number} is over its limit"),
    body=Words("“{title}”已超过时限，请尽快办理。", "“{title}” is over its limit; please see to it."),
    fields=_SUBJECT,
    permission=_VIEW,
    is_urgent=True,
)
TEMPLATES = (ASSIGNED, YELLOW, RED)
_OF_LEVEL = {Level.YELLOW: YELLOW, Level.RED: RED}


def tell_assigned(ticket: Ticket, *, by: str, now: datetime) -> None:
    """Tell the handler that the ticket is his."""
    if ticket.assignee_id is None:
        return
    fields = {"number": ticket.number, "title": ticket.title, "by": by}
    notify([ticket.assignee_id], _news(ASSIGNED, ticket, fields, f"assigned:{ticket.version}"), now=now)


def tell_escalated(ticket: Ticket, reading: Reading, level: Level, *, now: datetime) -> frozenset[int]:
    """Tell the handler; at red, and where there is no handler, those as well who may give the ticket to somebody.

    Returns the accounts that were told.
    """
    concerned = [ticket.assignee_id] if ticket.assignee_id is not None else []
    if level is Level.RED or not concerned:
        concerned += list_holders(ASSIGN, ticket.organisation_id, on=localdate(now))
    template = _OF_LEVEL[level]
    fields = {"number": ticket.number, "title": ticket.title}
    news = _news(template, ticket, fields, f"{level}:{reading.key}:{reading.round}")
    notify(concerned, news, now=now)
    return list_told(news.key)


def _news(template: Template, ticket: Ticket, fields: dict[str, str], happening: str) -> News:
    return News(
        template.key,
        fields,
        key=f"ticket:{ticket.pk}:{happening}",
        url=reverse("tickets:record", args=[ticket.pk]),
        organisation_id=ticket.organisation_id,
    )
