"""Monitoring by rule: share of the target, forecast, lamps, and what is missing before a report is handed in."""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path

from chengshu.base.quantities import Kind, Quantity, parse_quantity
from chengshu.performance.contracts.monitoring import (
    Money,
    MoneyReading,
    MonitoredRow,
    MonitoringContent,
    Need,
    RowReading,
    Threshold,
)
from chengshu.performance.contracts.year import Lamp
from chengshu.performance.rules.assessment import Assessment, Outcome, assess
from chengshu.performance.rules.rounding import round_half_up
from chengshu.performance.rules.rulesets import RuleSet

_HUNDRED = Decimal(100)
_WORDS = {
    Outcome.WORDS_MET: Lamp.GREEN,
    Outcome.WORDS_PARTIAL: Lamp.YELLOW,
    Outcome.WORDS_UNMET: Lamp.RED,
    Outcome.LATE: Lamp.RED,
}
_GRAVITY = (Lamp.RED, Lamp.YELLOW, Lamp.GREEN)
_LONGEST = {"value": 200, "forecast": 200, "deviation": 2000, "measure": 2000}
_DIGITS = 2


@cache
def list_thresholds() -> Mapping[str, Threshold]:
    """Read the limits of the lamps, by key."""
    data = tomllib.loads((Path(__file__).parent / "monitoring.toml").read_text("utf-8"))
    return {
        key: Threshold(key, Decimal(entry["value"]), entry["label"], entry["label_en"], entry["source"])
        for key, entry in data.items()
    }


def share_of_year(until: date) -> Decimal:
    """Give the share of the year that has passed by the end of a day, 0 to 1."""
    first, last = date(until.year, 1, 1), date(until.year, 12, 31)
    return Decimal((until - first).days + 1) / Decimal((last - first).days + 1)


def read_row(row: MonitoredRow, until: date, rules: RuleSet) -> RowReading:
    """Reckon one indicator: share of its target, what to expect of the year, and the lamp that follows."""
    target, value = _read(row.target), _read(row.value)
    if target is None or value is None:
        return RowReading(None, row.forecast, row.lamp)
    so_far = assess(row.name, target, value, rules)
    share = None if so_far.ratio is None else round_half_up(so_far.ratio * _HUNDRED, 4)
    forecast = row.forecast or _expect(value, share_of_year(until))
    expected = _read(forecast)
    judged = assess(row.name, target, expected, rules) if expected is not None else so_far
    if so_far.outcome is Outcome.MET and target.sign not in {"≤", "<"}:
        judged = so_far  # what is reached stays reached
    return RowReading(share, forecast, light(judged) or row.lamp)


def light(verdict: Assessment) -> Lamp | None:
    """Give the lamp of an expected value; None where the rules cannot compare it with its target."""
    if verdict.outcome is Outcome.MET:
        return Lamp.GREEN
    if verdict.outcome is Outcome.ZERO_EXCEEDED:
        return Lamp.RED
    if verdict.outcome in _WORDS:
        return _WORDS[verdict.outcome]
    if verdict.outcome not in {Outcome.SHORT, Outcome.EXCEEDED} or not verdict.ratio:
        return Lamp.RED if verdict.outcome is Outcome.SHORT else None
    reached = verdict.ratio if verdict.outcome is Outcome.SHORT else 1 / verdict.ratio
    return _grade(reached, "indicator")


def read_money(money: Money, until: date, forecast_yuan: Decimal | None = None) -> MoneyReading:
    """Reckon the money: execution against the time that has passed. `forecast_yuan` overrides the linear one."""
    elapsed = share_of_year(until)
    shown = round_half_up(elapsed * _HUNDRED, 2)
    expected = forecast_yuan if forecast_yuan is not None else round_half_up(money.executed_yuan / elapsed, _DIGITS)
    if money.budget_yuan <= 0:
        return MoneyReading(None, shown, expected, None)
    rate = money.executed_yuan / money.budget_yuan
    lamp = Lamp.RED if rate > 1 else _grade(rate / elapsed, "money")
    return MoneyReading(round_half_up(rate * _HUNDRED, 2), shown, expected, lamp)


def worst(lamps: Iterable[Lamp | None]) -> Lamp | None:
    """Give the gravest lamp; None where none is lit."""
    lit = set(lamps)
    return next((lamp for lamp in _GRAVITY if lamp in lit), None)


def list_needs(
    content: MonitoringContent, readings: tuple[RowReading, ...], money: MoneyReading, bound: frozenset[int]
) -> list[tuple[str, str, Need]]:
    """List what is missing before the report is handed in: place (JSON pointer), indicator, what.

    `bound` are the ids of promises that a registered indicator measures. Yellow and red lamps need the cause of the
    deviation and a measure against it.
    """
    needs: list[tuple[str, str, Need]] = []
    if money.lamp in {Lamp.RED, Lamp.YELLOW}:
        needs += [("/money/" + need.value, "", need) for need in _unsaid(content.deviation, content.measure)]
    for number, (row, reading) in enumerate(zip(content.rows, readings, strict=True)):
        place = f"/indicators/{number}"
        if not row.value:
            need = Need.MEASUREMENT if row.goal_id in bound else Need.VALUE
            needs.append((f"{place}/value", row.name, need))
        elif reading.lamp is None:
            needs.append((f"{place}/lamp", row.name, Need.LAMP))
        elif reading.lamp is not Lamp.GREEN:
            needs += [(f"{place}/{need.value}", row.name, need) for need in _unsaid(row.deviation, row.measure)]
    return needs


def find_too_long(row: MonitoredRow) -> str | None:
    """Give the first field of a row that is longer than it can be kept; None where all fit."""
    return next((name for name, most in _LONGEST.items() if len(getattr(row, name)) > most), None)


def strip_row(row: MonitoredRow) -> MonitoredRow:
    """Take idle blanks off the typed texts."""
    return replace(row, **{name: getattr(row, name).replace("\r\n", "\n").strip() for name in _LONGEST})


def _unsaid(deviation: str, measure: str) -> list[Need]:
    return [need for need, text in ((Need.DEVIATION, deviation), (Need.MEASURE, measure)) if not text.strip()]


def _grade(reached: Decimal, what: str) -> Lamp:
    limits = list_thresholds()
    if reached >= limits[f"{what}_green"].value:
        return Lamp.GREEN
    return Lamp.YELLOW if reached >= limits[f"{what}_yellow"].value else Lamp.RED


def _read(text: str) -> Quantity | None:
    return parse_quantity(text) if text.strip() else None


def _expect(value: Quantity, elapsed: Decimal) -> str:
    """Carry a counted value on in a straight line to the year's end; shares, durations and words stay as they are."""
    if value.kind is not Kind.NUMBER or value.value is None:
        return value.text
    expected = round_half_up(value.value / elapsed, _DIGITS).normalize()
    return f"{expected:f}{value.unit}"
