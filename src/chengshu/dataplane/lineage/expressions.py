"""The origin of an expression: which columns it is computed from, and how."""

from dataclasses import dataclass, field
from typing import Final

from sqlglot import exp

from chengshu.dataplane.lineage.columns import Origin, Transformation, merge_origins, unknown
from chengshu.dataplane.lineage.scopes import Scope, row_of

_OF_ONE_ROW: Final = (
    *(exp.Lag, exp.Lead, exp.FirstValue, exp.LastValue, exp.NthValue, exp.First, exp.Last),
    *(exp.Rank, exp.DenseRank, exp.PercentRank, exp.CumeDist, exp.Ntile),
)
"""What sqlglot counts among the aggregates, though over a window it gives one row's value or number."""
_NAMED_AGGREGATES: Final = frozenset(
    {"wm_concat", "string_agg", "listagg", "group_concat", "collect_list", "collect_set", "median", "percentile"}
    | {"json_agg", "jsonb_agg", "json_object_agg", "jsonb_object_agg", "json_arrayagg", "xmlagg", "bit_xor"}
    | {"percentile_approx", "approx_percentile", "ntile_agg", "regr_slope", "regr_intercept", "std", "mode"}
    | {"every", "collect", "histogram_numeric", "stats_mode"}
)


@dataclass(slots=True)
class _Parts:
    """What was found in an expression while it was walked through."""

    origins: list[Origin] = field(default_factory=list)
    has_aggregate: bool = False
    has_window: bool = False


def origin_of(expression: exp.Expr, scope: Scope) -> Origin:
    """Give the origin of an expression at one place of a query.

    A column alone is identity, however often it is renamed or put in brackets; a cast already is an expression.
    What is counted or numbered without a look at any value comes from the rows of the tables read.
    """
    bare = strip(expression)
    if isinstance(bare, exp.Column) and not isinstance(bare.this, exp.Star):
        return scope.find(bare)
    if isinstance(bare, exp.Query):
        return origin_of_query(bare, scope)
    if scope.sight is not None and (held := _held(bare, scope)) is not None:
        return held
    parts = _take_apart(bare, scope)
    merged = merge_origins(parts.origins, _least(parts))
    if merged.sources or merged.faults or not (parts.has_aggregate or parts.has_window):
        return merged
    return merge_origins([Origin(scope.tables_read())], _least(parts))


def origin_of_query(query: exp.Expr, scope: Scope) -> Origin:
    """Give the origin of a query's value: of its columns, mostly one."""
    relation = scope.read_query(query, scope)
    scope.conditions |= relation.rows
    if relation.unlisted:
        return row_of(relation)
    return merge_origins(output.origin for output in relation.outputs)


def strip(expression: exp.Expr) -> exp.Expr:
    """Take off names and brackets."""
    while isinstance(expression, exp.Alias | exp.Paren | exp.Aliases | exp.PivotAlias):
        expression = expression.this
    return expression


def _least(parts: _Parts) -> Transformation:
    return Transformation.AGGREGATE if parts.has_aggregate else Transformation.EXPRESSION


def _take_apart(expression: exp.Expr, scope: Scope) -> _Parts:
    parts = _Parts()
    waiting = [expression]
    while waiting:
        node = waiting.pop()
        parts.has_aggregate = parts.has_aggregate or is_aggregate(node)
        if isinstance(node, exp.Window):
            parts.has_window = True
            parts.origins.extend(_of_named_window(node, scope))
        if scope.sight is not None and (held := _held(node, scope)) is not None:
            parts.origins.append(held)
        elif isinstance(node, exp.Column):
            parts.origins.append(_whole_of(node, scope) if isinstance(node.this, exp.Star) else scope.find(node))
        elif isinstance(node, exp.Exists) and isinstance(node.this, exp.Query):
            parts.origins.append(_existence_of(node.this, scope))
        elif isinstance(node, exp.Query):
            parts.origins.append(origin_of_query(node, scope))
        elif (whole := _field_of_row(node, scope) or _part_of_xml(node, scope)) is not None:
            parts.origins.append(whole)
        elif isinstance(node, exp.Dot):
            waiting += [_with_columns(node.this, scope), node.expression]
        else:
            waiting.extend(_below(node))
    return parts


