"""Which columns a table has, which the rows bring, and what the lake can keep."""

from dataclasses import dataclass

import pyarrow as pa
from deltalake import DeltaTable

from chengshu.dataplane.errors import DriftFound, TypeUnfit


@dataclass(frozen=True, slots=True)
class ShapeDrift:
    """How rows differ from their table: columns that one of them lacks, and columns of two types."""

    added: tuple[pa.Field, ...]
    missing: tuple[pa.Field, ...]
    retyped: tuple[tuple[str, pa.DataType, pa.DataType], ...]
    """Name, the table's type, the rows' type."""


def to_lake_schema(schema: pa.Schema) -> pa.Schema:
    """Return the schema in types that Delta has: signed integers, microseconds, plain strings, no dictionaries.

    Raises:
        TypeUnfit: a column has a type that Delta cannot keep, such as a time of day or an interval.
    """
    return pa.schema([pa.field(column.name, _to_lake_type(column.name, column.type)) for column in schema])


def fit_batch(batch: pa.RecordBatch, schema: pa.Schema) -> pa.Table:
    """Return a batch in the types of the lake.

    Raises:
        TypeUnfit: a value would be cut short, such as nanoseconds.
    """
    try:
        return pa.Table.from_batches([batch]).cast(schema)
    except pa.ArrowInvalid as error:
        raise TypeUnfit(f"有数值不能原样存入数据湖：{error}") from error


def table_schema(delta: DeltaTable) -> pa.Schema:
    """Return the columns of an opened table in plain types."""
    found = pa.schema(delta.schema().to_arrow())
    return pa.schema([pa.field(column.name, _to_lake_type(column.name, column.type)) for column in found])


def find_drift(rows: pa.Schema, table: pa.Schema) -> ShapeDrift:
    """Compare the rows' columns with the table's, by name; the order of columns says nothing."""
    return ShapeDrift(
        added=tuple(column for column in rows if column.name not in table.names),
        missing=tuple(column for column in table if column.name not in rows.names),
        retyped=tuple(
            (column.name, table.field(column.name).type, column.type)
            for column in rows
            if column.name in table.names and table.field(column.name).type != column.type
        ),
    )


def require_shape(rows: pa.Schema, table: pa.Schema, *, evolve: bool, name: str) -> tuple[pa.Field, ...]:
    """Return the columns to be added to the table before the rows fit: none unless `evolve`.

    A column that the rows lack is drift too: it would be filled with nothing silently.

    Raises:
        DriftFound: the rows have another shape; the message and `details` name columns and types.
    """
    drift = find_drift(rows, table)
    added = () if evolve else drift.added
    if not (added or drift.missing or drift.retyped):
        return drift.added
    parts = [
        *(f"多出列“{column.name}”（{column.type}）" for column in added),
        *(f"缺少列“{column.name}”（{column.type}）" for column in drift.missing),
        *(f"列“{column}”的类型由 {old} 变为 {new}" for column, old, new in drift.retyped),
    ]
    message = f"数据的结构与表“{name}”不一致：{'；'.join(parts)}。没有写入任何一行，请先核对来源，或确认变更后再写入。"
    raise DriftFound(
        message,
        table=name,
        added=",".join(column.name for column in added),
        missing=",".join(column.name for column in drift.missing),
        retyped=",".join(column for column, _old, _new in drift.retyped),
    )


def _to_lake_type(name: str, given: pa.DataType) -> pa.DataType:
    if pa.types.is_dictionary(given):
        return _to_lake_type(name, given.value_type)
    for matches, plain in _PLAIN:
        if matches(given):
            return plain
    if pa.types.is_timestamp(given):
        return pa.timestamp("us", tz="UTC" if given.tz else None)
    if pa.types.is_list(given) or pa.types.is_large_list(given):
        return pa.list_(pa.field("element", _to_lake_type(name, given.value_type)))
    if pa.types.is_decimal128(given) or given in _KEPT:
        return given
    message = f"列“{name}”的类型 {given} 不能存入数据湖，请先转换为文字、整数、小数或时刻。"
    raise TypeUnfit(message, column=name, type=str(given))


_KEPT = (
    pa.bool_(),
    pa.int8(),
    pa.int16(),
    pa.int32(),
    pa.int64(),
    pa.float32(),
    pa.float64(),
    pa.date32(),
)
_PLAIN = (
    (
        lambda given: pa.types.is_large_string(given) or pa.types.is_string(given) or pa.types.is_string_view(given),
        pa.string(),
    ),
    (
        lambda given: pa.types.is_binary(given) or pa.types.is_large_binary(given) or pa.types.is_binary_view(given),
        pa.binary(),
    ),
    (pa.types.is_uint8, pa.int16()),
    (pa.types.is_uint16, pa.int32()),
    (pa.types.is_uint32, pa.int64()),
    (pa.types.is_uint64, pa.decimal128(20, 0)),
    (pa.types.is_date64, pa.date32()),
    (pa.types.is_null, pa.string()),
)
