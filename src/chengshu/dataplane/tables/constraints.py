"""What a column promises, as plain data: rules of quality, documentation and sample rows are made from it.

A null breaks `NotNull` only; every other constraint speaks of the values that are there.
"""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from chengshu.dataplane.errors import TableFault
from chengshu.dataplane.tables.patterns import parse_pattern

Value = str | int | Decimal | bool | date | datetime


class Scheme(StrEnum):
    """How check digits are reckoned."""

    CITIZEN_ID = "citizen_id"
    """公民身份号码, 18 characters, GB 11643-1999."""
    CREDIT_CODE = "credit_code"
    """统一社会信用代码, 18 characters, GB 32100-2015."""


@dataclass(frozen=True, slots=True)
class NotNull:
    """A value is there."""


@dataclass(frozen=True, slots=True)
class Unique:
    """No value twice; nulls may repeat."""


@dataclass(frozen=True, slots=True)
class Length:
    """The text has `least` to `most` characters (code points)."""

    least: int
    most: int

    def __post_init__(self) -> None:
        if not 0 <= self.least <= self.most:
            raise TableFault(f"长度约束的下限 {self.least} 与上限 {self.most} 不成区间；请写 0 ≤ 下限 ≤ 上限。")


@dataclass(frozen=True, slots=True)
class Matches:
    """The whole text matches a pattern of the portable subset (see `patterns`), which means the same to every engine."""

    pattern: str

    def __post_init__(self) -> None:
        parse_pattern(self.pattern)


@dataclass(frozen=True, slots=True)
class OneOf:
    """The value is one of a value domain (值域); `names` tells their meaning, in the same order, or is empty."""

    values: tuple[Value, ...]
    names: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not self.values or len(set(self.values)) != len(self.values):
            raise TableFault("值域为空，或有重复的值；请逐个列出互不相同的值。")
        if self.names and len(self.names) != len(self.values):
            raise TableFault(f"值域有 {len(self.values)} 个值，却写了 {len(self.names)} 个名称；请一一对应。")


@dataclass(frozen=True, slots=True)
class Between:
    """The value is at least `least` and at most `most`; None leaves a side open."""

    least: int | Decimal | date | datetime | None = None
    most: int | Decimal | date | datetime | None = None

    def __post_init__(self) -> None:
        if self.least is None and self.most is None:
            raise TableFault("取值范围两端都没有写；请至少写一端。")
        if self.least is not None and self.most is not None and not _in_order(self.least, self.most):
            raise TableFault(f"取值范围 {self.least} 至 {self.most} 不成区间；请写同类的值，下限不大于上限。")


@dataclass(frozen=True, slots=True)
class CheckDigits:
    """The value's length, characters and check digit follow a scheme; letters are capital."""

    scheme: Scheme


@dataclass(frozen=True, slots=True)
class NotBefore:
    """The date or moment is not before that in another column of the same row, where both are there."""

    column: str


@dataclass(frozen=True, slots=True)
class References:
    """The value occurs in a column of another table, both by their names."""

    table: str
    column: str


Constraint = NotNull | Unique | Length | Matches | OneOf | Between | CheckDigits | NotBefore | References


def _in_order(least: object, most: object) -> bool:
    try:
        return bool(least <= most)  # type: ignore[operator]  # a date and a number refuse to be compared
    except TypeError:
        return False
