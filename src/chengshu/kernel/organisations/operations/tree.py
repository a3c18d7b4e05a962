"""The lock of the tree and the renewal of its closure; every write of organisations goes through here."""

from collections import defaultdict
from collections.abc import Collection, Iterator
from contextlib import contextmanager

from django.db import transaction
from django.db.models import F

from chengshu.kernel.organisations.models import Ancestry, Placement, Succession, TreeVersion
from chengshu.kernel.organisations.rules.closure import Depths, renew_ancestors

_ONLY = 1


@contextmanager
def changing_tree() -> Iterator[set[int]]:
    """Open a transaction in which nobody else changes the tree; give the set to put changed organisations into.

    Put in whoever got another parent or a successor, or is new. Their closure is renewed at the end, in the same
    transaction. On SQLite the transaction itself shuts other writers out.
    """
    changed: set[int] = set()
    with transaction.atomic():
        TreeVersion.objects.select_for_update().get_or_create(pk=_ONLY)
        yield changed
        _renew(changed)
        TreeVersion.objects.filter(pk=_ONLY).update(number=F("number") + 1)


def _renew(changed: Collection[int]) -> None:
    """Compute the ancestors of the changed organisations, and of all below them, anew."""
    below = Ancestry.objects.filter(ancestor__in=changed).values_list("descendant_id", flat=True)
    touched = {*changed, *below}
    if not touched:
        return
    parents = _direct_parents(touched)
    outer = {parent for ones in parents.values() for parent in ones} - touched
    settled: dict[int, Depths] = defaultdict(dict)
    for ancestor, descendant, depth in Ancestry.objects.filter(descendant__in=outer).values_list(
        "ancestor_id", "descendant_id", "depth"
    ):
        settled[descendant][ancestor] = depth
    found = renew_ancestors(touched, parents, settled)
    Ancestry.objects.filter(descendant__in=touched).delete()
    Ancestry.objects.bulk_create(
        Ancestry(ancestor_id=ancestor, descendant_id=descendant, depth=depth)
        for descendant, depths in found.items()
        for ancestor, depth in depths.items()
    )


def _direct_parents(organisation_ids: Collection[int]) -> dict[int, set[int]]:
    """Return who stands directly above each: its successors, or else its last parent."""
    parents: dict[int, set[int]] = {}
    places = Placement.objects.filter(organisation__in=organisation_ids).order_by("since")
    for child, parent in places.values_list("organisation_id", "parent_id"):
        parents[child] = set() if parent is None else {parent}
    followed: dict[int, set[int]] = defaultdict(set)
    successions = Succession.objects.filter(predecessor__in=organisation_ids)
    for predecessor, successor in successions.values_list("predecessor_id", "successor_id"):
        followed[predecessor].add(successor)
    return parents | followed
