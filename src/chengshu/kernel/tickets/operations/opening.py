"""Opening a ticket, and its number."""

from datetime import datetime

from django.db import transaction
from django.db.models import F
from django.utils.timezone import localdate
from django.utils.translation import gettext

from chengshu.base.texts import drop_controls
from chengshu.kernel.accounts.models import User
from chengshu.kernel.audit import facade as audit
from chengshu.kernel.calendars import facade as calendars
from chengshu.kernel.grants import facade as grants
from chengshu.kernel.organisations import facade as organisations
from chengshu.kernel.tickets.contracts import Choice, NewTicket, TicketKind
from chengshu.kernel.tickets.errors import InputMissing
from chengshu.kernel.tickets.models import NumberSeries, Ticket, TicketEvent
from chengshu.kernel.tickets.models.tickets import TITLE_LENGTH
from chengshu.kernel.tickets.operations.clocks import apply_effects, open_clockwork, write_forecasts
from chengshu.kernel.tickets.registry import get_kind

OPEN = "tickets.open"


def open_ticket(new: NewTicket, *, actor: User | None, now: datetime) -> Ticket:
    """Open a ticket, start its first clocks and give it the next number of its kind and year.

    Args:
        new: what it is about.
        actor: who opens it; None when the system does by itself, which needs no right.
        now: the moment, aware.

    Raises:
        KindUnknown: nobody registered the kind.
        PermissionRefused: the person may not open this kind at the organisation.
        OrganisationNotFound: there is no such organisation.
        InputMissing: the title is empty or too long, or priority or category are none of the kind's.
    """
    kind = get_kind(new.kind)
    title = drop_controls(new.title).strip()
    if not 0 < len(title) <= TITLE_LENGTH:
        raise InputMissing(gettext("请用 1 至 %(most)s 个字写明标题。") % {"most": TITLE_LENGTH}, field="title")
    if actor is not None:
        grants.require(actor, kind.open_permission, new.organisation_id, on=localdate(now))
    calendar = calendars.load_calendar()
    with transaction.atomic():
        ticket = _create(new, kind, title, actor, now)
        work = open_clockwork(ticket, kind, calendar, now=now)
        apply_effects(work, kind.opening)
        write_forecasts(work)
        ticket.save(update_fields=["due_at"])
        TicketEvent.objects.create(ticket=ticket, version=1, action="open", to_state=ticket.state, actor=actor, at=now)
        details = {"number": ticket.number, "kind": kind.key, "title": title, "priority": ticket.priority}
        audit.record(actor, OPEN, f"ticket:{ticket.pk}", now=now, details=details)
    return ticket


def _create(new: NewTicket, kind: TicketKind, title: str, actor: User | None, now: datetime) -> Ticket:
    return Ticket.objects.create(
        kind=kind.key,
        number=_next_number(kind, localdate(now).year),
        title=title,
        description=drop_controls(new.description).strip(),
        organisation=organisations.get_organisation(new.organisation_id),
        opened_by=actor,
        priority=_choose(kind.priorities, new.priority, "priority"),
        category=_choose(kind.categories, new.category, "category"),
        state=kind.states[0].key,
        subject=new.subject,
        opened_at=now,
    )


def _next_number(kind: TicketKind, year: int) -> str:
    """Give the next number; the row is locked until the ticket is kept, so that a failure leaves no gap."""
    series = NumberSeries.objects.filter(prefix=kind.prefix, year=year)
    if not series.update(last=F("last") + 1):
        NumberSeries.objects.get_or_create(prefix=kind.prefix, year=year)
        series.update(last=F("last") + 1)
    return f"{kind.prefix}-{year}-{series.values_list('last', flat=True).get():06d}"


def _choose(choices: tuple[Choice, ...], given: str, field: str) -> str:
    """Return the given choice, or the first when none is given.

    Raises:
        InputMissing: it is none of them.
    """
    if not given:
        return choices[0].key if choices else ""
    if given not in {choice.key for choice in choices}:
        raise InputMissing(gettext("“%(given)s”不是可选的值。") % {"given": given}, field=field)
    return given
