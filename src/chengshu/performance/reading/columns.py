"""The columns of the indicator rows, from their printed header; and what a cell of each column may look like."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from chengshu.documents.contracts import Layout
from chengshu.performance.reading.alignment import Columns, Costs
from chengshu.performance.reading.headings import column_roles
from chengshu.performance.reading.lexicon import Lexicon
from chengshu.performance.reading.lines import Line, Piece, make_piece

PRINTED_ORDER = (
    "level1",
    "level2",
    "level3",
    "sign",
    "figure",
    "measure",
    "target",
    "actual",
    "weight",
    "score",
    "reason",
)
_DEFAULT = ("level1", "level2", "level3", "target", "actual", "weight", "score", "reason")
_FREE = {"n": 0.5, "N": 0.3, "v": 0.0, "w": 0.0, "t": 0.6, "l": 1.2, "-": 1.0, "i": 1.5, "c": 1.5, "2": 2.5, "s": 2.0}
_FREE |= {"u": 1.5, "j": 1.5, "d": 0.0}
_POINTS = {"n": 0.0, "N": 3.0, "v": 2.5, "-": 1.0, "j": 1.5, "t": 5.0}

# Set by hand on the damage met in published forms: a wrong column must cost more than a slipped or an empty one.
INDICATOR_COSTS = Costs(
    name="indicators",
    fit={
        "banner": {"b": 0.0, "j": 0.3, "n": 1.0, "t": 2.0, "-": 0.3},
        "level1": {"1": 0.0, "3": 0.3, "2": 1.5, "i": 1.5, "j": 0.9, "t": 2.5, "-": 1.2},
        "level2": {"2": 0.0, "3": 0.2, "c": 0.6, "1": 3.0, "i": 0.7, "j": 0.9, "t": 2.9, "-": 1.2},
        "level3": {
            "t": 0.0,
            "l": 0.8,
            "i": 0.5,
            "w": 2.0,
            "c": 0.3,
            "2": 1.8,
            "3": 1.8,
            "1": 2.5,
            "v": 1.0,
            "n": 4.0,
            "N": 3.0,
            "j": 3.0,
            "u": 2.0,
        },
        "sign": {"s": 0.0, "w": 1.5, "j": 1.0, "t": 2.0, "-": 0.5},
        "figure": {**_FREE, "n": 0.0, "N": 0.0},
        "measure": {"u": 0.0, "t": 0.5, "w": 1.0, "v": 1.0, "j": 0.5, "-": 0.5, "i": 1.5},
        "target": _FREE,
        "actual": _FREE,
        "weight": _POINTS,
        "score": _POINTS,
        "reason": {"t": 0.3, "l": 0.0, "w": 0.8, "v": 1.5, "n": 3.5, "-": 0.5, "j": 1.0, "i": 1.0, "c": 1.0, "u": 2.0},
        "ignored": dict.fromkeys("b123cinNvwtlsu-j", 0.3),
    },
    missing={"level3": 5.0, "target": 2.0, "actual": 2.0, "weight": 3.0, "score": 3.0, "sign": 0.5, "figure": 2.0}
    | {"measure": 0.5},
    surplus={"j": 1.0, "b": 1.0, "-": 1.0, "1": 3.0, "2": 3.0, "3": 3.0, "n": 4.0, "t": 6.0, "l": 5.0, "w": 5.0}
    | {"v": 5.0, "N": 5.0, "i": 4.0, "c": 4.0, "s": 3.0, "u": 3.0},
    doubled=1.5,
    figures=frozenset({"weight", "score"}),
)


def read_columns(headers: Sequence[Line], lexicon: Lexicon) -> Columns:
    """Read the roles and columns from one header line, or from two that stand one over the other.

    Where the target is split into sign, figure and unit, the heading over the three is dropped.
    """
    headers = _join_headings(headers, lexicon)
    found: dict[str, int] = {}
    weights: list[int] = []
    for line in headers:
        for piece in line.pieces:
            for role in column_roles(piece, lexicon):
                if role == "weight":
                    weights.append(piece.column)
                else:
                    found.setdefault(role if role != "ignored" else f"ignored{piece.column}", piece.column)
    found |= _weight_columns(weights, found.get("level3", -1))
    found |= _unknown_columns(headers, found, lexicon)
    if "figure" in found:
        found.pop("target", None)
    exact = bool(headers) and all(line.layout is Layout.GRID for line in headers)
    if len(headers) > 1 and not exact:
        found = {role: index for index, role in enumerate(sorted(found, key=_order), start=1)}
    found.setdefault("banner", min(found.values(), default=0) - 1)
    ordered = sorted(found.items(), key=lambda item: item[1])
    return Columns(
        tuple("ignored" if role.startswith("ignored") else role for role, _ in ordered),
        tuple(column for _, column in ordered),
        exact,
        max((len(line.starts) for line in headers), default=0),
    )


def _join_headings(headers: Sequence[Line], lexicon: Lexicon) -> list[Line]:
    """The header lines, a heading whole whose second line was taken for one of the lower header line."""
    joined: list[Line] = []
    for line in headers:
        above = joined[-1] if joined else None
        ends = dict(_find_ends(above, line, lexicon)) if above is not None else {}
        if above is not None and ends:
            whole = (_join(piece, ends[piece.column]) if piece.column in ends else piece for piece in above.pieces)
            joined[-1] = replace(above, pieces=tuple(whole))
        rest = tuple(piece for piece in line.pieces if piece.column not in ends)
        joined += [replace(line, pieces=rest)] if rest else []
    return joined


def _find_ends(upper: Line, lower: Line, lexicon: Lexicon) -> Iterator[tuple[int, Piece]]:
    """The pieces that make headings of those above them, neither being one alone."""
    over = {piece.column: piece for piece in upper.pieces if upper.layout is Layout.GRID is lower.layout}
    for piece in lower.pieces:
        above = over.get(piece.column)
        if above is None or column_roles(above, lexicon) or column_roles(piece, lexicon):
            continue
        if column_roles(_join(above, piece), lexicon):
            yield piece.column, piece


def _join(upper: Piece, lower: Piece) -> Piece:
    return make_piece(upper.text + lower.text, upper.column, upper.cell)


def _unknown_columns(headers: Sequence[Line], found: Mapping[str, int], lexicon: Lexicon) -> dict[str, int]:
    """Columns of the office's own (指标解释, 评分标准) between the known ones, in a header that lacks nothing else."""
    if not {"level3", "actual", "score"} <= found.keys() or not {"target", "figure"} & found.keys():
        return {}
    between = range(found["level3"] + 1, max(found.values()))
    unknown = [piece for line in headers for piece in line.pieces if not column_roles(piece, lexicon)]
    own = {piece.column for piece in unknown if piece.column in between and piece.column not in found.values()}
    return {f"ignored{column}": column for column in own}


