"""What a cell of the indicator rows' header names."""

from chengshu.base.texts import label_key
from chengshu.performance.reading.lexicon import Lexicon, find_role
from chengshu.performance.reading.lines import Piece

_LONGEST = 30  # characters of a header cell
_CUT_SHORT = 5  # characters from which the beginning of a heading stands for all of it


def column_roles(piece: Piece, lexicon: Lexicon) -> list[str]:
    """Give the columns that a header cell names: one, or several where cells ran together; none for other text."""
    words = piece.text.split() if len(piece.key) <= _LONGEST else []
    if len(words) > 1:
        roles = [role for word in words if (role := find_role(label_key(word), lexicon.columns)) is not None]
        if len(roles) == len(words):
            return roles
    role = header_role(piece.key, lexicon)
    return [] if role is None else [role]


def header_role(key: str, lexicon: Lexicon) -> str | None:
    """Give the role of a header cell; a heading that is cut off at its end still counts."""
    role = find_role(key, lexicon.columns)
    if role is not None:
        return role
    if key in lexicon.banner or find_role(key, dict.fromkeys(lexicon.banner, "banner")) is not None:
        return "banner"
    if not _CUT_SHORT <= len(key) <= 24:
        return None
    words = lexicon.columns.items()
    return next((role for word, role in words if word.startswith(key) or key.startswith(word)), None)
