"""Rules from what a table declares: types, constraints, key. Keys of rules are stable: column.kind."""

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal

from chengshu.dataplane.checks.rules import (
    Between,
    Bound,
    Castable,
    CheckDigit,
    Length,
    Matches,
    NotNull,
    OneOf,
    Ordered,
    References,
    Rule,
    Severity,
    Test,
    Type,
    Unique,
)
from chengshu.dataplane.checks.validity import require_valid
from chengshu.dataplane.tables import constraints as declared
from chengshu.dataplane.tables.constraints import Constraint, Value
from chengshu.dataplane.tables.shapes import Column, Shape
from chengshu.dataplane.tables.shapes import Type as Declared

_TYPES: Mapping[Declared, Type] = {
    Declared.INTEGER: Type.INTEGER,
    Declared.DECIMAL: Type.NUMBER,
    Declared.DOUBLE: Type.NUMBER,
    Declared.BOOLEAN: Type.BOOLEAN,
    Declared.DATE: Type.DATE,
    Declared.MOMENT: Type.TIMESTAMP,
}


def rules_of(shape: Shape) -> tuple[Rule, ...]:
    """Give the rules that a table's declaration promises, column by column, then the key's.

    A broken key is critical. What a column references is the relation of that table's name.
    """
    rules = [rule for column in shape.columns for rule in _rules_of_column(column)]
    if shape.key:
        names = "、".join(shape.key)
        rules += [
            Rule("key.not_null", shape.key, NotNull(), f"标识列（{names}）不得为空", Severity.CRITICAL),
            Rule("key.unique", shape.key, Unique(), f"标识列（{names}）不得重复", Severity.CRITICAL),
        ]
    for rule in rules:
        require_valid(rule)
    return tuple(rules)


def _rules_of_column(column: Column) -> Iterator[Rule]:
    if column.type in _TYPES:
        yield _rule(column, Castable(_TYPES[column.type]), "可读成声明的类型")
    for constraint in column.constraints:
        yield _rule_of(column, constraint)


def _rule_of(column: Column, constraint: Constraint) -> Rule:  # noqa: PLR0911 - one answer a constraint
    match constraint:
        case declared.NotNull():
            return _rule(column, NotNull(), "不得为空")
        case declared.Unique():
            return _rule(column, Unique(), "不得重复")
        case declared.Length(least=least, most=most):
            return _rule(column, Length(least, most), f"长度为 {least} 至 {most} 个字")
        case declared.Matches(pattern=pattern):
            return _rule(column, Matches(pattern), "符合格式")
        case declared.OneOf(values=values):
            return _rule(column, OneOf(tuple(_text_of(value, column) for value in values)), "在值域内")
        case declared.Between(least=least, most=most):
            return _rule(column, Between(_bound(least), _bound(most)), "在取值范围内")
        case declared.CheckDigits(scheme=scheme):
            return _rule(column, CheckDigit(scheme.value), "校验码正确")
        case declared.NotBefore(column=earlier):
            return Rule(f"{column.name}.date_order", (earlier, column.name), Ordered(), f"{column.name}不早于{earlier}")
        case declared.References(table=table, column=theirs):
            return _rule(column, References(table, (theirs,)), f"在 {table}.{theirs} 中")


def _rule(column: Column, test: Test, said: str) -> Rule:
    return Rule(f"{column.name}.{test.kind}", (column.name,), test, f"{column.name}{said}")


def _text_of(value: Value, column: Column) -> str:
    """Write a value as engines write the cell that holds it."""
    match value:
        case bool():
            return "true" if value else "false"
        case datetime():
            return str(_bound(value))
        case date():
            return value.isoformat()
        case Decimal() | int() if column.type is Declared.DECIMAL:
            return f"{Decimal(value):.{column.digits[1]}f}"
        case _:
            return str(value)


def _bound(value: Bound | None) -> Bound | None:
    """Give a bound; a moment loses its zone, as the cells it is compared with are in UTC."""
    if isinstance(value, datetime) and value.tzinfo:
        return value.astimezone(UTC).replace(tzinfo=None)
    return value
