"""Expressions that people write over the columns of a row: parsed, allowed node by node, made safe.

Written in SQL as DuckDB reads it, without queries, aggregates, windows, files or settings. Casts give null where they
fail, dividing by zero gives null, and a text column that is compared with a number or a day is read as one.
"""

from collections.abc import Mapping
from datetime import date

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from chengshu.dataplane.checks.cells import Kind, Shape, as_type, meant
from chengshu.dataplane.checks.patterns import require_pattern
from chengshu.dataplane.checks.rules import Type
from chengshu.dataplane.errors import RuleInvalid

_LONGEST = 2_000
_DEEPEST = 40

_WORDS: tuple[type[exp.Expr], ...] = (
    exp.Column, exp.Identifier, exp.Literal, exp.Boolean, exp.Null, exp.Paren, exp.And, exp.Or, exp.Not,
    exp.EQ, exp.NEQ, exp.GT, exp.GTE, exp.LT, exp.LTE, exp.Is, exp.NullSafeEQ, exp.NullSafeNEQ, exp.Between, exp.In,
    exp.Like, exp.RegexpLike, exp.Case, exp.If, exp.Cast, exp.TryCast, exp.DataType, exp.DataTypeParam,
    exp.Add, exp.Sub, exp.Mul, exp.Div, exp.IntDiv, exp.Mod, exp.Neg, exp.CurrentDate,
)  # fmt: skip
_FUNCTIONS: Mapping[str, type[exp.Expr]] = {
    "abs": exp.Abs, "ceil": exp.Ceil, "coalesce": exp.Coalesce, "concat": exp.Concat, "||": exp.DPipe,
    "contains": exp.Contains, "day": exp.Day, "ends_with": exp.EndsWith, "floor": exp.Floor,
    "greatest": exp.Greatest, "least": exp.Least, "left": exp.Left, "length": exp.Length, "lower": exp.Lower,
    "month": exp.Month, "nullif": exp.Nullif, "regexp_matches": exp.RegexpLike, "replace": exp.Replace,
    "right": exp.Right, "round": exp.Round, "starts_with": exp.StartsWith, "strpos": exp.StrPosition,
    "substring": exp.Substring, "trim": exp.Trim, "upper": exp.Upper, "year": exp.Year,
}  # fmt: skip
_ALLOWED = frozenset((*_WORDS, *_FUNCTIONS.values()))
_TYPES = frozenset(
    exp.DType[name]
    for name in (
        "INT",
        "BIGINT",
        "DOUBLE",
        "DECIMAL",
        "DATE",
        "TIMESTAMP",
        "TIMESTAMPNTZ",
        "VARCHAR",
        "TEXT",
        "BOOLEAN",
    )
)
_COMPARISONS = (exp.EQ, exp.NEQ, exp.GT, exp.GTE, exp.LT, exp.LTE, exp.Between, exp.In)
_DATED = (exp.Year, exp.Month, exp.Day)
_ARITHMETIC = (exp.Add, exp.Sub, exp.Mul, exp.Div, exp.IntDiv, exp.Mod, exp.Neg, exp.Abs, exp.Round)
_VALUES = (*_ARITHMETIC, *_DATED, exp.Literal, exp.Length, exp.Concat, exp.DPipe, exp.CurrentDate)


def parse_expression(text: str) -> exp.Expr:
    """Parse one expression and check every node of it.

    Raises:
        RuleInvalid: it cannot be read, is too long or too deep, or uses what is not allowed.
    """
    if len(text) > _LONGEST or _depth(text) > _DEEPEST:
        raise RuleInvalid(f"表达式太长或嵌套太深：最多 {_LONGEST:,} 个字、{_DEEPEST} 层括号。请拆成几条规则。")
    try:
        found = sqlglot.parse(text, dialect="duckdb")
    except SqlglotError as error:
        raise RuleInvalid(
            f"表达式“{text}”读不懂：{_first_line(error)}。请按 SQL 的条件来写，如 amount >= 0。"
        ) from error
    except RecursionError as error:
        raise RuleInvalid(f"表达式“{text[:50]}…”嵌套太深。请拆成几条规则。") from error
    if len(found) != 1 or found[0] is None:
        raise RuleInvalid(f"表达式“{text}”不是一个条件。请只写一个条件，不带分号。")
    for node in found[0].walk():
        _require_allowed(node, text)
    if isinstance(found[0].unnest(), _VALUES):
        raise RuleInvalid(f"表达式“{text}”不是条件，只是一个值。请写成比较，如 amount >= 0。")
    return found[0]


