"""No page runs or breaks on what people wrote."""

from pathlib import Path

import pytest
from django.core.cache import cache
from django.test import Client
from hostile.evil_lineage import build_evil_lineage
from hostile.evil_world import build_evil_world
from hostile.forms_of_pages import read_page
from pytest_django import Settings
from web.matrix import MATRIX
from web.world import CITY_ADMIN, OFFICER, World

pytestmark = pytest.mark.django_db
_NEVER = {"logout"}
# What answers with a file, a part or another address where one may read it: no pages.
_NO_PAGES = {
    "audit:verification", "files:download", "home", "identity:application", "identity:city-link", "indicators:rows",
    "job-status", "oauth2_provider:authorize", "outbox:endpoint", "outbox:message", "performance:adjustment-document",
    "performance:batch-report", "performance:calendar-file", "performance:chart", "performance:evaluation-annex",
    "performance:evaluation-file", "performance:evaluation-form", "performance:evaluation-rows",
    "performance:execution", "performance:file-original", "performance:form-compare", "performance:form-download",
    "performance:form-report", "performance:receipt-original", "performance:receipt-rejected", "performance:start",
    "performance:year-chart", "resources:delivery-refused-file", "resources:export", "resources:intake",
    "resources:quality-export", "tickets:attachment",
}  # fmt: skip


@pytest.fixture
def world(settings: Settings, tmp_path: Path) -> World:
    settings.LAKE_ROOT = tmp_path / "lake"
    cache.clear()
    return build_evil_world()


def _client(world: World, who: str) -> Client:
    client = Client()
    client.force_login(world.people[who])
    return client


def _addresses(world: World) -> dict[str, str]:
    side = world.sides["own"]
    listed = {name: expected.address(name, side) for name, expected in MATRIX.items() if name not in _NEVER}
    return listed | build_evil_lineage(side.unit.code)


@pytest.mark.parametrize("who", [CITY_ADMIN, OFFICER])
def test_no_page_runs_what_people_wrote(who: str, world: World) -> None:
    faults, reached, client = [], set(), _client(world, who)
    for name, address in _addresses(world).items():
        page = read_page(client, address)
        if page is not None:
            faults += [f"{name}: {found}" for found in page.running]
            reached.add(name)
    assert faults == []
    readable = {name for name, expected in MATRIX.items() if who in expected.may and not expected.posts}
    assert readable - reached - _NO_PAGES == _NEVER & readable
