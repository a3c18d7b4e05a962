from datetime import date
from typing import Any

import pytest
from dataplane.tables.people import District, Person

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
    Scheme,
    Unique,
)
from chengshu.dataplane.tables.shapes import Column, Shape, Type, find_constraint
from chengshu.dataplane.tables.table import Table, shape_of


def test_a_class_is_a_table_with_its_columns_in_order() -> None:
    shape = shape_of(District)
    assert (shape.name, shape.description, shape.key) == ("district", "区。", ("code",))
    assert [column.name for column in shape.columns] == ["code", "name"]
    assert District.code.name == "code"
    assert find_constraint(District.code, Matches) == Matches(r"3101\d{2}")
    assert find_constraint(District.code, Unique) is None


def test_columns_of_a_parent_come_first() -> None:
    class Delivered(Table):
        """归集得来。"""

        delivery = Column(Type.TEXT, "批次", constraints=(NotNull(),))

    class RawPerson(Delivered, name="raw_人口"):
        """原始人口。"""

        姓名 = Column(Type.TEXT, "姓名")  # noqa: PLC2401 - columns may be Chinese

    assert [column.name for column in shape_of(RawPerson).columns] == ["delivery", "姓名"]
    assert shape_of(RawPerson).name == "raw_人口"


def _declare(doc: str | None = "一张表。", *, key: tuple[str, ...] = (), **columns: Any) -> type:
    return type("Odd", (Table,), {"__doc__": doc, **columns}, key=key)


TEXT = Column(Type.TEXT, "文本")


def _text(*constraints: Constraint) -> Column:
    return Column(Type.TEXT, "文本", constraints=constraints)


def _dates(**earlier: str) -> dict[str, Column]:
    return {name: Column(Type.DATE, "日", constraints=(NotBefore(other),)) for name, other in earlier.items()}


FAULTS: dict[str, tuple[dict[str, Any], str]] = {
    "no docstring": ({"doc": None, "a": TEXT}, "没有说明"),
    "no columns": ({}, "没有字段"),
    "capitals": ({"Name": TEXT}, "名称不合用"),
    "no description": ({"a": Column(Type.TEXT, " ")}, "字段“a”没有说明"),
    "grade": ({"a": Column(Type.TEXT, "甲", grade=9)}, "分级应在 1 至 5"),
    "digits of a text": ({"a": Column(Type.TEXT, "甲", scale=2)}, "不是小数"),
    "digits": ({"a": Column(Type.DECIMAL, "甲", precision=4, scale=5)}, "位数"),
    "too many digits": ({"a": Column(Type.DECIMAL, "甲", precision=39)}, "至多 38 位"),
    "a class for a constraint": ({"a": _text(NotNull)}, "加括号"),  # type: ignore[arg-type]
    "a class for a column": ({"a": Column}, "写成了类"),
    "twice": ({"a": _text(Length(1, 2), Length(1, 3))}, "写了两次"),
    "length of a number": ({"a": Column(Type.INTEGER, "甲", constraints=(Length(1, 2),))}, "不能有约束 Length"),
    "a fraction that is unique": ({"a": Column(Type.DOUBLE, "甲", constraints=(Unique(),))}, "不能有约束 Unique"),
    "digits of a date": ({"a": Column(Type.DATE, "甲", constraints=(CheckDigits(Scheme.CITIZEN_ID),))}, "CheckDigits"),
    "a domain of another type": ({"a": _text(OneOf((1, 2)))}, "请写同类的值"),
    "a range of another type": ({"a": Column(Type.INTEGER, "甲", constraints=(Between(date(2024, 1, 1)),))}, "同类"),
    "key": ({"a": TEXT, "key": ("b",)}, "主键提到了没有的字段“b”"),
    "before nothing": (_dates(a="b"), "没有这个同类型的字段"),
    "in a circle": (_dates(a="b", b="a"), "绕成一圈"),
    "reference of a fraction": ({"a": Column(Type.DOUBLE, "甲", constraints=(References("t", "c"),))}, "References"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_wrong_declaration_is_refused_when_the_class_is_made(fault: str) -> None:
    given, message = FAULTS[fault]
    with pytest.raises(TableFault, match=message):
        _declare(**given)


@pytest.mark.parametrize(
    "make",
    [
        lambda: Length(3, 2),
        lambda: OneOf(()),
        lambda: OneOf(("1", "1")),
        lambda: OneOf(("1",), ("男", "女")),
        Between,
        lambda: Between(2, 1),
        lambda: Between(1, date(2024, 1, 1)),
        lambda: Matches("^a"),
    ],
)
def test_a_constraint_that_contradicts_itself_is_refused(make: Any) -> None:
    with pytest.raises(TableFault):
        make()


def test_columns_are_asked_by_name() -> None:
    assert shape_of(Person).column("income").digits == (12, 2)
    with pytest.raises(TableFault, match="没有字段“x”"):
        shape_of(Person).column("x")


def test_a_shape_may_come_from_data_as_well() -> None:
    column = Column(Type.TEXT, "甲", name="a")
    assert Shape("甲表", "说明", (column,)).columns == (column,)
    with pytest.raises(TableFault, match="重名"):
        Shape("甲表", "说明", (column, column))