def carry_columns(columns: Columns, grid: Sequence[int]) -> Columns:
    """Carry the columns over to the grid of another page, where the same columns have other positions.

    They are carried in order when there are as many of them; else they stay where they were, and are exact no more.
    """
    real = sorted(set(columns.columns))
    for old in (real, real[1:]):  # the banner may be a column of its own, or only a column before the first
        if len(old) == len(grid):
            moved = dict(zip(old, grid, strict=True))
            placed = tuple(moved.get(column, grid[0] - 1) for column in columns.columns)
            return Columns(columns.roles, placed, exact=True)
    return Columns(columns.roles, columns.columns)


def _weight_columns(weights: Sequence[int], level3: int) -> dict[str, int]:
    """Of several weight columns the first behind the indicator's name is its own; those before are of its class."""
    if not weights:
        return {}
    own = min((column for column in weights if column > level3), default=max(weights))
    return {f"ignored{column}": column for column in weights if column != own} | {"weight": own}


def default_columns() -> Columns:
    """Give the columns that the national form has, for rows whose header is lost."""
    return Columns(("banner", *_DEFAULT), tuple(range(len(_DEFAULT) + 1)))


def _order(role: str) -> int:
    return PRINTED_ORDER.index(role) if role in PRINTED_ORDER else -1
