"""A list asks the database as often for 200 rows as for 10, on every list of the interface."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from interface.matrix import MATRIX
from interface.programs import Program
from web.list_pages import LIST_PAGES
from web.world import World

pytestmark = pytest.mark.django_db
_FEW, _MANY = 10, 100

# The lists of the interface by the page whose rows are theirs.
_LISTS = {
    "list_organisations": "organisations:list",
    "list_measurements": "indicators:indicator",
    "list_tickets": "tickets:list",
    "list_forms": "performance:forms",
    "list_findings": "performance:findings",
    "list_projects": "performance:goals",
    "list_years": "performance:goals",
    "list_goals": "performance:goals",
    "list_monitoring": "performance:monitoring",
    "list_evaluations": "performance:evaluations",
    "list_reviews": "performance:reviews",
    "list_entries": "audit:list",
    "list_resources": "resources:catalogue",
    "list_resource_fields": "resources:fields",
    "list_source_deliveries": "resources:source",
}
_OF_ONE = {"list_indicators", "list_events", "list_resource_versions", "list_refused_rows"}
"""What is registered, the few things that happened to one ticket, the few versions of one entry, what lies in a file."""


def _count_queries(program: Program, name: str, world: World) -> tuple[int, int]:
    """Ask twice, for the first time fills caches; give the queries of the second, and the rows of the page."""
    address = MATRIX[name].address(world.sides["own"])
    program.get(address, size=200)
    with CaptureQueriesContext(connection) as queries:
        answer = program.get(address, size=200)
    assert answer.status_code == 200
    return len(queries), len(answer.json()["items"])


def test_every_list_is_counted() -> None:
    assert {name for name in MATRIX if name.startswith("list_")} == set(_LISTS) | _OF_ONE


@pytest.mark.parametrize("name", sorted(_LISTS))
def test_do_not_grow_with_the_list(name: str, world: World) -> None:
    who, add = LIST_PAGES[_LISTS[name]]
    program = Program(world, who)
    add(world, _FEW)
    few, before = _count_queries(program, name, world)
    add(world, _MANY - _FEW)
    many, rows = _count_queries(program, name, world)
    assert rows > before
    assert many == few
