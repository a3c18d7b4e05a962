"""What the data-operation service measures of its tickets: work and troubles in time, faults, checks of security.

All of it holds what stood when the window ended, as the figures of tickets do.
"""

from collections.abc import Iterator

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from chengshu.kernel.indicators.facade import Aggregation, Direction, FactColumn, FactKind, IndicatorSpec
from chengshu.resources.indicators.parts import NUMBER, within
from chengshu.resources.operations.service_tickets import HANDLING, PLATFORM, SECURITY_CHECK, TROUBLE, WORK

_IN_TICKET = within("t.organisation_id")
_STOOD = "z.since_at < %(until)s AND (z.ended_at IS NULL OR z.ended_at >= %(until)s)"
_NOT_VOID = f"NOT EXISTS (SELECT 1 FROM tickets_ticketstanding z WHERE z.ticket_id = t.id AND z.is_void AND {_STOOD})"  # noqa: S608 - constants of the house
_CATEGORY = FactColumn("category", _("类别"))
_OPENED = FactColumn("opened_at", _("开单时间"), FactKind.MOMENT)


def list_services() -> Iterator[IndicatorSpec]:
    """Give the indicators of the service."""
    yield _on_time("work_on_time_rate", _("服务工单按时完成率"), WORK)
    yield _on_time("trouble_on_time_rate", _("数据报障处置及时率"), TROUBLE)
    yield _fault_rate()
    yield _security_checks()


def _on_time(key: str, name: Promise, kind: str) -> IndicatorSpec:
    """Count each round of the handling clock once, at the moment when its outcome stood.

    That is when the work was done, or the moment it was due where it was not done by then, so that work which is
    overdue and still lies open counts too, and stays the same fact when it is done at last. A stop counts in windows
    that ended after it and before it was taken back; a round of which nobody was told that it was overdue counts as such
    once it has stopped. What is declared void in time counts nowhere; voiding what is overdue does not undo that.
    """
    return IndicatorSpec(
        key=f"resources.{key}",
        name=name,
        unit="%",
        direction=Direction.UP,
        aggregation=Aggregation.RATIO,
        factor=100,
        definition=_(
            "期内按时办完的工单 ÷（按时办完的＋到期没有办完的）；退回重办的另计一次，暂停等人的时间不计，"
            "没有超期就作废的不计，作废前已经超期的照计；超期仍未办完的也在分母里；"
            "以期末的情形为准，期末之后办完、撤回、重办或作废的不改变"
        ),
        columns=(
            NUMBER,
            FactColumn("round", _("轮次"), FactKind.INTEGER),
            FactColumn("told_at", _("办完或到期"), FactKind.MOMENT),
        ),
        sql=f"""SELECT CAST(t.id AS text) || '-' || CAST(x.round AS text) AS fact_key,
    x.met AS numerator, 1 AS denominator, t.number, x.round, x.told_at
FROM ({_outcomes()}) x
JOIN tickets_ticket t ON t.id = x.ticket_id
WHERE t.kind = '{kind}'
    AND x.told_at >= %(from)s AND x.told_at < %(until)s AND {_IN_TICKET}""",  # noqa: S608 - constants of the house
    )


def _outcomes() -> str:
    """Give the rounds of handling with their outcome: those that stopped, those told to be overdue, those found so late."""
    return f"""SELECT s.ticket_id, s.round, CASE WHEN s.is_met THEN 1 ELSE 0 END AS met,
        CASE WHEN s.is_met THEN s.stopped_at ELSE s.due_at END AS told_at
    FROM tickets_settlement s
    WHERE s.clock = '{HANDLING}' AND NOT (s.is_void AND s.is_met) AND {_standing("s")}
    UNION ALL
    SELECT l.ticket_id, l.round, 0 AS met, l.due_at AS told_at
    FROM tickets_raisedlevel l
    WHERE l.clock = '{HANDLING}' AND l.level = 'red' AND l.due_at IS NOT NULL AND {_nothing_stood("l")}
    UNION ALL
    SELECT s.ticket_id, s.round, 0 AS met, s.due_at AS told_at
    FROM tickets_settlement s
    WHERE s.clock = '{HANDLING}' AND NOT s.is_met AND s.revoked_at IS NULL AND s.stopped_at >= %(until)s
        AND {_nothing_stood("s")}
        AND NOT EXISTS (SELECT 1 FROM tickets_raisedlevel l WHERE l.ticket_id = s.ticket_id AND l.clock = s.clock
            AND l.round = s.round AND l.level = 'red')"""  # noqa: S608 - constants of the house


def _standing(alias: str) -> str:
    """Give the condition that a stop stood at the end of the window; `alias` is a constant of the house."""
    return f"{alias}.stopped_at < %(until)s AND ({alias}.revoked_at IS NULL OR {alias}.revoked_at >= %(until)s)"


def _nothing_stood(alias: str) -> str:
    """Give the condition that no stop of the same round stood at the end of the window."""
    return f"""NOT EXISTS (SELECT 1 FROM tickets_settlement y WHERE y.ticket_id = {alias}.ticket_id
            AND y.clock = {alias}.clock AND y.round = {alias}.round AND {_standing("y")})"""  # noqa: S608 - see above


def _fault_rate() -> IndicatorSpec:
    return IndicatorSpec(
        key="resources.service_fault_rate",
        name=_("数据服务故障率"),
        unit="%",
        direction=Direction.DOWN,
        aggregation=Aggregation.RATIO,
        factor=100,
        definition=_(
            "期内开出的服务工单和报障里，因平台和服务本身的故障而报障的占多少；"
            "原因在来源单位或使用单位系统的报障只计入分母，到期末已作废的都不计"
        ),
        columns=(NUMBER, FactColumn("kind", _("种类")), _CATEGORY, _OPENED),
        sql=f"""SELECT CAST(t.id AS text) AS fact_key,
    CASE WHEN t.kind = '{TROUBLE}' AND t.category = '{PLATFORM}' THEN 1 ELSE 0 END AS numerator, 1 AS denominator,
    t.number, t.kind, t.category, t.opened_at
FROM tickets_ticket t
WHERE t.kind IN ('{WORK}', '{TROUBLE}') AND {_NOT_VOID}
    AND t.opened_at >= %(from)s AND t.opened_at < %(until)s AND {_IN_TICKET}""",  # noqa: S608 - constants of the house
    )


def _security_checks() -> IndicatorSpec:
    return IndicatorSpec(
        key="resources.security_checks",
        name=_("数据安全核查数"),
        unit=gettext_noop("次"),
        direction=Direction.UP,
        aggregation=Aggregation.COUNT,
        digits=0,
        definition=_("期内办完、到期末没有退回重办的“数据安全核查”类服务工单；期末之后退回重办的照计"),
        columns=(NUMBER, FactColumn("work_done_at", _("办完时间"), FactKind.MOMENT)),
        sql=f"""SELECT CAST(t.id AS text) AS fact_key, 1 AS numerator, t.number, z.work_done_at
FROM tickets_ticketstanding z
JOIN tickets_ticket t ON t.id = z.ticket_id
WHERE z.kind = '{WORK}' AND z.category = '{SECURITY_CHECK}' AND {_STOOD}
    AND z.work_done_at >= %(from)s AND z.work_done_at < %(until)s AND {_IN_TICKET}""",  # noqa: S608 - constants of the house
    )
