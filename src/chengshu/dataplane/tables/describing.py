"""The documentation of a table, from its declaration."""

from chengshu.dataplane.tables.constraints import (
    Between,
    CheckDigits,
    Constraint,
    Length,
    Matches,
    NotBefore,
    NotNull,
    OneOf,
    References,
    Scheme,
)
from chengshu.dataplane.tables.shapes import Column, Shape, Type

TYPE_NAMES = {
    Type.TEXT: "文本",
    Type.INTEGER: "整数",
    Type.DECIMAL: "小数",
    Type.DOUBLE: "浮点数",
    Type.BOOLEAN: "是否",
    Type.DATE: "日期",
    Type.MOMENT: "时刻（UTC）",
}
_SCHEME_NAMES = {
    Scheme.CITIZEN_ID: "公民身份号码校验（GB 11643-1999）",
    Scheme.CREDIT_CODE: "统一社会信用代码校验（GB 32100-2015）",
}
_HEAD = "| 字段 | 类型 | 说明 | 单位 | 数据元 | 分级 | 约束 |\n|---|---|---|---|---|---|---|\n"


def describe_table(shape: Shape) -> str:
    """Give a table's page in Markdown: what it is, its key, and a line a column."""
    key = f"\n主键：{'、'.join(f'`{name}`' for name in shape.key)}\n" if shape.key else ""
    lines = "".join(_describe_column(column) for column in shape.columns)
    return f"## `{shape.name}`\n\n{shape.description}\n{key}\n{_HEAD}{lines}"


def describe_constraint(constraint: Constraint) -> str:  # noqa: PLR0911 - one a kind
    """Say a constraint in words."""
    match constraint:
        case NotNull():
            return "不为空"
        case Length(least, most):
            return f"{least} 个字" if least == most else f"{least} 至 {most} 个字"
        case Matches(pattern):
            return f"格式 `{pattern}`"
        case OneOf(values, names):
            shown = [f"{one}（{name}）" for one, name in zip(values, names, strict=True)] if names else map(str, values)
            return f"取值 {'、'.join(shown)}"
        case Between(least, most):
            ends = (f"不小于 {least}" if least is not None else "", f"不大于 {most}" if most is not None else "")
            return "，".join(end for end in ends if end)
        case CheckDigits(scheme):
            return _SCHEME_NAMES[scheme]
        case NotBefore(column):
            return f"不早于 `{column}`"
        case References(table, column):
            return f"见于 `{table}.{column}`"
    return "不重复"


def _describe_column(column: Column) -> str:
    kind = TYPE_NAMES[column.type]
    if column.type is Type.DECIMAL:
        kind += f" ({column.digits[0]}, {column.digits[1]})"
    constraints = "；".join(describe_constraint(one) for one in column.constraints)
    grade = "" if column.grade is None else str(column.grade)
    cells = (f"`{column.name}`", kind, column.description, column.unit or "", column.element or "", grade, constraints)
    return f"| {' | '.join(cell.replace('|', chr(92) + '|').replace(chr(10), ' ') for cell in cells)} |\n"