def columns_of(expression: exp.Expr) -> tuple[str, ...]:
    """Give the names of the columns that it reads, in order, each once."""
    return tuple(dict.fromkeys(column.name for column in expression.find_all(exp.Column, bfs=False)))


def bind_expression(expression: exp.Expr, shape: Shape, *, today: date) -> exp.Expr:
    """Give the expression over the columns of a table, safe to run on any row of it."""
    bound = exp.Paren(this=expression.copy())
    if isinstance(alone := expression.unnest(), exp.Column) and shape.kinds[alone.name] is not Kind.BOOLEAN:
        raise RuleInvalid(f"表达式“{alone.name}”不是条件，只是一列的值。请写成比较，如 {alone.name} = '1'。")
    columns = list(bound.find_all(exp.Column))
    read = [(column, _read(column, shape)) for column in columns]
    for column, instead in read:
        column.replace(instead)
    return bound.transform(lambda node: _made_safe(node, today))


def _read(column: exp.Column, shape: Shape) -> exp.Expr:
    """Give the cell that a column of an expression stands for, read as what it is compared with."""
    if shape.kinds[column.name] is Kind.TEXT and column.name not in shape.read_as:
        parent = column.parent
        while isinstance(parent, exp.Paren):
            parent = parent.parent
        others = [node for node in parent.iter_expressions() if node is not column] if parent else []
        if isinstance(parent, _ARITHMETIC) or (isinstance(parent, _COMPARISONS) and any(map(_is_numeric, others))):
            return as_type(column.name, Type.NUMBER, shape)
        if isinstance(parent, _DATED) or (isinstance(parent, _COMPARISONS) and any(map(_is_day, others))):
            return as_type(column.name, Type.TIMESTAMP, shape)  # a day is its midnight
    return meant(column.name, shape)


def _is_numeric(node: exp.Expr) -> bool:
    inner = node.unnest()
    return isinstance(inner, (*_ARITHMETIC, exp.Length)) or (isinstance(inner, exp.Literal) and not inner.is_string)


def _is_day(node: exp.Expr) -> bool:
    inner = node.unnest()
    return isinstance(inner, exp.CurrentDate) or (
        isinstance(inner, exp.Cast) and inner.to.this in {exp.DType.DATE, exp.DType.TIMESTAMPNTZ}
    )


def _made_safe(node: exp.Expr, today: date) -> exp.Expr:
    if isinstance(node, exp.CurrentDate):
        return exp.cast(exp.Literal.string(today.isoformat()), "DATE")
    if isinstance(node, exp.Cast) and not isinstance(node, exp.TryCast) and not isinstance(node.this, exp.Literal):
        return exp.TryCast(this=node.this, to=node.to, safe=True)
    if isinstance(node, exp.Div | exp.IntDiv | exp.Mod) and not isinstance(node.expression, exp.Nullif):
        node.set("expression", exp.Nullif(this=node.expression, expression=exp.Literal.number(0)))
    return node


def _require_allowed(node: exp.Expr, text: str) -> None:
    if type(node) not in _ALLOWED:
        # A function unknown to the parser is Anonymous; its own name says more to people than the node's.
        said = node.name if isinstance(node, exp.Anonymous) else node.sql(dialect="duckdb")[:60]
        functions = "、".join(sorted(_FUNCTIONS))
        raise RuleInvalid(
            f"表达式“{text}”里不能用“{said}”。能用的是比较、and、or、not、加减乘除、case、cast 和：{functions}。"
        )
    if isinstance(node, exp.Column) and node.table:
        raise RuleInvalid(f"表达式“{text}”里的列“{node.sql()}”带了表名。请只写本表的列名。")
    if isinstance(node, exp.DataType) and node.this not in _TYPES:
        raise RuleInvalid(
            f"表达式“{text}”里不能转成类型“{node.sql()}”。请用 integer、double、decimal、date、timestamp、text。"
        )
    if isinstance(node, exp.RegexpLike):
        if not (isinstance(node.expression, exp.Literal) and node.expression.is_string):
            raise RuleInvalid(f"表达式“{text}”里的正则式要直接写成文本。")
        require_pattern(node.expression.name)


def _depth(text: str) -> int:
    deepest = depth = 0
    for character in text:
        depth += (character == "(") - (character == ")")
        deepest = max(deepest, depth)
    return deepest


def _first_line(error: Exception) -> str:
    return str(error).splitlines()[0].rstrip(".")
