"""The kinds of tickets, the guards of their actions, and who wants to hear of escalations; filled while Django starts."""

from collections.abc import Callable

from django.utils.translation import gettext

from chengshu.kernel.tickets.contracts import Acted, Escalation, GuardFacts, TicketKind
from chengshu.kernel.tickets.errors import KindTwice, KindUnknown
from chengshu.kernel.tickets.kinds import SHIPPED
from chengshu.kernel.tickets.rules.kinds import refuse_faults

Guard = Callable[[GuardFacts], str]
"""Says why the step must not be taken, or returns an empty text."""
Listener = Callable[[Escalation], object]
"""Called within the transaction of the escalation; what it raises takes this one escalation back."""

ActionListener = Callable[[Acted], object]
"""Called within the transaction of the step; what it raises takes the step back."""

_kinds: dict[str, TicketKind] = {}
_guards: dict[str, Guard] = {}
_listeners: list[Listener] = []
_action_listeners: list[ActionListener] = []


def register_kind(kind: TicketKind) -> None:
    """Offer a kind of ticket.

    Raises:
        KindInvalid: the kind contradicts itself.
        KindTwice: another kind has the same key or the same prefix.
    """
    refuse_faults(kind, _guards)
    if any(other != kind and kind.prefix == other.prefix for other in _kinds.values() if other.key != kind.key):
        raise KindTwice(f"工单编号前缀 {kind.prefix} 用了两次", prefix=kind.prefix)
    if _kinds.get(kind.key, kind) != kind:
        raise KindTwice(f"工单种类 {kind.key} 登记了两次", key=kind.key)
    _kinds[kind.key] = kind


def get_kind(key: str) -> TicketKind:
    """Return the kind with this key.

    Raises:
        KindUnknown: nobody registered it.
    """
    try:
        return _kinds[key]
    except KeyError as error:
        raise KindUnknown(f"没有名为 {key} 的工单种类", key=key) from error


def list_kinds() -> tuple[TicketKind, ...]:
    """Return the kinds in the order of registration."""
    return tuple(_kinds.values())


def register_guard(key: str, guard: Guard) -> None:
    """Offer a guard to the actions of kinds that are registered later.

    Raises:
        KindTwice: another guard has the same key.
    """
    if _guards.get(key, guard) is not guard:
        raise KindTwice(f"条件 {key} 登记了两次", key=key)
    _guards[key] = guard


def get_guard(key: str) -> Guard:
    """Return the guard with this key; kinds name only guards that there are."""
    return _guards[key]


def register_escalation_listener(listener: Listener) -> None:
    """Have `listener` called at each escalation; twice the same counts once."""
    if listener not in _listeners:
        _listeners.append(listener)


def list_escalation_listeners() -> tuple[Listener, ...]:
    """Return who wants to hear of escalations."""
    return tuple(_listeners)


def register_action_listener(listener: ActionListener) -> None:
    """Have `listener` called at each step with a ticket; twice the same counts once."""
    if listener not in _action_listeners:
        _action_listeners.append(listener)


def list_action_listeners() -> tuple[ActionListener, ...]:
    """Return who wants to hear of steps."""
    return tuple(_action_listeners)


def _assigned(facts: GuardFacts) -> str:
    return "" if facts.assignee_id else gettext("还没有承办人，请先指派。")


def _by_assignee(facts: GuardFacts) -> str:
    return "" if facts.actor_id == facts.assignee_id else gettext("只有承办人可以做这一步。")


def _by_another(facts: GuardFacts) -> str:
    return gettext("这一步须由承办人以外的人来做。") if facts.actor_id == facts.assignee_id else ""


for _key, _guard in (("assigned", _assigned), ("by_assignee", _by_assignee), ("by_another", _by_another)):
    register_guard(_key, _guard)

for _kind in SHIPPED:  # first of all, so that they are what pages offer first
    register_kind(_kind)
