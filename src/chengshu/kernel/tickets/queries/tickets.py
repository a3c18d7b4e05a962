"""Which tickets a person may see, what may be done with them, and what happened to them."""

from collections.abc import Collection, Iterable
from datetime import date

from django.db.models import Q, QuerySet
from django.utils.timezone import localtime
from django.utils.translation import gettext

from chengshu.kernel.accounts.models import User
from chengshu.kernel.grants import facade as grants
from chengshu.kernel.organisations.facade import Ancestry
from chengshu.kernel.tickets.contracts import NOTHING_GIVEN, Action, Given, GuardFacts, Input, Role, TicketKind
from chengshu.kernel.tickets.errors import TicketChanged, TicketNotFound
from chengshu.kernel.tickets.models import Attachment, Ticket, TicketEvent, TicketQuerySet
from chengshu.kernel.tickets.registry import get_guard, list_kinds

HANDLE, ASSIGN, FOLLOW_UP = "tickets.handle", "tickets.assign", "tickets.follow_up"


def list_tickets(viewer: User, *, on: date) -> TicketQuerySet:
    """Return the tickets that the person may see: by right of the kind, or as the one who opened or handles them."""
    seen = Q(assignee=viewer.pk) | Q(opened_by=viewer.pk)
    permissions: dict[str, list[str]] = {}
    for kind in list_kinds():
        permissions.setdefault(kind.view_permission, []).append(kind.key)
    for permission, keys in permissions.items():
        seen |= Q(kind__in=keys, organisation__in=grants.permitted(viewer, permission, on=on))
    return Ticket.objects.filter(seen)


def get_ticket(ticket_id: int, *, viewer: User, on: date) -> Ticket:
    """Return one ticket with the people it names.

    Raises:
        TicketNotFound: there is none, or the person may not see it.
    """
    tickets = list_tickets(viewer, on=on).select_related("assignee", "opened_by", "organisation")
    ticket = tickets.filter(pk=ticket_id).first()
    if ticket is None:
        raise TicketNotFound(gettext("没有这张工单，或者您无权查看。"), ticket=ticket_id)
    return ticket


def holds_file(file_id: int, viewer: User, on: date) -> bool | None:
    """Tell whether the viewer may see a ticket that the file is attached to; None when it is attached to none."""
    seen, attached = list_tickets(viewer, on=on).order_by().values("pk"), Attachment.objects.filter(file=file_id)
    return attached.filter(ticket__in=seen).exists() or (False if attached.exists() else None)


def states_with_role(roles: Iterable[Role], *, kinds: Collection[str] | None = None) -> Q:
    """Return the condition that a ticket is in a state of one of these roles; of these kinds only, if given."""
    wanted, found = set(roles), Q(pk__in=())
    for kind in list_kinds():
        if kinds is not None and kind.key not in kinds:
            continue
        states = [state.key for state in kind.states if state.role in wanted]
        found |= Q(kind=kind.key, state__in=states)
    return found


def list_owed(viewer: User, *, on: date) -> TicketQuerySet:
    """Return the open tickets that wait for this person.

    These are the person's own, those of the person's units that nobody has taken, and those to call back or to rate.
    """
    mine, free, to_ask = _owed(viewer, on=on, kinds=None)
    return Ticket.objects.still_open().filter(mine | free | to_ask)


def list_owed_apart(viewer: User, *, on: date, kinds: Collection[str]) -> list[TicketQuerySet]:
    """Return those of `list_owed` that are of some kinds in parts, none of which has a ticket of another.

    For unions: a database finds each part by its index, which it cannot for all of them by one condition. What the
    person may do nowhere makes no part.
    """
    rows = Ticket.objects.still_open().filter(kind__in=kinds)
    mine, free, to_ask = _owed(viewer, on=on, kinds=kinds)
    parts = [rows.filter(mine)]
    if grants.is_permitted_anywhere(viewer, HANDLE, on=on):
        parts.append(rows.filter(free))
    if grants.is_permitted_anywhere(viewer, FOLLOW_UP, on=on):
        parts.append(rows.filter(to_ask))
    return parts


def _owed(viewer: User, *, on: date, kinds: Collection[str] | None) -> tuple[Q, Q, Q]:
    """Give the conditions of what is the viewer's own, of what nobody has taken, and of whom to call back or to rate."""
    work = states_with_role([Role.WORK], kinds=kinds)
    asking = states_with_role([Role.FOLLOW_UP, Role.RATING], kinds=kinds)
    return (
        work & Q(assignee=viewer.pk),
        work & Q(assignee__isnull=True, organisation__in=grants.permitted(viewer, HANDLE, on=on)),
        asking & Q(organisation__in=grants.permitted(viewer, FOLLOW_UP, on=on)),
    )


