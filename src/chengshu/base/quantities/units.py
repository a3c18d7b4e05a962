"""Units and the conversions between them that are always exact."""

import tomllib
from collections.abc import Mapping
from decimal import Decimal
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any

from chengshu.base.quantities.model import Quantity


@cache
def unit_table() -> Mapping[str, Any]:
    """Give the table of units as it stands in units.toml."""
    return tomllib.loads(files("chengshu.base.quantities").joinpath("units.toml").read_text("utf-8"))


@lru_cache(maxsize=4096)
def base_unit(unit: str) -> tuple[str, Decimal]:
    """Give the unit that this one can safely be counted in, and the exact factor to it.

    "万条" is ("条", 10000), "小时" is ("秒", 3600), "小时/天" stays itself: a rate is not converted.
    """
    table = unit_table()
    factor = Decimal(1)
    for prefix in sorted(table["multipliers"], key=len, reverse=True):
        if unit.startswith(prefix):
            factor = Decimal(table["multipliers"][prefix])
            unit = unit[len(prefix) :]
            break
    unit = table["aliases"].get(unit, unit)
    name, step = table["conversions"].get(unit, (unit, "1"))
    return name, factor * Decimal(step)


def in_base_unit(quantity: Quantity) -> Decimal | None:
    """Give the value in its base unit, or None where there is no figure."""
    return None if quantity.value is None else quantity.value * base_unit(quantity.unit)[1]


def common_values(left: Quantity, right: Quantity) -> tuple[Decimal, Decimal] | None:
    """Give both values in one unit, or None where no exact conversion exists between them."""
    if left.value is None or right.value is None:
        return None
    if left.unit == right.unit:
        return left.value, right.value
    left_unit, left_factor = base_unit(left.unit)
    right_unit, right_factor = base_unit(right.unit)
    if left_unit != right_unit:
        return None
    return left.value * left_factor, right.value * right_factor
