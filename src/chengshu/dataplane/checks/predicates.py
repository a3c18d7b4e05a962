"""Row tests as conditions: true for a row that fails, never null."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from itertools import pairwise

from sqlglot import exp

from chengshu.dataplane.checks.cells import Kind, Shape, as_code, as_text, as_type, cell, full_match, is_missing
from chengshu.dataplane.checks.digits import SCHEMES, valid_number
from chengshu.dataplane.checks.expressions import bind_expression, parse_expression
from chengshu.dataplane.checks.patterns import require_pattern
from chengshu.dataplane.checks.rules import (
    Between,
    Bound,
    Castable,
    CheckDigit,
    Completeness,
    Holds,
    Length,
    Matches,
    NotNull,
    OneOf,
    Ordered,
    Rule,
    Type,
)

_BLANK = "[\\s\\p{Zs}]*"
"""Spaces of all kinds that people leave in cells, the wide one of Chinese texts among them."""
_HOURS_AHEAD = 8
"""Of Beijing's clock before UTC, in which moments with a zone come."""
DOMAIN_VALUE = "__value"
"""The column of a large value domain that is joined to the scan."""
DOMAIN = "chengshu.domain"
"""Marks a text compared with the texts of a value domain."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a rule is answered with: the table's shape, the day of now, large value domains, what needs no reading."""

    shape: Shape
    today: date
    domains: Mapping[str, str] = field(default_factory=dict)
    """By rule key, alias of the joined relation of distinct values, column `DOMAIN_VALUE`."""
    missing: Mapping[str, int] = field(default_factory=dict)
    """Nulls by column, of those columns whose files tell it."""
    others: Mapping[str, Shape] = field(default_factory=dict)
    """The relations that `references` rules point to, by name."""


def failing(rule: Rule, around: Surroundings) -> exp.Expr:
    """Give the condition that a row is looked at and fails."""
    fault = any_of(
        [_fault(rule, column, around) for column in rule.columns] if _by_column(rule) else [_whole(rule, around)]
    )
    return all_of([looked_at(rule, around), fault]) if rule.where else fault


def looked_at(rule: Rule, around: Surroundings) -> exp.Expr:
    """Give the condition that a row is looked at; a condition that is null looks away."""
    if not rule.where:
        return exp.true()
    return or_false(bind_expression(parse_expression(rule.where), around.shape, today=around.today))


def missing(rule: Rule, column: str, around: Surroundings) -> exp.Expr:
    """Give the condition that a row is looked at and a column of it has no value: what completeness counts."""
    return all_of([looked_at(rule, around), is_missing(column)]) if rule.where else is_missing(column)


def known_missing(rule: Rule, around: Surroundings) -> int | None:
    """Give the failed count of a rule that asks for nothing but values, where the files tell it; else None."""
    shape = around.shape
    match rule.test:
        case NotNull(blank=blank) if len(rule.columns) == 1:
            told = not (blank and shape.kinds[rule.columns[0]] is Kind.TEXT)
        case Completeness():
            told = True
        case _:
            told = False
    counts = [around.missing.get(column) for column in rule.columns]
    if rule.where or not told or None in counts:
        return None
    return sum(count for count in counts if count is not None)


def all_of(conditions: Sequence[exp.Expr]) -> exp.Expr:
    """Give the condition that all hold."""
    return exp.and_(*conditions, copy=False)


def any_of(conditions: Sequence[exp.Expr]) -> exp.Expr:
    """Give the condition that one holds."""
    return exp.or_(*conditions, copy=False)


def or_false(condition: exp.Expr) -> exp.Expr:
    """Give the condition with false for null."""
    return exp.Coalesce(this=condition, expressions=[exp.false()])


def _by_column(rule: Rule) -> bool:
    return not isinstance(rule.test, Holds | Ordered)


def _fault(rule: Rule, column: str, around: Surroundings) -> exp.Expr:  # noqa: PLR0911 - one answer a test
    """Give the condition that one column's value fails the test."""
    shape = around.shape
    present = exp.not_(is_missing(column), copy=False)
    match rule.test:
        case NotNull(blank=True) if shape.kinds[column] is Kind.TEXT:
            return any_of([is_missing(column), or_false(full_match(cell(column), _BLANK))])
        case NotNull() | Completeness():
            return is_missing(column)
        case Castable(type=type_):
            return all_of([present, _is_null(as_type(column, type_, shape))])
        case Matches(pattern=pattern):
            return _fails(full_match(as_text(column, shape), require_pattern(pattern)))
        case Length(minimum=minimum, maximum=maximum):
            return _outside(exp.Length(this=as_text(column, shape)), _number(minimum), _number(maximum))
        case CheckDigit(scheme=scheme):
            return all_of([present, exp.not_(or_false(valid_number(SCHEMES[scheme], as_text(column, shape))))])
        case Between(minimum=minimum, maximum=maximum):
            return _outside_bounds(column, minimum, maximum, shape)
        case OneOf(values=values):
            return _not_in_domain(rule, column, values, around)
        case _:
            raise AssertionError(rule.kind)


