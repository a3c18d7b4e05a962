"""A city of 20,000 projects: every page of the year asks the database as often as in an almost empty house."""

import pytest
from conftest import NOW
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext, override_settings
from django.urls import reverse
from web.world import CITY_ADMIN, OFFICER, World, build_world

from chengshu.performance.facade import projects
from chengshu.synthetic.projects import ProjectPlan

pytestmark = pytest.mark.django_db

PROJECTS = 20_000
LISTS = ("projects", "project-years", "goals", "evaluations", "monitoring", "monitoring-warnings", "reviews",
         "rectifications", "publications")  # fmt: skip
OTHERS = ("overview", "inbox", "calendar")


def _ask(client: Client, name: str) -> tuple[int, int]:
    """Give the queries of a page, and the rows of its list."""
    address = reverse(f"performance:{name}")
    with CaptureQueriesContext(connection) as queries:
        answer = client.get(address)
    assert answer.status_code == 200, name
    return len(queries), answer.context["listing"].count if name in LISTS else 0


def _ask_all(world: World) -> dict[tuple[str, str], tuple[int, int]]:
    """Ask for each page where nothing is remembered: what is left in a cache depends on how long the pages took."""
    asked: dict[tuple[str, str], tuple[int, int]] = {}
    for who in (CITY_ADMIN, OFFICER):
        client = Client()
        client.force_login(world.people[who])
        asked |= {(who, name): _ask(client, name) for name in (*LISTS, *OTHERS)}
    return asked


@override_settings(CACHES={"default": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}})
def test_no_page_asks_more_often_than_with_two_projects() -> None:
    world = build_world()
    few = _ask_all(world)
    plan = ProjectPlan(2024, PROJECTS, NOW.year, NOW.year, NOW.date(), payments=1)
    projects.load_projects(plan, [("D1", "U1"), ("D2", "U2")], actor=world.people[CITY_ADMIN], now=NOW)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")  # the database's own upkeep does not see what this transaction wrote
    many = _ask_all(world)
    more = {page: (few[page][0], many[page][0]) for page in few if many[page][0] > few[page][0]}
    assert more == {}
    rows = {page: count for page, (_queries, count) in many.items()}
    assert rows[CITY_ADMIN, "projects"] >= PROJECTS
    assert rows[CITY_ADMIN, "goals"] >= PROJECTS
    assert PROJECTS // 2 <= rows[OFFICER, "projects"] < PROJECTS
