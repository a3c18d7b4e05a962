"""What makes a kind of ticket possible.

A kind is walked through: from the opening, every action that its state offers, with what the actions do to its clocks.
So a kind is refused before the first ticket when one could lie where no clock runs, be closed with a clock still
running, or be closed past the call-back or the rating.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from chengshu.kernel.tickets.contracts import (
    Action,
    ClockSpec,
    ClockState,
    Effect,
    Input,
    Role,
    TicketKind,
    Verb,
)
from chengshu.kernel.tickets.errors import KindInvalid

_KEY = re.compile(r"[a-z][a-z0-9_]{0,31}")
_PREFIX = re.compile(r"[A-Z]{2,6}")
_ENDS = frozenset({Role.END, Role.VOID})
_ALLOWED = {
    Verb.START: {ClockState.IDLE, ClockState.STOPPED},
    Verb.PAUSE: {ClockState.RUNNING},
    Verb.RESUME: {ClockState.PAUSED},
    Verb.STOP: {ClockState.RUNNING, ClockState.PAUSED},
}
_RESULT = {
    Verb.START: ClockState.RUNNING,
    Verb.PAUSE: ClockState.PAUSED,
    Verb.RESUME: ClockState.RUNNING,
    Verb.STOP: ClockState.STOPPED,
}
Clocks = Mapping[str, ClockState]
Config = tuple[str, frozenset[tuple[str, ClockState]]]


def refuse_faults(kind: TicketKind, guards: Collection[str]) -> None:
    """Refuse a kind that contradicts itself; the message names the first fault.

    Args:
        kind: what is to be registered.
        guards: the names of the guards that there are.

    Raises:
        KindInvalid: there is a fault.
    """
    for check in (_names, _clocks, _references, _shape, _passages, _walk):
        for fault in check(kind):
            raise KindInvalid(f"工单种类 {kind.key}：{fault}", kind=kind.key, fault=fault)
    for action in kind.actions:
        if unknown := sorted(set(action.guards) - set(guards)):
            raise KindInvalid(f"工单种类 {kind.key}：没有名为 {unknown[0]} 的条件", kind=kind.key, guard=unknown[0])


def after_effect(effect: Effect, state: ClockState) -> ClockState | None:
    """Return how a clock stands after an effect, or None where the effect makes no sense."""
    return _RESULT[effect.verb] if state in _ALLOWED[effect.verb] else None


def _names(kind: TicketKind) -> Iterator[str]:
    groups: dict[str, Iterable[str]] = {
        "状态": (state.key for state in kind.states),
        "操作": (action.key for action in kind.actions),
        "时限": (clock.key for clock in kind.clocks),
        "优先级": (choice.key for choice in kind.priorities),
        "类别": (choice.key for choice in kind.categories),
    }
    for name, keys in groups.items():
        seen: set[str] = set()
        for key in keys:
            if key in seen:
                yield f"{name} {key} 写了两次"
            if not _KEY.fullmatch(key):
                yield f"{name} {key!r} 的代号只能用小写字母、数字和下划线"
            seen.add(key)
    if not _KEY.fullmatch(kind.key):
        yield "种类的代号只能用小写字母、数字和下划线"
    if not _PREFIX.fullmatch(kind.prefix):
        yield "编号前缀应为二至六个大写字母"
    if not (kind.states and kind.actions and kind.clocks and kind.priorities):
        yield "状态、操作、时限和优先级都要有"


def _clocks(kind: TicketKind) -> Iterator[str]:
    known = {choice.key for choice in kind.priorities} | {""}
    for clock in kind.clocks:
        if unknown := sorted(set(clock.limits) - known):
            yield f"时限 {clock.key} 提到没有的优先级 {unknown[0]}"
        if "" not in clock.limits and known - {""} - set(clock.limits):
            yield f"时限 {clock.key} 没有写全各优先级"
        if any(limit.amount < 1 for limit in clock.limits.values()):
            yield f"时限 {clock.key} 至少为 1"
        if not _thresholds_hold(clock):
            yield f"时限 {clock.key} 的黄色应早于红色，红色不早于一半"


def _thresholds_hold(clock: ClockSpec) -> bool:
    return 1 <= clock.yellow_pct < clock.red_pct <= 1000 and clock.red_pct >= 50


def _references(kind: TicketKind) -> Iterator[str]:
    states = {state.key for state in kind.states}
    clocks = {clock.key for clock in kind.clocks}
    for action in kind.actions:
        if unknown := sorted((action.sources | {action.target}) - states - {""}):
            yield f"操作 {action.key} 提到没有的状态 {unknown[0]}"
        if not action.sources:
            yield f"操作 {action.key} 在哪个状态都不能做"
    for effect in (*kind.opening, *(effect for action in kind.actions for effect in action.effects)):
        if effect.clock not in clocks:
            yield f"提到没有的时限 {effect.clock}"


def _shape(kind: TicketKind) -> Iterator[str]:
    roles = {state.key: state.role for state in kind.states}
    if kind.states[0].role is not Role.WORK:
        yield "第一个状态必须是办理中的状态"
    if Role.END not in roles.values():
        yield "没有办结的状态"
    reached = _reach(kind, kind.states[0].key)
    for key, role in roles.items():
        if key not in reached:
            yield f"状态 {key} 到不了"
        elif role not in _ENDS and not any(roles[end] in _ENDS for end in _reach(kind, key)):
            yield f"从状态 {key} 出发办结不了"


def _passages(kind: TicketKind) -> Iterator[str]:
    """Give the ways past the call-back and the rating."""
    roles = {state.key: state.role for state in kind.states}
    for role, is_needed, name in (
        (Role.FOLLOW_UP, kind.needs_follow_up, "回访"),
        (Role.RATING, kind.needs_rating, "评价"),
    ):
        if not is_needed:
            continue
        ways_in = frozenset(action.key for action in kind.actions if _target_role(roles, action) is role)
        around = _reach(kind, kind.states[0].key, without=ways_in)
        if any(roles[key] is Role.END for key in around):
            yield f"不经{name}就能办结"
    for action in kind.actions:
        yield from _faults_of_passage(action, roles)


def _faults_of_passage(action: Action, roles: Mapping[str, Role]) -> Iterator[str]:
    target = _target_role(roles, action)
    for source in sorted(action.sources):
        role = roles[source]
        if target is None or target is role:
            continue
        if role is Role.FOLLOW_UP and Input.OUTCOME not in action.requires:
            yield f"操作 {action.key} 离开回访却不记回访结果"
        if role is Role.RATING and target is Role.END and not action.requires & {Input.RATING, Input.NOTE}:
            yield f"操作 {action.key} 离开评价却既不评分也不说明"
        if target is Role.VOID and role is not Role.WORK:
            yield f"操作 {action.key} 在办完之后作废工单"
        if target is Role.VOID and Input.NOTE not in action.requires:
            yield f"操作 {action.key} 作废工单却不说明原因"


def _target_role(roles: Mapping[str, Role], action: Action) -> Role | None:
    return roles[action.target] if action.target else None


def _reach(kind: TicketKind, start: str, *, without: Collection[str] = ()) -> set[str]:
    """Return the states that can be reached from one, itself among them, without taking these actions."""
    found, waiting = {start}, [start]
    while waiting:
        state = waiting.pop()
        for action in kind.actions_from(state):
            if action.target and action.target not in found and action.key not in without:
                found.add(action.target)
                waiting.append(action.target)
    return found


def _walk(kind: TicketKind) -> Iterator[str]:
    """Give what is wrong with the clocks on some way through the kind."""
    roles = {state.key: state.role for state in kind.states}
    idle = dict.fromkeys((clock.key for clock in kind.clocks), ClockState.IDLE)
    begun, fault = _apply(kind.opening, idle, "开单")
    if fault:
        yield fault
        return
    first: Config = (kind.states[0].key, frozenset(begun.items()))
    seen, waiting = {first}, [first]
    while waiting:
        state, clocks = waiting.pop()
        yield from _faults_of_place(state, roles[state], dict(clocks))
        for action in kind.actions_from(state):
            then, fault = _apply(action.effects, dict(clocks), f"在状态 {state} 做操作 {action.key}")
            if fault:
                yield fault
                return
            place: Config = (action.target or state, frozenset(then.items()))
            if place not in seen:
                seen.add(place)
                waiting.append(place)


def _apply(effects: Iterable[Effect], clocks: Clocks, where: str) -> tuple[Clocks, str]:
    then = dict(clocks)
    for effect in effects:
        result = after_effect(effect, then[effect.clock])
        if result is None:
            return clocks, f"{where}时，时限 {effect.clock} 不能{_VERBS[effect.verb]}"
        then[effect.clock] = result
    return then, ""


_VERBS = {Verb.START: "开始", Verb.PAUSE: "暂停", Verb.RESUME: "继续", Verb.STOP: "停止"}


def _faults_of_place(state: str, role: Role, clocks: Clocks) -> Iterator[str]:
    active = sorted(key for key, how in clocks.items() if how in {ClockState.RUNNING, ClockState.PAUSED})
    if role in _ENDS and active:
        yield f"到了状态 {state}，时限 {active[0]} 还在走"
    if role not in _ENDS and not active:
        yield f"停在状态 {state} 时没有时限在走，工单会被忘记"


_ORDER = (Role.WORK, Role.FOLLOW_UP, Role.RATING, Role.END)


def choose_main_step(kind: TicketKind, state: str, offered: Sequence[Action]) -> Action | None:
    """Return the step that brings a ticket nearest to its end, the first of equal ones; None when all lead back.

    What declares a ticket void, sends it back or opens it again is never it.
    """
    here = kind.state(state).role
    if here not in _ORDER:
        return None
    gains = {action.key: _gain(here, kind.state(action.target).role) for action in offered if action.target}
    ahead = [action for action in offered if gains.get(action.key, -1) >= 0 and action.target != state]
    return max(ahead, key=lambda action: gains[action.key], default=None)


def _gain(here: Role, there: Role) -> int:
    return _ORDER.index(there) - _ORDER.index(here) if there in _ORDER else -1
