"""Whatever happens to a tree: its closure is the one counted by hand, and no later change touches an earlier day."""

from contextlib import suppress
from datetime import date

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from kernel.organisations.towns import NOW, REASON, HandTree, closure, day, found

from chengshu.kernel.organisations import facade
from chengshu.kernel.organisations.facade import ChangeRefused, Part

pytestmark = pytest.mark.django_db

_PEOPLE = st.integers(0, 30)
_STEPS = st.lists(
    st.tuples(
        st.sampled_from(["found", "move", "merge", "split", "recode", "rename", "end"]),
        _PEOPLE,
        _PEOPLE,
        st.integers(0, 12),
    ),
    min_size=3,
    max_size=14,
)
Step = tuple[str, int, int, int]


class _Town:
    """Applies steps to the database and, when they were taken, to the tree kept by hand."""

    def __init__(self) -> None:
        self.hand = HandTree()
        self.ids: list[int] = []
        self._count = 0

    def take(self, step: Step) -> None:
        """Try one step; a refusal leaves both trees as they were."""
        action, one, other, number = step
        if action == "found" or len(self.ids) < 3:
            parent = self.ids[other % len(self.ids)] if self.ids and other % 4 else None
            self._found(parent, number)
            return
        organisation, second = self.ids[one % len(self.ids)], self.ids[other % len(self.ids)]
        on = day(number)
        if action == "move":
            target = second if number % 5 else None
            facade.move_organisation(organisation, target, on=on, actor=None, now=NOW, reason=REASON)
            self.hand.place(organisation, target)
        elif action == "rename":
            facade.rename_organisation(organisation, f"名{self._next()}", on=on, actor=None, now=NOW, reason=REASON)
        elif action == "end":
            facade.end_organisation(organisation, on=on, actor=None, now=NOW, reason=REASON)
            self.hand.end(organisation)
        elif action == "merge" and organisation != second:
            facade.merge_organisations([organisation], second, on=on, actor=None, now=NOW, reason=REASON)
            self.hand.follow(organisation, [second])
        elif action in {"split", "recode"}:
            self._succeed(organisation, action, on)

    def _found(self, parent: int | None, number: int) -> None:
        organisation = found(self._next(), parent, on=number)
        self.ids.append(organisation.pk)
        self.hand.place(organisation.pk, parent)

    def _succeed(self, organisation: int, action: str, on: date) -> None:
        own = next(iter(self.hand.parents[organisation]), None)
        if action == "split":
            parts = [Part(self._next(), "甲"), Part(self._next(), "乙")]
            new = facade.split_organisation(organisation, parts, on=on, actor=None, now=NOW, reason=REASON)
        else:
            part = Part(self._next(), "丙")
            new = [facade.recode_organisation(organisation, part, on=on, actor=None, now=NOW, reason=REASON)]
        for successor in new:
            self.ids.append(successor.pk)
            self.hand.place(successor.pk, own)
        self.hand.follow(organisation, [successor.pk for successor in new])

    def _next(self) -> str:
        self._count += 1
        return f"N{self._count}"


def _answers_before(number: int, ids: list[int]) -> list[object]:
    """Give every name and every chain of ancestors of days before this one."""
    days = [day(n) for n in (-1, number // 2, number - 1) if n < number]
    return [(one, on, facade.names_on([one], on), facade.ancestors_on(one, on)) for on in days for one in ids]


class TestAnySequence:
    @settings(max_examples=25, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
    @given(steps=_STEPS)
    def test_keeps_the_closure_and_the_past(self, steps: list[Step]) -> None:
        with transaction.atomic():
            town = _Town()
            for step in steps:
                known = list(town.ids)
                before = _answers_before(step[3], known)
                with suppress(ChangeRefused):
                    town.take(step)
                assert closure() == town.hand.closure()
                assert _answers_before(step[3], known) == before
            transaction.set_rollback(True)
