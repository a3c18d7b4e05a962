"""What is expected of one operation of the interface."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from web.world import MEASURED, PEOPLE, Side

from chengshu.performance.models import Review

EVERYBODY = frozenset(PEOPLE)


@dataclass(frozen=True, slots=True)
class Expected:
    """What is expected of one operation; `path` names ids as `Side` does."""

    path: str
    may: frozenset[str] = EVERYBODY
    may_foreign: frozenset[str] = frozenset()
    refused: int = 404
    forbidden: frozenset[str] = frozenset()
    posts: bool = False
    body: Callable[[Side], Any] = field(default=lambda _: {})
    works: frozenset[int] = frozenset({200})

    def address(self, side: Side) -> str:
        """Give the address with the ids of one side."""
        names = {name: getattr(side, name) for name in Side.__slots__}
        review = "{review_id}" in self.path and Review.objects.get(evaluation=side.paper_id).pk
        return self.path.format(**names, unit_id=side.unit.pk, key=MEASURED.key, review_id=review)
