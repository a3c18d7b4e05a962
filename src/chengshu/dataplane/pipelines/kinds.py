"""The neutral language: which expressions it has, and of which type each is.

An expression is in the language when it has a line here; it has one only when both engines were seen to give the same
answer (tests/dataplane/spec, and random pipelines). Everything else is refused before it runs, above all what makes a
step impure: random numbers, the clock, files.
"""

import re
from collections.abc import Callable, Sequence
from typing import Any, cast

from sqlglot import exp

from chengshu.dataplane.errors import TableFault
from chengshu.dataplane.pipelines.typed import (
    CLOCK_UNITS,
    DATE_UNITS,
    FORMS,
    NUMBERS,
    TIMES,
    Kind,
    check_unit,
    demand,
    kind_of,
    meet,
    refuse,
    whole,
)
from chengshu.dataplane.tables.patterns import parse_pattern
from chengshu.dataplane.tables.shapes import Type

Rule = Callable[[Any], Kind]


def _fixed(result: Type, *wanted: Type, parts: Sequence[str] = ("this", "expression")) -> Rule:
    """Give the rule of a function whose named parts are of some types, and which always gives one type."""

    def rule(node: exp.Expr) -> Kind:
        for name in parts:
            demand(node, node.args.get(name), *wanted)
        return result

    return rule


def _same(*wanted: Type) -> Rule:
    """Give the rule of a function that gives what it takes."""

    def rule(node: exp.Expr) -> Kind:
        demand(node, node.this, *wanted)
        return kind_of(node.this)

    return rule


def _compare(node: exp.Expr) -> Kind:
    parts = [part for part in node.iter_expressions() if isinstance(part, exp.Condition | exp.Tuple | exp.Query)]
    if not any(isinstance(part, exp.Query | exp.Tuple) for part in parts):
        meet(node, [part for part in parts if not _is_time_text(part, parts)])
    return Type.BOOLEAN


def _is_time_text(part: exp.Expr, parts: Sequence[exp.Expr]) -> bool:
    """Tell whether a text is written where a day or moment stands: both engines read it as one."""
    if not (isinstance(part, exp.Literal) and part.is_string and any(kind_of(other) in TIMES for other in parts)):
        return False
    if not any(re.compile(FORMS[kind], re.ASCII).fullmatch(part.name) for kind in TIMES):
        raise refuse(part, "与日期相比，但不是日期的写法；请写成 '2024-01-31'，时刻写成 '2024-01-31 08:00:00+08:00'。")
    return True


def _arithmetic(node: exp.Expr) -> Kind:
    if isinstance(node.expression, exp.Interval):
        demand(node, node.this, *TIMES)
        units = DATE_UNITS if kind_of(node.this) is Type.DATE else DATE_UNITS | CLOCK_UNITS
        if not isinstance(node.expression.this, exp.Literal):
            demand(node, node.this, Type.DATE)  # engines add computed lengths to days alike, to moments not
            units = DATE_UNITS
        check_unit(node, node.expression.args.get("unit"), units)
        return kind_of(node.this)
    for part in (node.this, node.expression):
        demand(node, part, *NUMBERS)
    return meet(node, [node.this, node.expression])


def _interval(node: exp.Interval) -> Kind:
    count = node.this
    if isinstance(count, exp.Literal) and not count.name.lstrip("-").isdigit():
        raise refuse(node, "的长度应是整数，例如 INTERVAL 3 DAY 或 INTERVAL (n) DAY。")
    if not isinstance(count, exp.Literal):
        demand(node, count, Type.INTEGER)
    return None


def _truncate(node: exp.Expr) -> Kind:
    demand(node, node.this, *TIMES)
    units = DATE_UNITS if kind_of(node.this) is Type.DATE else DATE_UNITS | CLOCK_UNITS
    check_unit(node, node.args.get("unit"), units)
    return kind_of(node.this)


def _difference(node: exp.DateDiff) -> Kind:
    check_unit(node, node.args.get("unit"), frozenset({"YEAR", "QUARTER", "MONTH", "DAY"}))
    return _fixed(Type.INTEGER, Type.DATE)(node)


