"""From a form as read to its rows in the database, and back for checking."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, replace
from decimal import Decimal
from typing import Any

from chengshu.documents.contracts import Place, Row
from chengshu.performance.contracts import Form, Indicator, Origin
from chengshu.performance.contracts.wire import form_from_record, form_record
from chengshu.performance.models import NAME_LENGTH, FormContent, FormRecord, IndicatorRecord, SourceFile

_YUAN_PER = {"元": Decimal(1), "万元": Decimal(10_000)}
_WIDEST = Decimal(10) ** 15
_HIGHEST = Decimal(10) ** 4


def store_form(form: Form, source_file: SourceFile, *, number: int, rows: Iterable[Row]) -> FormRecord:
    """Insert a form, its content and its indicators; `number` counts the forms of the file from 1."""
    record = form_record(replace(form, duplicate_of=None))
    stored = FormRecord(batch_id=source_file.batch_id, source_file=source_file, number=number, line=form.source.line)
    set_columns(stored, form)
    stored.save(force_insert=True)
    FormContent.objects.create(
        form=stored, as_read=record, record=record, origins=_origins_json(form.origins), rows=_covered_rows(form, rows)
    )
    IndicatorRecord.objects.bulk_create(indicator_rows(stored, form.indicators))
    return stored


def set_columns(stored: FormRecord, form: Form) -> None:
    """Set the columns that lists search, filter, sort and sum by."""
    stored.template = form.template[:60]
    stored.year = form.year if form.year is not None and 1990 <= form.year <= 2100 else None
    stored.project = _short(form.project)
    stored.department = _short(form.department)
    stored.unit = _short(form.unit)
    stored.money_unit = (form.money_unit or "")[:10]
    stored.initial_yuan = _in_yuan(form.money.total.initial, form.money_unit)
    stored.budget_yuan = _in_yuan(form.money.total.budget, form.money_unit)
    stored.executed_yuan = _in_yuan(form.money.total.executed, form.money_unit)
    stored.score = column_score(form.total.score)
    stored.grade = (form.grade or "")[:10]
    stored.unreadable_count = len(form.unreadable)


def indicator_rows(stored: FormRecord, indicators: Iterable[Indicator]) -> list[IndicatorRecord]:
    """Give the unsaved indicator rows of a form."""
    return [
        IndicatorRecord(
            form=stored,
            number=number,
            level1=_short(item.level1),
            level2=_short(item.level2),
            level3=_short(item.level3),
            target=item.target or "",
            actual=item.actual or "",
            weight=column_score(item.weight),
            score=column_score(item.score),
            reason=item.reason or "",
        )
        for number, item in enumerate(indicators)
    ]


def column_score(score: Decimal | None) -> Decimal | None:
    """Give a weight or score as its column holds it: four places, None beyond 10,000."""
    return _within(score, _HIGHEST)


def restore_form(content: FormContent, corrected: Iterable[str] = ()) -> Form:
    """Give back the form with its origins; corrected cells are certain, whatever the reader thought of them."""
    certain = frozenset(corrected)
    origins = {
        field: Origin(
            raw=item["raw"],
            place=place_from_json(item["place"]),
            confidence=1.0 if field in certain else item["confidence"],
        )
        for field, item in content.origins.items()
    }
    return replace(form_from_record(content.record), origins=origins)


def place_from_json(data: Mapping[str, Any]) -> Place:
    """Give back a place that was kept as JSON."""
    box = data.get("box")
    return Place(**{**data, "box": None if box is None else tuple(box)})


def place_to_json(place: Place) -> dict[str, Any]:
    """Give a place as JSON, leaving out what the format does not know."""
    return {name: value for name, value in asdict(place).items() if value is not None}


def _origins_json(origins: Mapping[str, Origin]) -> dict[str, Any]:
    return {
        field: {"raw": origin.raw, "place": place_to_json(origin.place), "confidence": round(origin.confidence, 3)}
        for field, origin in origins.items()
    }


def _covered_rows(form: Form, rows: Iterable[Row]) -> list[dict[str, Any]]:
    """Give the rows from the form's first to its last origin, title line included."""
    places = {origin.place for origin in form.origins.values()}
    listed = list(rows)
    covered = [
        index
        for index, row in enumerate(listed)
        if (form.source.line is not None and row.line == form.source.line)
        or any(cell.place in places for cell in row.cells)
    ]
    return [_row_json(row) for row in listed[covered[0] : covered[-1] + 1]] if covered else []


def _row_json(row: Row) -> dict[str, Any]:
    return {
        "layout": row.layout.value,
        "cells": [
            {
                "text": cell.text,
                "place": place_to_json(cell.place),
                "rows": cell.row_span,
                "columns": cell.col_span,
            }
            for cell in row.cells
            if not cell.covered
        ],
    }


def _short(text: str | None) -> str:
    return (text or "")[:NAME_LENGTH]


def _in_yuan(amount: Decimal | None, money_unit: str | None) -> Decimal | None:
    factor = _YUAN_PER.get(money_unit or "")
    return None if amount is None or factor is None else _within(amount * factor, _WIDEST)


def _within(value: Decimal | None, limit: Decimal) -> Decimal | None:
    """Give the value at four places, None when no column could hold it."""
    if value is None or not value.is_finite() or abs(value) >= limit:
        return None
    return value.quantize(Decimal("0.0001"))
