"""What stands in FROM: tables, queries in brackets, lists of values, functions, views to the side, pivots."""

from dataclasses import replace
from typing import Final

from sqlglot import exp

from chengshu.dataplane.lineage.columns import (
    CONSTANT,
    ROWS,
    Column,
    Origin,
    Output,
    Relation,
    Transformation,
    merge_origins,
)
from chengshu.dataplane.lineage.expressions import origin_of
from chengshu.dataplane.lineage.listing import Listing, rename_outputs
from chengshu.dataplane.lineage.pivots import turn_around
from chengshu.dataplane.lineage.scopes import Scope, Source, find_in

_VALUE_NAMES: Final = {"duckdb": ("col", 0), "mysql": ("column_", 0), "spark": ("col", 1), "hive": ("col", 1)}
_HIDING: Final = frozenset({"SEMI", "ANTI"})


def add_source(item: exp.Expr, scope: Scope) -> None:
    """Put what stands in FROM, with what is joined to it within the same item, among the sources of a place."""
    if isinstance(item, exp.Subquery) and isinstance(item.this, exp.Table | exp.Subquery) and not item.alias:
        add_source(item.this, scope)  # brackets around joins
    else:
        scope.sources.append(_source_of(item, scope))
    for join in item.args.get("joins") or ():
        add_join(join, scope)


def add_join(join: exp.Join, scope: Scope) -> None:
    """Put a joined item among the sources, and note the columns of the join's condition."""
    before = len(scope.sources)
    add_source(join.this, scope)
    joined = scope.sources[before:]
    if join.kind.upper() in _HIDING:
        for source in joined:
            source.is_shown = False
    names = [(scope.naming.key_of(name), name.name) for name in join.args.get("using") or ()]
    if join.method.upper() == "NATURAL":
        names = _common_names(scope.sources[:before], joined)
    for key, written in names:
        _share(key, written, scope, before, join.side.upper())
    if (on := join.args.get("on")) is not None:
        scope.conditions |= origin_of(on, scope).sources


def add_lateral(lateral: exp.Lateral, scope: Scope) -> None:
    """Put a view to the side (LATERAL VIEW, CROSS APPLY) among the sources; it sees those before it."""
    scope.sources.append(_source_of(lateral, scope))


def _common_names(left: list[Source], right: list[Source]) -> list[tuple[str, str]]:
    theirs = {output.key for source in right for output in source.relation.outputs}
    return [(output.key, output.name) for source in left for output in source.relation.outputs if output.key in theirs]


def _share(key: str, written: str, scope: Scope, before: int, side: str) -> None:
    spelled = scope.naming.spell(key, written)
    lefts = [scope.shared[key].origin] if key in scope.shared else _holders(key, spelled, scope.sources[:before])
    rights = _holders(key, spelled, scope.sources[before:])
    chosen = {"LEFT": lefts, "RIGHT": rights}.get(side, [*lefts, *rights]) or [*lefts, *rights]
    scope.conditions |= merge_origins([*lefts, *rights]).sources
    scope.shared[key] = Output(key, spelled, merge_origins(chosen))


def _holders(key: str, written: str, sources: list[Source]) -> list[Origin]:
    found = [find_in(source, key, written) for source in sources]
    return [origin for origin in found if not origin.faults][:1]


def _source_of(item: exp.Expr, scope: Scope) -> Source:
    relation, parts = _read_item(item, scope)
    for pivot in item.args.get("pivots") or ():
        relation = turn_around(relation, pivot, scope)
        if pivot.alias:
            parts = ()
            item = pivot
    alias = item.args.get("alias")
    if not isinstance(alias, exp.TableAlias):
        return Source(parts[-1] if parts else "", parts, relation)
    columns = alias.args.get("columns") or ()
    naming = scope.naming
    name = alias.this
    key = naming.fold(name.name, quoted=bool(name.args.get("quoted"))) if isinstance(name, exp.Identifier) else ""
    is_done = isinstance(item, exp.Lateral | exp.Unnest)  # these took their names already
    return Source(key, (), relation if is_done else rename_outputs(relation, columns, naming))


