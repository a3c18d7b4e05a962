"""A small town to change, and the same tree kept by hand to compare with."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

from chengshu.kernel.organisations import facade
from chengshu.kernel.organisations.facade import Ancestry, Kind, NewOrganisation, Organisation

FIRST_DAY = date(2020, 1, 1)
NOW = datetime(2024, 3, 15, 6, 5, tzinfo=UTC)
REASON = "机构改革方案"


def day(number: int) -> date:
    """Give the day this many days after the first."""
    return FIRST_DAY + timedelta(days=number)


def found(code: str, parent: Organisation | int | None = None, kind: Kind = Kind.UNIT, on: int = 0) -> Organisation:
    """Found an organisation called "<code>局"."""
    parent_id = parent.pk if isinstance(parent, Organisation) else parent
    return facade.create_organisation(NewOrganisation(code, kind, f"{code}局", day(on), parent_id), actor=None, now=NOW)


def closure() -> set[tuple[int, int, int]]:
    """Give the kept closure as triples of ancestor, descendant and depth."""
    return set(Ancestry.objects.values_list("ancestor_id", "descendant_id", "depth"))


@dataclass
class HandTree:
    """Who stands directly above whom today: successors, or else the last parent."""

    parents: dict[int, set[int]] = field(default_factory=dict)
    children: dict[int, set[int]] = field(default_factory=dict)

    def place(self, child: int, parent: int | None) -> None:
        """Put a living organisation somewhere."""
        for ones in self.children.values():
            ones.discard(child)
        self.parents[child] = set() if parent is None else {parent}
        if parent is not None:
            self.children.setdefault(parent, set()).add(child)

    def follow(self, predecessor: int, successors: Iterable[int]) -> None:
        """End one; the first of its successors takes its children."""
        first, *others = successors
        own = next(iter(self.parents[predecessor]), None)
        for child in list(self.children.get(predecessor, ())):
            self.place(child, own if child == first else first)
        self.end(predecessor)
        self.parents[predecessor] = {first, *others}

    def end(self, ended: int) -> None:
        """End one without a successor."""
        for ones in self.children.values():
            ones.discard(ended)

    def closure(self) -> set[tuple[int, int, int]]:
        """Walk up from everybody, level by level."""
        triples = set()
        for start in self.parents:
            level, depth, seen = {start}, 0, set[int]()
            while level:
                triples |= {(above, start, depth) for above in level}
                seen |= level
                level = {up for one in level for up in self.parents[one]} - seen
                depth += 1
        return triples
