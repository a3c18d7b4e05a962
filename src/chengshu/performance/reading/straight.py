"""Tells whether tabbed text has kept its table: every row as wide as the header, every cell like its column."""

from collections.abc import Sequence
from itertools import takewhile

from chengshu.documents.contracts import Layout
from chengshu.performance.reading.alignment import Columns
from chengshu.performance.reading.columns import INDICATOR_COSTS
from chengshu.performance.reading.kinds import CATEGORY, CLASS, EITHER, LABEL, LONG, TEXT, is_filler, kind_of
from chengshu.performance.reading.lexicon import Lexicon
from chengshu.performance.reading.lines import Line
from chengshu.performance.reading.sections import is_indicator_header

_MISFIT = 2.0  # a cell that fits its column worse than this stands in another one
_LEVELS = ("level1", "level2")
_NAMES = frozenset({TEXT, LONG, LABEL})
_OF_ANOTHER_COLUMN = frozenset({CLASS, CATEGORY, EITHER})  # what no indicator is called


def is_straight(header: Line, below: Sequence[Line], columns: Columns, lexicon: Lexicon) -> bool:
    """Tell whether the rows below the header, up to the next one, stand under its columns without a single slip."""
    rows = [
        line
        for line in takewhile(lambda line: not is_indicator_header(line, lexicon), below)
        if line.layout is not Layout.LOOSE
    ]
    roles = dict(zip(columns.columns, columns.roles, strict=True))
    return all(len(line.starts) == len(header.starts) and _fits(line, roles, lexicon) for line in rows)


def _fits(line: Line, roles: dict[int, str], lexicon: Lexicon) -> bool:
    placed = {
        roles.get(piece.column, ""): kind_of(piece.key, lexicon) for piece in line.pieces if not is_filler(piece.key)
    }
    named = placed.get("level3")
    if named in _OF_ANOTHER_COLUMN:
        return False
    for role, kind in placed.items():
        own_label = role in _LEVELS and kind == TEXT and named in _NAMES
        if not own_label and INDICATOR_COSTS.fit.get(role, {}).get(kind, _MISFIT + 1) > _MISFIT:
            return False
    return True
