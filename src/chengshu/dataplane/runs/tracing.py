"""Where the columns of an output come from, told by its statement."""

from collections.abc import Mapping

from chengshu.dataplane.lineage.tracing import Script, trace_scripts
from chengshu.dataplane.runs.contracts import ColumnSource


def trace_columns(
    statement: str, *, dialect: str, schema: Mapping[str, Mapping[str, str]], tables: Mapping[str, str]
) -> tuple[ColumnSource, ...]:
    """Return the columns of a statement in their order; `tables` gives the lake's name of each relation that it reads."""
    traced = trace_scripts([Script("", statement)], dialect=dialect, schema=schema)
    return tuple(
        ColumnSource(
            edge.target.name,
            tuple(sorted(f"{tables.get(source.table, source.table)}.{source.name}" for source in edge.origin.sources)),
            edge.origin.transformation.value,
        )
        for one in traced
        for edge in one.reading.edges
    )
