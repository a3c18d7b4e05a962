"""JSON as it stands: numbers with all their digits, names that stand twice in an object seen."""

import json
import re
from collections.abc import Callable, Iterable
from typing import Any

_HALF = re.compile("[\ud800-\udfff]")


class Digits(str):
    """A number as it was written."""

    __slots__ = ()


class Doubled(dict[str, Any]):
    """An object in which a name stands twice: `pairs` are all it has."""

    pairs: list[tuple[str, Any]]


def read_exactly(text: str | bytes) -> Any:
    """Read a text of JSON; numbers are `Digits`, objects with a name twice `Doubled`.

    Raises:
        ValueError: it is none.
        RecursionError: it is nested too deep.
    """
    return _decode(text if isinstance(text, str) else text.decode(json.detect_encoding(text)))


def write_exactly(value: Any) -> str:
    """Write what was read, with the same digits and all names."""
    if isinstance(value, Digits):
        return str(value)
    if isinstance(value, dict):
        pairs = value.pairs if isinstance(value, Doubled) else value.items()
        return "{" + ", ".join(f"{_quoted(name)}: {write_exactly(one)}" for name, one in pairs) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(write_exactly, value)) + "]"
    return _quoted(value)


def fault_of(record: dict[str, Any]) -> tuple[str, str]:
    """Give the name at fault in an object and why it cannot be taken; two empty texts where nothing is."""
    if isinstance(record, Doubled):
        names = [name for name, _value in record.pairs]
        return next(name for name in names if names.count(name) > 1), "同一个对象里写了两次"
    for name, value in record.items():
        if _is_half(name) or (isinstance(value, str) and _is_half(value)):
            return ("" if _is_half(name) else name), "有不成字的代码（单独的代理项）"
        if isinstance(value, dict | list) and (told := _inner_fault(value)):
            return name, told
    return "", ""


def _inner_fault(value: Any) -> str:
    if isinstance(value, dict):
        own = fault_of(value)[1]
        return own and f"其中的对象：{own}"
    if isinstance(value, list):
        return next(filter(None, map(_inner_fault, value)), "")
    return "有不成字的代码（单独的代理项）" if isinstance(value, str) and _is_half(value) else ""


def _is_half(text: str) -> bool:
    return not text.isascii() and _HALF.search(text) is not None


def _quoted(value: Any) -> str:
    is_half = isinstance(value, str) and _is_half(value)
    return json.dumps(value, ensure_ascii=is_half)


def _object(pairs: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    listed = list(pairs)
    found = dict(listed)
    if len(found) == len(listed):
        return found
    doubled = Doubled(found)
    doubled.pairs = listed
    return doubled


_decode: Callable[[str], Any] = json.JSONDecoder(
    parse_float=Digits, parse_int=Digits, parse_constant=Digits, object_pairs_hook=_object
).decode
