"""Tests of a table as a whole that need what only the platform keeps: when it was delivered, and how it was before. Pure.

Beside the kinds of rule files there are two:
`delivery_timeliness`: the newest delivery is at most `within` old ("31d");
`history_drift`: a `measure` (rows, nulls, distinct) departs from the median of the last `last` profiles by at most
`tolerance`. Rows and distinct values are compared as a share of that median, nulls by their share of the rows.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from statistics import median
from typing import Any

from chengshu.resources.contracts.catalogue import Cycle
from chengshu.resources.errors import RuleRefused

DELIVERY, DRIFT = "delivery_timeliness", "history_drift"
WHOLE = frozenset({DELIVERY, DRIFT, "timeliness", "row_count_drift", "distribution_drift"})
"""Kinds whose issue is the table itself and no row of it."""
LEAST_HISTORY, MOST_HISTORY = 3, 24
_DURATION = re.compile(r"([0-9]{1,6})\s*(h|d|w)")
_UNITS = {"h": "hours", "d": "days", "w": "weeks"}
_FIELDS = {DELIVERY: {"kind", "within"}, DRIFT: {"kind", "measure", "column", "columns", "tolerance", "last"}}


class Measure(StrEnum):
    """What of a table is held against its history."""

    ROWS = "rows"
    NULLS = "nulls"
    DISTINCT = "distinct"


@dataclass(frozen=True, slots=True)
class TableTest:
    """One such test, read; `column` is empty where the table as a whole is meant."""

    kind: str
    within: timedelta = timedelta()
    measure: Measure = Measure.ROWS
    column: str = ""
    tolerance: Decimal = Decimal(0)
    last: int = 6


@dataclass(frozen=True, slots=True)
class Counting:
    """What of a table is to be counted for such tests: the columns whose nulls, and those whose distinct values."""

    nulls: tuple[str, ...] = ()
    distinct: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Measured:
    """A table measured: its rows, by column its nulls and distinct values, and when it was last delivered."""

    rows: int
    nulls: Mapping[str, int]
    distinct: Mapping[str, int]
    delivered_at: datetime | None = None


def cycle_bound(cycle: str) -> str:
    """Give how old a table may be that is renewed in this cycle, with a third of it as grace; empty: nothing is owed."""
    bounds = {
        Cycle.DAILY: "32h",
        Cycle.WEEKLY: "10d",
        Cycle.MONTHLY: "41d",
        Cycle.QUARTERLY: "122d",
        Cycle.HALF_YEARLY: "244d",
        Cycle.YEARLY: "488d",
    }
    return bounds.get(Cycle(cycle), "") if cycle in set(Cycle) else ""


def is_platform_kind(definition: Mapping[str, Any]) -> bool:
    """Tell whether a rule is judged here and not by the scan."""
    return str(definition.get("kind")) in _FIELDS


def is_of_table(definition: Mapping[str, Any]) -> bool:
    """Tell whether a rule judges the table as a whole."""
    return str(definition.get("kind")) in WHOLE


def read_table_test(definition: Mapping[str, Any]) -> TableTest:
    """Read a test of these two kinds.

    Raises:
        RuleRefused: it makes no sense; the message names the place.
    """
    kind = definition["kind"]
    fields = _FIELDS[kind]
    if unknown := set(definition) - fields:
        raise _refused(f"不认识“{'、'.join(sorted(unknown))}”。{kind} 可以写：{'、'.join(sorted(fields - {'kind'}))}。")
    if kind == DELIVERY:
        found = _DURATION.fullmatch(str(definition.get("within", "")).strip())
        if not found or not int(found[1]):
            raise _refused('within 请写成数加单位：h 时、d 天、w 周，如 "31d"。')
        return TableTest(DELIVERY, within=timedelta(**{_UNITS[found[2]]: int(found[1])}))
    return _read_drift(definition)


def judge(test: TableTest, measured: Measured, history: Sequence[Measured], *, now: datetime) -> tuple[bool, str]:
    """Say whether a table fails a test, and what was seen, for people. `history` is of earlier versions, any order."""
    if test.kind == DELIVERY:
        at = measured.delivered_at
        if at is None:
            return True, "还没有交付过"
        return now - at > test.within, f"最近一次交付是 {at.astimezone(now.tzinfo):%Y-%m-%d %H:%M}"
    earlier = [value for one in history if (value := _value(test, one)) is not None]
    value = _value(test, measured)
    if value is None:
        return True, f"数据中没有列“{test.column}”"
    if len(earlier) < LEAST_HISTORY:
        return False, f"以往的概况不足 {LEAST_HISTORY} 次，暂不比较"
    return _compare(test, value, Decimal(median(earlier)))


def _compare(test: TableTest, value: Decimal, usual: Decimal) -> tuple[bool, str]:
    if test.measure is Measure.NULLS:
        return abs(value - usual) > test.tolerance, f"空值占 {value:.1%}，以往多为 {usual:.1%}"
    words = {Measure.ROWS: "行", Measure.DISTINCT: "个不同的值"}[test.measure]
    told = f"{int(value):,} {words}，以往多为 {int(usual):,}"
    if not usual:
        return bool(value), told
    return abs(value - usual) / usual > test.tolerance, told


def _value(test: TableTest, one: Measured) -> Decimal | None:
    if test.measure is Measure.ROWS:
        return Decimal(one.rows)
    counts = one.nulls if test.measure is Measure.NULLS else one.distinct
    if test.column not in counts:
        return None
    count = Decimal(counts[test.column])
    if test.measure is Measure.NULLS:
        return count / one.rows if one.rows else Decimal(0)
    return count


def _read_drift(definition: Mapping[str, Any]) -> TableTest:
    try:
        measure = Measure(str(definition.get("measure", "")))
    except ValueError as error:
        raise _refused("measure 请写 rows（行数）、nulls（空值占比）或 distinct（不同值的个数）。") from error
    column = _column(definition)
    if bool(column) == (measure is Measure.ROWS):
        message = "measure 为 rows 时不写 column。" if column else f"measure 为 {measure} 时请写一个 column（列名）。"
        raise _refused(message)
    tolerance = definition.get("tolerance")
    if type(tolerance) not in {int, float, Decimal} or not 0 < (share := Decimal(str(tolerance))) <= 100:
        raise _refused("tolerance 请写成大于 0 的数，如 0.3 表示可以相差三成。")
    last = definition.get("last", 6)
    if type(last) is not int or not LEAST_HISTORY <= last <= MOST_HISTORY:
        raise _refused(f"last 请写 {LEAST_HISTORY} 至 {MOST_HISTORY} 的整数：与最近几次比较。")
    return TableTest(DRIFT, measure=measure, column=column, tolerance=share, last=last)


def _column(definition: Mapping[str, Any]) -> str:
    if "column" in definition and "columns" in definition:
        raise _refused("column 和 columns 只写一个。")
    given = definition.get("column", definition.get("columns", ""))
    listed = given if isinstance(given, list) else [given] if given else []
    if len(listed) > 1 or not all(isinstance(name, str) for name in listed):
        raise _refused("column 请写一个列名。")
    return listed[0] if listed else ""


def _refused(message: str) -> RuleRefused:
    return RuleRefused(message, field="definition")
