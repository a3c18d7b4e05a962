"""The published JSON records and their way to and from the dataclasses. Schemas: docs/schemas/*.json."""

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from chengshu.performance.contracts.findings import Checked, Finding, RescoredLine
from chengshu.performance.contracts.forms import (
    Form,
    FormRef,
    Goal,
    Indicator,
    Money,
    MoneyRow,
    Source,
    Total,
    Unreadable,
)
from chengshu.performance.errors import RecordInvalid

MONEY_ROWS = ("total", "fiscal", "carried_over", "other")
MONEY_COLUMNS = ("initial", "budget", "executed", "weight", "rate", "score")
# No exponent, no NaN, no infinity; long enough for every amount of a country in 元 with its decimals.
_PLAIN_DECIMAL = re.compile(r"-?[0-9]{1,24}(\.[0-9]{1,24})?")
# NUL and lone surrogates: no database keeps them.
_UNSTORABLE = re.compile(r"[\x00\ud800-\udfff]")
_LARGEST_COUNT = 2**31 - 1
_TEXTS = ("level1", "level2", "level3", "target", "actual", "reason")


def form_record(form: Form) -> dict[str, Any]:
    """Give the `read --json` object of a form: plain decimals as strings, absent values as None."""
    return {
        "source": _source_record(form.source),
        "duplicate_of": None
        if form.duplicate_of is None
        else {"file": form.duplicate_of.file, "form": form.duplicate_of.form},
        "template": form.template,
        "year": form.year,
        "project": form.project,
        "department": form.department,
        "unit": form.unit,
        "money_unit": form.money_unit,
        "money": {
            name: {column: _plain(getattr(getattr(form.money, name), column)) for column in MONEY_COLUMNS}
            for name in MONEY_ROWS
        },
        "goal": {"expected": form.goal.expected, "actual": form.goal.actual},
        "indicators": [_indicator_record(indicator) for indicator in form.indicators],
        "total": {"weight": _plain(form.total.weight), "score": _plain(form.total.score)},
        "grade": form.grade,
        "unreadable": [{"field": item.field, "raw": item.raw} for item in form.unreadable],
    }


def form_from_record(record: Mapping[str, Any]) -> Form:
    """Build a form from a `read --json` object; missing parts are absent values.

    Raises RecordInvalid naming the part that is not what the contract says.
    """
    try:
        source = _part(record["source"])
        duplicate = record.get("duplicate_of")
        money = _part(record.get("money"))
        goal = _part(record.get("goal"))
        total = _part(record.get("total"))
        return Form(
            source=Source(_name(source["file"]), _count(source["form"]), _optional_count(source.get("line"))),
            template=_text(record.get("template")) or "",
            duplicate_of=None if duplicate is None else FormRef(_name(duplicate["file"]), _count(duplicate["form"])),
            year=_optional_count(record.get("year")),
            project=_text(record.get("project")),
            department=_text(record.get("department")),
            unit=_text(record.get("unit")),
            money_unit=_text(record.get("money_unit")),
            grade=_text(record.get("grade")),
            money=Money(**{name: _money_row(_part(money.get(name))) for name in MONEY_ROWS}),
            goal=Goal(_text(goal.get("expected")), _text(goal.get("actual"))),
            indicators=tuple(_indicator(_part(item)) for item in _parts(record.get("indicators"))),
            total=Total(_decimal(total.get("weight")), _decimal(total.get("score"))),
            unreadable=tuple(
                Unreadable(_name(item["field"]), _name(item["raw"])) for item in _parts(record.get("unreadable"))
            ),
        )
    except (KeyError, TypeError, ValueError, AttributeError) as fault:
        raise RecordInvalid(f"记录不符合公开的数据契约：{fault}", reason=str(fault)) from fault


def checked_record(checked: Checked) -> dict[str, Any]:
    """Give the `check --json` object of a checked form."""
    return {
        "source": _source_record(checked.source),
        "rules": checked.rules,
        "findings": [_finding_record(finding) for finding in checked.findings],
        "rescored": {
            "total": _plain(checked.rescored.total),
            "grade": checked.rescored.grade,
            "printed_grade": checked.rescored.printed_grade,
            "changed": checked.rescored.changed,
            "lines": [_line_record(line) for line in checked.rescored.lines],
        },
    }


def _finding_record(finding: Finding) -> dict[str, Any]:
    return {
        "code": finding.code,
        "level": finding.level.value,
        "field": finding.field,
        "printed": finding.printed,
        "expected": finding.expected,
        "message": finding.message,
        "message_en": finding.message_en,
        "basis": finding.basis,
        "doubtful": finding.doubtful,
    }


def _line_record(line: RescoredLine) -> dict[str, Any]:
    return {
        "field": line.field,
        "weight": _plain(line.weight),
        "printed": _plain(line.printed),
        "score": _plain(line.score),
        "why": line.why,
        "why_en": line.why_en,
    }


def _source_record(source: Source) -> dict[str, Any]:
    return {"file": source.file, "form": source.form, "line": source.line}


def _indicator_record(indicator: Indicator) -> dict[str, Any]:
    record: dict[str, Any] = {name: getattr(indicator, name) for name in _TEXTS[:5]}
    record["weight"] = _plain(indicator.weight)
    record["score"] = _plain(indicator.score)
    record["reason"] = indicator.reason
    record["confidence"] = round(indicator.confidence, 3)
    return record


def _indicator(record: Mapping[str, Any]) -> Indicator:
    confidence = record.get("confidence", 1.0)
    if isinstance(confidence, bool) or not isinstance(confidence, int | float) or not 0 <= confidence <= 1:
        raise ValueError(f"confidence {confidence!r} 不在 0 到 1 之间")
    return Indicator(
        **{name: _text(record.get(name)) for name in _TEXTS},
        weight=_decimal(record.get("weight")),
        score=_decimal(record.get("score")),
        confidence=float(confidence),
    )


def _money_row(record: Mapping[str, Any]) -> MoneyRow:
    return MoneyRow(**{column: _decimal(record.get(column)) for column in MONEY_COLUMNS})


def _part(value: object) -> Mapping[str, Any]:
    if value is None:
        return {}
    if not isinstance(value, Mapping):
        raise TypeError(f"{_shorten(value)} 不是对象")
    return value


def _parts(value: object) -> Sequence[Any]:
    if value is None:
        return ()
    if isinstance(value, str) or not isinstance(value, Sequence):
        raise TypeError(f"{_shorten(value)} 不是列表")
    return value


def _text(value: object) -> str | None:
    return None if value is None else _name(value)


def _name(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(f"{_shorten(value)} 不是文字")
    if _UNSTORABLE.search(value):
        raise ValueError(f"{_shorten(value)} 里有不能保存的字符")
    return value


def _count(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= _LARGEST_COUNT:
        raise ValueError(f"{_shorten(value)} 不是序号或年份")
    return value


def _optional_count(value: object) -> int | None:
    return None if value is None else _count(value)


def _decimal(value: object) -> Decimal | None:
    if value is None:
        return None
    if isinstance(value, bool) or not _PLAIN_DECIMAL.fullmatch(str(value)):
        raise ValueError(f"{_shorten(value)} 不是普通小数")
    return Decimal(str(value))


def _shorten(value: object) -> str:
    return ascii(value)[:40]


def _plain(value: Decimal | None) -> str | None:
    return None if value is None else format(value, "f")
