"""Casts of the neutral language: which there are, and which texts they read.

Engines read texts differently ("1.5" as a whole number, "2024" as a day), so a text is cast only where it has one plain
form; otherwise CAST is a fault that shows it, and TRY_CAST is null.
"""

import re

from sqlglot import exp

from chengshu.dataplane.pipelines.typed import FORMS, NUMBERS, Kind, kind_of, refuse
from chengshu.dataplane.tables.shapes import Type

_TYPES: dict[exp.DType, Type] = {
    **dict.fromkeys((exp.DType.TEXT, exp.DType.VARCHAR), Type.TEXT),
    **dict.fromkeys((exp.DType.INT, exp.DType.BIGINT), Type.INTEGER),
    exp.DType.DECIMAL: Type.DECIMAL,
    exp.DType.DOUBLE: Type.DOUBLE,
    exp.DType.BOOLEAN: Type.BOOLEAN,
    exp.DType.DATE: Type.DATE,
    exp.DType.TIMESTAMPTZ: Type.MOMENT,
}
_NAMES = {
    Type.TEXT: "TEXT",
    Type.INTEGER: "BIGINT",
    Type.DECIMAL: "DECIMAL",
    Type.DOUBLE: "DOUBLE",
    Type.BOOLEAN: "BOOLEAN",
    Type.DATE: "DATE",
    Type.MOMENT: "TIMESTAMPTZ",
}
_SOURCES: dict[Type, frozenset[Type]] = {
    Type.TEXT: frozenset({Type.TEXT, Type.INTEGER, Type.DECIMAL, Type.BOOLEAN, Type.DATE}),
    Type.INTEGER: frozenset({Type.TEXT, Type.BOOLEAN, *NUMBERS}),
    Type.DECIMAL: frozenset({Type.TEXT, *NUMBERS}),
    Type.DOUBLE: frozenset({Type.TEXT, *NUMBERS}),
    Type.BOOLEAN: frozenset({Type.TEXT, Type.INTEGER, Type.BOOLEAN}),
    Type.DATE: frozenset({Type.TEXT, Type.DATE, Type.MOMENT}),
    Type.MOMENT: frozenset({Type.TEXT, Type.DATE, Type.MOMENT}),
}


def data_type(kind: Type) -> str:
    """Give the name of a type in the neutral language."""
    return _NAMES[kind]


def build_cast(node: exp.Expr, kind: Type, digits: tuple[int, int] | None = None) -> exp.Cast:
    """Wrap an expression that is already of the source's type into a plain cast, and mark it."""
    name = f"DECIMAL({digits[0]}, {digits[1]})" if digits else data_type(kind)
    built = exp.Cast(this=node, to=exp.DataType.build(name, dialect="duckdb"))
    built.meta["kind"] = kind
    return built


def cast_kind(node: exp.Cast) -> Kind:
    """Give the type that a cast gives; raises PipelineFault for one that is not of the language."""
    to = node.to
    kind = _TYPES.get(to.this)
    if kind is None or (to.expressions and kind is not Type.DECIMAL):
        names = "、".join(_NAMES.values())
        raise refuse(node, f"的目标类型不可用；可用的有 {names}（TIMESTAMPTZ 是 UTC 时刻）。")
    if kind is Type.DECIMAL and len(to.expressions) != 2:
        raise refuse(node, "没有写位数；请写 DECIMAL(总位数, 小数位数)。")
    source = kind_of(node.this)
    if source is not None and source not in _SOURCES[kind]:
        hint = "时刻转文本请用 STRFTIME。" if source is Type.MOMENT else "浮点数请先转为小数。"
        raise refuse(node, f"：{source} 不能转为 {kind}，各引擎写法不一；{hint}")
    if source is Type.TEXT and isinstance(node.this, exp.Literal) and kind in FORMS:
        _check_literal(node, kind)
    if kind is Type.INTEGER and to.this is not exp.DType.BIGINT:
        node.set("to", exp.DataType.build("BIGINT"))
    return kind


def _check_literal(node: exp.Cast, kind: Type) -> None:
    if not isinstance(node, exp.TryCast) and not re.compile(FORMS[kind], re.ASCII).fullmatch(node.this.name):
        raise refuse(node, f"里的文本不是 {kind} 的写法。")
