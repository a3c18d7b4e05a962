"""What the operations of the catalogue answer to whom."""

from collections.abc import Callable
from typing import Any

from interface.expected import Expected
from web.world import ADMIN, AUDITOR, CITY_ADMIN, CITY_AUDITOR, DEPARTMENT_REVIEWER, Side

_CITY = frozenset({CITY_ADMIN, CITY_AUDITOR})
_SEE_DRAFTS = frozenset({DEPARTMENT_REVIEWER, AUDITOR, ADMIN}) | _CITY
_EDIT = frozenset({ADMIN, CITY_ADMIN})
Body = Callable[[Side], dict[str, Any]]


def _entry(path: str, **more: Any) -> Expected:
    fields: dict[str, Any] = {"path": f"/resources/{{resource_id}}{path}", "may": _SEE_DRAFTS, "may_foreign": _CITY}
    return Expected(**fields | more)


def _content(side: Side) -> dict[str, Any]:
    return {"code": "API-1", "name": "接口登记的资源", "department": side.unit.code}


def _source(path: str, **more: Any) -> Expected:
    fields: dict[str, Any] = {
        "path": f"/sources/{{source_id}}/deliveries{path}",
        "may": _SEE_DRAFTS,
        "may_foreign": _CITY,
    }
    return Expected(**fields | more)


RESOURCES: dict[str, Expected] = {
    "push_delivery": _source(
        "",
        posts=True,
        forbidden=_SEE_DRAFTS - _EDIT,
        body=lambda _: [{"编号": 1}],
        works=frozenset({201}),
    ),
    "list_source_deliveries": _source(""),
    "get_source_delivery": _source("/{delivery_id}"),
    "list_refused_rows": _source("/{delivery_id}/refused-rows"),
    "list_resources": Expected("/resources"),
    "search_resources": Expected("/resources/search?q=资源"),
    "register_resource": Expected(
        "/resources",
        may=_EDIT,
        may_foreign=frozenset({CITY_ADMIN}),
        refused=403,
        posts=True,
        body=_content,
        works=frozenset({201}),
    ),
    "get_resource": _entry(""),
    "list_resource_fields": _entry("/fields"),
    "list_resource_versions": _entry("/versions"),
    "get_resource_version": _entry("/versions/1", works=frozenset({404})),  # it was never published
    "get_resource_faults": _entry("/faults"),
    "change_resource": _entry(
        "/changes",
        posts=True,
        forbidden=_SEE_DRAFTS - _EDIT,
        body=lambda side: {"version": 1, "content": _content(side)},
    ),
    "take_resource_step": _entry(
        "/steps",
        posts=True,
        forbidden=_SEE_DRAFTS - _EDIT,
        body=lambda _: {"action": "submit", "version": 1},
        works=frozenset({422}),  # it does not meet its profile
    ),
    "raise_resource_dispute": _entry(
        "/disputes",
        posts=True,
        forbidden=frozenset({AUDITOR, CITY_AUDITOR}),
        body=lambda _: {"problem": "名称不对"},
        works=frozenset({201}),
    ),
}
