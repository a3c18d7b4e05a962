"""What the months that are over tell: obligations of departments that were met, standing mechanisms that worked."""

from collections.abc import Iterator, Mapping

from django.utils.translation import gettext_lazy as _

from chengshu.kernel.indicators.facade import Aggregation, Direction, FactColumn, FactKind, IndicatorSpec
from chengshu.resources.contracts.months import MonthTopic
from chengshu.resources.indicators.parts import within

#: What each topic is called in the evidence, and the page where it can be looked up. Evidence is the same in every language.
_TOPICS: Mapping[MonthTopic, tuple[str, str]] = {
    MonthTopic.PLAN: ("应检查的资源列入当月计划", "/resources/quality/checks/"),
    MonthTopic.CHECKS: ("计划的质量检查当月完成", "/resources/quality/checks/"),
    MonthTopic.DELIVERIES: ("约定的数据按时交付", "/resources/sources/"),
    MonthTopic.DRIFT: ("上月留下的结构变化已处理", "/resources/sources/"),
    MonthTopic.DISPUTES: ("编目异议按时答复和裁定", "/tickets/"),
    MonthTopic.RECTIFYING: ("质量问题按时整改和裁定", "/resources/quality/"),
    MonthTopic.FOLLOW_UPS: ("办完的服务工单和报障按时回访", "/tickets/"),
    MonthTopic.CHECK_PLAN: ("有应检查资源的单位都做了计划检查", "/resources/quality/checks/"),
    MonthTopic.PROMISES: ("在用的数据源都有交换约定", "/resources/sources/"),
    MonthTopic.RESPONSIBLE: ("已发布的资源都有在岗的数据专员", "/resources/all/"),
    MonthTopic.ESCALATION: ("超期的时限都已升级提醒", "/tickets/"),
    MonthTopic.UPKEEP: ("数据湖整理和检查安排按时执行", "/jobs/"),
    MonthTopic.AUDIT_SEAL: ("当月的审计记录都已签名封存", "/audit/"),
}
_COLUMNS = (
    FactColumn("month_on", _("月份"), FactKind.DAY),
    FactColumn("title", _("事项")),
    FactColumn("items", _("应办数"), FactKind.INTEGER),
    FactColumn("kept", _("办到数"), FactKind.INTEGER),
    FactColumn("is_kept", _("是否做到"), FactKind.BOOLEAN),
    FactColumn("page", _("在哪里看")),
)


def list_months() -> Iterator[IndicatorSpec]:
    """Give the indicators of what months ask for."""
    yield _obligations()
    yield _mechanisms()


def _obligations() -> IndicatorSpec:
    return IndicatorSpec(
        key="resources.management_capacity",
        name=_("公共数据管理职责履行率"),
        unit="%",
        direction=Direction.UP,
        aggregation=Aggregation.RATIO,
        factor=100,
        definition=_(
            "期内各月、各单位的管理职责里全部按时做到的占多少。职责有七项：列入检查计划、完成计划检查、按约定交付、"
            "处理上月留下的结构变化、按时答复和裁定编目异议、按时整改质量问题、按时回访；"
            "一个单位一个月一项职责计一条，当月没有这类事项的不计，没有结束的月份不计"
        ),
        columns=(*_COLUMNS[:1], FactColumn("code", _("单位代码")), *_COLUMNS[1:]),
        sql=f"""SELECT CAST(m.month_on AS text) || '/' || m.topic || '/' || COALESCE(o.code, '') AS fact_key,
    CASE WHEN m.kept = m.items THEN 1 ELSE 0 END AS numerator, 1 AS denominator, m.month_on, o.code,
    {_case(0)} AS title, m.items, m.kept, CASE WHEN m.kept = m.items THEN 1 ELSE 0 END AS is_kept, {_case(1)} AS page
FROM resources_monthrecord m
LEFT JOIN organisations_organisation o ON o.id = m.organisation_id
WHERE m.chapter = 'obligation' AND {_WINDOW}""",  # noqa: S608 - constants of the house
    )


def _mechanisms() -> IndicatorSpec:
    return IndicatorSpec(
        key="resources.standing_mechanisms",
        name=_("长效机制落实率"),
        unit="%",
        direction=Direction.UP,
        aggregation=Aggregation.RATIO,
        factor=100,
        definition=_(
            "期内各月的长效机制里当月有效运行的占多少。机制有六项：月度质量检查计划、数据交换约定、资源责任人、超期升级提醒、"
            "数据湖整理和检查安排的定时执行、审计签名封存；一个月一项机制计一条，有一个单位没有落实的就算没有落实，"
            "当月没有这类事项的不计，没有结束的月份不计。备份没有留存在平台的记录里，不计"
        ),
        columns=_COLUMNS,
        sql=f"""SELECT m.month || '/' || m.topic AS fact_key,
    CASE WHEN m.kept = m.items THEN 1 ELSE 0 END AS numerator, 1 AS denominator, m.month_on,
    {_case(0)} AS title, m.items, m.kept, CASE WHEN m.kept = m.items THEN 1 ELSE 0 END AS is_kept, {_case(1)} AS page
FROM (SELECT CAST(m.month_on AS text) AS month, m.month_on, m.topic, SUM(m.items) AS items, SUM(m.kept) AS kept
    FROM resources_monthrecord m
    WHERE m.chapter = 'mechanism' AND {_WINDOW}
    GROUP BY m.month_on, m.topic) m""",  # noqa: S608 - constants of the house
    )


_WINDOW = (
    "m.month_at >= %(from)s AND m.ended_at <= %(until)s"
    f" AND (m.organisation_id IS NULL OR {within('m.organisation_id')})"
)


def _case(place: int) -> str:
    lines = " ".join(f"WHEN '{topic.value}' THEN '{told[place]}'" for topic, told in _TOPICS.items())
    return f"CASE m.topic {lines} END"