def _extract(node: exp.Extract) -> Kind:
    check_unit(node, node.this, frozenset({"YEAR", "QUARTER", "MONTH", "DAY", "HOUR", "MINUTE"}))
    demand(node, node.expression, *TIMES)
    return Type.INTEGER


def _case(node: exp.Expr) -> Kind:
    if node.args.get("this") is not None and isinstance(node, exp.Case):
        for branch in node.args["ifs"]:
            meet(node, [node.this, branch.this])
    else:
        for branch in node.args.get("ifs") or [node]:
            demand(node, branch.this, Type.BOOLEAN)
    branches = [branch.args["true"] for branch in node.args.get("ifs") or [node]]
    last = node.args.get("default") or node.args.get("false")
    return meet(node, [*branches, *([last] if last is not None else [])])


def _branch(node: exp.If) -> Kind:
    return _case(node) if not isinstance(node.parent, exp.Case) else kind_of(node.args["true"])


def _all_parts(node: exp.Expr) -> Kind:
    """Give the rule of COALESCE and its like: all parts meet."""
    return meet(node, [node.this, *node.expressions])


def _nullif(node: exp.Nullif) -> Kind:
    meet(node, [node.this, node.expression])
    return kind_of(node.this)


def _literal(node: exp.Literal) -> Kind:
    if node.is_string:
        return Type.TEXT
    text = str(node.this).lower()
    if "e" in text:
        return Type.DOUBLE
    if "." in text:
        return Type.DECIMAL
    if int(text) >= 2**63:
        raise refuse(node, "超出 64 位整数；请写成小数或文本。")
    return Type.INTEGER


def _sum(node: exp.Sum) -> Kind:
    part = node.this.expressions[0] if isinstance(node.this, exp.Distinct) else node.this
    demand(node, part, *NUMBERS)
    return kind_of(part)


def _average(node: exp.Avg) -> Kind:
    _sum(cast("exp.Sum", node))
    return Type.DOUBLE


def _ends(node: exp.Expr) -> Kind:
    """Give the rule of MIN, MAX and the window functions that hand on a value."""
    return kind_of(node.this)


def _shifted(node: exp.Expr) -> Kind:
    default = node.args.get("default")
    return meet(node, [node.this, *([default] if default is not None else [])])


def _joined_texts(node: exp.GroupConcat) -> Kind:
    order = node.this
    if not isinstance(order, exp.Order):
        raise refuse(node, "没有 ORDER BY，结果每次可能不同；请写 STRING_AGG(文本, '、' ORDER BY 列)。")
    value = order.this.expressions[0] if isinstance(order.this, exp.Distinct) else order.this
    demand(node, value, Type.TEXT)
    separator = node.args.get("separator")
    if not isinstance(separator, exp.Literal) or not separator.is_string:
        raise refuse(node, "的分隔符应直接写成文本，例如 STRING_AGG(文本, '、' ORDER BY 列)。")
    if isinstance(order.this, exp.Distinct) and [one.this for one in order.expressions] != [value]:
        raise refuse(node, "去重之后只能按那个文本自己排序。")
    return Type.TEXT


def _window(node: exp.Window) -> Kind:
    inner = node.this.this if isinstance(node.this, exp.Filter) else node.this
    if isinstance(inner, exp.GroupConcat):
        raise refuse(node, "：STRING_AGG 只能与 GROUP BY 同用；请先分组，再连接回来。")
    if isinstance(inner, ORDERED) and node.args.get("order") is None:
        raise refuse(node, "没有 ORDER BY，结果每次可能不同；请写明顺序。")
    return kind_of(node.this)


def _distinct(node: exp.Distinct) -> Kind:
    if node.args.get("on"):
        raise refuse(node, "各引擎不一；请用 ROW_NUMBER() 与 QUALIFY 取每组的一行。")
    if isinstance(node.parent, exp.Count | exp.Sum | exp.Avg | exp.Min | exp.Max | exp.Order):
        if len(node.expressions) != 1:
            raise refuse(node, "一次只能对一列去重计数。")
        return kind_of(node.expressions[0])
    return None


