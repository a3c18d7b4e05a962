"""Reads the SQL of a step: into the neutral language, every name resolved, every expression with its type.

The text is DuckDB's SQL, restricted: one relation a step, read from inputs and earlier steps; no nested WITH and no
query in FROM (that is a step of its own); only expressions that `kinds` knows. Integers are of 64 bits, moments in
UTC, `/` gives a double and null for a division by zero.
"""

from collections.abc import Mapping
from typing import Any

import sqlglot
from sqlglot import exp
from sqlglot.errors import OptimizeError, ParseError, TokenError
from sqlglot.optimizer.qualify import qualify
from sqlglot.schema import MappingSchema

from chengshu.dataplane.errors import PipelineFault
from chengshu.dataplane.pipelines.casts import cast_kind, data_type
from chengshu.dataplane.pipelines.kinds import CLAUSES, RULES
from chengshu.dataplane.pipelines.typed import Kind, kind_of, refuse
from chengshu.dataplane.tables.shapes import Type

DIALECT = "duckdb"
Fields = Mapping[str, Type]
"""Columns of a relation in order, with their types."""

_SELECT = frozenset(
    {"expressions", "from_", "joins", "where", "group", "having", "order", "limit", "distinct", "qualify"}
)
_SET = frozenset({"this", "expression", "distinct", "order", "limit"})
_JOINS = frozenset({"", "INNER", "OUTER", "CROSS", "SEMI", "ANTI"})
_GROUP = frozenset({"expressions"})


def parse_query(text: str) -> exp.Query:
    """Read one query of the neutral language; raises PipelineFault for what is not in it."""
    try:
        statements = [one for one in sqlglot.parse(text, read=DIALECT) if one is not None]
    except (ParseError, TokenError) as error:
        raise PipelineFault(f"SQL 有语法错误：{_describe(error)}", statement=text) from error
    if len(statements) != 1 or not isinstance(statements[0], exp.Query):
        raise PipelineFault("一步应是一条查询（SELECT，或几条 SELECT 的 UNION、INTERSECT、EXCEPT）。", statement=text)
    return statements[0]


def _describe(error: ParseError | TokenError) -> str:
    found = error.errors[0] if isinstance(error, ParseError) and error.errors else {}
    place = f"第 {found['line']} 行第 {found['col']} 列附近，" if found else ""
    return f"{place}{found.get('description') or error}"


def list_relations(query: exp.Query) -> frozenset[str]:
    """Give the names of the relations that a query reads."""
    return frozenset(table.name for table in query.find_all(exp.Table))


def resolve_query(
    query: exp.Query, relations: Mapping[str, Fields], parameters: Mapping[str, Type]
) -> tuple[exp.Query, dict[str, Type]]:
    """Resolve a query over relations: give it with all names and types, and its columns.

    The query passed `check_clauses`. Raises PipelineFault for a column that is not there and types that do not meet.
    """
    schema = MappingSchema(
        {name: {column: data_type(kind) for column, kind in fields.items()} for name, fields in relations.items()},
        dialect=DIALECT,
        normalize=False,  # names are in small letters, and a column's may be anything: it is not read as SQL
    )
    try:
        resolved = qualify(query.copy(), schema=schema, dialect=DIALECT)
    except OptimizeError as error:
        raise PipelineFault(f"名称对不上：{error}；请核对字段名、别名和所读的表。") from error
    _Typer(relations, parameters).visit(resolved)
    return resolved, _fields(resolved)


def _fields(query: exp.Query) -> dict[str, Type]:
    fields: dict[str, Type] = {}
    for column in query.selects:
        kind = _column_kind(query, column.alias_or_name)
        if kind is None:
            raise PipelineFault(f"字段“{column.alias_or_name}”只有 NULL，没有类型；请写 CAST(NULL AS 类型)。")
        if column.alias_or_name in fields:
            raise PipelineFault(f"字段“{column.alias_or_name}”出现了两次；请用 AS 另起名称。")
        fields[column.alias_or_name] = kind
    return fields


def _column_kind(query: exp.Query, name: str) -> Kind:
    """Give the type of a column that a query gives; in a union, that in which all sides meet."""
    if isinstance(query, exp.SetOperation):
        place = [one.alias_or_name for one in query.selects].index(name)
        sides = [side.unnest() for side in (query.this, query.expression)]
        parts = [_Known(_column_kind(side, side.selects[place].alias_or_name)) for side in sides]
        return parts[0].kind if parts[1].kind is None else parts[0].meet(parts[1], name)
    chosen = next(one for one in query.selects if one.alias_or_name == name)
    return kind_of(chosen.unalias())


