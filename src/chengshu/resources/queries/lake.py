"""The lake as this domain sees it: where it lies, a source's table, declared columns as a schema.

Apart from the other queries because what it stands on is heavy to import.
"""

from collections.abc import Iterable, Mapping
from typing import Any

import pyarrow as pa
from django.conf import settings

from chengshu.dataplane.lake.places import Lake, TableName, Zone, lake_in_store
from chengshu.resources.contracts.catalogue import ValueType
from chengshu.resources.models import DataSource

_TYPES = {
    ValueType.TEXT: pa.string(),
    ValueType.INTEGER: pa.int64(),
    ValueType.BOOLEAN: pa.bool_(),
    ValueType.DATE: pa.date32(),
    ValueType.MOMENT: pa.timestamp("us", tz="UTC"),
}
_DECIMAL_DIGITS = 28


def open_lake() -> Lake:
    """Return the lake of the house: in the store that the settings name, else in the data folder.

    Locks, what is on its way into the lake, departments' files and the graph of lineage stay in the folder either way.
    """
    return lake_in_store(settings.LAKE_S3) if settings.LAKE_S3 else Lake(str(settings.LAKE_ROOT))


def raw_table(source: DataSource) -> TableName:
    """Return the lake table that a source's rows go to."""
    return TableName(Zone.RAW, source.table)


def to_schema(columns: Iterable[Mapping[str, Any]]) -> pa.Schema:
    """Return declared columns as the schema that rows are read into."""
    fields = []
    for column in columns:
        kind = ValueType(column["type"])
        given = pa.decimal128(_DECIMAL_DIGITS, column.get("scale", 2)) if kind is ValueType.DECIMAL else _TYPES[kind]
        fields.append(pa.field(column["name"], given, nullable=column.get("is_nullable", True)))
    return pa.schema(fields)
