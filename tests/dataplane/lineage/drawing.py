"""Lineage drawn as text, one column a line, so that expectations can be read."""

from collections.abc import Mapping

from chengshu.dataplane.lineage.columns import Edge
from chengshu.dataplane.lineage.tracing import Script, Traced, trace_scripts

Schema = Mapping[str, Mapping[str, str]]

CITY: Schema = {
    "orders": {"id": "int", "amount": "decimal", "cust": "int"},
    "customers": {"id": "int", "name": "text"},
}


def trace(sql: str, dialect: str, schema: Schema | None = None) -> list[Traced]:
    return trace_scripts([Script("a.sql", sql)], dialect=dialect, schema=schema)


def draw(edge: Edge) -> str:
    target = ".".join(part for part in (edge.target.table, edge.target.name) if part)
    sources = ", ".join(f"{column.table}.{column.name}" for column in sorted(edge.origin.sources))
    return f"{target} <- {sources or '-'} {edge.origin.transformation}"


def lineage_of(sql: str, dialect: str, schema: Schema | None = None) -> list[str]:
    """Every column of every statement, then what could not be read, marked with `!`."""
    traced = trace(sql, dialect, schema)
    edges = [draw(edge) for one in traced for edge in one.reading.edges]
    return edges + [f"! {fault}" for one in traced for fault in one.reading.faults]


def lines(drawn: str) -> list[str]:
    return [line.strip() for line in drawn.strip().splitlines()]
