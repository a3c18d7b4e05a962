"""The kinds that come with the program: repairs (故障报修) and the opening of resources (资源开通).

How they close (call-back, rating) is common to them and to the kinds of services that other domains register.
"""

from django.utils.translation import gettext_lazy as _

from chengshu.kernel.tickets.contracts import (
    Action,
    Choice,
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

_NOTE, _OUTCOME, _RATING = Input.NOTE, Input.OUTCOME, Input.RATING
FOLLOW_UP_CLOCK = ClockSpec("follow_up", _("回访时限"), {"": Limit(Mode.WORKING_DAYS, 2)}, yellow_pct=50)
RATING_CLOCK = ClockSpec("rating", _("评价时限"), {"": Limit(Mode.WORKING_DAYS, 5)})


def _on(*sources: str) -> frozenset[str]:
    return frozenset(sources)


def _effects(**verbs: Verb) -> tuple[Effect, ...]:
    return tuple(Effect(verb, clock) for clock, verb in verbs.items())


CLOSING = (
    State("follow_up", _("待回访"), Role.FOLLOW_UP),
    State("rating", _("待评价"), Role.RATING),
    State("closed", _("已办结"), Role.END),
    State("void", _("已作废"), Role.VOID),
)


def closing_actions(work: str, clock: str) -> tuple[Action, ...]:
    """Give the steps after the work: asking the person, who may send it back to the state `work`, and the rating.

    `clock` is the key of the clock that counts the work.
    """
    ask = "tickets.follow_up"
    return (
        Action(
            "confirm",
            _("回访：已解决"),
            _on("follow_up"),
            "rating",
            ask,
            ("by_another",),
            _effects(follow_up=Verb.STOP, rating=Verb.START),
            frozenset({_OUTCOME}),
        ),
        Action(
            "send_back",
            _("回访：未解决，退回办理"),
            _on("follow_up"),
            work,
            ask,
            (),
            _effects(**{"follow_up": Verb.STOP, clock: Verb.START}),
            frozenset({_OUTCOME, _NOTE}),
        ),
        *_rating_actions(work, clock),
    )


def _rating_actions(work: str, clock: str) -> tuple[Action, ...]:
    """Give the steps of the rating, and the way back from a closed ticket."""
    ask = "tickets.follow_up"
    return (
        Action(
            "rate",
            _("登记评价"),
            _on("rating"),
            "closed",
            ask,
            (),
            _effects(rating=Verb.STOP),
            frozenset({_RATING}),
        ),
        Action(
            "close_unrated",
            _("未评价，说明后办结"),
            _on("rating"),
            "closed",
            ask,
            (),
            _effects(rating=Verb.STOP),
            frozenset({_NOTE}),
        ),
        Action(
            "reopen",
            _("重新办理"),
            _on("closed"),
            work,
            "tickets.assign",
            (),
            _effects(**{clock: Verb.START}),
            frozenset({_NOTE}),
        ),
    )


REPAIR = TicketKind(
    key="repair",
    label=_("故障报修"),
    prefix="BX",
    states=(
        State("new", _("待受理")),
        State("repairing", _("修复中")),
        State("waiting", _("等待用户")),
        *CLOSING,
    ),
    actions=(
        Action(
            "accept",
            _("受理"),
            _on("new"),
            "repairing",
            "tickets.handle",
            (),
            _effects(response=Verb.STOP),
            sets_assignee=True,
        ),
        Action(
            "finish",
            _("修复完成"),
            _on("repairing"),
            "follow_up",
            "tickets.handle",
            ("by_assignee",),
            _effects(repair=Verb.STOP, follow_up=Verb.START),
            frozenset({_NOTE}),
        ),
        Action(
            "wait",
            _("等待用户配合"),
            _on("repairing"),
            "waiting",
            "tickets.handle",
            ("by_assignee",),
            _effects(repair=Verb.PAUSE),
            frozenset({_NOTE}),
        ),
        Action(
            "go_on",
            _("继续修复"),
            _on("waiting"),
            "repairing",
            "tickets.handle",
            (),
            _effects(repair=Verb.RESUME),
        ),
        *closing_actions("repairing", "repair"),
        Action(
            "void",
            _("作废"),
            _on("new"),
            "void",
            "tickets.assign",
            (),
            _effects(response=Verb.STOP, repair=Verb.STOP),
            frozenset({_NOTE}),
        ),
    ),
    clocks=(
        ClockSpec("response", _("响应时限"), {"urgent": Limit(Mode.MINUTES, 15), "": Limit(Mode.MINUTES, 30)}),
        ClockSpec("repair", _("修复时限"), {"urgent": Limit(Mode.HOURS, 2), "": Limit(Mode.HOURS, 4)}),
        FOLLOW_UP_CLOCK,
        RATING_CLOCK,
    ),
    opening=_effects(response=Verb.START, repair=Verb.START),
    priorities=(Choice("normal", _("一般")), Choice("urgent", _("紧急"))),
    categories=(Choice("network", _("网络侧")), Choice("user", _("用户侧"))),
)

OPENING = TicketKind(
    key="opening",
    label=_("资源开通"),
    prefix="KT",
    states=(
        State("new", _("待勘察")),
        State("opening", _("开通中")),
        State("supplement", _("待补充材料")),
        *CLOSING,
    ),
    actions=(
        Action(
            "survey",
            _("勘察定级"),
            _on("new"),
            "opening",
            "tickets.handle",
            (),
            _effects(response=Verb.STOP),
            frozenset({Input.PRIORITY}),
            sets_assignee=True,
        ),
        Action(
            "finish",
            _("开通完成"),
            _on("opening"),
            "follow_up",
            "tickets.handle",
            ("by_assignee",),
            _effects(open=Verb.STOP, follow_up=Verb.START),
            frozenset({_NOTE}),
        ),
        Action(
            "ask",
            _("要求补充材料"),
            _on("opening"),
            "supplement",
            "tickets.handle",
            ("by_assignee",),
            _effects(open=Verb.PAUSE),
            frozenset({_NOTE}),
        ),
        Action(
            "go_on",
            _("材料已补齐"),
            _on("supplement"),
            "opening",
            "tickets.handle",
            (),
            _effects(open=Verb.RESUME),
        ),
        *closing_actions("opening", "open"),
        Action(
            "void",
            _("作废"),
            _on("new"),
            "void",
            "tickets.assign",
            (),
            _effects(response=Verb.STOP, open=Verb.STOP),
            frozenset({_NOTE}),
        ),
    ),
    clocks=(
        ClockSpec("response", _("勘察时限"), {"": Limit(Mode.WORKING_DAYS, 1)}, ends_with_office=True, yellow_pct=50),
        ClockSpec(
            "open",
            _("开通时限"),
            {
                "ready": Limit(Mode.HOURS, 6),
                "extend": Limit(Mode.WORKING_DAYS, 10),
                "build": Limit(Mode.WORKING_DAYS, 30),
            },
        ),
        FOLLOW_UP_CLOCK,
        RATING_CLOCK,
    ),
    opening=_effects(response=Verb.START, open=Verb.START),
    priorities=(
        Choice("build", _("需新建资源")),
        Choice("extend", _("需扩容资源")),
        Choice("ready", _("已有资源")),
    ),
)

SHIPPED = (REPAIR, OPENING)
