"""What a query gives: SELECT, set operations, common table expressions."""

from collections.abc import Sequence
from dataclasses import replace
from functools import reduce
from typing import Final

from sqlglot import exp

from chengshu.dataplane.errors import StatementUnreadable
from chengshu.dataplane.lineage.columns import Origin, Output, Relation, unknown
from chengshu.dataplane.lineage.expressions import note_windows, origin_of
from chengshu.dataplane.lineage.known import KnownTables
from chengshu.dataplane.lineage.listing import Listing, rename_outputs, unite, unite_by_name
from chengshu.dataplane.lineage.relations import add_join, add_lateral, add_source, values_relation
from chengshu.dataplane.lineage.scopes import Scope, Source
from chengshu.dataplane.lineage.variables import Sight

_CONDITIONS: Final = ("where", "group", "having", "qualify", "connect", "distinct")
_LONGEST_NAME: Final = 200
"""Of the text of an expression that serves as the name of its output, in characters."""
_ROUNDS: Final = 64
"""A recursive query is followed until nothing new comes; sources can move on by one column a round."""


def open_scope(known: KnownTables, sight: Sight | None = None) -> Scope:
    """Open the place outside of all queries; within a routine's body, `sight` holds its variables."""
    return Scope(known, read_query, sight=sight)


def read_query(query: exp.Expr, around: Scope) -> Relation:
    """Give what a query gives, seen from the place that it stands in.

    Raises StatementUnreadable for what is no query.
    """
    scope = around.below()
    add_ctes(query, scope)
    if isinstance(query, exp.Subquery | exp.Paren):
        return _read_bracketed(query, scope)
    if isinstance(query, exp.SetOperation):
        return _read_set_operation(query, scope)
    if isinstance(query, exp.Select):
        return _read_select(query, scope)
    if isinstance(query, exp.Values):
        return values_relation(query, scope)
    if isinstance(query, exp.Table):
        add_source(query, scope)
        return scope.sources[0].relation
    raise StatementUnreadable(f"读不懂的查询：{query.key.upper()}")


def _read_bracketed(query: exp.Expr, scope: Scope) -> Relation:
    if query.args.get("pivots") or isinstance(query.this, exp.Table):
        add_source(query, scope)
        listing = Listing()
        for source in scope.sources:
            listing.add_all_of(source.relation)
        return listing.as_relation(scope.rows())
    return read_query(query.this, scope)


def add_ctes(statement: exp.Expr, scope: Scope) -> None:
    """Make a statement's common table expressions known at a place, in their order."""
    with_ = statement.args.get("with_")
    if with_ is None:
        return
    for cte in with_.expressions:
        alias = cte.args["alias"]
        key = scope.naming.fold(alias.name, quoted=bool(alias.this.args.get("quoted")))
        names = alias.args.get("columns") or ()
        if _reads_itself(cte, key, scope):
            scope.ctes[key] = _read_recursive(cte, key, names, scope)
        else:
            scope.ctes[key] = rename_outputs(_read_cte(cte.this, scope), names, scope.naming)


def _read_cte(body: exp.Expr, scope: Scope) -> Relation:
    if isinstance(body, exp.Query):
        return scope.read_query(body, scope)
    returning = body.args.get("returning")
    if not isinstance(body, exp.Insert | exp.Update | exp.Delete) or returning is None:
        return Relation()
    target = body.this.this if isinstance(body.this, exp.Schema) else body.this
    inner = scope.below()
    add_source(target, inner)
    return _list_outputs(returning.expressions, inner)


def _reads_itself(cte: exp.CTE, key: str, scope: Scope) -> bool:
    if not isinstance(cte.this, exp.SetOperation):
        return False
    is_marked = bool(cte.parent and cte.parent.args.get("recursive")) or scope.naming.dialect in {"oracle", "tsql"}
    return is_marked and any(
        not table.db and scope.naming.fold(table.name, quoted=bool(table.this.args.get("quoted"))) == key
        for table in cte.this.find_all(exp.Table)
    )


