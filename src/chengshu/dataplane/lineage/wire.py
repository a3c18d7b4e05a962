"""What was traced, as the published records: `docs/schemas/resources-lineage.schema.json`."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from chengshu.dataplane.errors import SchemaUnreadable
from chengshu.dataplane.lineage.columns import ROWS
from chengshu.dataplane.lineage.tracing import Traced

Schema = Mapping[str, Mapping[str, str]]


def traced_records(traced: Traced) -> Iterator[dict[str, Any]]:
    """Give a record for each output column in order, then one for each thing that could not be read."""
    place = {"file": traced.script, "statement": traced.number}
    for edge in traced.reading.edges:
        yield {
            **place,
            "kind": edge.kind or traced.reading.kind,
            "target": {"table": edge.target.table, "column": edge.target.name},
            "sources": [
                {"table": column.table, "column": column.name}
                for column in sorted(edge.origin.sources)
                if column.name != ROWS  # which rows there are is kept in graphs, and is no column
            ],
            "transformation": edge.origin.transformation.value,
        }
    for fault in traced.reading.faults:
        yield {**place, "unresolved": f"第 {traced.line} 行的语句：{fault}"}


def schema_from_json(text: str) -> Schema:
    """Read what tables there are: `{"table": {"column": "type"}}`.

    Raises SchemaUnreadable naming the place that is not so.
    """
    try:
        tables = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise SchemaUnreadable(f"表结构不是 JSON：{error}") from error
    if not isinstance(tables, dict):
        raise SchemaUnreadable('表结构应当是 {"表": {"列": "类型"}}')
    for table, columns in tables.items():
        if not isinstance(columns, dict):
            raise SchemaUnreadable(f'表结构中 {table} 应当是 {{"列": "类型"}}')
        for column, kind in columns.items():
            if not isinstance(kind, str):
                raise SchemaUnreadable(f"表结构中 {table}.{column} 的类型应当是文字")
    return tables
