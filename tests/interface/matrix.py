"""What every operation of the interface answers to whom. A new operation is declared here, or a test fails.

The words are those of the matrix of pages (tests/web/matrix.py): `may` works on things of one's own unit, `may_foreign`
on things of the other unit; everybody else is answered `refused`, on the other unit's things 404 as where nothing is.
"""

from typing import Any

from interface.expected import Expected
from interface.matrix_resources import RESOURCES
from resources.lineage.events import an_event
from web.world import (
    ADMIN,
    AUDITOR,
    CITY_ADMIN,
    CITY_AUDITOR,
    DEPARTMENT_REVIEWER,
    FINANCE_REVIEWER,
    OFFICER,
    TICKET_HANDLER,
    Side,
)

__all__ = ["MATRIX", "SHARED", "Expected"]
_CITY = frozenset({CITY_ADMIN, CITY_AUDITOR})
_READERS = frozenset({AUDITOR, CITY_AUDITOR})
_SEE_TICKETS = frozenset({TICKET_HANDLER, DEPARTMENT_REVIEWER, AUDITOR, ADMIN}) | _CITY
_SEE_INDICATORS = frozenset({OFFICER, DEPARTMENT_REVIEWER, FINANCE_REVIEWER, AUDITOR, ADMIN}) | _CITY
_MEASURE = _SEE_INDICATORS - _READERS
_SEE_PROJECTS = frozenset({OFFICER, DEPARTMENT_REVIEWER, FINANCE_REVIEWER, AUDITOR, ADMIN}) | _CITY
_SEE_REVIEWS = frozenset({FINANCE_REVIEWER, AUDITOR, ADMIN}) | _CITY  # while it is open
_SEE_FORMS = _SEE_PROJECTS
_OPEN_TICKETS = frozenset({TICKET_HANDLER, OFFICER, DEPARTMENT_REVIEWER, ADMIN, CITY_ADMIN})
_SEE_LINEAGE = frozenset({OFFICER, DEPARTMENT_REVIEWER, AUDITOR, ADMIN}) | _CITY
_KEEP_LINEAGE = frozenset({ADMIN, CITY_ADMIN})
_ASSIGN = frozenset({DEPARTMENT_REVIEWER, ADMIN, CITY_ADMIN})


def _ticket(path: str, **more: Any) -> Expected:
    fields: dict[str, Any] = {"path": path, "may": _SEE_TICKETS, "may_foreign": _CITY, "posts": True}
    return Expected(**fields | more)


def _measurement(path: str, **more: Any) -> Expected:
    fields: dict[str, Any] = {"path": path, "may": _SEE_INDICATORS, "may_foreign": _CITY}
    return Expected(**fields | more)


def _window(side: Side) -> dict[str, Any]:
    return {"from": "2024-01-01", "until": "2024-12-31", "scope": f"organisation:{side.unit.code}"}


def _paper(path: str, **more: Any) -> Expected:
    fields: dict[str, Any] = {"path": path, "may": _SEE_PROJECTS, "may_foreign": _CITY}
    return Expected(**fields | more)


def _scripts(side: Side) -> dict[str, Any]:
    scripts = [{"name": "a.sql", "text": "create table b as select x from a"}]
    return {"title": "脚本", "department": side.unit.code, "dialect": "postgres", "scripts": scripts}


def _step(path: str, **more: Any) -> Expected:
    """Expect a step that who writes the paper may take; others who see it are refused."""
    fields: dict[str, Any] = {
        "path": path,
        "may": _SEE_PROJECTS,
        "may_foreign": _CITY,
        "posts": True,
        "body": lambda _: {"action": "submit", "version": 1},
        "forbidden": _SEE_PROJECTS - {OFFICER, ADMIN, CITY_ADMIN},
    }
    return Expected(**fields | more)


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
    "list_forms": Expected("/forms"),
    "get_form": Expected("/forms/{form_id}", may=_SEE_FORMS, may_foreign=_CITY),
    "list_findings": Expected("/findings"),
    "list_projects": Expected("/projects"),
    "get_project": _paper("/projects/{project_id}"),
    "list_years": Expected("/project-years"),
    "get_year": _paper("/project-years/{year_id}"),
    "list_goals": Expected("/goals"),
    "get_goals": _paper("/goals/{goal_id}"),
    "take_goal_step": _step("/goals/{goal_id}/steps", works=frozenset({422})),  # there is nothing on it yet
    "list_monitoring": Expected("/monitoring"),
    "get_monitoring": _paper("/monitoring/{monitoring_id}"),
    "take_monitoring_step": _step("/monitoring/{monitoring_id}/steps"),
    "list_evaluations": Expected("/evaluations"),
    "get_evaluation": _paper("/evaluations/{evaluation_id}"),
    "take_evaluation_step": _step("/evaluations/{evaluation_id}/steps", works=frozenset({422})),
    "list_reviews": Expected("/reviews"),
    "get_review": _paper("/reviews/{review_id}", may=_SEE_REVIEWS),
    "take_event": Expected(
        "/lineage", may=_KEEP_LINEAGE, refused=403, posts=True, body=lambda _: an_event(), works=frozenset({201})
    ),
    "take_events": Expected(
        "/lineage/batch",
        may=_KEEP_LINEAGE,
        refused=403,
        posts=True,
        body=lambda _: [an_event()],  # a list is what is sent
        works=frozenset({201}),
    ),
    "tell_events": Expected("/lineage/events?since=2026-01-01T00:00:00Z", may=frozenset({CITY_ADMIN}), refused=403),
    "take_scripts": Expected(
        "/lineage/scripts",
        may=_KEEP_LINEAGE,
        may_foreign=frozenset({CITY_ADMIN}),
        refused=403,
        posts=True,
        body=_scripts,
        works=frozenset({201}),
    ),
    "find_impact": Expected("/lineage/impact?table=a", may=_SEE_LINEAGE, refused=403),
    "find_origins": Expected("/lineage/origins?table=a", may=_SEE_LINEAGE, refused=403),
    "list_entries": Expected("/audit/entries", may=_CITY, refused=403),
    "get_entry": Expected("/audit/entries/{entry_id}", may=_CITY, may_foreign=_CITY, refused=403),
    **RESOURCES,
}

SHARED = frozenset({"get_indicator", "get_entry"})
"""Their ids belong to no unit."""