def list_events(ticket: Ticket) -> QuerySet[TicketEvent]:
    """Return what happened to a ticket, newest first, with people and files."""
    events: QuerySet[TicketEvent] = TicketEvent.objects.filter(ticket=ticket)
    return events.select_related("actor").prefetch_related("attachments__file").order_by("-at", "-pk")


def refuse_stale(ticket: Ticket, expected_version: int | None) -> None:
    """Refuse to act on what no longer stands; None acts on whatever stands.

    Raises:
        TicketChanged: somebody acted since that version; the message says who did what.
    """
    if expected_version is None or ticket.version == expected_version:
        return
    events = TicketEvent.objects.filter(ticket=ticket, version__gt=expected_version).select_related("actor")
    changes = [_describe(event) for event in events.order_by("pk")]
    message = gettext("这张工单刚刚有了变动：%(changes)s。您的操作没有提交，请看过再决定。")
    raise TicketChanged(message % {"changes": "；".join(changes)}, ticket=ticket.pk, version=ticket.version)


def _describe(event: TicketEvent) -> str:
    who = event.actor.display_name if event.actor else gettext("系统")
    at = localtime(event.at).strftime("%H:%M")
    return f"{at} {who} {label_action(event.ticket.kind, event.action)}"


def label_action(kind_key: str, action: str) -> str:
    """Return how people call what was done; the bare name where its kind is gone."""
    own = {
        "open": gettext("开单"),
        "assign": gettext("指派"),
        "reclassify": gettext("改变优先级"),
        "comment": gettext("留言"),
        "attach": gettext("附上文件"),
        "undo": gettext("撤回上一步"),
        "escalate": gettext("时限提醒"),
    }
    if action in own:
        return own[action]
    kind = next((kind for kind in list_kinds() if kind.key == kind_key), None)
    found = next((str(step.label) for step in kind.actions if step.key == action), None) if kind else None
    return found or action


def check_guards(action: Action, ticket: Ticket, actor: User | None, given: Given = NOTHING_GIVEN) -> str:
    """Return why a guard does not let the step pass; empty when all do."""
    facts = GuardFacts(
        state=ticket.state,
        priority=ticket.priority,
        category=ticket.category,
        subject=ticket.subject,
        opened_by_id=ticket.opened_by_id,
        assignee_id=ticket.assignee_id,
        actor_id=actor.pk if actor else None,
        given=given,
    )
    return next((refusal for key in action.guards if (refusal := get_guard(key)(facts))), "")


def list_offered(ticket: Ticket, kind: TicketKind, viewer: User, held: frozenset[str]) -> list[Action]:
    """Return the steps that the person may take now; `held` is what the person may do where the ticket belongs."""
    steps = (action for action in kind.actions_from(ticket.state) if action.permission in held)
    return [action for action in steps if not check_guards(action, ticket, viewer)]


def list_offered_keys(ticket: Ticket, viewer: User, *, on: date) -> list[str]:
    """Return the keys of the steps that the person may take now; none for a kind that nobody registers any more."""
    kind = next((kind for kind in list_kinds() if kind.key == ticket.kind), None)
    place = ticket.organisation_id
    if kind is None:
        return []
    return [action.key for action in list_offered(ticket, kind, viewer, list_held(viewer, [place], on=on)[place])]


def is_simple(action: Action) -> bool:
    """Tell whether the step can be taken by one press: nothing but perhaps a note is asked."""
    return not action.requires - {Input.NOTE}


def list_held(viewer: User, organisation_ids: Iterable[int], *, on: date) -> dict[int, frozenset[str]]:
    """Return what the person may do at each of these organisations; one query for each permission that kinds name."""
    wanted = set(organisation_ids)
    steps = {action.permission for kind in list_kinds() for action in kind.actions}
    held: dict[int, set[str]] = {organisation: set() for organisation in wanted}
    for permission in sorted(steps | {HANDLE, ASSIGN, FOLLOW_UP}):
        places = grants.permitted(viewer, permission, on=on).filter(descendant__in=wanted)
        for organisation in set(places.values_list("descendant", flat=True)):
            held[organisation].add(permission)
    return {organisation: frozenset(permissions) for organisation, permissions in held.items()}


def list_handlers(organisation_id: int, *, on: date) -> QuerySet[User]:
    """Return who may handle tickets at an organisation, by name."""
    roles = grants.roles_holding(HANDLE)
    above = Ancestry.objects.filter(descendant=organisation_id).values("ancestor")
    held = grants.Grant.objects.in_force_on(on).filter(role__in=roles, organisation__in=above, scope_kind="")
    return User.objects.filter(pk__in=held.values("account"), is_active=True).order_by("display_name", "pk")
