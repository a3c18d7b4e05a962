"""Arrow schemas of declared tables, and where a table that came differs from its declaration."""

from dataclasses import dataclass
from enum import StrEnum

import pyarrow as pa

from chengshu.dataplane.tables.shapes import Column, Shape, Type

_ARROW = {
    Type.TEXT: pa.string(),
    Type.INTEGER: pa.int64(),
    Type.DOUBLE: pa.float64(),
    Type.BOOLEAN: pa.bool_(),
    Type.DATE: pa.date32(),
    Type.MOMENT: pa.timestamp("us", tz="UTC"),
}


class Fault(StrEnum):
    """How a column differs."""

    MISSING = "missing"
    EXTRA = "extra"
    TYPE = "type"
    REPEATED = "repeated"


@dataclass(frozen=True, slots=True)
class Deviation:
    """A column that is not as declared; types are Arrow's, by name, and None where there is none."""

    column: str
    fault: Fault
    declared: str | None
    found: str | None

    @property
    def message(self) -> str:
        """Say it for people."""
        return {
            Fault.MISSING: f"缺少字段“{self.column}”（{self.declared}）",
            Fault.EXTRA: f"多出字段“{self.column}”（{self.found}）",
            Fault.TYPE: f"字段“{self.column}”的类型应为 {self.declared}，实为 {self.found}",
            Fault.REPEATED: f"字段“{self.column}”出现了不止一次",
        }[self.fault]


def arrow_type(column: Column) -> pa.DataType:
    """Give the Arrow type of a column."""
    return pa.decimal128(*column.digits) if column.type is Type.DECIMAL else _ARROW[column.type]


def arrow_schema(shape: Shape) -> pa.Schema:
    """Give the Arrow schema of a table, columns as declared, each with its description in the field's metadata."""
    return pa.schema(
        [pa.field(one.name, arrow_type(one), metadata={"description": one.description}) for one in shape.columns]
    )


def find_deviations(shape: Shape, found: pa.Schema) -> tuple[Deviation, ...]:
    """Compare a schema with the declaration, whatever the order of columns: declared columns first, then extra ones.

    A decimal fits when its scale is the declared one and its precision no larger.
    """
    deviations: list[Deviation] = []
    for column in shape.columns:
        declared, places = arrow_type(column), found.get_all_field_indices(column.name)
        if not places:
            deviations.append(Deviation(column.name, Fault.MISSING, str(declared), None))
        elif len(places) > 1:
            deviations.append(Deviation(column.name, Fault.REPEATED, str(declared), None))
        elif not _fits(declared, given := found.field(places[0]).type):
            deviations.append(Deviation(column.name, Fault.TYPE, str(declared), str(given)))
    names = {column.name for column in shape.columns}
    extra = (Deviation(one.name, Fault.EXTRA, None, str(one.type)) for one in found if one.name not in names)
    return (*deviations, *extra)


def _fits(declared: pa.DataType, given: pa.DataType) -> bool:
    if pa.types.is_decimal(declared) and pa.types.is_decimal(given):
        return bool(declared.scale == given.scale and given.precision <= declared.precision)
    return bool(declared == given)
