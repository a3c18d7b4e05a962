"""Taking a step with a ticket, and taking it back."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.dateparse import parse_datetime
from django.utils.timezone import localdate
from django.utils.translation import gettext

from chengshu.base.texts import drop_controls
from chengshu.kernel.accounts.models import User
from chengshu.kernel.audit import facade as audit
from chengshu.kernel.calendars import facade as calendars
from chengshu.kernel.grants import facade as grants
from chengshu.kernel.tickets.contracts import (
    NOTHING_GIVEN,
    Acted,
    Action,
    Given,
    Input,
    Outcome,
    Role,
    TicketKind,
)
from chengshu.kernel.tickets.errors import (
    ActionNotOffered,
    ActionRefused,
    InputMissing,
    NothingToUndo,
    TicketNotFound,
)
from chengshu.kernel.tickets.models import Ticket, TicketEvent
from chengshu.kernel.tickets.models.tickets import NOTE_LENGTH
from chengshu.kernel.tickets.operations.clocks import (
    apply_effects,
    change_limits,
    open_clockwork,
    take_back,
    write_forecasts,
)
from chengshu.kernel.tickets.operations.standings import keep_standing
from chengshu.kernel.tickets.operations.telling import tell_assigned
from chengshu.kernel.tickets.queries.tickets import HANDLE, check_guards, list_tickets, refuse_stale
from chengshu.kernel.tickets.registry import get_kind, list_action_listeners

ACT, UNDO = "tickets.act", "tickets.undo"
UNDO_WITHIN = timedelta(minutes=10)
_DONE = frozenset({Role.END, Role.VOID})
_MOMENTS = ("work_done_at", "followed_up_at", "rated_at", "closed_at")
_FIELDS = ("state", "assignee_id", "priority", "rating", *_MOMENTS)
_SAVED = [*_FIELDS, "version", "due_at"]


def lock_ticket(ticket_id: int, *, actor: User | None, now: datetime) -> Ticket:
    """Return the ticket, locked until the transaction ends; the system itself (None) sees every one.

    Raises:
        TicketNotFound: there is none, or the person may not see it.
    """
    seen = Ticket.objects.all() if actor is None else list_tickets(actor, on=localdate(now))
    if not seen.filter(pk=ticket_id).exists():
        raise TicketNotFound(gettext("没有这张工单，或者您无权查看。"), ticket=ticket_id)
    return Ticket.objects.select_for_update().get(pk=ticket_id)


def act(
    ticket_id: int,
    action_key: str,
    *,
    actor: User | None,
    now: datetime,
    expected_version: int | None,
    given: Given = NOTHING_GIVEN,
) -> Ticket:
    """Take a step: state, clocks and facts change together, with one event and one entry in the audit.

    Args:
        ticket_id: of the ticket.
        action_key: of the step.
        actor: who takes it; None when the system does by itself, which needs no right and cannot be taken back.
        now: the moment, aware.
        expected_version: the version that the person saw; None in a batch, which acts on what stands.
        given: what the person gave with it.

    Raises:
        TicketNotFound, PermissionRefused: the person may not see it, or not take the step there.
        TicketChanged, ActionNotOffered: somebody acted since that version, or the state does not offer the step.
        InputMissing, ActionRefused: something that it needs was not given, or a guard does not let it pass.
    """
    calendar = calendars.load_calendar()
    with transaction.atomic():
        ticket = lock_ticket(ticket_id, actor=actor, now=now)
        refuse_stale(ticket, expected_version)
        kind = get_kind(ticket.kind)
        action = _allow(ticket, kind, action_key, actor=actor, now=now, given=given)
        before = snapshot(ticket)
        _change_facts(ticket, kind, action, actor, given, now)
        work = open_clockwork(ticket, kind, calendar, now=now)
        apply_effects(work, action.effects, reason=given.note)
        if ticket.priority != before["priority"]:
            change_limits(work, reason=given.note)
        write_forecasts(work)
        keep(ticket, action.key, before, actor=actor, now=now, note=given.note, data=_facts(given, work.written))
        _tell(ticket, action.key, before, actor, given.note, now)
    return ticket


def _tell(ticket: Ticket, action: str, before: Mapping[str, Any], actor: User | None, note: str, now: datetime) -> None:
    """Leave the step in the audit, and let those hear of it who registered for it."""
    audit.record(actor, ACT, f"ticket:{ticket.pk}", now=now, details=_details(ticket, action, before))
    news = Acted(ticket.pk, ticket.kind, action, ticket.state, ticket.version, note, actor.pk if actor else None)
    for listener in list_action_listeners():
        listener(news)


def _allow(
    ticket: Ticket, kind: TicketKind, action_key: str, *, actor: User | None, now: datetime, given: Given
) -> Action:
    """Return the step when it may be taken; raise why not as `act` says."""
    action = next((step for step in kind.actions_from(ticket.state) if step.key == action_key), None)
    if action is None:
        raise ActionNotOffered(gettext("工单现在的状态下不能做这一步。"), action=action_key, state=ticket.state)
    if actor is not None:
        grants.require(actor, action.permission, ticket.organisation_id, on=localdate(now))
    _refuse_input(kind, action, given)
    if refusal := check_guards(action, ticket, actor, given):
        raise ActionRefused(refusal, action=action_key)
    return action


def undo(ticket_id: int, *, actor: User, now: datetime) -> Ticket:
    """Take back the person's own last step: facts return, and clocks go on as if it had not been taken.

    Raises:
        TicketNotFound: there is none, or the person may not see it.
        NothingToUndo: the last change was somebody else's, is no step, or is longer ago than `UNDO_WITHIN`.
    """
    calendar = calendars.load_calendar()
    with transaction.atomic():
        ticket = lock_ticket(ticket_id, actor=actor, now=now)
        event = find_undoable(ticket, actor=actor, now=now)
        if event is None:
            raise NothingToUndo(gettext("这一步已经不能撤回。"), ticket=ticket_id)
        before = snapshot(ticket)
        _restore(ticket, event.data["before"])
        work = open_clockwork(ticket, get_kind(ticket.kind), calendar, now=now)
        take_back(work, event.data["clocks"])
        write_forecasts(work)
        keep(ticket, "undo", before, actor=actor, now=now, data={"undoes": event.pk, "action": event.action})
        audit.record(actor, UNDO, f"ticket:{ticket.pk}", now=now, details=_details(ticket, event.action, before))
    return ticket


def find_undoable(ticket: Ticket, *, actor: User, now: datetime) -> TicketEvent | None:
    """Return the step that the person may still take back, or None."""
    last = TicketEvent.objects.filter(ticket=ticket, version=ticket.version).order_by("pk").first()
    if last is None or last.actor_id != actor.pk or "before" not in last.data or now - last.at > UNDO_WITHIN:
        return None
    found: TicketEvent = last
    return found


def snapshot(ticket: Ticket) -> dict[str, Any]:
    """Return what a step may change, as plain values."""
    values = {name: getattr(ticket, name) for name in _FIELDS}
    return {name: value.isoformat() if isinstance(value, datetime) else value for name, value in values.items()}


def keep(  # noqa: PLR0913 - one event has these parts
    ticket: Ticket,
    action: str,
    before: Mapping[str, Any],
    *,
    actor: User | None,
    now: datetime,
    note: str = "",
    data: Mapping[str, Any] | None = None,
) -> TicketEvent:
    """Raise the version, keep the ticket and tell what happened to it; a step that can be taken back keeps `before`."""
    ticket.version += 1
    ticket.save(update_fields=_SAVED)
    keep_standing(ticket, now=now)
    facts = dict(data or {})
    if "clocks" in facts:
        facts["before"] = dict(before)
    event: TicketEvent = TicketEvent.objects.create(
        ticket=ticket,
        version=ticket.version,
        action=action,
        from_state=before["state"],
        to_state=ticket.state,
        actor=actor,
        at=now,
        note=drop_controls(note).strip(),
        data=facts,
    )
    if ticket.assignee_id != before["assignee_id"] and actor is not None and ticket.assignee_id != actor.pk:
        tell_assigned(ticket, by=actor.display_name, now=now)
    return event


def refuse_assignee(ticket: Ticket, assignee_id: int | None, *, now: datetime) -> None:
    """Refuse somebody who could not handle the ticket.

    Raises:
        InputMissing: there is no such active account, or it has no right to handle tickets there.
    """
    person = User.objects.filter(pk=assignee_id or 0, is_active=True).first()
    if person is None or not grants.is_permitted(person, HANDLE, ticket.organisation_id, on=localdate(now)):
        raise InputMissing(gettext("请选择这个单位的承办人。"), field="assignee")


def _refuse_input(kind: TicketKind, action: Action, given: Given) -> None:
    """Refuse a step that lacks what it needs.

    Raises:
        InputMissing: names the field.
    """
    asked = action.requires
    if len(given.note) > NOTE_LENGTH:
        raise InputMissing(gettext("说明最多 %(most)s 个字。") % {"most": NOTE_LENGTH}, field="note")
    if Input.NOTE in asked and not drop_controls(given.note).strip():
        raise InputMissing(gettext("请写明情况。"), field="note")
    if Input.RATING in asked and given.rating not in range(1, 6):
        raise InputMissing(gettext("请选择一至五分。"), field="rating")
    if Input.PRIORITY in asked and given.priority not in {choice.key for choice in kind.priorities}:
        raise InputMissing(gettext("请选择优先级。"), field="priority")
    if Input.OUTCOME in asked:
        goes_back = bool(action.target) and kind.state(action.target).role is Role.WORK
        allowed = {Outcome.UNSOLVED} if goes_back else {Outcome.SOLVED, Outcome.UNREACHED}
        if given.outcome not in allowed:
            raise InputMissing(gettext("请选择回访结果。"), field="outcome")


def _change_facts(
    ticket: Ticket, kind: TicketKind, action: Action, actor: User | None, given: Given, now: datetime
) -> None:
    if Input.ASSIGNEE in action.requires:
        refuse_assignee(ticket, given.assignee_id, now=now)
        ticket.assignee_id = given.assignee_id
    elif action.sets_assignee and actor is not None:
        ticket.assignee_id = actor.pk
    if Input.PRIORITY in action.requires:
        ticket.priority = given.priority
    if given.outcome in {Outcome.SOLVED, Outcome.UNSOLVED} and Input.OUTCOME in action.requires:
        ticket.followed_up_at = now
    if Input.RATING in action.requires:
        ticket.rating, ticket.rated_at = given.rating, now
    if action.target:
        _enter(ticket, kind.state(ticket.state).role, kind.state(action.target).role, now)
        ticket.state = action.target


def _enter(ticket: Ticket, old: Role, new: Role, now: datetime) -> None:
    """Keep the moments at which the work was done and the ticket closed; going back to work clears them."""
    if new is Role.WORK:
        if old is not Role.WORK:
            ticket.work_done_at = ticket.followed_up_at = ticket.rated_at = ticket.rating = None
        ticket.closed_at = None
    elif new is not Role.VOID and ticket.work_done_at is None:
        ticket.work_done_at = now
    if new in _DONE:
        ticket.closed_at = now


def _restore(ticket: Ticket, values: Mapping[str, Any]) -> None:
    for name in _FIELDS:
        value = values[name]
        setattr(ticket, name, parse_datetime(value) if name in _MOMENTS and value else value)


def _facts(given: Given, written: list[dict[str, Any]]) -> dict[str, Any]:
    facts: dict[str, Any] = {"clocks": written}
    if given.outcome:
        facts["outcome"] = given.outcome.value
    if given.rating:
        facts["rating"] = given.rating
    if given.priority:
        facts["priority"] = given.priority
    return facts


def _details(ticket: Ticket, action: str, before: Mapping[str, Any]) -> dict[str, Any]:
    after = snapshot(ticket)
    changed = [name for name in _FIELDS if before[name] != after[name]]
    return {
        "number": ticket.number,
        "action": action,
        "version": ticket.version,
        "before": {name: before[name] for name in changed},
        "after": {name: after[name] for name in changed},
    }
