"""Edges between numbered columns in compressed arrays, and the walk over them."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Ids = NDArray[np.int32]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Adjacency:
    """Neighbours of each node, all in one array: those of node n are `neighbours[starts[n]:starts[n + 1]]`.

    `edges` gives the number of the edge that leads to each neighbour.
    """

    starts: NDArray[np.int64]
    neighbours: Ids
    edges: Ids

    @property
    def nodes(self) -> int:
        """Give the number of nodes."""
        return len(self.starts) - 1

    def step(self, frontier: Ids) -> tuple[Ids, Ids, Ids]:
        """Give, for each edge that leaves the frontier: where it leaves, where it leads, and its number."""
        inside = frontier[frontier < self.nodes]
        begins = self.starts[inside]
        counts = self.starts[inside + 1] - begins
        before = np.cumsum(counts) - counts
        places = np.repeat(begins - before, counts) + np.arange(int(counts.sum()))
        return np.repeat(inside, counts), self.neighbours[places], self.edges[places]


def build_adjacency(tails: Ids, heads: Ids, nodes: int) -> Adjacency:
    """Arrange edges by where they leave. Edge i leads from `tails[i]` to `heads[i]`."""
    order = np.argsort(tails, kind="stable").astype(np.int32)
    starts = np.zeros(nodes + 1, dtype=np.int64)
    np.cumsum(np.bincount(tails, minlength=nodes), out=starts[1:])
    return Adjacency(starts, heads[order], order)


@dataclass(frozen=True, slots=True)
class Walk:
    """What was reached: nodes in the order of their depth, beginning with the start at depth 0.

    `parents` is the node that each was first reached from (itself for the start), and `edges` by which edge (-1).
    """

    nodes: Ids
    depths: Ids
    parents: Ids
    edges: Ids


Step = Callable[[Ids], tuple[Ids, Ids, Ids]]


def walk(starts: Ids, step: Step, *, nodes: int, depth: int | None) -> Walk:
    """Go from the start along all edges, level by level, each node once; so cycles end, and paths are shortest."""
    seen: Flags = np.zeros(nodes, dtype=np.bool_)
    claim = np.zeros(nodes, dtype=np.int64)
    frontier = np.unique(starts).astype(np.int32)
    seen[frontier] = True
    levels = [(frontier, frontier, np.full(len(frontier), -1, dtype=np.int32))]
    while len(frontier) and (depth is None or len(levels) <= depth):
        tails, heads, edges = step(frontier)
        fresh = ~seen[heads]
        tails, heads, edges = tails[fresh], heads[fresh], edges[fresh]
        order = np.arange(len(heads))
        claim[heads] = order  # several edges may lead to one node: the last to claim it is kept
        kept = claim[heads] == order
        frontier, parents, by = heads[kept], tails[kept], edges[kept]
        seen[frontier] = True
        levels.append((frontier, parents, by))
    depths = [np.full(len(level[0]), at, dtype=np.int32) for at, level in enumerate(levels)]
    return Walk(
        np.concatenate([level[0] for level in levels]),
        np.concatenate(depths),
        np.concatenate([level[1] for level in levels]),
        np.concatenate([level[2] for level in levels]),
    )
