"""Grades along lineage: what is made of something grave is grave itself (就高从严, GB/T 43697-2024; ADR 0028)."""

from collections.abc import Collection, Hashable, Iterable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from chengshu.resources.contracts.catalogue import LOWEST_GRADE
from chengshu.resources.contracts.grading import Derivation, Lowering

Node = TypeVar("Node", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Graded:
    """The grade of one source, and how it is used."""

    grade: int
    way: Derivation


def gathered_grade(sources: Iterable[Graded]) -> int:
    """Give the highest grade of what is gathered up (counted, summed) alone; the lowest there is for nothing."""
    return max((source.grade for source in sources if source.way is Derivation.AGGREGATE), default=LOWEST_GRADE)


def grade_by_sources(sources: Collection[Graded], lowering: Lowering | None = None) -> int:
    """Give the least grade of what is made of these.

    What is taken over or worked out is as grave as its gravest source, and so is what is gathered up, unless it was
    lowered; that holds only up to the grade at which it was decided. Constants ask for nothing.
    """
    taken = (source.grade for source in sources if source.way in {Derivation.IDENTITY, Derivation.EXPRESSION})
    gathered = gathered_grade(sources)
    if lowering is not None and gathered <= lowering.origin:
        gathered = min(gathered, lowering.grade)
    return max(gathered, *taken, LOWEST_GRADE)


def settle_grades(
    own: Mapping[Node, int],
    origins: Mapping[Node, Collection[tuple[Node, Derivation]]],
    lowered: Mapping[Node, Lowering],
    beyond: Mapping[Node, int],
) -> dict[Node, int]:
    """Give for each field the grade that its origins ask for, however long the way and also where it runs in circles.

    Args:
        own: what departments say of each field that is to be graded.
        origins: of which fields each is made, and how.
        lowered: what owners decided of single fields.
        beyond: grades of sources that are not to be graded themselves; a source that is nowhere asks for nothing.
    """
    asked = dict.fromkeys(own, LOWEST_GRADE)
    users: dict[Node, set[Node]] = {}
    for node, sources in origins.items():
        for source, _way in sources:
            users.setdefault(source, set()).add(node)
    waiting = {node for node in origins if node in own}
    while waiting:  # grades only rise, and there are five of them
        node = waiting.pop()
        graded = [
            Graded(max(own[source], asked[source]) if source in own else beyond.get(source, LOWEST_GRADE), way)
            for source, way in origins[node]
        ]
        told = grade_by_sources(graded, lowered.get(node))
        if told > asked[node]:
            asked[node] = told
            waiting |= users.get(node, set()) & own.keys()
    return asked
