"""Every operation as nobody and as each role, on one's own unit and with another unit's ids."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction
from interface.matrix import MATRIX, SHARED, Expected
from interface.programs import Program, described_operations
from web.leftovers import noted_changes
from web.world import NOBODY, PEOPLE, World

pytestmark = pytest.mark.django_db


def _rounds(world: World, expected: Expected, *, is_shared: bool) -> Iterator[tuple[str, str, Any, frozenset[int]]]:
    for key, side in world.sides.items():
        address, body = expected.address(side), expected.body(side)
        if key == "foreign" and (is_shared or (address, body) == _of(world, expected)):
            continue
        may, refused = (expected.may, expected.refused) if key == "own" else (expected.may_foreign, 404)
        for who in PEOPLE:
            wanted = expected.works if who in may else frozenset({refused})
            if who in may & expected.forbidden:
                wanted = frozenset({403})
            elif key == "foreign" and who not in may and expected.refused == 403:
                wanted = frozenset({403, 404})
            yield who, address, body, wanted
        yield NOBODY, address, body, frozenset({401})


def _of(world: World, expected: Expected) -> tuple[str, Any]:
    own = world.sides["own"]
    return expected.address(own), expected.body(own)


def _fault(world: World, expected: Expected, who: str, address: str, body: Any, wanted: frozenset[int]) -> list[str]:
    """Ask once; tell what was not as wanted. What is refused leaves nothing behind; what works is undone."""
    is_refused = expected.posts and not wanted & {200, 201}
    program = Program(world, "" if who == NOBODY else who)
    with transaction.atomic():
        with noted_changes() as left:
            answer = program.post(address, body) if expected.posts else program.get(address)
        transaction.set_rollback(True)
    told = answer.content.decode()
    faults = [] if answer.status_code in wanted else [f"{who} {address}: {answer.status_code} {told[:200]}"]
    if answer.status_code >= 400 and answer["Content-Type"] != "application/problem+json":
        faults.append(f"{who} {address}: {answer['Content-Type']}")
    return faults + [f"{who} {address} left {name}" for name in left if is_refused]


def test_every_operation_is_declared() -> None:
    assert set(described_operations()) == set(MATRIX)


@pytest.mark.parametrize("name", sorted(MATRIX))
def test_opens_for_whom_it_should_and_for_nobody_else(name: str, world: World) -> None:
    rounds = _rounds(world, MATRIX[name], is_shared=name in SHARED)
    assert [fault for asked in rounds for fault in _fault(world, MATRIX[name], *asked)] == []


@pytest.mark.parametrize("name", sorted(name for name, expected in MATRIX.items() if not expected.works & {201}))
def test_what_is_another_units_is_in_no_list(name: str, world: World) -> None:
    expected = MATRIX[name]
    if expected.posts or expected.address(world.sides["own"]) != expected.address(world.sides["foreign"]):
        return
    for who in expected.may - expected.may_foreign - {"city_admin", "city_auditor"}:
        told = Program(world, who).get(expected.address(world.sides["own"]), size=200).content.decode()
        assert not [text for text in ("U2名", "U2断网", "U2的项目", "U2-P1") if text in told]