def _held(node: exp.Expr, scope: Scope) -> Origin | None:
    """Read an element of a collection of PL/SQL, `rows(i)` or `rows(i).field`, or a session's variable of MySQL."""
    if isinstance(node, exp.Parameter | exp.SessionParameter):
        return scope.find(exp.column(f"@{node.name}"))
    called, of_field = (node.this, node.expression) if isinstance(node, exp.Dot) else (node, None)
    if not isinstance(called, exp.Anonymous) or scope.sight is None:
        return None
    name = exp.to_identifier(called.name)
    if scope.sight.find(scope.naming.key_of(name)) is None:
        return None
    if isinstance(of_field, exp.Identifier):
        return scope.find(exp.Column(this=of_field.copy(), table=name))
    return scope.find(exp.Column(this=name)) if of_field is None else None


def _part_of_xml(node: exp.Expr, scope: Scope) -> Origin | None:
    """Read Oracle's EXTRACT(column, '/path'), which the parser takes for EXTRACT(YEAR FROM …); None for all else."""
    if not (
        isinstance(node, exp.Extract) and isinstance(node.this, exp.Var) and isinstance(node.expression, exp.Literal)
    ):
        return None
    is_path = node.expression.is_string and node.expression.name.startswith("/")
    return scope.find(exp.column(node.this.name)) if is_path else None


def note_windows(select: exp.Select, scope: Scope) -> None:
    """Note what the named windows of a query (WINDOW w AS …) are made of; each may stand on one before it."""
    for window in select.args.get("windows") or ():
        scope.windows[scope.naming.key_of(window.this)] = merge_origins(_take_apart(window, scope).origins)


def _of_named_window(window: exp.Window, scope: Scope) -> list[Origin]:
    name = window.args.get("alias")
    found = scope.windows.get(scope.naming.key_of(name)) if isinstance(name, exp.Identifier) else None
    return [found] if found is not None else []


def _below(node: exp.Expr) -> list[exp.Expr]:
    """Give the parts of a node that may name columns: not names of arguments, nor the variable of a loop."""
    if isinstance(node, exp.Count) and isinstance(node.this, exp.Column) and isinstance(node.this.this, exp.Star):
        return []  # count(t.*) counts rows
    if isinstance(node, exp.Kwarg | exp.PropertyEQ):
        return [node.expression]
    if isinstance(node, exp.Comprehension):
        variable = node.expression.name
        named = [column for column in node.this.find_all(exp.Column) if column.name != variable or column.table]
        return [node.args["iterator"], *named]
    return list(node.iter_expressions())


def _field_of_row(node: exp.Expr, scope: Scope) -> Origin | None:
    """Read PostgreSQL's (alias).column as the column; give None for everything else."""
    if not isinstance(node, exp.Dot):
        return None
    row = strip(node.this)
    if not (isinstance(row, exp.Column) and not row.table and isinstance(node.expression, exp.Identifier)):
        return None
    if scope.find_source(row.this, "") is None:
        return None
    return scope.find(exp.Column(this=node.expression.copy(), table=row.this.copy()))


def _with_columns(called: exp.Expr, scope: Scope) -> exp.Expr:
    """Give what a method is called on with its columns as such: the parser makes them parts of a name.

    A name before a dot that is no table's is that of a package or schema (`pkg.f(x)`), and stays.
    """

    def as_column(node: exp.Expr) -> exp.Expr:
        if isinstance(node, exp.Dot) and isinstance(node.this, exp.Identifier):
            is_column = isinstance(node.expression, exp.Identifier) and scope.find_source(node.this, "") is not None
            return exp.Column(this=node.expression.copy(), table=node.this.copy()) if is_column else node
        around = node.parent
        if not isinstance(node, exp.Identifier) or isinstance(around, exp.Dot) or node.arg_key == "alias":
            return node
        is_title = isinstance(around, exp.XMLElement) and node.arg_key == "this"
        is_operand = isinstance(around, exp.Func | exp.Ordered | exp.Binary) and not is_title
        return exp.Column(this=node.copy()) if is_operand else node

    return called.transform(as_column)


def is_aggregate(node: exp.Expr) -> bool:
    """Say whether a function makes one value of many rows' values."""
    if isinstance(node, exp.Anonymous):
        return node.name.lower() in _NAMED_AGGREGATES
    if isinstance(node, _OF_ONE_ROW):
        return not isinstance(node.find_ancestor(exp.Window, exp.Query), exp.Window)  # as Spark's first() of a group
    return isinstance(node, exp.AggFunc)


def _whole_of(column: exp.Column, scope: Scope) -> Origin:
    source = scope.find_source(column.args["table"], column.db) if column.args.get("table") else None
    return row_of(source.relation) if source is not None else unknown(f"找不到 {column.sql()} 所指的表")


def _existence_of(query: exp.Expr, scope: Scope) -> Origin:
    relation = scope.read_query(query, scope)
    scope.conditions |= relation.rows
    return Origin(frozenset(column for column in relation.rows if column.name == "*"), Transformation.EXPRESSION)
