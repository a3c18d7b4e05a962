"""A rule as a person fills it in, part by part: into its definition and back. Pure.

What the parts cannot say stays a definition: `parts_of` gives None for it, so that nothing of it is lost by an edit.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from chengshu.resources.contracts.quality import Definition
from chengshu.resources.errors import RuleRefused
from chengshu.resources.rules.table_tests import DELIVERY, DRIFT

Parts = Mapping[str, Any]
COMPARISONS = ("<=", "<", "=", "<>", ">=", ">")
UNITS = ("m", "h", "d", "w")
_LINES = ("where", "expression", "values")
_WITH_EDGES = ("pattern", "column", "earlier", "later", "left", "right")
_UNREADABLE = (ArithmeticError, AttributeError, IndexError, KeyError, TypeError, ValueError, RuleRefused)
_MOST_DIGITS = 15
"""Digits of a number that JSON keeps as it was written."""
_DAY = len("2024-01-31")
_WITHIN = re.compile(r"([0-9]{1,6})([mhdw])")
_NAME = r'"((?:[^"]|"")+)"'
_COMPARED = re.compile(rf"{_NAME} (<=|<>|>=|<|=|>) {_NAME}")


@dataclass(frozen=True, slots=True)
class PartsKind:
    """A kind of rule that can be filled in: the names of its parts, and how they become a definition and come back."""

    parts: tuple[str, ...]
    write: Callable[[Parts], dict[str, Any]]
    read: Callable[[Definition], dict[str, Any]]
    has_threshold: bool = True

    @property
    def is_of_rows(self) -> bool:
        """Tell whether it may be asked of some rows alone."""
        return "where" in self.parts


def definition_of(kind: str, parts: Parts) -> dict[str, Any]:
    """Give the definition that the parts of a kind say.

    Raises:
        RuleRefused: `details["field"]` names the part that cannot be read.
    """
    told = KINDS[kind].write(parts)
    return {**told, "where": parts["where"]} if parts.get("where") else told


def parts_of(definition: Definition) -> tuple[str, dict[str, Any]] | None:
    """Give kind and parts of a definition, None where they cannot say all of it."""
    plain = _plain(definition)
    for kind in _candidates(definition):
        try:
            parts = KINDS[kind].read(plain)
            if "where" in plain and KINDS[kind].is_of_rows:
                parts["where"] = plain["where"]
            if definition_of(kind, parts) == plain and all(_can_be_typed(*part) for part in parts.items()):
                return kind, parts
        except _UNREADABLE:
            continue
    return None


def _can_be_typed(part: str, value: object) -> bool:
    """Tell whether a text comes out of its field as it went in: lines only where there are several, no edges of space."""
    if not isinstance(value, str):
        return True
    is_kept = part in _LINES or not any(mark in value for mark in "\n\u2028\u2029")
    return is_kept and "\r" not in value and "\0" not in value and (part in _WITH_EDGES or value == value.strip())


def _candidates(definition: Definition) -> tuple[str, ...]:
    kind = str(definition.get("kind", ""))
    return ("compare", "expression") if kind == "expression" else (kind,) if kind in KINDS else ()


def _plain(definition: Definition) -> dict[str, Any]:
    """Give a definition in the one way that parts write it, where several mean the same."""
    plain = {name: value for name, value in definition.items() if _is_said(value)}
    if isinstance(column := plain.pop("column", None), str):
        plain["columns"] = [column]
    elif column is not None:
        plain["column"] = column
    if isinstance(columns := plain.get("columns"), str):
        plain["columns"] = [columns]
    if isinstance(within := plain.get("within"), str):
        plain["within"] = within.replace(" ", "")
    if isinstance(other := plain.get("references"), dict) and isinstance(columns := other.get("columns"), list):
        plain["references"] = {"data": other.get("data"), "column": columns[0] if len(columns) == 1 else columns}
    if plain.get("kind") == DRIFT:
        plain.setdefault("last", 6)
    return plain


def _is_said(value: object) -> bool:
    return value is not None and value is not False and value != ""


def _columns(parts: Parts) -> list[str]:
    return list(dict.fromkeys([parts["column"], *(parts.get("more") or ())]))


def _read_columns(definition: Definition) -> dict[str, Any]:
    first, *more = definition["columns"]
    return {"column": first, "more": more}


def _one_column(definition: Definition) -> dict[str, Any]:
    (column,) = definition["columns"]
    return {"column": column}


def _of_columns(kind: str, *named: str, **renamed: str) -> PartsKind:
    """Give a kind over one column or several, with parts that stand in its definition as they are."""
    names = {name: name for name in named} | renamed

    def write(parts: Parts) -> dict[str, Any]:
        told = {name: parts[part] for part, name in names.items() if _is_said(parts.get(part))}
        return {"kind": kind, "columns": _columns(parts), **told}

    def read(definition: Definition) -> dict[str, Any]:
        told = {part: definition[name] for part, name in names.items() if name in definition}
        return _read_columns(definition) | told

    return PartsKind(("column", "more", *names, "where"), write, read)


def _write_between(parts: Parts) -> dict[str, Any]:
    bounds = {"min": _bound(parts.get("least", ""), "least"), "max": _bound(parts.get("most", ""), "most")}
    told = {name: bound for name, bound in bounds.items() if bound is not None}
    if not told:
        raise RuleRefused("最小值和最大值至少写一个。", field="least")
    if len(told) > 1:
        low, high = told["min"], told["max"]
        if isinstance(low, str) is not isinstance(high, str):
            raise RuleRefused("最小值和最大值要都写成数，或都写成日期。", field="most")
        if low > high:  # type: ignore[operator]  # both numbers, or both texts of days
            raise RuleRefused("最大值小于最小值。请核对。", field="most")
    return {"kind": "between", "columns": _columns(parts), **told}


def _read_between(definition: Definition) -> dict[str, Any]:
    told = {part: _shown(definition[name]) for part, name in (("least", "min"), ("most", "max")) if name in definition}
    return _read_columns(definition) | told


def _bound(text: str, part: str) -> int | float | str | None:
    text = text.strip()
    if not text:
        return None
    try:
        number = Decimal(text)
    except InvalidOperation:
        return _day(text, part)
    if not number.is_finite() or len(number.as_tuple().digits) > _MOST_DIGITS or abs(number.adjusted()) > _MOST_DIGITS:
        raise RuleRefused(f"请写成最多 {_MOST_DIGITS} 位的数。", field=part)
    return int(number) if number == number.to_integral_value() else float(number)


def _day(text: str, part: str) -> str:
    try:
        if len(text) <= _DAY:
            return date.fromisoformat(text).isoformat()
        moment = datetime.fromisoformat(text)
    except ValueError as fault:
        raise RuleRefused("请写成数，或日期（2024-01-31）、时刻（2024-01-31 08:30）。", field=part) from fault
    if moment.tzinfo:
        raise RuleRefused("时刻不写时区。", field=part)
    return moment.isoformat()


def _shown(bound: object) -> str:
    return bound.replace("T", " ") if isinstance(bound, str) else f"{Decimal(str(bound)):f}"


def _write_length(parts: Parts) -> dict[str, Any]:
    shortest, longest = parts.get("shortest"), parts.get("longest")
    if shortest is None and longest is None:
        raise RuleRefused("最少和最多字数至少写一个。", field="shortest")
    if shortest is not None and longest is not None and shortest > longest:
        raise RuleRefused("最多字数小于最少字数。请核对。", field="longest")
    told = {"min": shortest, "max": longest}
    numbers = {name: number for name, number in told.items() if number is not None}
    return {"kind": "length", "columns": _columns(parts), **numbers}


def _read_length(definition: Definition) -> dict[str, Any]:
    return _read_columns(definition) | {"shortest": definition.get("min"), "longest": definition.get("max")}


def _write_values(parts: Parts) -> dict[str, Any]:
    values = list(dict.fromkeys(line.strip() for line in str(parts["values"]).splitlines() if line.strip()))
    return {"kind": "one_of", "columns": [parts["column"]], "values": values}


def _read_values(definition: Definition) -> dict[str, Any]:
    return _one_column(definition) | {"values": "\n".join(definition["values"])}


def _write_completeness(parts: Parts) -> dict[str, Any]:
    return {"kind": "completeness", "columns": _columns(parts), "minimum": _number(parts["minimum"])}


def _read_completeness(definition: Definition) -> dict[str, Any]:
    return _read_columns(definition) | {"minimum": Decimal(str(definition["minimum"]))}


def _write_order(parts: Parts) -> dict[str, Any]:
    if parts["earlier"] == parts["later"]:
        raise RuleRefused("两个栏目要不同。", field="later")
    told = {"kind": "date_order", "columns": [parts["earlier"], parts["later"]]}
    return {**told, "strict": True} if parts.get("strict") else told


def _read_order(definition: Definition) -> dict[str, Any]:
    earlier, later = definition["columns"]
    return {"earlier": earlier, "later": later, "strict": definition.get("strict", False)}


def _write_compare(parts: Parts) -> dict[str, Any]:
    left, right = parts["left"], parts["right"]
    if left == right:
        raise RuleRefused("两个栏目要不同。", field="right")
    quoted = ['"' + name.replace('"', '""') + '"' for name in (left, right)]
    return {"kind": "expression", "expression": f"{quoted[0]} {parts['comparison']} {quoted[1]}"}


def _read_compare(definition: Definition) -> dict[str, Any]:
    found = _COMPARED.fullmatch(definition["expression"])
    if found is None:
        raise ValueError(definition["expression"])
    return {
        "left": found[1].replace('""', '"'),
        "comparison": found[2],
        "right": found[3].replace('""', '"'),
    }


def _write_expression(parts: Parts) -> dict[str, Any]:
    return {"kind": "expression", "expression": parts["expression"].strip()}


def _read_expression(definition: Definition) -> dict[str, Any]:
    return {"expression": definition["expression"]}


def _write_references(parts: Parts) -> dict[str, Any]:
    other = {"data": parts["table"], "column": parts["their_column"]}
    return {"kind": "references", "columns": [parts["column"]], "references": other}


def _read_references(definition: Definition) -> dict[str, Any]:
    other = definition["references"]
    return _one_column(definition) | {"table": other["data"], "their_column": other["column"]}


def _write_timeliness(parts: Parts) -> dict[str, Any]:
    return {"kind": "timeliness", "columns": [parts["column"]], "within": f"{parts['within']}{parts['unit']}"}


def _write_delivery(parts: Parts) -> dict[str, Any]:
    return {"kind": DELIVERY, "within": f"{parts['within']}{parts['unit']}"}


def _read_within(definition: Definition) -> dict[str, Any]:
    found = _WITHIN.fullmatch(definition["within"])
    if found is None:
        raise ValueError(definition["within"])
    column = _one_column(definition) if "columns" in definition else {}
    return {**column, "within": int(found[1]), "unit": found[2]}


def _write_drift(parts: Parts) -> dict[str, Any]:
    told = {"kind": DRIFT, "measure": parts["measure"], "tolerance": _number(parts["tolerance"]), "last": parts["last"]}
    if parts["measure"] == "rows":
        return told
    if not parts.get("column"):
        raise RuleRefused("比空值或不同的值时，请选一个栏目。", field="column")
    return {**told, "columns": [parts["column"]]}


def _read_drift(definition: Definition) -> dict[str, Any]:
    told = {"measure": definition["measure"], "tolerance": Decimal(str(definition["tolerance"]))}
    column = _one_column(definition) if "columns" in definition else {"column": ""}
    return {**told, **column, "last": definition["last"]}


def _number(value: Decimal) -> int | float:
    return int(value) if value == value.to_integral_value() else float(value)


_MANY = ("column", "more")
KINDS: Mapping[str, PartsKind] = {
    "not_null": _of_columns("not_null", "blank"),
    "unique": _of_columns("unique"),
    "between": PartsKind((*_MANY, "least", "most", "where"), _write_between, _read_between),
    "one_of": PartsKind(("column", "values", "where"), _write_values, _read_values),
    "matches": _of_columns("matches", "pattern"),
    "length": PartsKind((*_MANY, "shortest", "longest", "where"), _write_length, _read_length),
    "type": _of_columns("type", value_type="type"),
    "check_digit": _of_columns("check_digit", "scheme"),
    "date_order": PartsKind(("later", "earlier", "strict", "where"), _write_order, _read_order),
    "compare": PartsKind(("left", "comparison", "right", "where"), _write_compare, _read_compare),
    "expression": PartsKind(("expression", "where"), _write_expression, _read_expression),
    "references": PartsKind(("column", "table", "their_column", "where"), _write_references, _read_references),
    "completeness": PartsKind(
        (*_MANY, "minimum", "where"), _write_completeness, _read_completeness, has_threshold=False
    ),
    "timeliness": PartsKind(("column", "within", "unit"), _write_timeliness, _read_within, has_threshold=False),
    DELIVERY: PartsKind(("within", "unit"), _write_delivery, _read_within, has_threshold=False),
    DRIFT: PartsKind(("measure", "column", "tolerance", "last"), _write_drift, _read_drift, has_threshold=False),
}
"""The kinds that can be filled in, in the order in which they are offered."""