def _whole(rule: Rule, around: Surroundings) -> exp.Expr:
    """Give the condition that the columns of a row together fail."""
    match rule.test:
        case Holds(expression=expression):
            return _fails(bind_expression(parse_expression(expression), around.shape, today=around.today))
        case Ordered(strict=strict):
            moments = _comparable(rule.columns, around.shape)
            unread = [
                all_of([exp.not_(is_missing(column)), _is_null(moment.copy())])
                for column, moment in zip(rule.columns, moments, strict=True)
                if around.shape.kinds[column] is Kind.TEXT
            ]
            backward = exp.GTE if strict else exp.GT
            steps = [
                or_false(backward(this=earlier.copy(), expression=later.copy())) for earlier, later in pairwise(moments)
            ]
            return any_of([*unread, *steps])
        case _:
            raise AssertionError(rule.kind)


def _comparable(columns: Sequence[str], shape: Shape) -> list[exp.Expr]:
    """Give moments that stand for the same clock: those with a zone are told in the house's where others name none."""
    moments = [as_type(column, Type.TIMESTAMP, shape) for column in columns]
    zoned = [shape.kinds[column] is Kind.TIMESTAMP and column not in shape.zoneless for column in columns]
    if all(zoned) or not any(zoned):
        return moments
    ahead = exp.Interval(this=exp.Literal.string(str(_HOURS_AHEAD)), unit=exp.var("HOUR"))
    return [
        exp.Add(this=moment, expression=ahead.copy()) if has_zone else moment
        for moment, has_zone in zip(moments, zoned, strict=True)
    ]


def _outside_bounds(column: str, minimum: Bound | None, maximum: Bound | None, shape: Shape) -> exp.Expr:
    type_ = _type_of(minimum, maximum)
    value = as_type(column, type_, shape)
    if type_ is Type.DATE and shape.kinds[column] is Kind.TEXT:  # the day of a moment, as of columns of moments
        value = exp.TryCast(this=as_type(column, Type.TIMESTAMP, shape), to=exp.DataType.build("DATE"), safe=True)
    outside = _outside(value, _literal(minimum), _literal(maximum))
    if value == cell(column):
        # Engines sort what is no number above all numbers, so that only an upper bound would find it.
        return any_of([outside, or_false(exp.IsNan(this=cell(column)))]) if column in shape.floating else outside
    unread = all_of([exp.not_(is_missing(column), copy=False), _is_null(value)])
    return any_of([unread, outside])


def _not_in_domain(rule: Rule, column: str, values: tuple[str, ...], around: Surroundings) -> exp.Expr:
    if alias := around.domains.get(rule.key):
        return all_of([exp.not_(is_missing(column)), _is_null(exp.column(DOMAIN_VALUE, table=alias))])
    if around.shape.kinds[column] is Kind.NUMBER:
        values = tuple(dict.fromkeys(map(_code_of, values)))
    among = exp.In(this=as_code(column, around.shape), expressions=[exp.Literal.string(value) for value in values])
    among.meta[DOMAIN] = True
    return _fails(among)


def _code_of(value: str) -> str:
    """Give a value of a domain as `as_code` writes numbers."""
    return value.partition(".")[0] if re.fullmatch(r"-?[0-9]+\.0+", value) else value


def _fails(condition: exp.Expr) -> exp.Expr:
    """Give the condition that another one is false; null passes."""
    return exp.not_(exp.Coalesce(this=condition, expressions=[exp.true()]), copy=False)


def _outside(value: exp.Expr, minimum: exp.Expr | None, maximum: exp.Expr | None) -> exp.Expr:
    sides: list[exp.Expr] = [exp.LT(this=value.copy(), expression=minimum)] if minimum else []
    sides += [exp.GT(this=value.copy(), expression=maximum)] if maximum else []
    return or_false(any_of([*sides]))


def _is_null(value: exp.Expr) -> exp.Expr:
    return exp.Is(this=value, expression=exp.Null())


def _type_of(minimum: Bound | None, maximum: Bound | None) -> Type:
    bound = minimum if minimum is not None else maximum
    if isinstance(bound, datetime):
        return Type.TIMESTAMP
    return Type.DATE if isinstance(bound, date) else Type.NUMBER


def _number(value: int | None) -> exp.Expr | None:
    return None if value is None else exp.Literal.number(value)


def _literal(bound: Bound | None) -> exp.Expr | None:
    if bound is None:
        return None
    if isinstance(bound, datetime):
        return exp.cast(exp.Literal.string(bound.isoformat(" ")), exp.DType.TIMESTAMPNTZ)
    if isinstance(bound, date):
        return exp.cast(exp.Literal.string(bound.isoformat()), "DATE")
    return exp.Literal.number(format(Decimal(str(bound)), "f"))
