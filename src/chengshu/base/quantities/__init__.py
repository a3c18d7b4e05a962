"""Figures as people print them: amounts, percentages and measured values, read exactly or not at all."""

from chengshu.base.quantities.amounts import parse_amount, parse_percent
from chengshu.base.quantities.model import Kind, Quantity
from chengshu.base.quantities.parsing import find_figures, parse_quantity
from chengshu.base.quantities.units import base_unit, common_values, in_base_unit

__all__ = [
    "Kind",
    "Quantity",
    "base_unit",
    "common_values",
    "find_figures",
    "in_base_unit",
    "parse_amount",
    "parse_percent",
    "parse_quantity",
]
