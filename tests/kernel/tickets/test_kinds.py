"""A kind that contradicts itself is refused before the first ticket."""

from dataclasses import replace
from typing import Any

import pytest

from chengshu.kernel.tickets.contracts import (
    Action,
    ClockSpec,
    Effect,
    Input,
    Limit,
    Mode,
    Role,
    State,
    TicketKind,
    Verb,
)
from chengshu.kernel.tickets.errors import KindInvalid, KindTwice
from chengshu.kernel.tickets.kinds import OPENING, REPAIR, SHIPPED
from chengshu.kernel.tickets.registry import list_kinds, register_kind
from chengshu.kernel.tickets.rules.kinds import refuse_faults

GUARDS = ("assigned", "by_assignee", "by_another")


def _changed(of: str, **changes: Any) -> TicketKind:
    """The repair kind with one action changed; None takes it away."""
    actions = [replace(action, **changes) if action.key == of else action for action in REPAIR.actions]
    return replace(REPAIR, actions=tuple(actions))


def _without(*keys: str) -> TicketKind:
    return replace(REPAIR, actions=tuple(action for action in REPAIR.actions if action.key not in keys))


def _with(*actions: Action) -> TicketKind:
    return replace(REPAIR, actions=(*REPAIR.actions, *actions))


def _end(source: str, target: str, *, effects: tuple[Effect, ...] = (), **changes: Any) -> Action:
    return Action("extra", "直接办结", frozenset({source}), target, "tickets.handle", effects=effects, **changes)


STOP_REPAIR = (Effect(Verb.STOP, "repair"),)
FAULTS = {
    "到不了": replace(REPAIR, states=(*REPAIR.states, State("lost", "丢失"))),
    "办结不了": _with(replace(_end("repairing", "stuck"), target="stuck")),
    "没有办结的状态": replace(
        REPAIR, states=tuple(replace(s, role=Role.VOID) if s.role is Role.END else s for s in REPAIR.states)
    ),
    "不经回访就能办结": _with(_end("repairing", "rating", effects=(*STOP_REPAIR, Effect(Verb.START, "rating")))),
    "不经评价就能办结": _with(
        _end("follow_up", "closed", effects=(Effect(Verb.STOP, "follow_up"),), requires=frozenset({Input.OUTCOME}))
    ),
    "不记回访结果": _changed("confirm", requires=frozenset()),
    "既不评分也不说明": _changed("rate", requires=frozenset()),
    "在办完之后作废": _with(
        _end("follow_up", "void", effects=(Effect(Verb.STOP, "follow_up"),), requires=frozenset({Input.OUTCOME}))
    ),
    "作废工单却不说明原因": _changed("void", requires=frozenset()),
    "还在走": _changed("rate", effects=()),
    "会被忘记": _changed("finish", effects=STOP_REPAIR),
    "不能继续": _changed("accept", effects=(Effect(Verb.RESUME, "response"),)),
    "没有的状态 nowhere": _changed("accept", target="nowhere"),
    "没有的时限 nothing": _changed("accept", effects=(Effect(Verb.STOP, "nothing"),)),
    "没有名为 luck 的条件": _changed("accept", guards=("luck",)),
    "写了两次": replace(REPAIR, states=(*REPAIR.states, REPAIR.states[0])),
    "小写字母": _changed("accept", key="接单"),
    "编号前缀": replace(REPAIR, prefix="bx"),
    "没有的优先级 vip": replace(
        REPAIR, clocks=(replace(REPAIR.clocks[0], limits={"vip": Limit(Mode.HOURS, 1)}), *REPAIR.clocks[1:])
    ),
    "没有写全各优先级": replace(
        REPAIR, clocks=(replace(REPAIR.clocks[0], limits={"urgent": Limit(Mode.HOURS, 1)}), *REPAIR.clocks[1:])
    ),
    "至少为 1": replace(
        REPAIR, clocks=(replace(REPAIR.clocks[0], limits={"": Limit(Mode.HOURS, 0)}), *REPAIR.clocks[1:])
    ),
    "黄色应早于红色": replace(REPAIR, clocks=(replace(REPAIR.clocks[0], yellow_pct=100), *REPAIR.clocks[1:])),
    "第一个状态": replace(REPAIR, states=(REPAIR.states[-1], *REPAIR.states[:-1])),
    "都要有": replace(REPAIR, priorities=()),
}
FAULTS["办结不了"] = replace(_with(_end("repairing", "stuck")), states=(*REPAIR.states, State("stuck", "卡住")))


@pytest.mark.parametrize("fault", FAULTS)
def test_refuses_a_kind_with_a_fault(fault: str) -> None:
    with pytest.raises(KindInvalid, match=fault):
        refuse_faults(FAULTS[fault], GUARDS)


@pytest.mark.parametrize("kind", SHIPPED, ids=lambda kind: kind.key)
def test_takes_the_kinds_of_the_program(kind: TicketKind) -> None:
    refuse_faults(kind, GUARDS)
    assert kind in list_kinds()


def test_lets_a_kind_do_without_call_back_and_rating_when_it_says_so() -> None:
    clock = ClockSpec("work", "办理时限", {"": Limit(Mode.WORKING_DAYS, 5)})
    done = Action("done", "办完", frozenset({"new"}), "closed", "tickets.handle", effects=(Effect(Verb.STOP, "work"),))
    bare = TicketKind(
        "note",
        "便条",
        "BT",
        (State("new", "新"), State("closed", "完", Role.END)),
        (done,),
        (clock,),
        (Effect(Verb.START, "work"),),
        REPAIR.priorities,
        needs_follow_up=False,
        needs_rating=False,
    )
    refuse_faults(bare, GUARDS)
    with pytest.raises(KindInvalid, match="回访"):
        refuse_faults(replace(bare, needs_follow_up=True), GUARDS)


def test_refuses_two_kinds_with_one_key_or_prefix() -> None:
    with pytest.raises(KindTwice, match="repair"):
        register_kind(replace(REPAIR, label="另一种报修"))
    with pytest.raises(KindTwice, match="KT"):
        register_kind(replace(OPENING, key="other"))
    register_kind(REPAIR)
