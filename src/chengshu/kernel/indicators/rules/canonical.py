"""Facts written down alike on every database and machine, so that a digest means the same everywhere.

A fact is the JSON array [key, numerator, denominator, column, …] in UTF-8 without blanks. Numbers are strings of
plain decimals without trailing zeros, days `YYYY-MM-DD`, moments `YYYY-MM-DDTHH:MM:SS.ffffffZ`, absent values null.
"""

import hashlib
import json
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from chengshu.kernel.indicators.contracts import Cell, Fact, FactColumn, FactKind, IndicatorSpec, Mask
from chengshu.kernel.indicators.errors import FactInvalid

_STAR = "＊"


def read_fact(spec: IndicatorSpec, row: Mapping[str, Any]) -> Fact:
    """Return the canonical fact of a row as the database gave it.

    Raises:
        FactInvalid: the row has no key, no numerator or, where one is needed, no denominator; or a value is not of
            the column's kind.
    """
    key = row.get("fact_key")
    if key is None or key == "":
        raise FactInvalid(f"指标 {spec.key} 的查询给出了没有编号的行", key=spec.key)
    numerator = _decimal(row.get("numerator"), spec, str(key))
    denominator = None if row.get("denominator") is None else _decimal(row["denominator"], spec, str(key))
    if numerator is None or (denominator is not None and denominator < 0):
        raise FactInvalid(f"指标 {spec.key} 的第 {key} 行没有可计的数", key=spec.key, row=str(key))
    return Fact(str(key), numerator, denominator, tuple(_column(column, row, spec) for column in spec.columns))


def encode_fact(fact: Fact) -> bytes:
    """Return the bytes that enter the digest and the evidence file, without the line's end."""
    cells = [fact.key, _plain(fact.numerator), _plain(fact.denominator), *(_plain(cell) for cell in fact.columns)]
    return json.dumps(cells, ensure_ascii=False, separators=(",", ":")).encode()


def hash_bytes(data: bytes) -> bytes:
    """Return SHA-256 of the bytes: the digest of evidence, since every outsider has it at hand."""
    return hashlib.sha256(data).digest()


def plain_decimal(value: Decimal) -> str:
    """Return the decimal without exponent and trailing zeros: `12`, `0.5`, `0`."""
    text = f"{value:f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in {"-0", ""} else text


def _plain(cell: Cell) -> str | int | bool | None:
    return plain_decimal(cell) if isinstance(cell, Decimal) else cell


def _column(column: FactColumn, row: Mapping[str, Any], spec: IndicatorSpec) -> Cell:
    if column.name not in row:
        raise FactInvalid(f"指标 {spec.key} 的查询没有给出列 {column.name}", key=spec.key, column=column.name)
    value = row[column.name]
    if value is None:
        return None
    try:
        return _mask(_READERS[column.kind](value), column.mask)
    except (ValueError, TypeError, InvalidOperation) as error:
        message = f"指标 {spec.key} 的列 {column.name} 有不能识别的值"
        raise FactInvalid(message, key=spec.key, column=column.name) from error


def _decimal(value: Any, spec: IndicatorSpec, key: str) -> Decimal | None:
    if value is None:
        return None
    try:
        return _as_decimal(value)
    except (ValueError, TypeError, InvalidOperation) as error:
        raise FactInvalid(f"指标 {spec.key} 的第 {key} 行不是数", key=spec.key, row=key) from error


def _as_decimal(value: Any) -> Decimal:
    """Read a number; SQLite gives decimals as floats, whose shortest text is the decimal that was stored."""
    number = Decimal(repr(value)) if isinstance(value, float) else Decimal(value)
    if not number.is_finite():
        raise ValueError("not a finite number")
    return number


def _as_boolean(value: Any) -> bool:
    if value in {0, 1}:
        return bool(value)
    raise ValueError("neither true nor false")


def _as_day(value: Any) -> str:
    if isinstance(value, datetime):
        raise TypeError("a moment, not a day")
    return (value if isinstance(value, date) else date.fromisoformat(value)).isoformat()


def _as_moment(value: Any) -> str:
    """Write a moment in UTC; SQLite keeps them as texts in UTC without saying so."""
    moment = value if isinstance(value, datetime) else datetime.fromisoformat(value)
    aware = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    return aware.strftime("%Y-%m-%dT%H:%M:%S.%fZ")


_READERS: Mapping[FactKind, Callable[[Any], Cell]] = {
    FactKind.TEXT: str,
    FactKind.INTEGER: int,
    FactKind.DECIMAL: _as_decimal,
    FactKind.BOOLEAN: _as_boolean,
    FactKind.DAY: _as_day,
    FactKind.MOMENT: _as_moment,
}


def _mask(value: Cell, mask: Mask) -> Cell:
    if mask is Mask.NONE or value is None:
        return value
    text = str(value)
    if mask is Mask.NAME:
        return text[:1] + _STAR * max(1, len(text) - 1)
    if len(text) < 8:  # too short to show both ends of it
        return _STAR * len(text)
    return text[:3] + _STAR * (len(text) - 7) + text[-4:]
