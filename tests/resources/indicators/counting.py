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


def _cycles_kept() -> Iterable[bool]:
    """Tell of each month that ended, and was due before all is over, whether the register came in time."""
    came = [moment(*on).date() for on, _rows in DELIVERIES["登记"]]
    for end in (date(2024, month, 1) for month in range(4, 13)):
        due = end + timedelta(days=DUE_DAYS)
        if due <= LATE.date():
            yield any(end <= day < due for day in came)


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
        "resources.collection_timeliness": _pct(_cycles_kept()),
        "resources.security_checks": sum(call.category == "security_check" for call in CALLS if call.hours),
        "resources.service_fault_rate": round(100 * len(troubles) / len(CALLS), 2),
        "resources.work_on_time_rate": _pct(_in_time(call) for call in _of("data_work")),
        "resources.trouble_on_time_rate": _pct(_in_time(call) for call in _of("data_trouble")),
        "tickets.data_work.satisfaction_rate": _pct(rating >= 4 for rating in rated),
    }
