"""What the catalogue measures: entries that meet their profile, resources and fields that are held."""

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from chengshu.kernel.indicators.facade import Aggregation, Direction, FactColumn, FactKind, IndicatorSpec
from chengshu.resources.indicators.parts import CODE, IN_RESOURCE, NAME

_FAULTS = FactColumn("fault_count", _("未达标处"), FactKind.INTEGER)
_FIELDS = FactColumn("field_count", _("信息项"), FactKind.INTEGER)


def list_catalogue() -> Iterator[IndicatorSpec]:
    """Give the indicators of the catalogue."""
    yield IndicatorSpec(
        key="resources.compliance_rate",
        name=_("编目质量达标率"),
        unit="%",
        direction=Direction.UP,
        aggregation=Aggregation.RATIO,
        factor=100,
        is_stock=True,
        definition=_("期末在目录中的数据资源里，逐项符合元数据规范的占多少；已下架的不计"),
        columns=(CODE, NAME, _FAULTS),
        sql=_statement("CASE WHEN r.fault_count = 0 THEN 1 ELSE 0 END", "r.state <> 'withdrawn'", "r.fault_count"),
    )
    yield IndicatorSpec(
        key="resources.resources_held",
        name=_("已发布数据资源数"),
        unit=str(_("项")),
        direction=Direction.UP,
        aggregation=Aggregation.COUNT,
        digits=0,
        is_stock=True,
        definition=_("期末已发布的数据资源"),
        columns=(CODE, NAME),
        sql=_statement("1", "r.state = 'published'", "", denominator=False),
    )
    yield IndicatorSpec(
        key="resources.fields_held",
        name=_("已编目信息项数"),
        unit=str(_("个")),
        direction=Direction.UP,
        aggregation=Aggregation.COUNT,
        digits=0,
        is_stock=True,
        definition=_("期末已发布的数据资源所含的信息项"),
        columns=(CODE, NAME, _FIELDS),
        sql=_statement("r.field_count", "r.state = 'published'", "r.field_count", denominator=False),
    )


def _statement(numerator: str, condition: str, more: str, *, denominator: bool = True) -> str:
    """Put together the statement: all parts are constants of the house, the values of a measurement are parameters."""
    below = ", 1 AS denominator" if denominator else ""
    shown = f", {more}" if more else ""
    return (
        f"SELECT CAST(r.id AS text) AS fact_key, {numerator} AS numerator{below}, r.code, r.name{shown}"
        f"\nFROM resources_dataresource r\nWHERE {condition} AND r.created_at < %(until)s AND {IN_RESOURCE}"
    )