class _Known:
    """A column of one side of a union."""

    def __init__(self, kind: Kind) -> None:
        self.kind = kind

    def meet(self, other: "_Known", name: str) -> Kind:
        kinds = {self.kind, other.kind} - {None}
        numbers = (Type.INTEGER, Type.DECIMAL, Type.DOUBLE)
        if len(kinds) == 1:
            return kinds.pop()
        if kinds <= set(numbers):
            return max(kinds, key=numbers.index)
        raise PipelineFault(f"合并的两边，字段“{name}”的类型不同（{self.kind}、{other.kind}）；请先用 CAST 转换。")


class _Typer:
    """Marks every expression of a resolved query with its type."""

    def __init__(self, relations: Mapping[str, Fields], parameters: Mapping[str, Type]) -> None:
        self.relations = relations
        self.parameters = parameters

    def visit(self, node: exp.Expr) -> None:
        """Mark what is below, then the node itself."""
        if "kind" in node.meta:
            return
        if isinstance(node, exp.Column):
            node.meta["kind"] = self._column(node)
            return
        if isinstance(node, exp.Placeholder):
            node.meta["kind"] = self._parameter(node)
            return
        for part in node.iter_expressions():
            self.visit(part)
        if isinstance(node, exp.Cast):
            node.meta["kind"] = cast_kind(node)
        elif type(node) in RULES:
            node.meta["kind"] = RULES[type(node)](node)

    def _column(self, column: exp.Column) -> Kind:
        if not column.table:  # the order of a query may name its columns
            query = column.find_ancestor(exp.Query)
            assert query is not None  # noqa: S101 - a column stands in a query
            for chosen in query.selects:
                self.visit(chosen)
            return _column_kind(query, column.name)
        scope = column.find_ancestor(exp.Select)
        while scope is not None:
            for table in _sources(scope):
                if table.alias_or_name == column.table:
                    return self.relations[table.name][column.name]
            scope = scope.find_ancestor(exp.Select)
        raise refuse(column, "不知从何而来。")

    def _parameter(self, node: exp.Placeholder) -> Kind:
        kind = self.parameters.get(node.name)
        if kind is None:
            raise refuse(node, "不是这条管道声明的参数；请在 parameters 里写明它的类型。")
        return kind


def _sources(select: exp.Select) -> list[exp.Table]:
    start = select.args.get("from_")
    joins = select.args.get("joins") or []
    return [one.this for one in ([start] if start else []) + joins if isinstance(one.this, exp.Table)]


def check_clauses(query: exp.Query) -> None:
    """Refuse clauses and functions that are not of the language."""
    for node in query.walk():
        known = type(node) in CLAUSES or type(node) in RULES
        if not known and not isinstance(node, exp.Column | exp.Placeholder | exp.Cast):
            raise refuse(node, "不在各引擎共有的写法之内（见 docs/pipelines.md）；请换一种写法。")
        match node:
            case exp.Select():
                _check_args(node, _SELECT)
                _check_limit(node)
            case exp.SetOperation():
                _check_args(node, _SET)
                _check_limit(node)
            case exp.Group():
                _check_args(node, _GROUP)
            case exp.Table():
                _check_table(node)
            case exp.Join():
                if node.args.get("method") or node.kind not in _JOINS or isinstance(node.this, exp.Subquery):
                    raise refuse(node, "这种连接不可用；可用 INNER、LEFT、RIGHT、FULL、CROSS、SEMI、ANTI JOIN 表名。")
            case exp.From() if not isinstance(node.this, exp.Table):
                raise refuse(node, "在 FROM 里写了查询；请把它写成单独的一步。")


def _check_args(node: exp.Expr, allowed: frozenset[str]) -> None:
    for name, value in node.args.items():
        if value and name not in allowed:
            raise refuse(node, f"里的 {name.rstrip('_').upper()} 不可用；嵌套的查询请写成单独的一步。")


def _check_limit(query: exp.Query) -> None:
    if query.args.get("limit") and not query.args.get("order"):
        raise refuse(query, "有 LIMIT 而没有 ORDER BY，结果每次可能不同；请写明顺序。")


def _check_table(table: exp.Table) -> None:
    plain: dict[str, Any] = {
        name: value for name, value in table.args.items() if value and name not in {"this", "alias"}
    }
    if plain or not isinstance(table.this, exp.Identifier):
        raise refuse(table, "不是输入或步骤的名称；文件、函数和带库名的表都不能直接读。")
