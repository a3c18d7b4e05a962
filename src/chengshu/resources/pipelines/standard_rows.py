"""Rules of quality as conditions of the neutral language: true for a row that keeps the rule."""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from itertools import pairwise
from typing import Any

from chengshu.dataplane.checks.cells import FORMS
from chengshu.dataplane.checks.digits import SCHEMES, Scheme
from chengshu.dataplane.checks.rules import Type as Read
from chengshu.dataplane.errors import TableFault
from chengshu.dataplane.tables.patterns import parse_pattern
from chengshu.dataplane.tables.shapes import Type
from chengshu.resources.contracts.processing import RecipeColumn
from chengshu.resources.pipelines.standard_cells import as_text, quote, read_cell, text
from chengshu.resources.rules.quality import readable

Columns = Mapping[str, RecipeColumn]
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_MINUTE = re.compile(_DAY.pattern + r" [0-9]{2}:[0-9]{2}")
_MOMENT = re.compile(_MINUTE.pattern + r":[0-9]{2}(\.[0-9]{1,6})?")
_ORDERED = frozenset({Type.INTEGER, Type.DECIMAL, Type.DOUBLE, Type.DATE, Type.MOMENT})


def condition_of(rule: Mapping[str, Any], columns: Columns) -> str | None:
    """Give the condition of a rule on a trimmed row; None where it says nothing of one row, or not alike to all engines.

    Cells that are empty keep every rule but `not_null`.
    """
    build = _KINDS.get(str(rule.get("kind")))
    asked = rule.get("columns", rule.get("column", ()))
    names = [asked] if isinstance(asked, str) else list(asked)
    found = [columns[name.lower()] for name in names if name.lower() in columns]
    is_narrowed = rule.get("where") not in (None, "", readable(*names))  # what has no value keeps every rule anyway
    if build is None or is_narrowed or rule.get("threshold") or not names or len(found) < len(names):
        return None
    return build(rule, found)


def _each(of_one: Callable[[Mapping[str, Any], RecipeColumn], str | None]) -> Any:
    """Give the condition that every column keeps what is asked of one."""

    def build(rule: Mapping[str, Any], columns: Sequence[RecipeColumn]) -> str | None:
        told = [of_one(rule, column) for column in columns]
        parts = [f"({quote(column.code)} IS NULL OR {part})" for column, part in zip(columns, told, strict=True)]
        return None if None in told else " AND ".join(parts)

    return build


def _filled(_rule: Mapping[str, Any], columns: Sequence[RecipeColumn]) -> str | None:
    return " AND ".join(f"{quote(column.code)} IS NOT NULL" for column in columns)


def _length(rule: Mapping[str, Any], column: RecipeColumn) -> str | None:
    cell = as_text(column)
    ends = [f"LENGTH({cell}) {sign} {int(rule[end])}" for sign, end in ((">=", "min"), ("<=", "max")) if end in rule]
    return " AND ".join(ends) if cell and ends else None


def _matches(rule: Mapping[str, Any], column: RecipeColumn) -> str | None:
    cell = as_text(column)
    try:
        parse_pattern(str(rule["pattern"]))
    except TableFault:
        return None
    return f"REGEXP_FULL_MATCH({cell}, {text(str(rule['pattern']))})" if cell else None


def _one_of(rule: Mapping[str, Any], column: RecipeColumn) -> str | None:
    cell, values = as_text(column), rule.get("values")
    if not cell or not isinstance(values, Sequence) or isinstance(values, str) or not values:
        return None
    return f"{cell} IN ({', '.join(text(str(value)) for value in values)})"


def _between(rule: Mapping[str, Any], column: RecipeColumn) -> str | None:
    kind = Type(column.type)
    if kind not in _ORDERED:
        return None
    ends = [(sign, rule[end]) for sign, end in ((">=", "min"), ("<=", "max")) if rule.get(end) is not None]
    bounds = [(sign, _bound(value, kind)) for sign, value in ends]
    if not bounds or any(bound is None for _sign, bound in bounds):
        return None
    return " AND ".join(f"{read_cell(column)} {sign} {bound}" for sign, bound in bounds)


def _bound(value: Any, kind: Type) -> str | None:
    """Write an end of a range as a value of a field's type; None where it is none."""
    told = str(value).replace("T", " ")
    if kind is Type.DATE:
        return f"CAST({text(told)} AS DATE)" if _is_day(told) else None
    if kind is Type.MOMENT:
        moment = f"{told} 00:00:00" if _is_day(told) else f"{told}:00" if _MINUTE.fullmatch(told) else told
        return f"CAST({text(f'{moment}+08:00')} AS TIMESTAMPTZ)" if _is_moment(moment) else None
    try:
        number = Decimal(told)
    except InvalidOperation:
        return None
    return f"{number:f}" if number.is_finite() and not isinstance(value, bool) else None


def _is_day(told: str) -> bool:
    try:
        return bool(_DAY.fullmatch(told)) and bool(date.fromisoformat(told))
    except ValueError:
        return False


def _is_moment(told: str) -> bool:
    try:
        return bool(_MOMENT.fullmatch(told)) and bool(datetime.fromisoformat(told))
    except ValueError:
        return False


def _ordered(rule: Mapping[str, Any], columns: Sequence[RecipeColumn]) -> str | None:
    kinds = {column.type for column in columns}
    if len(kinds) > 1 or Type(kinds.pop()) not in _ORDERED:
        return None
    cells, sign = [read_cell(column) for column in columns], "<" if rule.get("strict") else "<="
    return " AND ".join(
        f"({before} IS NULL OR {after} IS NULL OR {before} {sign} {after})" for before, after in pairwise(cells)
    )


def _check_digit(rule: Mapping[str, Any], column: RecipeColumn) -> str | None:
    scheme, cell = SCHEMES.get(str(rule.get("scheme"))), as_text(column)
    return None if scheme is None or cell is None else _digit_keeps(scheme, cell)


def _digit_keeps(scheme: Scheme, cell: str) -> str:
    """Say that the last sign is the one that the weighted sum of the others asks for."""
    parts = " + ".join(
        f"(STRPOS('{scheme.alphabet}', SUBSTRING({cell}, {place}, 1)) - 1) * {weight}"
        for place, weight in enumerate(scheme.weights, start=1)
    )
    wanted = f"SUBSTRING('{scheme.checks}', ({parts}) % {scheme.modulus} + 1, 1)"
    return f"(REGEXP_FULL_MATCH({cell}, '{scheme.pattern}') AND RIGHT({cell}, 1) = {wanted})"


def _type(rule: Mapping[str, Any], column: RecipeColumn) -> str | None:
    """Say that a text is written as checks read the type; cells of other types have it, or their reading says so."""
    told = str(rule.get("type"))
    if Type(column.raw_type) is not Type.TEXT or told not in {kind.value for kind in Read}:
        return None
    return f"REGEXP_FULL_MATCH({quote(column.code)}, {text(FORMS[Read(told)])})"


_KINDS: Mapping[str, Callable[[Mapping[str, Any], Sequence[RecipeColumn]], str | None]] = {
    "not_null": _filled,
    "type": _each(_type),
    "length": _each(_length),
    "matches": _each(_matches),
    "one_of": _each(_one_of),
    "between": _each(_between),
    "check_digit": _each(_check_digit),
    "date_order": _ordered,
}
