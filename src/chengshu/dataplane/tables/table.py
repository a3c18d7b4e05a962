"""Declares a table as a class, once."""

import re
from dataclasses import replace
from inspect import cleandoc
from typing import Any, ClassVar

from chengshu.dataplane.errors import TableFault
from chengshu.dataplane.tables.shapes import Column, Shape


class Table:
    """A table: subclasses say what it is in their docstring and name its columns as attributes.

    `class Person(Table, key=("id_number",))` is the table `person` unless `name=` says otherwise. Columns of a
    parent class come first. `owner=` is the code of the organisation that answers for it. A declaration at fault raises TableFault when the class is made.
    """

    __shape__: ClassVar[Shape]

    def __init_subclass__(
        cls, *, name: str | None = None, key: tuple[str, ...] = (), owner: str = "", **others: Any
    ) -> None:
        super().__init_subclass__(**others)
        parents = [getattr(parent, "__shape__", None) for parent in cls.__bases__]
        inherited = tuple(column for shape in parents if shape for column in shape.columns)
        own = tuple(replace(value, name=at) for at, value in vars(cls).items() if isinstance(value, Column))
        for column in own:
            setattr(cls, column.name, column)
        for at, value in vars(cls).items():
            if isinstance(value, type) and issubclass(value, Column):
                raise TableFault(f"表“{cls.__name__}”的字段“{at}”写成了类；请写 Column(类型, 说明, …)。")
        shape_name = name or re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", cls.__name__).lower()
        inherited_key = next((shape.key for shape in parents if shape), ())
        cls.__shape__ = Shape(shape_name, cleandoc(cls.__doc__ or ""), (*inherited, *own), key or inherited_key, owner)


def shape_of(table: type[Table]) -> Shape:
    """Give the declaration of a table as plain data."""
    return table.__shape__
