"""Values of a published record by JSON pointer: which can be corrected, what each can hold, how it is set."""

import copy
import re
from collections.abc import Mapping
from decimal import Decimal
from enum import StrEnum
from typing import Any

from chengshu.base.texts import drop_controls
from chengshu.performance.contracts.wire import MONEY_COLUMNS, MONEY_ROWS
from chengshu.performance.errors import CorrectionInvalid


class Kind(StrEnum):
    """What a cell can hold."""

    TEXT = "text"
    NUMBER = "number"
    YEAR = "year"
    MONEY_UNIT = "money_unit"
    GRADE = "grade"


MONEY_UNITS = ("元", "万元")
GRADES = ("优", "良", "中", "差")

# One way to write each row, so that a cell has one pointer and one history.
_ROW = "(?:0|[1-9][0-9]{0,5})"
_PATTERNS: tuple[tuple[re.Pattern[str], Kind], ...] = (
    (re.compile(r"/(project|department|unit)"), Kind.TEXT),
    (re.compile(r"/goal/(expected|actual)"), Kind.TEXT),
    (re.compile(r"/year"), Kind.YEAR),
    (re.compile(r"/money_unit"), Kind.MONEY_UNIT),
    (re.compile(r"/grade"), Kind.GRADE),
    (re.compile(rf"/money/({'|'.join(MONEY_ROWS)})/({'|'.join(MONEY_COLUMNS)})"), Kind.NUMBER),
    (re.compile(r"/total/(weight|score)"), Kind.NUMBER),
    (re.compile(rf"/indicators/{_ROW}/(level1|level2|level3|target|actual|reason)"), Kind.TEXT),
    (re.compile(rf"/indicators/{_ROW}/(weight|score)"), Kind.NUMBER),
)
_LONGEST = 20_000
# Digits as people write them: "1e-99999" is short to type and endless to write out.
_FIGURE = re.compile(r"[+-]?(?:\d{1,24}(?:\.\d{0,24})?|\.\d{1,24})")
_SIGNS = str.maketrans({"，": ",", "．": ".", "－": "-", "−": "-", "％": "%", "\u3000": " "})


def kind_of(field: str) -> Kind:
    """Tell what the cell at a JSON pointer can hold; raise CorrectionInvalid when it is no cell of a form."""
    for pattern, kind in _PATTERNS:
        if pattern.fullmatch(field):
            return kind
    raise CorrectionInvalid(f"表中没有“{field}”这一栏，无法更正。", field=field)


def value_at(record: Mapping[str, Any], field: str) -> str | None:
    """Give the value at a pointer as text, None when absent; raise CorrectionInvalid when there is no such cell."""
    kind_of(field)
    value: Any = record
    try:
        for step in field.split("/")[1:]:
            value = value[int(step)] if isinstance(value, list) else value[step]
    except (KeyError, IndexError, TypeError) as fault:
        raise CorrectionInvalid(f"这张表没有“{field}”这一栏，无法更正。", field=field) from fault
    return None if value is None else str(value)


def parse_value(field: str, text: str | None) -> str | None:
    """Give what the cell will hold for the text that was typed; blank text makes it absent.

    Raises CorrectionInvalid, saying what the cell can hold.
    """
    kind = kind_of(field)
    cleaned = unify_breaks(text or "").strip()
    if not cleaned:
        return None
    if len(cleaned) > _LONGEST:
        raise CorrectionInvalid(f"文字超过 {_LONGEST} 字，请缩短。", field=field)
    if kind is Kind.NUMBER:
        return _parse_number(field, cleaned)
    if kind is Kind.YEAR and not re.fullmatch(r"(19[9]\d|20\d\d|2100)", cleaned):
        raise CorrectionInvalid("年度应为四位数字，如 2023。", field=field)
    if kind is Kind.MONEY_UNIT and cleaned not in MONEY_UNITS:
        raise CorrectionInvalid("金额单位只能是“元”或“万元”。", field=field)
    if kind is Kind.GRADE and cleaned not in GRADES:
        raise CorrectionInvalid("评分等级只能是优、良、中、差之一。", field=field)
    return cleaned


def unify_breaks(text: str) -> str:
    """Undo what browsers do to the line breaks of a form's fields, and leave out what no database keeps."""
    return drop_controls(text.replace("\r\n", "\n").replace("\r", "\n"))


def apply_corrections(
    as_read: Mapping[str, Any], values: Mapping[str, str | None], confidences: Mapping[str, float]
) -> dict[str, Any]:
    """Give a copy of the record with the corrected values set.

    A corrected cell is no longer unreadable, and no longer lowers its indicator's confidence: `confidences` gives
    those of the cells as read.
    """
    record: dict[str, Any] = copy.deepcopy(dict(as_read))
    for field, value in values.items():
        _set_value(record, field, value)
    record["unreadable"] = [item for item in record["unreadable"] if item["field"] not in values]
    for number in {field.split("/")[2] for field in values if field.startswith("/indicators/")}:
        prefix = f"/indicators/{number}/"
        others = [c for field, c in confidences.items() if field.startswith(prefix) and field not in values]
        record["indicators"][int(number)]["confidence"] = min(others, default=1.0)
    return record


def _set_value(record: dict[str, Any], field: str, value: str | None) -> None:
    *path, last = field.split("/")[1:]
    holder: Any = record
    for step in path:
        holder = holder[int(step)] if isinstance(holder, list) else holder[step]
    holder[last] = int(value) if value is not None and kind_of(field) is Kind.YEAR else value


def _parse_number(field: str, text: str) -> str:
    plain = text.translate(_SIGNS).replace(",", "").replace(" ", "").removesuffix("%")
    if not _FIGURE.fullmatch(plain):
        raise CorrectionInvalid(f"“{text[:40]}”不是数字，这一栏只能填数字，如 1234.56。", field=field)
    number = Decimal(plain)
    if abs(number) >= Decimal(10) ** 15:
        raise CorrectionInvalid(f"“{text}”超出可填的范围。", field=field)
    return format(number, "f")
