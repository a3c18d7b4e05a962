"""A list asks the database as often for 200 rows as for 10, on every list page there is."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from web.list_pages import LIST_PAGES
from web.matrix import MATRIX
from web.world import CITY_ADMIN, World

from chengshu.kernel.listing.facade import Listing

pytestmark = pytest.mark.django_db

_FEW, _MANY = 10, 200


def _client(world: World, who: str) -> Client:
    client = Client()
    client.force_login(world.people[who])
    return client


def _count_queries(client: Client, address: str) -> tuple[int, int]:
    """Ask twice, for the first time fills caches; give the queries of the second, and the rows of the list."""
    client.get(address)
    with CaptureQueriesContext(connection) as queries:
        answer = client.get(address)
    assert answer.status_code == 200
    listing = answer.context["listing"]
    assert isinstance(listing, Listing)
    return len(queries), listing.count


@pytest.mark.parametrize("name", sorted(LIST_PAGES))
def test_do_not_grow_with_the_list(name: str, world: World) -> None:
    who, add = LIST_PAGES[name]
    client, address = _client(world, who), MATRIX[name].address(name, world.sides["own"])
    joiner = "&" if "?" in address else "?"
    add(world, _FEW)
    few, _rows = _count_queries(client, f"{address}{joiner}size=200")
    add(world, _MANY - _FEW)
    many, rows = _count_queries(client, f"{address}{joiner}size=200")
    assert many == few
    assert rows >= _MANY or name == "performance:batch"


def test_every_page_with_a_list_is_counted(world: World) -> None:
    client = _client(world, CITY_ADMIN)
    with_list = set()
    for name, expected in MATRIX.items():
        if expected.posts:
            continue
        answer = client.get(expected.address(name, world.sides["own"]))
        if answer.streaming:
            b"".join(answer)  # a file is closed once it has been read to its end
        elif answer.context is not None and isinstance(answer.context.get("listing"), Listing):
            with_list.add(name)
    assert with_list - set(LIST_PAGES) == set()  # some lists are shown to their owner alone
