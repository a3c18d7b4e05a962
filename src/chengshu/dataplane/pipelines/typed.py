"""The type of an expression, and what is demanded of the types of its parts."""

from collections.abc import Sequence
from typing import cast

from sqlglot import exp

from chengshu.dataplane.errors import PipelineFault
from chengshu.dataplane.tables.shapes import Type

Kind = Type | None
"""The type of an expression; None is that of a bare NULL."""
NUMBERS = (Type.INTEGER, Type.DECIMAL, Type.DOUBLE)
"""From narrow to wide: two numbers meet in the wider of their types."""
TIMES = (Type.DATE, Type.MOMENT)
FORMS = {
    Type.INTEGER: r" *[+-]?\d+ *",
    Type.DECIMAL: r" *[+-]?(\d+(\.\d*)?|\.\d+) *",
    Type.DOUBLE: r" *[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,3})? *",
    Type.BOOLEAN: r"[Tt][Rr][Uu][Ee]|[Ff][Aa][Ll][Ss][Ee]",
    Type.DATE: r"\d{4}-\d{2}-\d{2}",
    Type.MOMENT: r"\d{4}-\d{2}-\d{2}[ T]\d{2}:\d{2}:\d{2}(\.\d{1,6})?(Z|[+-]\d{2}:\d{2})?",
}
"""The texts that are read as each type; a moment without an offset is in UTC."""
DATE_UNITS = frozenset({"YEAR", "QUARTER", "MONTH", "WEEK", "DAY"})
CLOCK_UNITS = frozenset({"HOUR", "MINUTE", "SECOND"})


def refuse(node: exp.Expr, why: str) -> PipelineFault:
    """Give the fault of an expression; the step's name is added by who knows it."""
    return PipelineFault(f"“{node.sql('duckdb')}”{why}", expression=node.sql("duckdb"))


def kind_of(node: exp.Expr) -> Kind:
    """Give the type of an expression that was visited before; what frames expressions, such as (a, b), has none."""
    if "kind" not in node.meta:
        raise refuse(node, "不是一个值，不能用在这里。")
    return cast("Kind", node.meta["kind"])


def meet(node: exp.Expr, parts: Sequence[exp.Expr]) -> Kind:
    """Give the type in which some values meet: branches of a CASE, sides of a comparison."""
    kinds = {kind_of(part) for part in parts} - {None}
    if not kinds:
        return None
    if len(kinds) == 1:
        return kinds.pop()
    if kinds <= set(NUMBERS):
        return max(cast("set[Type]", kinds), key=NUMBERS.index)
    names = "、".join(sorted(str(kind) for kind in kinds))
    raise refuse(node, f"把不同类型的值（{names}）放在了一起；请先用 CAST 转为同一种类型。")


def demand(node: exp.Expr, part: exp.Expr | None, *wanted: Type) -> None:
    """Refuse a part that is of none of some types; a NULL is of all."""
    if part is not None and kind_of(part) not in (*wanted, None):
        raise refuse(
            node, f"里的“{part.sql('duckdb')}”应是{'或'.join(wanted)}，实为 {kind_of(part)}；请先用 CAST 转换。"
        )


def whole(node: exp.Expr, part: exp.Expr | None, *, least: int) -> None:
    """Refuse a literal number below `least`; what is computed is not known here."""
    demand(node, part, Type.INTEGER)
    literal = part.this if isinstance(part, exp.Neg) else part
    if isinstance(literal, exp.Literal) and (isinstance(part, exp.Neg) or int(literal.this) < least):
        raise refuse(node, f"里的位置或长度应不小于 {least}；各引擎对更小的数做法不一。")


def check_unit(node: exp.Expr, unit: exp.Expr | None, units: frozenset[str]) -> None:
    """Refuse a unit of time that the engines count differently."""
    name = "" if unit is None else unit.name.upper()
    if name.removesuffix("S") not in units:
        raise refuse(node, f"的时间单位“{name}”不可用；可用的有 {'、'.join(sorted(units))}。")
