"""What quality measures: rows and issues rectified, checks done, coverage of the plan."""

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from chengshu.kernel.indicators.facade import Aggregation, Direction, FactColumn, FactKind, IndicatorSpec
from chengshu.resources.indicators.parts import CODE, IN_RESOURCE, NAME, NUMBER, told_resource, within

_RULE = FactColumn("rule_name", _("规则"))
_FOUND, _SETTLED = (
    FactColumn("opened_at", _("发现时间"), FactKind.MOMENT),
    FactColumn("settled_at", _("办结时间"), FactKind.MOMENT),
)
_DIGEST = FactColumn("key_digest", _("标识摘要"))
_FATE = FactColumn("fate", _("整改结果"))
_RUN = FactColumn("verified_in_id", _("复检"), FactKind.INTEGER)
_WITHIN = within("i.organisation_id")
_ISSUES = f"""FROM resources_qualityissue i
{told_resource("i.resource_id")}
JOIN resources_qualityrule q ON q.id = i.rule_id
LEFT JOIN resources_ruleoutcome o ON o.run_id = i.opened_in_id AND o.rule_id = i.rule_id
LEFT JOIN resources_rulerevision v ON v.rule_id = i.rule_id AND v.number = o.revision
JOIN tickets_ticket t ON t.id = i.ticket_id"""
_FOUND_IN = "i.opened_at >= %(from)s AND i.opened_at < %(until)s"


def list_quality() -> Iterator[IndicatorSpec]:
    """Give the indicators of quality."""
    yield from _rates()
    yield from _counts()
    yield from _checks()
    yield _months()


def _rates() -> Iterator[IndicatorSpec]:
    yield IndicatorSpec(
        key="resources.rectification_rate",
        name=_("数据质量问题整改率"),
        unit="%",
        direction=Direction.UP,
        aggregation=Aggregation.RATIO,
        factor=100,
        definition=_("期内发现的问题行里，到期末经复检确认已更正或已删除的占多少；到期末已裁定不成立的行不计"),
        columns=(CODE, _RULE, _DIGEST, _FATE, _RUN, _FOUND, _SETTLED),
        sql=f"""SELECT CAST(w.id AS text) AS fact_key,
    CASE WHEN w.settled_at < %(until)s THEN 1 ELSE 0 END AS numerator, 1 AS denominator,
    r.code, COALESCE(v.name, q.name) AS rule_name, w.key_digest,
    CASE WHEN w.settled_at < %(until)s THEN w.fate ELSE 'owed' END AS fate,
    CASE WHEN w.settled_at < %(until)s THEN w.verified_in_id END AS verified_in_id, i.opened_at,
    CASE WHEN w.settled_at < %(until)s THEN w.settled_at END AS settled_at
{_ISSUES}
JOIN resources_issuerow w ON w.issue_id = i.id
WHERE (w.fate <> 'void' OR w.settled_at >= %(until)s) AND {_FOUND_IN} AND {_WITHIN}""",
    )
    yield IndicatorSpec(
        key="resources.issues_rectified_rate",
        name=_("数据质量问题办结率"),
        unit="%",
        direction=Direction.UP,
        aggregation=Aggregation.RATIO,
        factor=100,
        definition=_("期内发现的质量问题里，到期末全部问题行经复检确认的占多少；到期末已撤销的不计"),
        columns=(NUMBER, CODE, _RULE, _FOUND, _SETTLED),
        sql=f"""SELECT CAST(i.id AS text) AS fact_key,
    CASE WHEN i.settled_at < %(until)s THEN 1 ELSE 0 END AS numerator, 1 AS denominator,
    t.number, r.code, COALESCE(v.name, q.name) AS rule_name, i.opened_at,
    CASE WHEN i.settled_at < %(until)s THEN i.settled_at END AS settled_at
{_ISSUES}
WHERE (i.state <> 'void' OR i.settled_at >= %(until)s) AND {_FOUND_IN} AND {_WITHIN}""",
    )