def _read_item(item: exp.Expr, scope: Scope) -> tuple[Relation, tuple[str, ...]]:
    if isinstance(item, exp.Table):
        if isinstance(item.this, exp.Func | exp.UDTF):
            return _function_relation(item.this, scope), (scope.naming.fold(item.this.alias_or_name),)
        return _table_relation(item, scope), scope.naming.table_parts(item)
    return _unnamed_relation(item, scope), ()


def _unnamed_relation(item: exp.Expr, scope: Scope) -> Relation:
    if isinstance(item, exp.Lateral):
        return _lateral_relation(item, scope)
    if isinstance(item, exp.Values):
        return values_relation(item, scope)
    if isinstance(item, exp.Subquery):
        return _bracketed(item, scope) if isinstance(item.this, exp.Table) else scope.read_query(item.this, scope)
    return _function_relation(item, scope)


def _bracketed(item: exp.Subquery, scope: Scope) -> Relation:
    inner = scope.below()
    add_source(item.this, inner)
    listing = Listing()
    for source in inner.sources:
        listing.add_all_of(source.relation)
    return listing.as_relation(inner.rows())


def _table_relation(table: exp.Table, scope: Scope) -> Relation:
    if not table.db:
        key = scope.naming.fold(table.name, quoted=bool(table.this.args.get("quoted")))
        if (cte := scope.find_cte(key)) is not None:
            return cte
        if scope.naming.dialect in {"oracle", "mysql"} and key.lower() == "dual":
            return Relation()
    return scope.known.relation_of(table)


def values_relation(values: exp.Values, scope: Scope) -> Relation:
    """Give the columns of a list of values, each made of what stands there in all rows."""
    rows = [row.expressions if isinstance(row, exp.Tuple) else [row] for row in values.expressions]
    width = max((len(row) for row in rows), default=0)
    prefix, first = _VALUE_NAMES.get(scope.naming.dialect, ("column", 1))
    outputs = tuple(
        Output(
            scope.naming.fold(f"{prefix}{place + first}"),
            f"{prefix}{place + first}",
            merge_origins(origin_of(row[place], scope) for row in rows if place < len(row)),
        )
        for place in range(width)
    )
    return Relation(outputs)


def _lateral_relation(lateral: exp.Lateral, scope: Scope) -> Relation:
    if isinstance(lateral.this, exp.Query):
        relation = scope.read_query(lateral.this, scope)
    else:
        relation = _function_relation(lateral.this, scope)
    alias = lateral.args.get("alias")
    columns = alias.args.get("columns") or () if isinstance(alias, exp.TableAlias) else ()
    return rename_outputs(relation, columns, scope.naming)


def _function_relation(function: exp.Expr, scope: Scope) -> Relation:
    """Give what a function in FROM gives: columns made of its arguments, or, without any, of a source of its name."""
    origin = merge_origins([origin_of(function, scope)], Transformation.EXPRESSION)
    if not origin.sources and not origin.faults and isinstance(function, exp.Anonymous | exp.ReadCSV | exp.ReadParquet):
        name = function.sql(scope.naming.dialect)
        return Relation(unlisted=(name,), rows=frozenset((Column(name, ROWS),)))
    alias = function.args.get("alias")
    columns = alias.args.get("columns") or () if isinstance(alias, exp.TableAlias) else ()
    made = Relation(anything=origin if origin.sources or origin.faults else CONSTANT)
    if isinstance(function, exp.Unnest) and len(function.expressions) > 1:
        each = [merge_origins([origin_of(part, scope)], Transformation.EXPRESSION) for part in function.expressions]
        made = replace(made, outputs=tuple(Output("", "", part) for part in each))
    return rename_outputs(made, columns, scope.naming)
