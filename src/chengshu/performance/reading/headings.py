"""What a cell of the indicator rows' header names."""

from functools import lru_cache

from chengshu.base.texts import label_key
from chengshu.performance.reading.lexicon import HEADING_STARTS, Lexicon, bare_label, find_role
from chengshu.performance.reading.lines import Piece

_LONGEST = 24  # characters of a header cell


def column_roles(piece: Piece, lexicon: Lexicon) -> tuple[str, ...]:
    """Give the columns that a header cell names: one, or several where cells ran together; none for other text."""
    return _roles_of(piece.text, piece.key, lexicon) if len(piece.key) <= _LONGEST else ()


@lru_cache(maxsize=16384)
def _roles_of(text: str, key: str, lexicon: Lexicon) -> tuple[str, ...]:
    words = text.split()
    if len(words) > 1:
        roles = tuple(role for word in words if (role := find_role(label_key(word), lexicon.columns)) is not None)
        if len(roles) == len(words):
            return roles
    role = header_role(key, lexicon)
    return () if role is None else (role,)


def header_role(key: str, lexicon: Lexicon) -> str | None:
    """Give the role of a header cell; a heading that is cut off at its end, or goes on behind it, still counts."""
    role = find_role(key, lexicon.columns)
    if role is not None:
        return role
    if key in lexicon.banner or bare_label(key) in lexicon.banner:
        return "banner"
    if not HEADING_STARTS <= len(key) <= _LONGEST:
        return None
    role = lexicon.column_starts.get(key)
    if role is None:
        ends = range(len(key) - 1, HEADING_STARTS - 1, -1)
        role = next((lexicon.columns[key[:end]] for end in ends if key[:end] in lexicon.columns), None)
    return role
