"""Assigns the pieces of a row to the columns of a table when extraction has shifted, lost or doubled cells.

A row is a sequence of pieces, a table a sequence of roles; both keep their order, so the best assignment is found by
dynamic programming over (piece, role), by three kinds of evidence: what the piece looks like, how its column lies to
the column of the role in the header, and what it would cost to leave a piece or a role out. Rows of the same
signature are solved once.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import accumulate

_NEVER = 50.0


@dataclass(frozen=True)
class Costs:
    """The costs of one kind of table; all are non-negative, 0 is a perfect fit.

    `fit[role][kind]`: a piece of that kind in that role (absent: impossible). `missing[role]`: the role is left empty.
    `surplus[kind]`: a piece is left out. `doubled`: a piece that repeats its left neighbour is left out.
    `figures` are the roles of plain figures, and `doubtful` the fit beyond which a grid's column is not believed there.
    `shift`: the columns slip between two neighbouring pieces, plus `slip` a column.
    """

    fit: Mapping[str, Mapping[str, float]]
    missing: Mapping[str, float]
    surplus: Mapping[str, float]
    doubled: float = 1.0
    figures: frozenset[str] = frozenset()
    doubtful: float = 2.0
    shift: float = 0.8
    slip: float = 0.15
    name: str = ""

    def __hash__(self) -> int:
        return hash(self.name)


@dataclass(frozen=True, slots=True)
class Signature:
    """What the assignment depends on: kinds and columns of the pieces, which repeat their left neighbour."""

    kinds: str
    columns: tuple[int, ...]
    doubled: tuple[bool, ...]


@dataclass(frozen=True, slots=True)
class Columns:
    """The roles of a table in printed order, and the column that its header gives each.

    `exact` says that header and row stand in one true grid; `width` is the count of the header's fields, 0 when there
    is none.
    """

    roles: tuple[str, ...]
    columns: tuple[int, ...]
    exact: bool = False
    width: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Assignment:
    """For each piece the index of its role or None; what that costs; whether it is by the true columns of a grid."""

    roles: tuple[int | None, ...]
    cost: float
    by_column: bool = False


@lru_cache(maxsize=65536)
def assign(signature: Signature, columns: Columns, costs: Costs) -> Assignment:
    """Find the cheapest assignment of the pieces to the roles."""
    if columns.exact:
        fixed = _assign_exact(signature, columns, costs)
        if fixed is not None:
            return fixed
    return _assign_best(signature, columns, costs)


def _assign_exact(signature: Signature, columns: Columns, costs: Costs) -> Assignment | None:
    """Take true grid columns at their word, unless a piece stands in no column or can hardly be what it would be.

    Labels and texts may be new words; what stands in a column of figures and is none tells that the spans are wrong.
    """
    by_column = {column: index for index, column in enumerate(columns.columns)}
    roles: list[int | None] = []
    cost = 0.0
    for kind, column in zip(signature.kinds, signature.columns, strict=True):
        index = by_column.get(column)
        if index is None:
            if costs.surplus.get(kind, _NEVER) > 1.0:
                return None
            roles.append(None)
            continue
        fit = costs.fit[columns.roles[index]].get(kind)
        if fit is None or (fit > costs.doubtful and columns.roles[index] in costs.figures):
            return None
        cost += fit
        roles.append(index)
    return Assignment(tuple(roles), cost, by_column=True)


def _assign_best(signature: Signature, columns: Columns, costs: Costs) -> Assignment:
    pieces, roles = len(signature.kinds), len(columns.roles)
    skip_piece = _running(
        min(costs.surplus.get(kind, _NEVER), costs.doubled if doubled else _NEVER)
        for kind, doubled in zip(signature.kinds, signature.doubled, strict=True)
    )
    skip_role = _running(costs.missing.get(role, 0.0) for role in columns.roles)
    best = skip_piece[pieces] + skip_role[roles]
    best_end: tuple[int, int] | None = None
    table: dict[tuple[int, int], tuple[float, tuple[int, int] | None]] = {}
    for piece in range(pieces):
        for role in range(roles):
            fit = costs.fit[columns.roles[role]].get(signature.kinds[piece])
            if fit is None:
                continue
            entry = _best_before(piece, role, signature, columns, (costs, table, skip_piece, skip_role))
            cost = entry[0] + fit
            table[piece, role] = (cost, entry[1])
            whole = cost + skip_piece[pieces] - skip_piece[piece + 1] + skip_role[roles] - skip_role[role + 1]
            if whole < best:
                best, best_end = whole, (piece, role)
    return Assignment(_trace(pieces, best_end, table), best)


def _best_before(
    piece: int,
    role: int,
    signature: Signature,
    columns: Columns,
    known: tuple[Costs, dict[tuple[int, int], tuple[float, tuple[int, int] | None]], list[float], list[float]],
) -> tuple[float, tuple[int, int] | None]:
    costs, table, skip_piece, skip_role = known
    offset = signature.columns[piece] - columns.columns[role]
    best = skip_piece[piece] + skip_role[role] + min(abs(offset), 4) * 0.1
    before: tuple[int, int] | None = None
    for earlier, (cost, _) in table.items():
        earlier_piece, earlier_role = earlier
        if earlier_piece >= piece or earlier_role >= role:
            continue
        slip = abs(offset - signature.columns[earlier_piece] + columns.columns[earlier_role])
        total = cost + skip_piece[piece] - skip_piece[earlier_piece + 1] + skip_role[role] - skip_role[earlier_role + 1]
        if slip:
            total += costs.shift + costs.slip * min(slip, 4)
        if total < best:
            best, before = total, earlier
    return best, before


def _trace(
    pieces: int,
    end: tuple[int, int] | None,
    table: Mapping[tuple[int, int], tuple[float, tuple[int, int] | None]],
) -> tuple[int | None, ...]:
    roles: list[int | None] = [None] * pieces
    while end is not None:
        roles[end[0]] = end[1]
        end = table[end][1]
    return tuple(roles)


def _running(values: Iterable[float]) -> list[float]:
    return [0.0, *accumulate(values)]
