"""Finding clocks that came to yellow or red, and keeping forecasts in step with the calendar."""

from collections import Counter
from datetime import datetime

import structlog
from django.db import transaction

from chengshu.base.calendars import WorkCalendar
from chengshu.kernel.audit import facade as audit
from chengshu.kernel.calendars import facade as calendars
from chengshu.kernel.tickets.contracts import ClockState, Escalation, Level, Reading, SweepResult
from chengshu.kernel.tickets.models import Forecast, RaisedLevel, Ticket, TicketEvent
from chengshu.kernel.tickets.operations.clocks import Clockwork, open_clockwork, write_forecasts
from chengshu.kernel.tickets.operations.telling import tell_escalated
from chengshu.kernel.tickets.registry import get_kind, list_escalation_listeners

ESCALATE = "tickets.escalate"
_log = structlog.get_logger()


def sweep_escalations(*, now: datetime) -> SweepResult:
    """Raise every clock that came to yellow or red since the last sweep, each level once a round.

    Each ticket is a transaction of its own: one that fails keeps no other from being raised, is named in the result,
    and is tried again by the next sweep. Forecasts by another calendar than today's are renewed first.
    """
    calendar = calendars.load_calendar()
    failed: dict[str, str] = {}
    count: Counter[Level] = Counter()
    stale = Forecast.objects.exclude(calendar_digest=calendar.digest).values_list("ticket", flat=True)
    for ticket_id in sorted(set(stale)):
        _attempt(ticket_id, calendar, now, failed, count, is_renewal=True)
    due = Forecast.objects.filter(alert_at__lt=now).order_by("alert_at").values_list("ticket", flat=True)
    for ticket_id in dict.fromkeys(due):
        _attempt(ticket_id, calendar, now, failed, count)
    return SweepResult(yellow=count[Level.YELLOW], red=count[Level.RED], failed=failed)


def run_sweep(now: datetime) -> None:
    """Sweep, as the worker does between its jobs, and say what was found."""
    result = sweep_escalations(now=now)
    if result != SweepResult():
        _log.info("tickets_swept", yellow=result.yellow, red=result.red, failed=len(result.failed))


def renew_forecasts(now: datetime) -> int:
    """Renew the forecasts that were made by another calendar; return how many tickets had such."""
    calendar = calendars.load_calendar()
    stale = Forecast.objects.exclude(calendar_digest=calendar.digest).values_list("ticket", flat=True)
    tickets = sorted(set(stale))
    for ticket_id in tickets:
        _attempt(ticket_id, calendar, now, {}, Counter(), is_renewal=True)
    return len(tickets)


def _attempt(
    ticket_id: int,
    calendar: WorkCalendar,
    now: datetime,
    failed: dict[str, str],
    count: Counter[Level],
    *,
    is_renewal: bool = False,
) -> None:
    try:
        with transaction.atomic():
            ticket = Ticket.objects.select_for_update().get(pk=ticket_id)
            work = open_clockwork(ticket, get_kind(ticket.kind), calendar, now=now)
            raised = [] if is_renewal else _raise_all(work)
            write_forecasts(work)
            Ticket.objects.filter(pk=ticket_id).update(due_at=ticket.due_at)
    except Exception as fault:  # noqa: BLE001 - whatever it is, the other tickets are not to wait for it
        failed[f"ticket:{ticket_id}"] = str(fault)
        _log.exception("escalation_failed", ticket=ticket_id)
    else:
        count.update(raised)


def _raise_all(work: Clockwork) -> list[Level]:
    """Raise what the clocks of a ticket have come to, and tell of it once: of red where there is any, else of yellow."""
    raised = [(reading, level) for reading in map(work.read, work.kind.clocks) for level in _raise(work, reading)]
    if raised:
        _tell(work, *max(raised, key=lambda one: one[1] is Level.RED))
    return [level for _reading, level in raised]


def _raise(work: Clockwork, reading: Reading) -> list[Level]:
    """Raise the levels whose moment a running clock has passed and that were not raised before."""
    if reading.state is not ClockState.RUNNING:
        return []
    marks = ((Level.YELLOW, reading.yellow_at), (Level.RED, reading.red_at))
    come_to = [level for level, at in marks if at is not None and at < work.now]
    return [level for level in come_to if _raise_once(work, reading, level)]


def _raise_once(work: Clockwork, reading: Reading, level: Level) -> bool:
    ticket = work.ticket
    _row, is_new = RaisedLevel.objects.get_or_create(
        ticket=ticket,
        clock=reading.key,
        round=reading.round,
        level=level,
        defaults={"at": work.now, "due_at": reading.due_at},
    )
    if not is_new:
        return False
    due = reading.due_at.isoformat() if reading.due_at else ""
    data = {"clock": reading.key, "level": level.value, "due_at": due}
    TicketEvent.objects.create(
        ticket=ticket,
        version=ticket.version,
        action="escalate",
        from_state=ticket.state,
        to_state=ticket.state,
        at=work.now,
        data=data,
    )
    audit.record(None, ESCALATE, f"ticket:{ticket.pk}", now=work.now, details={"number": ticket.number, **data})
    return True


def _tell(work: Clockwork, reading: Reading, level: Level) -> None:
    ticket = work.ticket
    told = tell_escalated(ticket, reading, level, now=work.now)
    news = Escalation(
        ticket_id=ticket.pk,
        number=ticket.number,
        kind=ticket.kind,
        title=ticket.title,
        organisation_id=ticket.organisation_id,
        assignee_id=ticket.assignee_id,
        clock=reading.key,
        clock_label=reading.label,
        level=level,
        due_at=reading.due_at,
        at=work.now,
        told=told,
    )
    for listener in list_escalation_listeners():
        listener(news)