def _counts() -> Iterator[IndicatorSpec]:
    yield IndicatorSpec(
        key="resources.issues_found",
        name=_("发现数据质量问题数"),
        unit=gettext_noop("个"),
        direction=Direction.DOWN,
        aggregation=Aggregation.COUNT,
        digits=0,
        definition=_("期内检查发现的质量问题；到期末已撤销的不计"),
        columns=(NUMBER, CODE, _RULE, _FOUND),
        sql=f"""SELECT CAST(i.id AS text) AS fact_key, 1 AS numerator, t.number, r.code, COALESCE(v.name, q.name) AS rule_name, i.opened_at
{_ISSUES}
WHERE (i.state <> 'void' OR i.settled_at >= %(until)s) AND {_FOUND_IN} AND {_WITHIN}""",
    )
    yield IndicatorSpec(
        key="resources.issues_rectified",
        name=_("整改完成数据质量问题数"),
        unit=gettext_noop("个"),
        direction=Direction.UP,
        aggregation=Aggregation.COUNT,
        digits=0,
        definition=_("期内全部问题行经复检确认而办结的质量问题"),
        columns=(NUMBER, CODE, _RULE, _SETTLED),
        sql=f"""SELECT CAST(i.id AS text) AS fact_key, 1 AS numerator, t.number, r.code, COALESCE(v.name, q.name) AS rule_name, i.settled_at
{_ISSUES}
WHERE i.state = 'rectified' AND i.settled_at >= %(from)s AND i.settled_at < %(until)s AND {_WITHIN}""",
    )


def _checks() -> Iterator[IndicatorSpec]:
    yield IndicatorSpec(
        key="resources.check_coverage",
        name=_("数据质量检查覆盖率"),
        unit="%",
        direction=Direction.UP,
        aggregation=Aggregation.RATIO,
        factor=100,
        definition=_("期内各月计划检查的数据资源里，当月已完成检查的占多少"),
        columns=(CODE, NAME, FactColumn("month_on", _("月份"), FactKind.DAY)),
        sql=f"""SELECT CAST(p.id AS text) AS fact_key,
    CASE WHEN EXISTS (SELECT 1 FROM resources_checkrun c WHERE c.resource_id = p.resource_id
        AND c.month_on = p.month_on AND c.kind = 'full' AND c.state = 'done' AND c.finished_at < %(until)s)
    THEN 1 ELSE 0 END AS numerator, 1 AS denominator, r.code, r.name, p.month_on
FROM resources_plannedcheck p
{told_resource("p.resource_id")}
WHERE p.month_at >= %(from)s AND p.month_at < %(until)s AND {IN_RESOURCE}""",  # noqa: S608 - constants of the house
    )
    yield IndicatorSpec(
        key="resources.checks_done",
        name=_("完成数据质量检查次数"),
        unit=gettext_noop("次"),
        direction=Direction.UP,
        aggregation=Aggregation.COUNT,
        digits=0,
        definition=_("期内完成的数据质量全量检查；每项资源每次计一次"),
        columns=(CODE, NAME, FactColumn("finished_at", _("完成时间"), FactKind.MOMENT)),
        sql=f"""SELECT CAST(c.id AS text) AS fact_key, 1 AS numerator, r.code, r.name, c.finished_at
FROM resources_checkrun c
{told_resource("c.resource_id")}
WHERE c.kind = 'full' AND c.state = 'done' AND c.finished_at >= %(from)s AND c.finished_at < %(until)s
    AND {IN_RESOURCE}""",  # noqa: S608 - constants of the house
    )


def _months() -> IndicatorSpec:
    """Give the count of months with a check, as the form counts them: one a month, whatever the number of resources."""
    return IndicatorSpec(
        key="resources.months_checked",
        name=_("年度数据质量检查数"),
        unit=gettext_noop("次"),
        direction=Direction.UP,
        aggregation=Aggregation.COUNT,
        digits=0,
        definition=_("期内做过月度数据质量检查的月份数：当月计划里至少有一项资源完成了全量检查，每月计一次"),
        columns=(
            FactColumn("month_on", _("月份"), FactKind.DAY),
            FactColumn("planned", _("计划检查的资源"), FactKind.INTEGER),
            FactColumn("checked", _("完成检查的资源"), FactKind.INTEGER),
        ),
        sql=f"""SELECT CAST(m.month_on AS text) AS fact_key, 1 AS numerator, m.month_on, m.planned, m.checked
FROM (SELECT p.month_on, COUNT(*) AS planned,
        SUM(CASE WHEN EXISTS (SELECT 1 FROM resources_checkrun c WHERE c.resource_id = p.resource_id
            AND c.month_on = p.month_on AND c.kind = 'full' AND c.state = 'done' AND c.finished_at < %(until)s)
        THEN 1 ELSE 0 END) AS checked
    FROM resources_plannedcheck p
    {told_resource("p.resource_id")}
    WHERE p.month_at >= %(from)s AND p.month_at < %(until)s AND {IN_RESOURCE}
    GROUP BY p.month_on) m
WHERE m.checked > 0""",  # noqa: S608 - constants of the house
    )
