"""The tickets of the data-operation service: work that is asked for (服务工单) and troubles that are reported (报障).

Both are opened and handled on the pages of tickets by those who handle tickets at the organisation that runs the
service; the person is called back and asked for a rating, as with repairs.
"""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from chengshu.kernel.tickets.facade import (
    CLOSING,
    FOLLOW_UP_CLOCK,
    RATING_CLOCK,
    Action,
    Choice,
    ClockSpec,
    Effect,
    Input,
    Limit,
    Mode,
    State,
    TicketKind,
    Verb,
    closing_actions,
)

WORK, TROUBLE = "data_work", "data_trouble"
HANDLING = "handle"
"""The clock of both kinds that counts the work itself, from opening until it is done."""
SECURITY_CHECK, PLATFORM = "security_check", "platform"
"""Categories that indicators ask for: a check of data security, and a trouble whose cause lies in the service."""
VOID = "void"
_HANDLE, _NOTE = "tickets.handle", frozenset({Input.NOTE})


def _effects(**verbs: Verb) -> tuple[Effect, ...]:
    return tuple(Effect(verb, clock) for clock, verb in verbs.items())


def _on(*sources: str) -> frozenset[str]:
    return frozenset(sources)


def _steps(finished: Promise) -> tuple[Action, ...]:
    """Give the steps from acceptance to the call-back; `finished` is what the last one is called."""
    return (
        Action(
            "accept", _("受理"), _on("new"), "working", _HANDLE, (), _effects(response=Verb.STOP), sets_assignee=True
        ),
        Action(
            "finish",
            finished,
            _on("working"),
            "follow_up",
            _HANDLE,
            ("by_assignee",),
            _effects(handle=Verb.STOP, follow_up=Verb.START),
            _NOTE,
        ),
        Action(
            "wait",
            _("等待申请人补充"),
            _on("working"),
            "waiting",
            _HANDLE,
            ("by_assignee",),
            _effects(handle=Verb.PAUSE),
            _NOTE,
        ),
        Action("go_on", _("继续办理"), _on("waiting"), "working", _HANDLE, (), _effects(handle=Verb.RESUME)),
        *closing_actions("working", HANDLING),
        Action(
            VOID,
            _("作废"),
            _on("new"),
            VOID,
            "tickets.assign",
            (),
            _effects(response=Verb.STOP, handle=Verb.STOP),
            _NOTE,
        ),
    )


_STATES = (
    State("new", _("待受理")),
    State("working", _("办理中")),
    State("waiting", _("等待申请人")),
    *CLOSING,
)
_OPENING = _effects(response=Verb.START, handle=Verb.START)
_PRIORITIES = (Choice("normal", _("一般")), Choice("urgent", _("紧急")))


def _limits(normal: Limit, urgent: Limit) -> dict[str, Limit]:
    return {"": normal, "urgent": urgent}


_DAYS, _HOURS, _MINUTES = Mode.WORKING_DAYS, Mode.HOURS, Mode.MINUTES

WORK_KIND = TicketKind(
    key=WORK,
    label=_("数据服务工单"),
    prefix="SJFW",
    states=_STATES,
    actions=_steps(_("办理完成")),
    clocks=(
        ClockSpec("response", _("受理时限"), _limits(Limit(_HOURS, 8), Limit(_HOURS, 2)), in_office_hours=True),
        ClockSpec(HANDLING, _("办理时限"), _limits(Limit(_DAYS, 5), Limit(_DAYS, 2))),
        FOLLOW_UP_CLOCK,
        RATING_CLOCK,
    ),
    opening=_OPENING,
    priorities=_PRIORITIES,
    categories=(
        Choice("collection", _("归集")),
        Choice("cataloguing", _("编目")),
        Choice("quality", _("质量")),
        Choice(SECURITY_CHECK, _("数据安全核查")),
        Choice("other", _("其他事项")),
    ),
)

TROUBLE_KIND = TicketKind(
    key=TROUBLE,
    label=_("数据服务报障"),
    prefix="SJBZ",
    states=_STATES,
    actions=_steps(_("处置完成")),
    clocks=(
        ClockSpec("response", _("响应时限"), _limits(Limit(_MINUTES, 30), Limit(_MINUTES, 15))),
        ClockSpec(HANDLING, _("处置时限"), _limits(Limit(_HOURS, 8), Limit(_HOURS, 4))),
        FOLLOW_UP_CLOCK,
        RATING_CLOCK,
    ),
    opening=_OPENING,
    priorities=_PRIORITIES,
    categories=(
        Choice(PLATFORM, _("平台和服务")),
        Choice("source", _("来源单位的系统")),
        Choice("user", _("使用单位的系统")),
    ),
)

SERVICE_KINDS = (WORK_KIND, TROUBLE_KIND)
