"""Two clerks change the tree at the same moment: one after the other, and never into a ring."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection
from kernel.organisations.towns import NOW, REASON, closure, day, found

from chengshu.kernel.organisations import facade
from chengshu.kernel.organisations.facade import Ancestry, ChangeRefused, Kind


def _move(start: Barrier, one: int, other: int) -> str:
    start.wait(timeout=30)
    try:
        facade.move_organisation(one, other, on=day(10), actor=None, now=NOW, reason=REASON)
    except ChangeRefused as refused:
        return refused.code
    finally:
        connection.close()
    return "moved"


@pytest.mark.django_db(transaction=True)
class TestAtTheSameMoment:
    def test_two_moves_make_no_ring(self) -> None:
        city = found("C", kind=Kind.CITY)
        first, second = found("U1", city), found("U2", city)
        start = Barrier(2)
        with ThreadPoolExecutor(2) as clerks:
            outcomes = list(clerks.map(_move, [start, start], [first.pk, second.pk], [second.pk, first.pk], timeout=60))
        assert sorted(outcomes) == ["PLACE_IMPOSSIBLE", "moved"]
        upper, lower = (second, first) if outcomes[0] == "moved" else (first, second)
        assert closure() == {
            (city.pk, city.pk, 0),
            (upper.pk, upper.pk, 0),
            (lower.pk, lower.pk, 0),
            (city.pk, upper.pk, 1),
            (upper.pk, lower.pk, 1),
            (city.pk, lower.pk, 2),
        }

    def test_many_new_ones_all_arrive_in_the_closure(self) -> None:
        city = found("C", kind=Kind.CITY)
        start = Barrier(4)

        def found_ten(clerk: int) -> None:
            start.wait(timeout=30)
            for number in range(10):
                found(f"U{clerk}-{number}", city)
            connection.close()

        with ThreadPoolExecutor(4) as clerks:
            list(clerks.map(found_ten, range(4), timeout=60))
        assert Ancestry.objects.filter(ancestor=city).count() == 41
        assert Ancestry.objects.count() == 81
