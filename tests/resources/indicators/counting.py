"""The same figures counted over the plain data of the small city, without a database."""

from collections.abc import Iterable
from datetime import date, timedelta

from resources.indicators.city import CALLS, DELIVERIES, DUE_DAYS, IN_TIME_HOURS, LATE, MONTHS, Call, moment


def _pct(parts: Iterable[bool]) -> float:
    told = list(parts)
    return round(100 * sum(told) / len(told), 2)


def _of(kind: str) -> list[Call]:
    return [call for call in CALLS if call.kind == kind]


def _in_time(call: Call) -> bool:
    return call.hours is not None and call.hours <= IN_TIME_HOURS[call.kind]


def _cycles() -> Iterable[tuple[date, bool]]:
    """Give the end of each month that was due before all is over, and whether the register came in time."""
    came = [moment(*on).date() for on, _rows in DELIVERIES["登记"]]
    for end in (date(2024, month, 1) for month in range(4, 13)):
        due = end + timedelta(days=DUE_DAYS)
        if due <= LATE.date():
            yield end, any(end <= day < due for day in came)


def _months() -> Iterable[int]:
    """Give the months of 2024 that the catalogue stood in and that are over for a day when all is over."""
    return [month for month in range(3, 12) if (LATE - moment(month + 1, 1)).days >= 1]


def obligations() -> dict[tuple[int, str], bool]:
    """Give what each month asked for by what was done: a month without anything of a kind has none of it."""
    told = {(month, "checks"): is_done for month, is_done in MONTHS.items()}
    told |= {
        (month, "plan"): month in MONTHS for month in _months() if month > 3
    }  # rules stand since the middle of March
    told |= {((end + timedelta(days=DUE_DAYS)).month, "deliveries"): kept for end, kept in _cycles()}
    told = {place: kept for place, kept in told.items() if place[0] in _months()}
    ends = [moment(*call.on) + timedelta(hours=call.hours) for call in CALLS if call.hours is not None]
    return told | {(end.month, "follow_ups"): True for end in ends}  # each is asked within the hour


def mechanisms() -> dict[tuple[int, str], bool]:
    """Give what stood in each month: of three sources one has promised, somebody keeps the one published entry."""
    told = {(month, "promises"): len(DELIVERIES) == 1 for month in _months()}
    told |= {(month, "responsible"): True for month in _months()}
    told |= {(month, "check_plan"): is_done for month, is_done in MONTHS.items()}
    return told | {(call.on[0], "escalation"): True for call in CALLS if not _in_time(call)}  # the sweep raises each


def count_all() -> dict[str, float]:
    """Give the figures of 2024 by the key of the indicator."""
    rated = [call.rating for call in _of("data_work") if call.rating]
    troubles = [call for call in _of("data_trouble") if call.category == "platform"]
    appended, replaced = DELIVERIES["登记"], DELIVERIES["名册"]
    return {
        "resources.months_checked": sum(MONTHS.values()),
        "resources.check_coverage": _pct(MONTHS.values()),
        "resources.checks_done": sum(MONTHS.values()),
        "resources.compliance_rate": _pct([True, False]),
        "resources.resources_held": 1,
        "resources.integrations": sum(bool(sent) for sent in DELIVERIES.values()),
        "resources.rows_held": sum(rows for _on, rows in appended) + replaced[-1][1],
        "resources.collection_timeliness": _pct(kept for _end, kept in _cycles()),
        "resources.security_checks": sum(call.category == "security_check" for call in CALLS if call.hours),
        "resources.service_fault_rate": round(100 * len(troubles) / len(CALLS), 2),
        "resources.work_on_time_rate": _pct(_in_time(call) for call in _of("data_work")),
        "resources.trouble_on_time_rate": _pct(_in_time(call) for call in _of("data_trouble")),
        "resources.management_capacity": _pct(obligations().values()),
        "resources.standing_mechanisms": _pct(mechanisms().values()),
        "tickets.data_work.satisfaction_rate": _pct(rating >= 4 for rating in rated),
    }
