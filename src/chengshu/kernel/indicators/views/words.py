"""How measurements are written on pages."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext

from chengshu.kernel.indicators.contracts import Aggregation, Cell, Direction, IndicatorSpec
from chengshu.kernel.indicators.models import Measurement
from chengshu.kernel.indicators.rules.canonical import plain_decimal


def write_value(kept: Measurement) -> str:
    """Write the value with its digits; a dash where nothing stood below the line."""
    return "—" if kept.value is None else f"{kept.value:,.{kept.digits}f}"


def write_number(number: Decimal | None) -> str:
    """Write a sum without idle zeros."""
    return "—" if number is None else plain_decimal(number)


def write_scope(kept: Measurement, name: str = "") -> str:
    """Write over what was measured; `name` is the organisation's."""
    if not kept.scope_kind:
        return gettext("全市")
    if kept.scope_kind == "organisation":
        return f"{name}（{kept.scope_code}）" if name else kept.scope_code
    return kept.scope


def name_direction(spec: IndicatorSpec) -> str:
    """Say which way is better."""
    return gettext("越高越好") if spec.direction is Direction.UP else gettext("越低越好")


def name_aggregation(spec: IndicatorSpec) -> str:
    """Say how the facts become one value."""
    if spec.aggregation is Aggregation.COUNT:
        return gettext("各条事实的分子相加")
    if spec.aggregation is Aggregation.RATIO:
        return gettext("分子合计除以分母合计")
    rank = plain_decimal((spec.percentile or Decimal(0)) * 100)
    return gettext("分子从小到大排列，取第 %(rank)s 百分位") % {"rank": rank}


@dataclass(frozen=True, slots=True)
class Sample:
    """The sample as a table: the titles of its columns, then its rows, masked as they were counted."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def read_sample(kept: Measurement, spec: IndicatorSpec | None) -> Sample:
    """Give the sample of a measurement; columns go by their label while the indicator is registered."""
    if not kept.sample:
        return Sample((), ())
    labels = {"fact_key": gettext("编号"), "numerator": gettext("分子"), "denominator": gettext("分母")}
    labels |= {column.name: str(column.label) for column in (spec.columns if spec else ())}
    names, *rows = kept.sample
    return Sample(tuple(labels.get(name, name) for name in names), tuple(_texts(row) for row in rows))


def _texts(row: Sequence[Cell]) -> tuple[str, ...]:
    return tuple(_text(cell) for cell in row)


def _text(cell: Cell) -> str:
    if cell is None:
        return "—"
    if isinstance(cell, bool):
        return gettext("是") if cell else gettext("否")
    return str(cell)
