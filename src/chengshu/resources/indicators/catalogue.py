"""What the catalogue measures: entries that meet their profile, resources and fields that are held."""

from collections.abc import Iterator

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from chengshu.kernel.indicators.facade import Aggregation, Direction, FactColumn, FactKind, IndicatorSpec
from chengshu.resources.indicators.parts import CODE, IN_RESOURCE, NAME, standing_resource

_FAULTS = FactColumn("fault_count", _("未达标处"), FactKind.INTEGER)
_FIELDS = FactColumn("field_count", _("信息项"), FactKind.INTEGER)
_SINCE = FactColumn("since_at", _("何时起如此"), FactKind.MOMENT)
_LATER = FactColumn("is_backfilled", _("由历史版本补记"), FactKind.BOOLEAN)


def list_catalogue() -> Iterator[IndicatorSpec]:
    """Give the indicators of the catalogue."""
    yield _compliance()
    yield _count(
        "resources.resources_held",
        _("已发布数据资源数"),
        gettext_noop("项"),
        _("期末已发布的数据资源，按当时的状态计"),
        (),
        "1",
    )
    yield _count(
        "resources.fields_held",
        _("已编目信息项数"),
        gettext_noop("个"),
        _("期末已发布的数据资源当时所含的信息项"),
        (_FIELDS,),
        "r.field_count",
    )


def _compliance() -> IndicatorSpec:
    return IndicatorSpec(
        key="resources.compliance_rate",
        name=_("编目质量达标率"),
        unit="%",
        direction=Direction.UP,
        aggregation=Aggregation.RATIO,
        factor=100,
        is_stock=True,
        definition=_(
            "期末在目录中的数据资源里，当时逐项符合元数据规范的占多少；已下架的不计。"
            "启用逐日留存以前的情况由历史版本补记，当时草稿是否达标没有留存的不计"
        ),
        columns=(CODE, NAME, _FAULTS, _SINCE, _LATER),
        sql=_statement(
            "CASE WHEN r.fault_count = 0 THEN 1 ELSE 0 END",
            "r.state <> 'withdrawn' AND r.fault_count IS NOT NULL",
            "r.fault_count",
            denominator=True,
        ),
    )


def _count(
    key: str, name: Promise, unit: str, definition: Promise, columns: tuple[FactColumn, ...], numerator: str
) -> IndicatorSpec:
    return IndicatorSpec(
        key=key,
        name=name,
        unit=unit,
        direction=Direction.UP,
        aggregation=Aggregation.COUNT,
        digits=0,
        is_stock=True,
        definition=definition,
        columns=(CODE, NAME, *columns, _SINCE, _LATER),
        sql=_statement(numerator, "r.state = 'published'", "r.field_count" if columns else ""),
    )


def _statement(numerator: str, condition: str, more: str, *, denominator: bool = False) -> str:
    """Put together the statement: all parts are constants of the house, the values of a measurement are parameters."""
    below = ", 1 AS denominator" if denominator else ""
    shown = f", {more}" if more else ""
    return (
        f"SELECT CAST(e.id AS text) AS fact_key, {numerator} AS numerator{below}, r.code, r.name{shown},"
        f" r.since_at, r.is_backfilled\nFROM resources_dataresource e\n{standing_resource('e.id')}"
        f"\nWHERE {condition} AND {IN_RESOURCE}"
    )
