"""What every operation of the interface answers to whom. A new operation is declared here, or a test fails.

The words are those of the matrix of pages (tests/web/matrix.py): `may` works on things of one's own unit, `may_foreign`
on things of the other unit; everybody else is answered `refused`, on the other unit's things 404 as where nothing is.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from web.world import (
    ADMIN,
    AUDITOR,
    CITY_ADMIN,
    CITY_AUDITOR,
    DEPARTMENT_REVIEWER,
    FINANCE_REVIEWER,
    MEASURED,
    OFFICER,
    PEOPLE,
    TICKET_HANDLER,
    Side,
)

EVERYBODY = frozenset(PEOPLE)
_CITY = frozenset({CITY_ADMIN, CITY_AUDITOR})
_READERS = frozenset({AUDITOR, CITY_AUDITOR})
_SEE_TICKETS = frozenset({TICKET_HANDLER, DEPARTMENT_REVIEWER, AUDITOR, ADMIN}) | _CITY
_SEE_INDICATORS = frozenset({OFFICER, DEPARTMENT_REVIEWER, FINANCE_REVIEWER, AUDITOR, ADMIN}) | _CITY
_MEASURE = _SEE_INDICATORS - _READERS
_OPEN_TICKETS = frozenset({TICKET_HANDLER, OFFICER, DEPARTMENT_REVIEWER, ADMIN, CITY_ADMIN})
_ASSIGN = frozenset({DEPARTMENT_REVIEWER, ADMIN, CITY_ADMIN})


@dataclass(frozen=True, slots=True)
class Expected:
    """What is expected of one operation; `path` names ids as `Side` does."""

    path: str
    may: frozenset[str] = EVERYBODY
    may_foreign: frozenset[str] = frozenset()
    refused: int = 404
    forbidden: frozenset[str] = frozenset()
    posts: bool = False
    body: Callable[[Side], dict[str, Any]] = field(default=lambda _: {})
    works: frozenset[int] = frozenset({200})

    def address(self, side: Side) -> str:
        """Give the address with the ids of one side."""
        names = {name: getattr(side, name) for name in Side.__slots__}
        return self.path.format(**names, unit_id=side.unit.pk, key=MEASURED.key)


def _ticket(path: str, **more: Any) -> Expected:
    return Expected(**{"path": path, "may": _SEE_TICKETS, "may_foreign": _CITY, "posts": True} | more)


def _measurement(path: str, **more: Any) -> Expected:
    return Expected(**{"path": path, "may": _SEE_INDICATORS, "may_foreign": _CITY} | more)


def _window(side: Side) -> dict[str, Any]:
    return {"from": "2024-01-01", "until": "2024-12-31", "scope": f"organisation:{side.unit.code}"}


MATRIX: dict[str, Expected] = {
    "list_organisations": Expected("/organisations"),
    "get_organisation": Expected("/organisations/{unit_id}", may_foreign=_CITY),
    "list_indicators": Expected("/indicators", may=_SEE_INDICATORS, refused=403),
    "get_indicator": Expected("/indicators/{key}", may=_SEE_INDICATORS, refused=403),
    "measure_indicator": Expected(
        "/indicators/{key}/measurements",
        may=_MEASURE,
        may_foreign=frozenset({CITY_ADMIN}),
        refused=403,
        posts=True,
        body=_window,
        works=frozenset({201}),
    ),
    "list_measurements": Expected("/measurements"),
    "get_measurement": _measurement("/measurements/{measurement_id}"),
    "verify_measurement": _measurement("/measurements/{measurement_id}/verification", posts=True),
    "list_tickets": Expected("/tickets"),
    "open_ticket": Expected(
        "/tickets",
        may=_OPEN_TICKETS,
        may_foreign=frozenset({CITY_ADMIN}),
        refused=403,
        posts=True,
        body=lambda side: {"kind": "repair", "title": "断网", "organisation_id": side.unit.pk},
        works=frozenset({201}),
    ),
    "get_ticket": _ticket("/tickets/{ticket_id}", posts=False),
    "list_events": _ticket("/tickets/{ticket_id}/events", posts=False),
    "take_action": _ticket(
        "/tickets/{ticket_id}/actions",
        body=lambda _: {"action": "none", "version": 1},
        works=frozenset({409}),  # no such step is offered
    ),
    "undo_action": _ticket("/tickets/{ticket_id}/undo", works=frozenset({409})),
    "assign_ticket": _ticket(
        "/tickets/{ticket_id}/assignment",
        body=lambda side: {"assignee_id": side.person.pk, "version": 1},
        forbidden=_SEE_TICKETS - _ASSIGN,
        works=frozenset({422}),  # the colleague handles no tickets
    ),
    "reclassify_ticket": _ticket(
        "/tickets/{ticket_id}/priority",
        body=lambda _: {"priority": "none", "version": 1, "reason": "急"},
        forbidden=_SEE_TICKETS - _ASSIGN,
        works=frozenset({422}),
    ),
    "add_remark": _ticket(
        "/tickets/{ticket_id}/remarks",
        body=lambda _: {"text": "看过"},
        forbidden=_READERS,
        works=frozenset({201}),
    ),
    "list_entries": Expected("/audit/entries", may=_CITY, refused=403),
    "get_entry": Expected("/audit/entries/{entry_id}", may=_CITY, may_foreign=_CITY, refused=403),
}

SHARED = frozenset({"get_indicator", "get_entry"})
"""Their ids belong to no unit."""
