"""The published JSON records and their way to and from the dataclasses. Schemas: docs/schemas/*.json."""

import re
from collections.abc import Mapping
from dataclasses import fields
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
        source = record["source"]
        duplicate = record.get("duplicate_of")
        money = record.get("money") or {}
        goal = record.get("goal") or {}
        total = record.get("total") or {}
        return Form(
            source=Source(str(source["file"]), int(source["form"]), source.get("line")),
            template=str(record.get("template") or ""),
            duplicate_of=None if duplicate is None else FormRef(str(duplicate["file"]), int(duplicate["form"])),
            year=None if record.get("year") is None else int(record["year"]),
            project=record.get("project"),
            department=record.get("department"),
            unit=record.get("unit"),
            money_unit=record.get("money_unit"),
            money=Money(**{name: _money_row(money.get(name) or {}) for name in MONEY_ROWS}),
            goal=Goal(goal.get("expected"), goal.get("actual")),
            indicators=tuple(_indicator(item) for item in record.get("indicators") or ()),
            total=Total(_decimal(total.get("weight")), _decimal(total.get("score"))),
            grade=record.get("grade"),
            unreadable=tuple(
                Unreadable(str(item["field"]), str(item["raw"])) for item in record.get("unreadable") or ()
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
    return Indicator(
        **{name: record.get(name) for name in _TEXTS},
        weight=_decimal(record.get("weight")),
        score=_decimal(record.get("score")),
        confidence=float(record.get("confidence", 1.0)),
    )


def _money_row(record: Mapping[str, Any]) -> MoneyRow:
    return MoneyRow(**{item.name: _decimal(record.get(item.name)) for item in fields(MoneyRow)})


def _decimal(text: object) -> Decimal | None:
    if text is None:
        return None
    if not _PLAIN_DECIMAL.fullmatch(str(text)):
        raise ValueError(f"{str(text)[:40]!r} 不是普通小数")
    return Decimal(str(text))


def _plain(value: Decimal | None) -> str | None:
    return None if value is None else format(value, "f")