def _read_recursive(cte: exp.CTE, key: str, names: Sequence[exp.Expr], scope: Scope) -> Relation:
    anchor, *further = _operands(cte.this)
    inner = scope.below()
    add_ctes(cte.this, inner)
    relation = rename_outputs(read_query(anchor, inner), names, scope.naming)
    for _ in range(_ROUNDS):
        inner.ctes[key] = relation
        reread = reduce(unite, (read_query(one, inner) for one in further), relation)
        if reread == relation:
            break
        relation = reread
    return relation


def _operands(query: exp.Expr) -> list[exp.Expr]:
    """Give the queries of a set operation from left to right, however many."""
    operands: list[exp.Expr] = []
    while isinstance(query, exp.SetOperation) and (query.args.get("with_") is None or not operands):
        operands.append(query.expression)
        query = query.this
    return [query, *reversed(operands)]


def _read_set_operation(query: exp.SetOperation, scope: Scope) -> Relation:
    chain: list[exp.SetOperation] = []
    left: exp.Expr = query
    while isinstance(left, exp.SetOperation) and (left is query or left.args.get("with_") is None):
        chain.append(left)
        left = left.this
    relation = read_query(left, scope)
    for operation in reversed(chain):
        right = read_query(operation.expression, scope)
        if isinstance(operation, exp.Except):  # takes rows away, and gives no value
            relation = replace(relation, rows=relation.rows | right.rows)
        elif operation.args.get("by_name"):
            relation = unite_by_name(relation, right)
        else:
            relation = unite(relation, right)
    return relation


def _read_select(select: exp.Select, scope: Scope) -> Relation:
    add_sources(select, scope)
    note_windows(select, scope)
    relation = _list_outputs(select.expressions, scope)
    add_conditions(select, scope)
    return replace(relation, rows=scope.rows())


def add_sources(statement: exp.Expr, scope: Scope) -> None:
    """Put everything in a statement's FROM among the sources of a place."""
    if (from_ := statement.args.get("from_")) is not None:
        add_source(from_.this, scope)
    for join in statement.args.get("joins") or ():
        add_join(join, scope)
    for lateral in statement.args.get("laterals") or ():
        add_lateral(lateral, scope)


def add_conditions(statement: exp.Expr, scope: Scope) -> None:
    """Note the columns that decide which rows there are; what is not found among them is no fault of a value."""
    for name in _CONDITIONS:
        if isinstance(condition := statement.args.get(name), exp.Expr):
            scope.conditions |= origin_of(condition, scope).sources


def _list_outputs(items: Sequence[exp.Expr], scope: Scope) -> Relation:
    listing = Listing()
    for item in items:
        if isinstance(item, exp.Star):
            _add_star(item, scope.sources, scope, listing)
        elif isinstance(item, exp.Column) and isinstance(item.this, exp.Star):
            _add_table_star(item, scope, listing)
        elif isinstance(item, exp.Aliases):  # one function that gives several columns
            origin = origin_of(item.this, scope)
            listing.add(_named(name, name, origin, scope) for name in item.expressions)
        elif isinstance(item, exp.QueryTransform):
            origin = origin_of(item, scope)
            listing.add(_named(name, name, origin, scope) for name in _names_of_transform(item))
        else:
            _add_item(item, scope, listing)
    return listing.as_relation(frozenset())


def _names_of_transform(item: exp.QueryTransform) -> list[exp.Expr]:
    """Give the names of what a script of Hive's TRANSFORM writes: those given, else the two that Hive gives."""
    schema = item.args.get("schema")
    if schema is None:
        return [exp.to_identifier("key"), exp.to_identifier("value")]
    return [name.this if isinstance(name, exp.ColumnDef) else name for name in schema.expressions]


