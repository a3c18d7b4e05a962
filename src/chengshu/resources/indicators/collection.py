"""What collection measures: deliveries in time, sources that deliver, rows that are held."""

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from chengshu.kernel.indicators.facade import Aggregation, Direction, FactColumn, FactKind, IndicatorSpec
from chengshu.resources.indicators.parts import standing_source, told_source, within

_SOURCE = FactColumn("name", _("数据源"))
_KIND = FactColumn("kind", _("来源种类"))
_TABLE = FactColumn("lake_table", _("湖表"))


def list_collection() -> Iterator[IndicatorSpec]:
    """Give the indicators of collection."""
    yield _timeliness()
    yield _integrations()
    yield _rows_held()


def _timeliness() -> IndicatorSpec:
    return IndicatorSpec(
        key="resources.collection_timeliness",
        name=_("数据归集及时率"),
        unit="%",
        direction=Direction.UP,
        aggregation=Aggregation.RATIO,
        factor=100,
        definition=_(
            "期内按约定应交付的次数里，周期结束后、约定时刻前收到、到期末已入湖的占多少；交付结构变化待处理的不算收到"
        ),
        columns=(
            _SOURCE,
            FactColumn("cycle", _("更新周期")),
            FactColumn("cycle_ended_at", _("周期结束"), FactKind.MOMENT),
            FactColumn("due_at", _("约定时刻"), FactKind.MOMENT),
        ),
        sql=f"""SELECT CAST(u.id AS text) AS fact_key,
    CASE WHEN EXISTS (SELECT 1 FROM resources_delivery d WHERE d.source_id = u.source_id AND d.state = 'taken'
        AND d.received_at >= u.cycle_ended_at AND d.received_at <= u.due_at AND d.ended_at < %(until)s)
    THEN 1 ELSE 0 END AS numerator, 1 AS denominator, p.name, u.cycle, u.cycle_ended_at, u.due_at
FROM resources_duedelivery u
{told_source("u.source_id")}
WHERE u.due_at >= %(from)s AND u.due_at < %(until)s AND {within("u.department_id")}""",  # noqa: S608 - constants of the house
    )


def _integrations() -> IndicatorSpec:
    return IndicatorSpec(
        key="resources.integrations",
        name=_("年度数据整合数"),
        unit=gettext_noop("个"),
        direction=Direction.UP,
        aggregation=Aggregation.COUNT,
        digits=0,
        definition=_("期末在用的数据源里，期内至少有一次交付入湖的；每个数据源计一次，并列出种类"),
        columns=(_SOURCE, _KIND, _TABLE),
        sql=f"""SELECT CAST(s.id AS text) AS fact_key, 1 AS numerator, p.name, s.kind, p."table" AS lake_table
FROM resources_datasource s
{standing_source("s.id")}
WHERE p.is_active AND EXISTS (SELECT 1 FROM resources_delivery d WHERE d.source_id = s.id AND d.state = 'taken'
        AND d.taken > 0 AND d.ended_at >= %(from)s AND d.ended_at < %(until)s)
    AND {within("s.department_id")}""",  # noqa: S608 - constants of the house
    )


def _rows_held() -> IndicatorSpec:
    return IndicatorSpec(
        key="resources.rows_held",
        name=_("归集数据总量"),
        unit=gettext_noop("行"),
        direction=Direction.UP,
        aggregation=Aggregation.COUNT,
        digits=0,
        is_stock=True,
        definition=_("期末各数据源湖表的行数合计，以每张表到期末最近一次交付入湖后的版本为准"),
        columns=(
            _SOURCE,
            _TABLE,
            FactColumn("version", _("湖表版本"), FactKind.INTEGER),
            FactColumn("ended_at", _("入湖时间"), FactKind.MOMENT),
        ),
        sql=f"""SELECT CAST(d.id AS text) AS fact_key, d.rows_held AS numerator, p.name, p."table" AS lake_table,
    d.version, d.ended_at
FROM resources_datasource s
{standing_source("s.id")}
JOIN resources_delivery d ON d.id = (SELECT n.id FROM resources_delivery n
    WHERE n.source_id = s.id AND n.rows_held IS NOT NULL AND n.ended_at < %(until)s ORDER BY n.version DESC LIMIT 1)
WHERE {within("s.department_id")}""",  # noqa: S608 - constants of the house
    )
