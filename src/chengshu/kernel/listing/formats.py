"""How values are written for people."""

from datetime import date, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal

from django.utils.timezone import localtime
from django.utils.translation import gettext

from chengshu.kernel.listing.contracts import Kind, MoneyUnit

EMPTY = "—"
_CENT = Decimal("0.01")
_WAN = Decimal(10_000)
_ONE_DAY = timedelta(days=1)


def format_value(value: object, kind: Kind, unit: MoneyUnit = MoneyUnit.YUAN) -> str:
    """Write one value: thousands apart, money and per cent with two decimals, `2024-03-15`, `2024-03-15 14:05`."""
    if value is None or value == "":
        return EMPTY
    if isinstance(value, datetime):
        if kind is Kind.DEADLINE:
            return format_deadline(value)
        return localtime(value).strftime("%Y-%m-%d %H:%M")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, int | Decimal) and not isinstance(value, bool):
        return _format_number(Decimal(value), kind, unit)
    return str(value)


def format_deadline(due_at: datetime) -> str:
    """Write until when something is in time: `2024-03-15` to the end of that day, else `2024-03-15 14:05`."""
    shown = shorten_deadline(due_at)
    return shown.strftime("%Y-%m-%d %H:%M") if isinstance(shown, datetime) else shown.isoformat()


def shorten_deadline(due_at: datetime) -> date:
    """Give the last day of what is due when a day ends, else the moment by the reader's clock."""
    by_the_clock = localtime(due_at)
    ends_a_day = by_the_clock.time() == time.min
    return by_the_clock.date() - _ONE_DAY if ends_a_day else by_the_clock


def convert_money(amount: Decimal, unit: MoneyUnit) -> Decimal:
    """Turn 元 into the unit, exactly."""
    return amount / _WAN if unit is MoneyUnit.WAN else amount


def unit_label(kind: Kind, unit: MoneyUnit) -> str:
    """Return what a header says of its unit; empty for kinds without one."""
    if kind is Kind.MONEY:
        return gettext("万元") if unit is MoneyUnit.WAN else gettext("元")
    return "%" if kind is Kind.PERCENT else ""


def _format_number(number: Decimal, kind: Kind, unit: MoneyUnit) -> str:
    if kind is Kind.MONEY:
        return f"{convert_money(number, unit).quantize(_CENT, ROUND_HALF_UP):,}"
    if kind is Kind.PERCENT:
        return f"{number.quantize(_CENT, ROUND_HALF_UP):,}"
    return f"{number:,f}"
