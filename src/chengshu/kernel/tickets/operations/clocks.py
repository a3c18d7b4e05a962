"""Writing clocks: segments for what actions do, results at stops, forecasts for the sweep. Within the caller's transaction."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from chengshu.base.calendars import WorkCalendar
from chengshu.kernel.tickets.contracts import (
    ClockSpec,
    ClockState,
    Effect,
    Level,
    Limit,
    Reading,
    Role,
    Segment,
    SegmentState,
    TicketKind,
    Verb,
)
from chengshu.kernel.tickets.errors import ActionRefused
from chengshu.kernel.tickets.models import ClockSegment, Forecast, RaisedLevel, Settlement, Ticket
from chengshu.kernel.tickets.queries.clocks import load_segments
from chengshu.kernel.tickets.rules.clocks import read_clock
from chengshu.kernel.tickets.rules.kinds import after_effect

_STATES = {
    Verb.START: SegmentState.RUN,
    Verb.PAUSE: SegmentState.PAUSE,
    Verb.RESUME: SegmentState.RUN,
    Verb.STOP: SegmentState.STOP,
}
_REASON_LENGTH = 200
Written = list[dict[str, Any]]


@dataclass(slots=True)
class Clockwork:
    """The clocks of one ticket while it is being changed; `written` are the segments that were added."""

    ticket: Ticket
    kind: TicketKind
    calendar: WorkCalendar
    now: datetime
    segments: dict[str, list[Segment]]
    written: Written

    def read(self, spec: ClockSpec) -> Reading:
        """Read one clock as it stands now."""
        return read_clock(spec, self.segments.get(spec.key, ()), self.calendar, now=self.now)

    def append(self, clock: str, segment: Segment) -> None:
        """Add a segment; time never runs backwards, except to where a step that is taken back began."""
        row = self.segments.setdefault(clock, [])
        row.append(segment)
        ClockSegment.objects.create(
            ticket=self.ticket,
            clock=clock,
            sequence=len(row),
            round=segment.round,
            state=segment.state,
            started_at=segment.started_at,
            mode=segment.limit.mode,
            limit=segment.limit.amount,
            reason=segment.reason,
        )
        self.written.append({"clock": clock, "sequence": len(row)})

    def next_moment(self, clock: str) -> datetime:
        """Return when a segment that is added now begins: never before the last one."""
        row = self.segments.get(clock)
        return max(self.now, row[-1].started_at) if row else self.now


def open_clockwork(ticket: Ticket, kind: TicketKind, calendar: WorkCalendar, *, now: datetime) -> Clockwork:
    """Load the clocks of a ticket for a change."""
    return Clockwork(ticket, kind, calendar, now, load_segments([ticket.pk]).get(ticket.pk, {}), [])


def apply_effects(work: Clockwork, effects: Sequence[Effect], *, reason: str = "") -> None:
    """Do to the clocks what an action does, settle those that stop, and forecast anew.

    Raises:
        ActionRefused: a clock is not in the state that the effect needs; a kind that was changed may come to this.
    """
    for effect in effects:
        spec = work.kind.clock(effect.clock)
        reading = work.read(spec)
        if after_effect(effect, reading.state) is None:
            raise ActionRefused(f"时限“{spec.label}”现在不能这样改变", clock=spec.key, state=reading.state)
        row = work.segments.get(spec.key, [])
        starts = effect.verb is Verb.START
        number = (max((segment.round for segment in row), default=0) + 1) if starts else reading.round
        limit = spec.limit_for(work.ticket.priority) if starts or reading.limit is None else reading.limit
        at = work.next_moment(spec.key)
        why = reason[:_REASON_LENGTH] if effect.verb is Verb.PAUSE else ""
        work.append(spec.key, Segment(_STATES[effect.verb], at, limit, number, why))
        if effect.verb is Verb.STOP:
            _settle(work, spec)


def change_limits(work: Clockwork, *, reason: str) -> None:
    """Give every active clock the limit of the ticket's priority; what it has counted is counted anew by that limit."""
    for spec in work.kind.clocks:
        reading = work.read(spec)
        limit = spec.limit_for(work.ticket.priority)
        if reading.is_active and reading.limit != limit:
            _repeat(work, spec, reading, limit, reason)


