"""What the catalogue and its quality measure, as indicators with evidence."""

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from chengshu.kernel.indicators.facade import Aggregation, Direction, FactColumn, FactKind, IndicatorSpec

_PLACE = """(CAST(%(organisation)s AS bigint) IS NULL OR r.department_id IN (
    SELECT descendant_id FROM organisations_ancestry WHERE ancestor_id = %(organisation)s))"""
_CODE, _NAME = FactColumn("code", _("目录编码")), FactColumn("name", _("资源名称"))
_FAULTS = FactColumn("fault_count", _("未达标处"), FactKind.INTEGER)
_FIELDS = FactColumn("field_count", _("信息项"), FactKind.INTEGER)
_RULE = FactColumn("rule_name", _("规则"))
_FOUND, _SETTLED = (
    FactColumn("opened_at", _("发现时间"), FactKind.MOMENT),
    FactColumn("settled_at", _("办结时间"), FactKind.MOMENT),
)
_NUMBER = FactColumn("number", _("工单编号"))
_DIGEST = FactColumn("key_digest", _("标识摘要"))
_FATE = FactColumn("fate", _("整改结果"))
_RUN = FactColumn("verified_in_id", _("复检"), FactKind.INTEGER)
_WITHIN = """(CAST(%(organisation)s AS bigint) IS NULL OR i.organisation_id IN (
    SELECT descendant_id FROM organisations_ancestry WHERE ancestor_id = %(organisation)s))"""
_ISSUES = """FROM resources_qualityissue i
JOIN resources_dataresource r ON r.id = i.resource_id
JOIN resources_qualityrule q ON q.id = i.rule_id
JOIN tickets_ticket t ON t.id = i.ticket_id"""
_FOUND_IN = "i.opened_at >= %(from)s AND i.opened_at < %(until)s"


def list_indicators() -> Iterator[IndicatorSpec]:
    """Give the indicators of this domain: entries that meet their profile, what is held, rows and issues rectified."""
    yield from _catalogue()
    yield from _quality_rates()
    yield from _quality_counts()
    yield from _quality_checks()


def _catalogue() -> Iterator[IndicatorSpec]:
    yield IndicatorSpec(
        key="resources.compliance_rate",
        name=_("编目质量达标率"),
        unit="%",
        direction=Direction.UP,
        aggregation=Aggregation.RATIO,
        factor=100,
        is_stock=True,
        definition=_("期末在目录中的数据资源里，逐项符合元数据规范的占多少；已下架的不计"),
        columns=(_CODE, _NAME, _FAULTS),
        sql=_statement("CASE WHEN r.fault_count = 0 THEN 1 ELSE 0 END", "r.state <> 'withdrawn'", "r.fault_count"),
    )
    yield IndicatorSpec(
        key="resources.resources_held",
        name=_("已发布数据资源数"),
        unit=str(_("项")),
        direction=Direction.UP,
        aggregation=Aggregation.COUNT,
        is_stock=True,
        definition=_("期末已发布的数据资源"),
        columns=(_CODE, _NAME),
        sql=_statement("1", "r.state = 'published'", "", denominator=False),
    )
    yield IndicatorSpec(
        key="resources.fields_held",
        name=_("已编目信息项数"),
        unit=str(_("个")),
        direction=Direction.UP,
        aggregation=Aggregation.COUNT,
        is_stock=True,
        definition=_("期末已发布的数据资源所含的信息项"),
        columns=(_CODE, _NAME, _FIELDS),
        sql=_statement("r.field_count", "r.state = 'published'", "r.field_count", denominator=False),
    )


def _statement(numerator: str, condition: str, more: str, *, denominator: bool = True) -> str:
    """Put together the statement: all parts are constants of the house, the values of a measurement are parameters."""
    below = ", 1 AS denominator" if denominator else ""
    shown = f", {more}" if more else ""
    return (
        f"SELECT CAST(r.id AS text) AS fact_key, {numerator} AS numerator{below}, r.code, r.name{shown}"
        f"\nFROM resources_dataresource r\nWHERE {condition} AND r.created_at < %(until)s AND {_PLACE}"
    )


