"""PIVOT and UNPIVOT: rows made columns, and columns made rows."""

from sqlglot import exp

from chengshu.dataplane.errors import StatementUnreadable
from chengshu.dataplane.lineage.columns import (
    CONSTANT,
    Origin,
    Output,
    Relation,
    Transformation,
    merge_origins,
)
from chengshu.dataplane.lineage.expressions import origin_of
from chengshu.dataplane.lineage.scopes import Scope, Source


def turn_around(relation: Relation, pivot: exp.Pivot, scope: Scope) -> Relation:
    """Give what a relation becomes by a PIVOT or UNPIVOT.

    Raises StatementUnreadable for a pivot whose columns depend on the rows.
    """
    inner = scope.below()
    inner.sources.append(Source("", (), relation))
    return _unpivot(relation, pivot, inner) if pivot.args.get("unpivot") else _pivot(relation, pivot, inner)


def _pivot(relation: Relation, pivot: exp.Pivot, scope: Scope) -> Relation:
    names = pivot.args.get("columns") or ()
    aggregates = [merge_origins([origin_of(one, scope)], Transformation.AGGREGATE) for one in pivot.expressions]
    if not names or not aggregates or pivot.args.get("using"):
        raise StatementUnreadable("PIVOT 的列由数据决定，或没有写明列名")
    fields = merge_origins(origin_of(one.this, scope) for one in pivot.args.get("fields") or ())
    used = _keys_in(pivot, scope)
    naming = scope.naming
    turned = [
        Output(naming.key_of(name), naming.spell(naming.key_of(name), name.name), aggregates[place % len(aggregates)])
        for place, name in enumerate(names)
    ]
    kept = tuple(output for output in relation.outputs if output.key not in used)
    return Relation((*kept, *turned), relation.unlisted, 0, rows=relation.rows | fields.sources)


def _keys_in(pivot: exp.Pivot, scope: Scope) -> set[str]:
    places = [*pivot.expressions, *(one.this for one in pivot.args.get("fields") or ())]
    return {scope.naming.key_of(column) for place in places for column in place.find_all(exp.Column)}


def _unpivot(relation: Relation, pivot: exp.Pivot, scope: Scope) -> Relation:
    naming = scope.naming
    made: list[Output] = []
    used: set[str] = set()
    values = _names_of(pivot.expressions)
    for one in pivot.args.get("fields") or ():
        entries = [entry.this if isinstance(entry, exp.PivotAlias) else entry for entry in one.expressions]
        groups = [entry.expressions if isinstance(entry, exp.Tuple) else [entry] for entry in entries]
        used |= {naming.key_of(column) for group in groups for column in group}
        made.append(_output(one.this, CONSTANT, scope))
        for place, value in enumerate(values):
            parts = [origin_of(group[place], scope) for group in groups if place < len(group)]
            made.append(_output(value, merge_origins(parts), scope))
    if not made:
        raise StatementUnreadable("UNPIVOT 没有写明列")
    kept = tuple(output for output in relation.outputs if output.key not in used)
    return Relation((*kept, *made), relation.unlisted, 0, rows=relation.rows)


def _names_of(expressions: list[exp.Expr]) -> list[exp.Expr]:
    return [name for one in expressions for name in (one.expressions if isinstance(one, exp.Tuple) else [one])]


def _output(name: exp.Expr, origin: Origin, scope: Scope) -> Output:
    key = scope.naming.key_of(name)
    return Output(key, scope.naming.spell(key, name.name), origin)