def _add_item(item: exp.Expr, scope: Scope, listing: Listing) -> None:
    if item.find(exp.Columns) is not None or (isinstance(item, exp.Predicate) and item.this.is_star):
        raise StatementUnreadable("COLUMNS(…) 选出的列无法逐一确定，请写明各列")
    output = _named(item, item, origin_of(item, scope), scope)
    listing.add([output])
    if scope.naming.has_lateral_aliases and isinstance(item, exp.Alias):
        scope.aliases.setdefault(output.key, output.origin)


def _named(name: exp.Expr, item: exp.Expr, origin: Origin, scope: Scope) -> Output:
    written = name.alias_or_name if isinstance(name, exp.Alias | exp.Column | exp.Identifier) else ""
    if not written:
        written = _unnamed(item, scope)
        if len(written) > _LONGEST_NAME:
            written = f"{written[:_LONGEST_NAME]}…"
        key = scope.naming.fold(written)
        return Output(key, written, origin)
    key = scope.naming.key_of(name)
    if isinstance(name, exp.Column) and len(origin.sources) == 1:
        (source,) = origin.sources
        if key in {scope.naming.fold(source.name), source.name}:
            return Output(key, source.name, origin)
    return Output(key, scope.naming.spell(key, written), origin)


def _unnamed(item: exp.Expr, scope: Scope) -> str:
    """Give the name that a database gives to an output without one: its text, in PostgreSQL its function's name."""
    bare = item.this if isinstance(item, exp.Paren) else item
    if scope.naming.dialect != "postgres":
        return bare.sql(scope.naming.dialect)
    if isinstance(bare, exp.Cast | exp.Window | exp.Filter):
        return bare.this.name if isinstance(bare.this, exp.Column) else _unnamed(bare.this, scope)
    if isinstance(bare, exp.Case):
        return "case"
    if isinstance(bare, exp.Func) and not isinstance(bare, exp.Connector):
        return bare.sql("postgres").partition("(")[0].strip().lower() or bare.key
    return bare.sql("postgres")


def _add_table_star(item: exp.Column, scope: Scope, listing: Listing) -> None:
    source = scope.find_source(item.args["table"], item.db) if item.args.get("table") else None
    if source is None:
        is_structure = "table" in item.args and not scope.find(exp.Column(this=item.args["table"].copy())).faults
        reason = f"{item.sql()} 是结构的全部字段，请逐个写明" if is_structure else f"找不到 {item.sql()} 所指的表"
        listing.add([Output("", item.sql(), unknown(reason))])
    else:
        _add_star(item.this, [source], scope, listing, is_of_all=False)


def _add_star(
    star: exp.Star, sources: Sequence[Source], scope: Scope, listing: Listing, *, is_of_all: bool = True
) -> None:
    hidden = {scope.naming.key_of(name) for name in star.args.get("except_") or ()}
    replaced = {scope.naming.key_of(item): origin_of(item, scope) for item in star.args.get("replace") or ()}
    renamed = {scope.naming.key_of(item.this): item.args["alias"] for item in star.args.get("rename") or ()}
    everything = Listing()
    shared = scope.shared if is_of_all else {}
    everything.add(shared.values())
    for source in sources:
        if source.is_shown or not is_of_all:
            everything.add_all_of(source.relation, frozenset(shared))
            if source.relation.anything is not None and not source.relation.outputs:
                everything.add([Output(source.alias, source.alias, source.relation.anything)])
    relation = everything.as_relation(frozenset())
    outputs = tuple(_changed(output, replaced, renamed, scope) for output in relation.outputs)
    listing.add_all_of(replace(relation, outputs=outputs), frozenset(hidden))


def _changed(output: Output, replaced: dict[str, Origin], renamed: dict[str, exp.Expr], scope: Scope) -> Output:
    if output.key in replaced:
        return replace(output, origin=replaced[output.key])
    if output.key in renamed:
        key = scope.naming.key_of(renamed[output.key])
        return Output(key, scope.naming.spell(key, renamed[output.key].name), output.origin)
    return output