def _quality_rates() -> Iterator[IndicatorSpec]:
    yield IndicatorSpec(
        key="resources.rectification_rate",
        name=_("数据质量问题整改率"),
        unit="%",
        direction=Direction.UP,
        aggregation=Aggregation.RATIO,
        factor=100,
        definition=_("期内发现的问题行里，到期末经复检确认已更正或已删除的占多少；经裁定不成立的行不计"),
        columns=(_CODE, _RULE, _DIGEST, _FATE, _RUN, _FOUND, _SETTLED),
        sql=f"""SELECT CAST(w.id AS text) AS fact_key,
    CASE WHEN w.settled_at < %(until)s THEN 1 ELSE 0 END AS numerator, 1 AS denominator,
    r.code, q.name AS rule_name, w.key_digest, w.fate, w.verified_in_id, i.opened_at, w.settled_at
{_ISSUES}
JOIN resources_issuerow w ON w.issue_id = i.id
WHERE w.fate <> 'void' AND {_FOUND_IN} AND {_WITHIN}""",
    )
    yield IndicatorSpec(
        key="resources.issues_rectified_rate",
        name=_("数据质量问题办结率"),
        unit="%",
        direction=Direction.UP,
        aggregation=Aggregation.RATIO,
        factor=100,
        definition=_("期内发现的质量问题里，到期末全部问题行经复检确认的占多少；撤销的不计"),
        columns=(_NUMBER, _CODE, _RULE, _FOUND, _SETTLED),
        sql=f"""SELECT CAST(i.id AS text) AS fact_key,
    CASE WHEN i.settled_at < %(until)s THEN 1 ELSE 0 END AS numerator, 1 AS denominator,
    t.number, r.code, q.name AS rule_name, i.opened_at, i.settled_at
{_ISSUES}
WHERE i.state <> 'void' AND {_FOUND_IN} AND {_WITHIN}""",
    )


def _quality_counts() -> Iterator[IndicatorSpec]:
    yield IndicatorSpec(
        key="resources.issues_found",
        name=_("发现数据质量问题数"),
        unit=str(_("个")),
        direction=Direction.DOWN,
        aggregation=Aggregation.COUNT,
        definition=_("期内检查发现的质量问题；撤销的不计"),
        columns=(_NUMBER, _CODE, _RULE, _FOUND),
        sql=f"""SELECT CAST(i.id AS text) AS fact_key, 1 AS numerator, t.number, r.code, q.name AS rule_name, i.opened_at
{_ISSUES}
WHERE i.state <> 'void' AND {_FOUND_IN} AND {_WITHIN}""",
    )
    yield IndicatorSpec(
        key="resources.issues_rectified",
        name=_("整改完成数据质量问题数"),
        unit=str(_("个")),
        direction=Direction.UP,
        aggregation=Aggregation.COUNT,
        definition=_("期内全部问题行经复检确认而办结的质量问题"),
        columns=(_NUMBER, _CODE, _RULE, _SETTLED),
        sql=f"""SELECT CAST(i.id AS text) AS fact_key, 1 AS numerator, t.number, r.code, q.name AS rule_name, i.settled_at
{_ISSUES}
WHERE i.state = 'rectified' AND i.settled_at >= %(from)s AND i.settled_at < %(until)s AND {_WITHIN}""",
    )


def _quality_checks() -> Iterator[IndicatorSpec]:
    yield IndicatorSpec(
        key="resources.check_coverage",
        name=_("数据质量检查覆盖率"),
        unit="%",
        direction=Direction.UP,
        aggregation=Aggregation.RATIO,
        factor=100,
        definition=_("期内各月计划检查的数据资源里，当月已完成检查的占多少"),
        columns=(_CODE, _NAME, FactColumn("month_on", _("月份"), FactKind.DAY)),
        sql=f"""SELECT CAST(p.id AS text) AS fact_key,
    CASE WHEN EXISTS (SELECT 1 FROM resources_checkrun c WHERE c.resource_id = p.resource_id
        AND c.month_on = p.month_on AND c.kind = 'full' AND c.state = 'done' AND c.finished_at < %(until)s)
    THEN 1 ELSE 0 END AS numerator, 1 AS denominator, r.code, r.name, p.month_on
FROM resources_plannedcheck p
JOIN resources_dataresource r ON r.id = p.resource_id
WHERE p.month_at >= %(from)s AND p.month_at < %(until)s AND {_PLACE}""",  # noqa: S608 - constants of the house
    )
    yield IndicatorSpec(
        key="resources.checks_done",
        name=_("完成数据质量检查次数"),
        unit=str(_("次")),
        direction=Direction.UP,
        aggregation=Aggregation.COUNT,
        definition=_("期内完成的数据质量全量检查；每项资源每次计一次"),
        columns=(_CODE, _NAME, FactColumn("finished_at", _("完成时间"), FactKind.MOMENT)),
        sql=f"""SELECT CAST(c.id AS text) AS fact_key, 1 AS numerator, r.code, r.name, c.finished_at
FROM resources_checkrun c
JOIN resources_dataresource r ON r.id = c.resource_id
WHERE c.kind = 'full' AND c.state = 'done' AND c.finished_at >= %(from)s AND c.finished_at < %(until)s
    AND {_PLACE}""",  # noqa: S608 - constants of the house
    )
