"""Every address as nobody and as each role, on one's own unit and with another unit's ids."""

from collections.abc import Iterator

import pytest
from django.apps import apps
from django.conf import settings
from django.core.cache import cache
from django.db import transaction
from django.http import HttpResponse, HttpResponseBase
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from web.expected import Body, Expected
from web.matrix import FOREIGN_BODIES, MATRIX, ONE_SIDED, OPEN_ARGUMENTS
from web.world import NOBODY, PEOPLE, World, build_world

pytestmark = pytest.mark.django_db

_TRACES = {"Entry", "Link", "Session"}
"""What a refusal may leave: its trace in the audit."""


def _names(resolver: URLResolver, namespace: str = "") -> Iterator[str]:
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLResolver) and pattern.namespace in settings.SELF_GUARDED_NAMESPACES:
            continue  # tests/interface walks it
        if isinstance(pattern, URLResolver):
            yield from _names(pattern, f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace)
        elif isinstance(pattern, URLPattern):
            yield f"{namespace}{pattern.name}"


@pytest.fixture
def world() -> World:
    cache.clear()
    return build_world()


def _ask(world: World, who: str, address: str, body: Body | None) -> HttpResponseBase:
    """Ask as a person, in a browser of its own; what it changes is undone."""
    client = Client()
    if who != NOBODY:
        client.force_login(world.people[who])
    answer = client.get(address) if body is None else client.post(address, body)
    if answer.streaming:
        b"".join(answer)  # a file is closed once it has been read to its end
    return answer


def _count_rows() -> dict[str, int]:
    own = (model for model in apps.get_models() if model.__module__.startswith("chengshu."))
    return {
        model.__name__: model._default_manager.count()  # noqa: SLF001 - Django's documented API
        for model in own
        if model.__name__ not in _TRACES
    }


def _fault(world: World, who: str, address: str, body: Body | None, wanted: frozenset[int]) -> list[str]:
    """Ask once; tell what was not as wanted. What is refused must leave nothing behind."""
    is_refused = body is not None and (not wanted & {200, 302} or who == NOBODY)
    with transaction.atomic():
        before = _count_rows() if is_refused else {}
        status = _ask(world, who, address, body).status_code
        left = {name for name, count in _count_rows().items() if count != before[name]} if is_refused else set()
        transaction.set_rollback(True)
    faults = [] if status in wanted else [f"{who} {address}: {status}, not {sorted(wanted)}"]
    return faults + [f"{who} {address} left {name}" for name in left]


def _rounds(world: World, name: str, expected: Expected) -> Iterator[tuple[str, str, Body | None, frozenset[int]]]:
    """Give every person with every side: the address, the body, and the answers that are right."""
    own, foreign = (expected.address(name, world.sides[key]) for key in ("own", "foreign"))
    one_sided = own == foreign or name in ONE_SIDED
    for key, side in world.sides.items():
        if one_sided and key == "foreign":
            continue
        may, refused = (expected.may, expected.refused) if key == "own" else (expected.may_foreign, 404)
        body = expected.body(side) if expected.posts else None
        for who in PEOPLE:
            wanted = expected.works if who in may else frozenset({refused})
            if who in may & expected.forbidden:
                wanted = frozenset({403})
            elif key == "foreign" and who not in may and expected.refused == 403:
                wanted = frozenset({403, 404})  # whoever may not see the page at all is told so
            yield who, expected.address(name, side), body, wanted
        yield NOBODY, expected.address(name, side), body, frozenset({302})


def test_every_address_is_declared() -> None:
    assert set(_names(get_resolver())) == set(MATRIX) | settings.OPEN_VIEWS


@pytest.mark.parametrize("name", sorted(MATRIX))
def test_opens_for_whom_it_should_and_for_nobody_else(name: str, world: World) -> None:
    faults = [fault for asked in _rounds(world, name, MATRIX[name]) for fault in _fault(world, *asked)]
    assert faults == []


@pytest.mark.parametrize("name", sorted(name for name, expected in MATRIX.items() if expected.posts))
def test_what_changes_something_is_not_changed_by_a_link(name: str, world: World) -> None:
    address = MATRIX[name].address(name, world.sides["own"])
    before = _count_rows()
    for who in PEOPLE:
        assert _ask(world, who, address, None).status_code in {200, 302, 403, 404, 405}
    assert _count_rows() == before


@pytest.mark.parametrize(("who", "name", "body", "status"), FOREIGN_BODIES)
def test_another_units_ids_in_the_body_change_and_tell_nothing(
    who: str, name: str, body: object, status: int, world: World
) -> None:
    assert callable(body)
    address = MATRIX[name].address(name, world.sides["own"])
    before = _count_rows()
    answer = _ask(world, who, address, body(world))
    assert isinstance(answer, HttpResponse)
    assert answer.status_code == status
    assert not {name for name in ("U2名", "U2断网") if name in answer.content.decode()}
    assert _count_rows() == before


@pytest.mark.parametrize("name", sorted(settings.OPEN_VIEWS))
def test_open_pages_are_open(name: str, world: World) -> None:
    arguments = OPEN_ARGUMENTS[name](world.sides["own"]) if name in OPEN_ARGUMENTS else []
    assert _ask(world, NOBODY, reverse(name, args=arguments), None).status_code in {200, 400, 401, 405, 503}