def _pattern(node: exp.Expr) -> Kind:
    demand(node, node.this, Type.TEXT)
    if not isinstance(node.expression, exp.Literal):
        raise refuse(node, "的格式应直接写出，不能由数据得来。")
    if node.args.get("flag") or node.args.get("options"):
        raise refuse(node, "不能带选项；请在格式里写明大小写。")
    try:
        parse_pattern(node.expression.name)
    except TableFault as fault:
        raise refuse(node, f"：{fault.message}") from fault
    return Type.TEXT if isinstance(node, exp.RegexpExtract) else Type.BOOLEAN


def _like(node: exp.Like) -> Kind:
    for part in (node.this, node.expression):
        demand(node, part, Type.TEXT)
    if not isinstance(node.expression, exp.Literal) or "\\" in node.expression.name:
        raise refuse(node, "的模式应直接写出，且不含反斜杠；要精确查找请用 CONTAINS 或 STARTS_WITH。")
    return Type.BOOLEAN


def _substring(node: exp.Substring) -> Kind:
    demand(node, node.this, Type.TEXT)
    whole(node, node.args.get("start"), least=1)
    whole(node, node.args.get("length"), least=0)
    return Type.TEXT


def _cut(node: exp.Expr) -> Kind:
    demand(node, node.this, Type.TEXT)
    whole(node, node.expression, least=0)
    return Type.TEXT


def _pad(node: exp.Pad) -> Kind:
    demand(node, node.args.get("fill_pattern"), Type.TEXT)
    return _cut(node)


def _split(node: exp.SplitPart) -> Kind:
    demand(node, node.this, Type.TEXT)
    demand(node, node.args.get("delimiter"), Type.TEXT)
    whole(node, node.args.get("part_index"), least=1)
    return Type.TEXT


def _texts(node: exp.Expr) -> Kind:
    for part in node.iter_expressions():
        demand(node, part, Type.TEXT)
    return Type.TEXT


def _round(node: exp.Round) -> Kind:
    demand(node, node.this, *NUMBERS)
    digits = node.args.get("decimals")
    if digits is not None and not (isinstance(digits, exp.Literal) and digits.is_int):
        raise refuse(node, "保留的位数应写成不小于 0 的整数。")
    return kind_of(node.this)


def _format(node: exp.TimeToStr) -> Kind:
    demand(node, node.this, *TIMES)
    form = node.args["format"]
    if not isinstance(form, exp.Literal):
        raise refuse(node, "的日期格式应直接写出。")
    return Type.TEXT


def _subquery(node: exp.Subquery) -> Kind:
    return kind_of(node.this.selects[0].unalias())


def _exists(_: exp.Exists) -> Kind:
    return Type.BOOLEAN


def _nothing(_: exp.Expr) -> Kind:
    return None


def _boolean(*parts: str) -> Rule:
    return _fixed(Type.BOOLEAN, Type.BOOLEAN, parts=parts)