def _repeat(work: Clockwork, spec: ClockSpec, reading: Reading, limit: Limit, reason: str) -> None:
    state = SegmentState.PAUSE if reading.state is ClockState.PAUSED else SegmentState.RUN
    why = reading.reason if state is SegmentState.PAUSE else reason[:_REASON_LENGTH]
    work.append(spec.key, Segment(state, work.next_moment(spec.key), limit, reading.round, why))


def take_back(work: Clockwork, written: Written) -> None:
    """Make as if these segments had never begun: what stood before them goes on from where they began."""
    for place in reversed(written):
        clock, index = place["clock"], place["sequence"] - 1
        row = work.segments[clock]
        undone = row[index]
        before = row[index - 1] if index and row[index - 1].round == undone.round else None
        if before is None:
            work.append(clock, Segment(SegmentState.VOID, undone.started_at, undone.limit, undone.round))
        else:
            work.append(clock, Segment(before.state, undone.started_at, before.limit, before.round, before.reason))
        if undone.state is SegmentState.STOP:
            _revoke(work, clock, undone.round)


def _revoke(work: Clockwork, clock: str, number: int) -> None:
    standing = Settlement.objects.filter(ticket=work.ticket, clock=clock, round=number, revoked_at__isnull=True)
    for settlement in standing:
        settlement.revoked_at = work.now
        settlement.save(update_fields=["revoked_at"])


def _settle(work: Clockwork, spec: ClockSpec) -> None:
    """Keep what the clock shows at its stop, with the calendar by which it was counted."""
    reading = work.read(spec)
    stopped_at = reading.since or work.now
    limit = reading.limit or spec.limit_for(work.ticket.priority)
    Settlement.objects.create(
        ticket=work.ticket,
        kind=work.ticket.kind,
        category=work.ticket.category,
        priority=work.ticket.priority,
        organisation_id=work.ticket.organisation_id,
        clock=spec.key,
        round=reading.round,
        mode=limit.mode,
        limit=limit.amount,
        elapsed_seconds=round(reading.elapsed.total_seconds()),
        is_met=reading.due_at is None or stopped_at <= reading.due_at,
        started_at=reading.started_at or stopped_at,
        stopped_at=stopped_at,
        due_at=reading.due_at,
        is_provisional=reading.is_provisional,
        calendar_digest=work.calendar.digest,
        is_void=work.kind.state(work.ticket.state).role is Role.VOID,
    )


def write_forecasts(work: Clockwork) -> None:
    """Keep when each running clock will come to its next mark, and on the ticket the first of their ends."""
    raised = set(RaisedLevel.objects.filter(ticket=work.ticket).values_list("clock", "round", "level"))
    ends = []
    for spec in work.kind.clocks:
        reading = work.read(spec)
        if reading.state is not ClockState.RUNNING or reading.due_at is None:
            continue
        ends.append(reading.due_at)
        facts = {
            "round": reading.round,
            "due_at": reading.due_at,
            "alert_at": _next_alert(reading, raised),
            "is_provisional": reading.is_provisional,
            "calendar_digest": work.calendar.digest,
        }
        Forecast.objects.update_or_create(ticket=work.ticket, clock=spec.key, defaults=facts)
    running = [spec.key for spec in work.kind.clocks if work.read(spec).state is ClockState.RUNNING]
    Forecast.objects.filter(ticket=work.ticket).exclude(clock__in=running).delete()
    work.ticket.due_at = min(ends, default=None)


def _next_alert(reading: Reading, raised: set[tuple[str, int, str]]) -> datetime | None:
    marks = ((Level.YELLOW, reading.yellow_at), (Level.RED, reading.red_at))
    left = [at for level, at in marks if at is not None and (reading.key, reading.round, level.value) not in raised]
    return min(left, default=None)
