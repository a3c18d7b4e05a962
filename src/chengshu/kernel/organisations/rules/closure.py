"""The closure of a graph of organisations, renewed only where it changed."""

from collections.abc import Collection, Mapping
from graphlib import TopologicalSorter

Depths = dict[int, int]
"""From an ancestor's id to its least depth above; the organisation itself is at 0."""


def renew_ancestors(
    changed: Collection[int], parents: Mapping[int, Collection[int]], settled: Mapping[int, Depths]
) -> dict[int, Depths]:
    """Compute the ancestors of every organisation in `changed`.

    Args:
        changed: those whose ancestors are to be computed.
        parents: of each of them, who stands directly above; missing for roots.
        settled: the known ancestors of those parents that are not in `changed`.

    Raises:
        graphlib.CycleError: somebody would stand above himself.
    """
    above = {child: [p for p in parents.get(child, ()) if p in changed] for child in changed}
    found: dict[int, Depths] = {}
    for child in TopologicalSorter(above).static_order():
        depths = {child: 0}
        for parent in parents.get(child, ()):
            for ancestor, depth in (found.get(parent) or settled[parent]).items():
                depths[ancestor] = min(depth + 1, depths.get(ancestor, depth + 1))
        found[child] = depths
    return found
