"""The nine figures of the service that rest on its records, counted once more by plain Python over all rows of the tables."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta, timezone
from typing import Any

from chengshu.kernel.tickets.models import RaisedLevel, Settlement, Ticket
from chengshu.resources.models import CheckRun, DataSource, Delivery, PlannedCheck, ResourceStanding, SourceStanding

Row = Mapping[str, Any]
_SHANGHAI = timezone(timedelta(hours=8))


def _rate(parts: Iterable[bool]) -> float | None:
    told = list(parts)
    return round(100 * sum(told) / len(told), 2) if told else None


def recount(first: date, last: date) -> dict[str, float | None]:
    """Give each figure over the days, both included, of the city; None where there is nothing to count."""
    return {
        "resources.months_checked": len({row["month_on"] for row, done in _planned(first, last) if done}),
        "resources.check_coverage": _rate(done for _row, done in _planned(first, last)),
        "resources.integrations": _integrated(first, last),
        "resources.compliance_rate": _rate(
            not row["fault_count"]
            for row in _stood(ResourceStanding, "resource_id", last)
            if row["state"] != "withdrawn"
        ),
        "resources.security_checks": sum(
            row["category"] == "security_check" and _is_in(row["work_done_at"], first, last)
            for row in _tickets("data_work")
        ),
        "resources.service_fault_rate": _rate(
            (row["kind"], row["category"]) == ("data_trouble", "platform")
            for row in _tickets("data_work", "data_trouble")
            if _is_in(row["opened_at"], first, last)
        ),
        "resources.work_on_time_rate": _rate(_outcomes("data_work", first, last)),
        "resources.trouble_on_time_rate": _rate(_outcomes("data_trouble", first, last)),
        "tickets.data_work.satisfaction_rate": _rate(
            row["rating"] >= 4 for row in _tickets("data_work") if _is_in(row["rated_at"], first, last)
        ),
    }


def _is_in(at: datetime | None, first: date, last: date) -> bool:
    """Tell whether a moment lies in days of the city, which is eight hours ahead all year."""
    return at is not None and first <= at.astimezone(_SHANGHAI).date() <= last


def _is_over(at: datetime | None, last: date) -> bool:
    return at is not None and at.astimezone(_SHANGHAI).date() <= last


def _planned(first: date, last: date) -> list[tuple[Row, bool]]:
    done = [row for row in CheckRun.objects.values() if (row["kind"], row["state"]) == ("full", "done")]
    return [
        (
            row,
            any(
                (one["resource_id"], one["month_on"]) == (row["resource_id"], row["month_on"])
                and _is_over(one["finished_at"], last)
                for one in done
            ),
        )
        for row in PlannedCheck.objects.values()
        if first <= row["month_on"] <= last
    ]


def _stood(model: Any, key: str, last: date) -> list[Row]:
    rows: dict[int, Row] = {}
    for row in sorted(model.objects.values(), key=lambda row: row["number"]):
        if _is_over(row["since_at"], last):
            rows[row[key]] = row
    return list(rows.values())


def _integrated(first: date, last: date) -> int:
    used = {row["source_id"] for row in _stood(SourceStanding, "source_id", last) if row["is_active"]}
    came = {
        row["source_id"]
        for row in Delivery.objects.values()
        if row["state"] == "taken" and row["taken"] and _is_in(row["ended_at"], first, last)
    }
    return len(used & came & set(DataSource.objects.values_list("pk", flat=True)))


def _tickets(*kinds: str) -> list[Row]:
    return [row for row in Ticket.objects.values() if row["kind"] in kinds and row["state"] != "void"]


def _outcomes(kind: str, first: date, last: date) -> Iterable[bool]:
    """Tell of each round of the handling whether it was met, by the day on which that stood."""
    ours = {row["id"] for row in _tickets(kind)}
    settled = {
        (row["ticket_id"], row["round"]): (row["is_met"], row["stopped_at"] if row["is_met"] else row["due_at"])
        for row in Settlement.objects.values()
        if row["clock"] == "handle" and row["revoked_at"] is None
    }
    over = {
        (row["ticket_id"], row["round"]): (False, row["due_at"])
        for row in RaisedLevel.objects.values()
        if (row["clock"], row["level"]) == ("handle", "red")
    }
    told = over | settled
    return [is_met for (ticket, _round), (is_met, at) in told.items() if ticket in ours and _is_in(at, first, last)]
