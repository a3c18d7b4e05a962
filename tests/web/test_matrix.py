"""Every address as nobody and as each role, on one's own unit and with another unit's ids."""

from collections.abc import Iterator

import pytest
from django.conf import settings
from django.db import transaction
from django.http import HttpResponse, HttpResponseBase
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from web.expected import Body, Expected
from web.leftovers import noted_changes
from web.matrix import FOREIGN_BODIES, MATRIX, ONE_SIDED, OPEN_ARGUMENTS
from web.world import NOBODY, PEOPLE, World

pytestmark = pytest.mark.django_db


def _names(resolver: URLResolver, namespace: str = "") -> Iterator[str]:
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLResolver) and pattern.namespace in settings.SELF_GUARDED_NAMESPACES:
            continue  # tests/interface walks it
        if isinstance(pattern, URLResolver):
            yield from _names(pattern, f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace)
        elif isinstance(pattern, URLPattern):
            yield f"{namespace}{pattern.name}"


def _client(world: World, who: str) -> Client:
    """Open a browser of a person's own."""
    client = Client()
    if who != NOBODY:
        client.force_login(world.people[who])
    return client


def _ask(client: Client, address: str, body: Body | None) -> HttpResponseBase:
    answer = client.get(address) if body is None else client.post(address, body)
    if answer.streaming:
        b"".join(answer)  # a file is closed once it has been read to its end
    return answer


def _fault(world: World, who: str, address: str, body: Body | None, wanted: frozenset[int]) -> list[str]:
    """Ask once; tell what was not as wanted. What is refused must leave nothing behind; what works is undone."""
    is_refused = body is not None and (not wanted & {200, 302} or who == NOBODY)
    with transaction.atomic():
        client = _client(world, who)
        with noted_changes() as left:
            status = _ask(client, address, body).status_code
        transaction.set_rollback(True)
    faults = [] if status in wanted else [f"{who} {address}: {status}, not {sorted(wanted)}"]
    return faults + [f"{who} {address} left {name}" for name in left if is_refused]


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
    for who in PEOPLE:
        client = _client(world, who)
        with noted_changes() as left:
            assert _ask(client, address, None).status_code in {200, 302, 403, 404, 405}
        assert left == set()


@pytest.mark.parametrize(
    "name", sorted(name for name, expected in MATRIX.items() if expected.may and not expected.posts)
)
def test_one_process_answers_readers_of_either_language(name: str, world: World) -> None:
    """What is registered or kept while a page is shown in one language must serve the next reader in the other."""
    who = min(MATRIX[name].may)
    client, answers = _client(world, who), []
    for language in ("zh-hans", "en", "zh-hans"):
        client.cookies["django_language"] = language
        answers.append(_ask(client, MATRIX[name].address(name, world.sides["own"]), None).status_code)
    assert set(answers) <= MATRIX[name].works
    assert len(set(answers)) == 1


@pytest.mark.parametrize(("who", "name", "body", "status"), FOREIGN_BODIES)
def test_another_units_ids_in_the_body_change_and_tell_nothing(
    who: str, name: str, body: object, status: int, world: World
) -> None:
    assert callable(body)
    address = MATRIX[name].address(name, world.sides["own"])
    client = _client(world, who)
    with noted_changes() as left:
        answer = _ask(client, address, body(world))
    assert isinstance(answer, HttpResponse)
    assert answer.status_code == status
    assert not {name for name in ("U2名", "U2断网") if name in answer.content.decode()}
    assert left == set()


@pytest.mark.parametrize("name", sorted(settings.OPEN_VIEWS))
def test_open_pages_are_open(name: str, world: World) -> None:
    arguments = OPEN_ARGUMENTS[name](world.sides["own"]) if name in OPEN_ARGUMENTS else []
    assert _ask(Client(), reverse(name, args=arguments), None).status_code in {200, 400, 401, 405, 503}
