"""What a table is, as plain data: its columns with type, meaning, data element, grade and constraints.

A shape comes from a class (`table.Table`) or from a catalogue's entry; everything else here works on shapes.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from graphlib import CycleError, TopologicalSorter
from typing import TypeVar

from chengshu.dataplane.errors import TableFault
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
    Unique,
)

GRADES = range(1, 6)
"""Grades of data from 1 (open to all) to 5 (core), as classification profiles number them (GB/T 43697-2024)."""
_MOST_DIGITS = 38
C = TypeVar("C")


class Type(StrEnum):
    """The types that every engine has and means alike."""

    TEXT = "text"
    INTEGER = "integer"
    """Whole numbers of 64 bits."""
    DECIMAL = "decimal"
    """Exact decimals, for money: `precision` digits, `scale` of them behind the point."""
    DOUBLE = "double"
    """Binary fractions, for measurements; the last digit may differ between engines."""
    BOOLEAN = "boolean"
    DATE = "date"
    MOMENT = "moment"
    """Moments in UTC, to the microsecond."""


VALUES: dict[Type, type] = {
    Type.TEXT: str,
    Type.INTEGER: int,
    Type.DECIMAL: Decimal,
    Type.DOUBLE: float,
    Type.BOOLEAN: bool,
    Type.DATE: date,
    Type.MOMENT: datetime,
}
_ORDERED = frozenset(Type) - {Type.TEXT, Type.BOOLEAN}
_DATED = frozenset({Type.DATE, Type.MOMENT})
_SUITS: dict[type, frozenset[Type]] = {
    NotNull: frozenset(Type),
    Unique: frozenset(Type) - {Type.DOUBLE},
    Length: frozenset({Type.TEXT}),
    Matches: frozenset({Type.TEXT}),
    OneOf: frozenset(Type) - {Type.DOUBLE},
    Between: _ORDERED,
    CheckDigits: frozenset({Type.TEXT}),
    NotBefore: _DATED,
    References: frozenset(Type) - {Type.DOUBLE},
}


@dataclass(frozen=True, slots=True)
class Column:
    """One column. `name` is given by the class that declares it."""

    type: Type
    description: str
    element: str | None = None
    """Identifier of the data element (数据元) behind it, e.g. of GB/T 19488.2."""
    grade: int | None = None
    unit: str | None = None
    constraints: tuple[Constraint, ...] = ()
    precision: int | None = None
    """Of decimals; 18 when not said."""
    scale: int | None = None
    """Of decimals; 2 when not said."""
    name: str = ""

    @property
    def digits(self) -> tuple[int, int]:
        """Precision and scale of a decimal column."""
        scale = 2 if self.scale is None else self.scale
        return (18 if self.precision is None else self.precision, scale)


@dataclass(frozen=True, slots=True)
class Shape:
    """A table. Raises TableFault, naming the column, for a declaration that contradicts itself."""

    name: str
    description: str
    columns: tuple[Column, ...]
    key: tuple[str, ...] = ()
    """Columns that together occur once; empty when the table has no key."""
    owner: str = ""
    """Code of the organisation that answers for it; empty: whoever runs the platform does."""

    def __post_init__(self) -> None:
        _require(is_name(self.name), f"表名“{self.name}”不合用：请用小写字母、汉字、数字和下划线，不以数字开头。")
        _require(bool(self.description.strip()), f"表“{self.name}”没有说明；请写一句话说清它是什么。")
        _require(bool(self.columns), f"表“{self.name}”没有字段；请至少声明一个。")
        names = [column.name for column in self.columns]
        _require(len(set(names)) == len(names), f"表“{self.name}”有重名的字段；请改名。")
        for column in self.columns:
            _check_column(self.name, column)
        lacking = "、".join(name for name in self.key if name not in names)
        _require(not lacking, f"表“{self.name}”的主键提到了没有的字段“{lacking}”；请改为已声明的字段。")
        _check_order(self)

    def column(self, name: str) -> Column:
        """Give the column of a name; raises TableFault when there is none."""
        for column in self.columns:
            if column.name == name:
                return column
        raise TableFault(f"表“{self.name}”没有字段“{name}”。", table=self.name, column=name)


def find_constraint(column: Column, kind: type[C]) -> C | None:
    """Give the constraint of a kind, if the column has it."""
    return next((one for one in column.constraints if isinstance(one, kind)), None)


def is_name(name: str) -> bool:
    """Tell whether a name is safe everywhere: an identifier without capitals, which engines fold differently."""
    return name.isidentifier() and name == name.lower()


def is_column(name: str) -> bool:
    """Tell whether a column may have this name: any signs that are seen, as engines quote names, but no capitals."""
    return bool(name) and name.isprintable() and name == name.strip() and name == name.lower()


def _require(holds: bool, message: str, **details: str) -> None:  # noqa: FBT001 - reads as a sentence
    if not holds:
        raise TableFault(message, **details)


def _check_column(table: str, column: Column) -> None:
    where = f"表“{table}”的字段“{column.name}”"
    details = {"table": table, "column": column.name}

    def require(holds: bool, message: str) -> None:  # noqa: FBT001 - the same
        _require(holds, where + message, **details)

    require(is_column(column.name), "名称不合用：不能为空，不能有大写字母、首尾空格和控制字符。")
    require(bool(column.description.strip()), "没有说明；请写明它记的是什么。")
    require(column.grade is None or column.grade in GRADES, f"的分级应在 {GRADES[0]} 至 {GRADES[-1]} 之间。")
    decimal = column.type is Type.DECIMAL
    require(decimal or (column.precision is None and column.scale is None), "不是小数，不能写位数。")
    precision, scale = column.digits
    require(0 <= scale <= precision <= _MOST_DIGITS, f"的位数 ({precision}, {scale}) 不成立；至多 {_MOST_DIGITS} 位。")
    kinds: list[type] = [type(one) for one in column.constraints]
    require(type not in kinds, "的约束写成了类；请加括号，例如 NotNull()。")
    require(len(set(kinds)) == len(kinds), "的同一种约束写了两次；请合并为一个。")
    for constraint in column.constraints:
        _check_constraint(column, constraint, require)


def _check_constraint(column: Column, constraint: Constraint, require: Callable[[bool, str], None]) -> None:
    kind = type(constraint)
    require(kind in _SUITS, f"的约束“{kind.__name__}”不认识。")
    require(column.type in _SUITS[kind], f"的类型是 {column.type}，不能有约束 {kind.__name__}。")
    values: tuple[object, ...] = ()
    match constraint:
        case OneOf(values=given):
            values = given
        case Between(least=least, most=most):
            values = tuple(end for end in (least, most) if end is not None)
    wrong = [value for value in values if not is_of_type(value, column.type)]
    require(not wrong, f"的类型是 {column.type}，约束 {kind.__name__} 却写了 {wrong[:1]}；请写同类的值。")


def is_of_type(value: object, kind: Type) -> bool:
    """Tell whether a value is one of a type; True is no number, a moment no date, and moments know their zone."""
    if kind is Type.MOMENT:
        return isinstance(value, datetime) and value.tzinfo is not None
    if kind is Type.DATE:
        return isinstance(value, date) and not isinstance(value, datetime)
    if kind in (Type.DECIMAL, Type.DOUBLE):
        return isinstance(value, VALUES[kind] | int) and not isinstance(value, bool)
    return type(value) is VALUES[kind]


def _check_order(shape: Shape) -> None:
    """Refuse dates that stand behind columns that are not there, are of another type, or stand behind them."""
    graph: dict[str, set[str]] = {}
    for column in shape.columns:
        earlier = find_constraint(column, NotBefore)
        if earlier is not None:
            same = [one for one in shape.columns if one.name == earlier.column and one.type is column.type]
            message = f"表“{shape.name}”的字段“{column.name}”不早于“{earlier.column}”，但没有这个同类型的字段。"
            _require(bool(same), message, table=shape.name, column=column.name)
            graph[column.name] = {earlier.column}
    try:
        tuple(TopologicalSorter(graph).static_order())
    except CycleError as error:
        around = " → ".join(error.args[1])
        raise TableFault(f"表“{shape.name}”的先后约束绕成一圈：{around}；请去掉一个。", table=shape.name) from error
