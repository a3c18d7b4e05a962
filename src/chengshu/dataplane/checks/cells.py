"""A cell of a table as an expression: as it is, as text, or read as a type.

Texts are read strictly: an engine's own casts differ (one reads '1.5' as the integer 2, another '1d' as a number), so
the form is matched first and the cast follows.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

import pyarrow as pa
from sqlglot import exp

from chengshu.dataplane.checks.rules import Type

FORMS: Mapping[Type, str] = {
    Type.INTEGER: r"[+-]?[0-9]{1,18}",
    Type.NUMBER: r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]{1,3})?",
    Type.BOOLEAN: r"true|false|TRUE|FALSE|True|False",
    Type.DATE: r"[0-9]{4}-[0-9]{2}-[0-9]{2}",
    Type.TIMESTAMP: r"[0-9]{4}-[0-9]{2}-[0-9]{2}([ T]([01][0-9]|2[0-3]):[0-9]{2}(:[0-9]{2}(\.[0-9]{1,6})?)?)?",
}
"""The texts that are read as each type. An hour 24 is midnight of the next day to one engine and nothing to another."""
_CASTS: Mapping[Type, exp.DType] = {
    Type.INTEGER: exp.DType.BIGINT,
    Type.NUMBER: exp.DType.DOUBLE,
    Type.BOOLEAN: exp.DType.BOOLEAN,
    Type.DATE: exp.DType.DATE,
    Type.TIMESTAMP: exp.DType.TIMESTAMPNTZ,
}


SHARED = "chengshu.shared"
_FIRST_UNSURE = 2**53
"""The first whole number that a binary fraction may stand for beside the one meant."""


class Kind(StrEnum):
    """What the cells of a column are to an engine."""

    TEXT = "text"
    INTEGER = "integer"
    NUMBER = "number"
    BOOLEAN = "boolean"
    DATE = "date"
    TIMESTAMP = "timestamp"
    OTHER = "other"


_SAME: Mapping[Type, frozenset[Kind]] = {
    Type.INTEGER: frozenset({Kind.INTEGER}),
    Type.NUMBER: frozenset({Kind.INTEGER, Kind.NUMBER}),
    Type.BOOLEAN: frozenset({Kind.BOOLEAN}),
    Type.DATE: frozenset({Kind.DATE}),
    Type.TIMESTAMP: frozenset(),  # with or without a zone: made one
}


@dataclass(frozen=True, slots=True)
class Shape:
    """A relation that an engine was offered: its name, its columns in order with their kinds.

    `read_as` says as what the texts of a column are meant, wherever they are compared. `files` are the Parquet files of
    this machine that hold its rows and nothing else; none where the rows came another way. `zoneless` are its columns
    of moments that name no zone, `floating` those of binary fractions.
    """

    relation: str
    kinds: Mapping[str, Kind]
    read_as: Mapping[str, Type] = field(default_factory=dict)
    files: tuple[Path, ...] = ()
    zoneless: frozenset[str] = frozenset()
    floating: frozenset[str] = frozenset()


def shape_of(
    relation: str, schema: pa.Schema, read_as: Mapping[str, Type] | None = None, files: Sequence[Path] = ()
) -> Shape:
    """Give the shape of a relation with this schema."""
    kinds = {entry.name: _kind_of(entry.type) for entry in schema}
    floating = frozenset(entry.name for entry in schema if pa.types.is_floating(entry.type))
    return Shape(relation, kinds, dict(read_as or {}), tuple(files), floating=floating)


def cell(column: str) -> exp.Column:
    """Give the cell as it is."""
    return exp.column(exp.to_identifier(column, quoted=True))


def is_missing(column: str) -> exp.Expr:
    """Give the condition that there is no value."""
    return exp.Is(this=cell(column), expression=exp.Null())


def as_text(column: str, shape: Shape) -> exp.Expr:
    """Give the cell as text; what is no text is written as its engine writes it.

    Whole numbers among binary fractions are written without a fraction: a column of codes comes as such once some
    of its cells are empty, and 310101.0 is no code.
    """
    if shape.kinds[column] is Kind.TEXT:
        return cell(column)
    if column in shape.floating:
        return _without_fraction(column)
    moment = shape.kinds[column] is Kind.TIMESTAMP  # engines write a zone or not
    return _written(_cast(cell(column), Type.TIMESTAMP) if moment else cell(column))


def as_code(column: str, shape: Shape) -> exp.Expr:
    """Give the cell as the text by which it is looked for among others: 1.00 and 1 are one code."""
    return _without_fraction(column) if shape.kinds[column] is Kind.NUMBER else as_text(column, shape)


def as_type(column: str, type_: Type, shape: Shape) -> exp.Expr:
    """Give the cell read as a type, null where it cannot be."""
    kind = shape.kinds[column]
    if kind in _SAME[type_]:
        return cell(column)
    if kind is Kind.TEXT:
        read = exp.If(this=full_match(cell(column), FORMS[type_]), true=_cast(cell(column), type_))
        return shared(exp.Case(ifs=[read]))
    if type_ is Type.INTEGER and kind is Kind.NUMBER:
        whole = exp.EQ(this=cell(column), expression=exp.Floor(this=cell(column)))
        return exp.Case(ifs=[exp.If(this=whole, true=_cast(cell(column), type_))])
    if {kind, Kind(type_.value)} <= {Kind.DATE, Kind.TIMESTAMP}:
        return _cast(cell(column), type_)
    return exp.Null()


def meant(column: str, shape: Shape) -> exp.Expr:
    """Give the cell as it is meant to be compared: texts that `read_as` names are read as its type."""
    return as_type(column, shape.read_as[column], shape) if column in shape.read_as else cell(column)


def shared(node: exp.Expr) -> exp.Expr:
    """Mark what a scan is to compute once a row, before the conditions.

    Engines look for common subexpressions, but not across the parts of AND, OR, CASE and COALESCE.
    """
    node.meta[SHARED] = True
    return node


def full_match(text: exp.Expr, pattern: str) -> exp.Expr:
    r"""Give the condition that a whole text matches a pattern; `\z` is the very end to both engines, `$` is not."""
    return exp.RegexpLike(this=text, expression=exp.Literal.string(rf"\A(?:{pattern})\z"))


def _without_fraction(column: str) -> exp.Expr:
    """Give a number as text; a whole one without a fraction, as long as every whole number is told from the next."""
    is_whole = exp.and_(
        exp.EQ(this=cell(column), expression=exp.Floor(this=cell(column))),
        exp.LT(this=exp.Abs(this=cell(column)), expression=exp.Literal.number(_FIRST_UNSURE)),
        copy=False,
    )
    whole = exp.If(this=is_whole, true=_written(_cast(cell(column), Type.INTEGER)))
    return exp.Case(ifs=[whole], default=_written(cell(column)))


def _written(node: exp.Expr) -> exp.Expr:
    return exp.Cast(this=node, to=exp.DataType.build("VARCHAR", dialect="duckdb"))


def _cast(node: exp.Expr, type_: Type) -> exp.Expr:
    return exp.TryCast(this=node, to=exp.DataType(this=_CASTS[type_]), safe=True)


def _kind_of(type_: pa.DataType) -> Kind:  # noqa: PLR0911 - one answer a type
    if pa.types.is_string(type_) or pa.types.is_large_string(type_) or pa.types.is_string_view(type_):
        return Kind.TEXT
    if pa.types.is_boolean(type_):
        return Kind.BOOLEAN
    if pa.types.is_integer(type_):
        return Kind.INTEGER
    if pa.types.is_floating(type_) or pa.types.is_decimal(type_):
        return Kind.NUMBER
    if pa.types.is_date(type_):
        return Kind.DATE
    if pa.types.is_timestamp(type_):
        return Kind.TIMESTAMP
    return _kind_of(type_.value_type) if pa.types.is_dictionary(type_) else Kind.OTHER
