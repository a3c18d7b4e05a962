"""No page runs or breaks on what people wrote."""

import pytest
from django.core.cache import cache
from django.test import Client
from hostile.evil_world import build_evil_world
from hostile.forms_of_pages import read_page
from web.matrix import MATRIX
from web.world import CITY_ADMIN, OFFICER, World

pytestmark = pytest.mark.django_db
_NEVER = {"logout"}


@pytest.fixture
def world() -> World:
    cache.clear()
    return build_evil_world()


def _client(world: World, who: str) -> Client:
    client = Client()
    client.force_login(world.people[who])
    return client


def _addresses(world: World) -> dict[str, str]:
    side = world.sides["own"]
    return {name: expected.address(name, side) for name, expected in MATRIX.items() if name not in _NEVER}


@pytest.mark.parametrize("who", [CITY_ADMIN, OFFICER])
def test_no_page_runs_what_people_wrote(who: str, world: World) -> None:
    faults, reached, client = [], 0, _client(world, who)
    for name, address in _addresses(world).items():
        page = read_page(client, address)
        if page is not None:
            faults += [f"{name}: {found}" for found in page.running]
            reached += 1
    assert faults == []
    assert reached > len(MATRIX) // 4
