"""What is expected of an address: who may, what is answered, and with which ids it is asked."""

from collections.abc import Callable
from dataclasses import dataclass, field

from django.urls import reverse
from web.world import PEOPLE, Side

EVERYBODY = frozenset(PEOPLE)
Body = dict[str, str]


@dataclass(frozen=True, slots=True)
class Expected:
    """What is expected of one address."""

    may: frozenset[str] = EVERYBODY
    may_foreign: frozenset[str] = frozenset()
    refused: int = 404
    forbidden: frozenset[str] = frozenset()
    args: Callable[[Side], list[object]] | None = None
    posts: bool = False
    body: Callable[[Side], Body] = field(default=lambda _: {})
    works: frozenset[int] = frozenset({200, 302})
    query: Callable[[Side], str] = field(default=lambda _: "")

    def address(self, name: str, side: Side) -> str:
        """Give the address with the ids of one side."""
        return reverse(name, args=self.args(side) if self.args else []) + self.query(side)