ORDERED = (exp.RowNumber, exp.Rank, exp.DenseRank, exp.Ntile, exp.Lag, exp.Lead, exp.FirstValue, exp.LastValue)
"""Window functions whose answer hangs on the order of rows."""
_TEXT_IN, _TIME_IN = (Type.TEXT,), TIMES
RULES: dict[type[exp.Expr], Rule] = {
    **dict.fromkeys((exp.EQ, exp.NEQ, exp.GT, exp.GTE, exp.LT, exp.LTE, exp.Between, exp.In), _compare),
    **dict.fromkeys((exp.NullSafeEQ, exp.NullSafeNEQ), _compare),
    **dict.fromkeys((exp.And, exp.Or), _boolean("this", "expression")),
    exp.Not: _boolean("this"),
    **dict.fromkeys((exp.Is, exp.Boolean), _fixed(Type.BOOLEAN, parts=())),
    exp.Exists: _exists,
    **dict.fromkeys((exp.Add, exp.Sub, exp.Mul), _arithmetic),
    exp.Div: _fixed(Type.DOUBLE, *NUMBERS),
    exp.IntDiv: _fixed(Type.INTEGER, Type.INTEGER),
    exp.Mod: _fixed(Type.INTEGER, Type.INTEGER),
    **dict.fromkeys((exp.Neg, exp.Abs), _same(*NUMBERS)),
    exp.Paren: _same(*Type),
    **dict.fromkeys((exp.Ceil, exp.Floor), _fixed(Type.INTEGER, *NUMBERS, parts=("this",))),
    exp.Round: _round,
    exp.Case: _case,
    exp.If: _branch,
    **dict.fromkeys((exp.Coalesce, exp.Greatest, exp.Least), _all_parts),
    exp.Nullif: _nullif,
    exp.Literal: _literal,
    exp.Null: _nothing,
    exp.Interval: _interval,
    exp.Count: _fixed(Type.INTEGER, parts=()),
    exp.CountIf: _fixed(Type.INTEGER, Type.BOOLEAN, parts=("this",)),
    exp.Sum: _sum,
    exp.Avg: _average,
    **dict.fromkeys((exp.Min, exp.Max, exp.FirstValue, exp.LastValue), _ends),
    **dict.fromkeys((exp.LogicalAnd, exp.LogicalOr), _boolean("this")),
    exp.GroupConcat: _joined_texts,
    exp.Filter: _same(*Type),
    exp.Distinct: _distinct,
    **dict.fromkeys((exp.RowNumber, exp.Rank, exp.DenseRank, exp.Ntile), _fixed(Type.INTEGER, parts=())),
    **dict.fromkeys((exp.Lag, exp.Lead), _shifted),
    exp.Window: _window,
    **dict.fromkeys((exp.Upper, exp.Lower), _same(*_TEXT_IN)),
    exp.Trim: _fixed(Type.TEXT, *_TEXT_IN),
    exp.Length: _fixed(Type.INTEGER, *_TEXT_IN, parts=("this",)),
    exp.StrPosition: _fixed(Type.INTEGER, *_TEXT_IN, parts=("this", "substr")),
    exp.Replace: _fixed(Type.TEXT, *_TEXT_IN, parts=("this", "expression", "replacement")),
    **dict.fromkeys((exp.Contains, exp.StartsWith, exp.EndsWith), _fixed(Type.BOOLEAN, *_TEXT_IN)),
    **dict.fromkeys((exp.Concat, exp.DPipe), _texts),
    exp.Substring: _substring,
    **dict.fromkeys((exp.Left, exp.Right), _cut),
    exp.Pad: _pad,
    exp.SplitPart: _split,
    exp.Like: _like,
    **dict.fromkeys((exp.RegexpLike, exp.RegexpFullMatch, exp.RegexpExtract), _pattern),
    **dict.fromkeys((exp.DateTrunc, exp.TimestampTrunc), _truncate),
    exp.DateDiff: _difference,
    exp.Extract: _extract,
    **dict.fromkeys((exp.Year, exp.Quarter, exp.Month, exp.Day), _fixed(Type.INTEGER, *_TIME_IN, parts=("this",))),
    **dict.fromkeys((exp.Hour, exp.Minute), _fixed(Type.INTEGER, Type.MOMENT, parts=("this",))),
    exp.LastDay: _fixed(Type.DATE, Type.DATE, parts=("this",)),
    exp.DateFromParts: _fixed(Type.DATE, Type.INTEGER, parts=("year", "month", "day")),
    exp.TimeToStr: _format,
    exp.Subquery: _subquery,
}
CLAUSES = frozenset(
    {
        *(exp.Select, exp.Union, exp.Intersect, exp.Except, exp.From, exp.Join, exp.Where, exp.Group, exp.Having),
        *(exp.Qualify, exp.Order, exp.Ordered, exp.Limit, exp.WindowSpec, exp.Alias, exp.TableAlias, exp.Table),
        *(exp.Identifier, exp.Tuple, exp.Star, exp.Var, exp.DataType, exp.DataTypeParam, exp.ParameterizedAgg),
    }
)
"""What frames expressions and is of no type itself."""
