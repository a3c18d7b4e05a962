"""What the data-operation service measures of its tickets: work and troubles in time, faults, checks of security."""

from collections.abc import Iterator

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from chengshu.kernel.indicators.facade import Aggregation, Direction, FactColumn, FactKind, IndicatorSpec
from chengshu.resources.indicators.parts import NUMBER, within
from chengshu.resources.operations.service_tickets import HANDLING, PLATFORM, SECURITY_CHECK, TROUBLE, VOID, WORK

_IN_TICKET = within("t.organisation_id")
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
    overdue and still lies open counts too, and stays the same fact when it is done at last.
    """
    return IndicatorSpec(
        key=f"resources.{key}",
        name=name,
        unit="%",
        direction=Direction.UP,
        aggregation=Aggregation.RATIO,
        factor=100,
        definition=_(
            "期内按时办完的工单 ÷（按时办完的＋到期没有办完的）；退回重办的另计一次，暂停等人的时间不计，作废的不计；"
            "超期仍未办完的也在分母里"
        ),
        columns=(
            NUMBER,
            FactColumn("round", _("轮次"), FactKind.INTEGER),
            FactColumn("told_at", _("办完或到期"), FactKind.MOMENT),
        ),
        sql=f"""SELECT CAST(t.id AS text) || '-' || CAST(x.round AS text) AS fact_key,
    x.met AS numerator, 1 AS denominator, t.number, x.round, x.told_at
FROM (SELECT s.ticket_id, s.round, CASE WHEN s.is_met THEN 1 ELSE 0 END AS met,
        CASE WHEN s.is_met THEN s.stopped_at ELSE s.due_at END AS told_at
    FROM tickets_settlement s
    WHERE s.clock = '{HANDLING}' AND s.revoked_at IS NULL
    UNION ALL
    SELECT l.ticket_id, l.round, 0 AS met, l.due_at AS told_at
    FROM tickets_raisedlevel l
    WHERE l.clock = '{HANDLING}' AND l.level = 'red' AND l.due_at IS NOT NULL
        AND NOT EXISTS (SELECT 1 FROM tickets_settlement s WHERE s.ticket_id = l.ticket_id AND s.clock = l.clock
            AND s.round = l.round AND s.revoked_at IS NULL)) x
JOIN tickets_ticket t ON t.id = x.ticket_id
WHERE t.kind = '{kind}' AND t.state <> '{VOID}'
    AND x.told_at >= %(from)s AND x.told_at < %(until)s AND {_IN_TICKET}""",  # noqa: S608 - constants of the house
    )


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
            "原因在来源单位或使用单位系统的报障只计入分母，作废的都不计"
        ),
        columns=(NUMBER, FactColumn("kind", _("种类")), _CATEGORY, _OPENED),
        sql=f"""SELECT CAST(t.id AS text) AS fact_key,
    CASE WHEN t.kind = '{TROUBLE}' AND t.category = '{PLATFORM}' THEN 1 ELSE 0 END AS numerator, 1 AS denominator,
    t.number, t.kind, t.category, t.opened_at
FROM tickets_ticket t
WHERE t.kind IN ('{WORK}', '{TROUBLE}') AND t.state <> '{VOID}'
    AND t.opened_at >= %(from)s AND t.opened_at < %(until)s AND {_IN_TICKET}""",  # noqa: S608 - constants of the house
    )


def _security_checks() -> IndicatorSpec:
    return IndicatorSpec(
        key="resources.security_checks",
        name=_("数据安全核查数"),
        unit=str(_("次")),
        direction=Direction.UP,
        aggregation=Aggregation.COUNT,
        digits=0,
        definition=_("期内办完的“数据安全核查”类服务工单；退回重办后没有再办完的不计"),
        columns=(NUMBER, FactColumn("work_done_at", _("办完时间"), FactKind.MOMENT)),
        sql=f"""SELECT CAST(t.id AS text) AS fact_key, 1 AS numerator, t.number, t.work_done_at
FROM tickets_ticket t
WHERE t.kind = '{WORK}' AND t.category = '{SECURITY_CHECK}' AND t.state <> '{VOID}'
    AND t.work_done_at >= %(from)s AND t.work_done_at < %(until)s AND {_IN_TICKET}""",  # noqa: S608 - constants of the house
    )
