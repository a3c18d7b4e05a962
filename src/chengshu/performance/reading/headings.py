"""What a cell of the indicator rows' header names."""

from chengshu.base.texts import label_key
from chengshu.performance.reading.lexicon import Lexicon, find_role
from chengshu.performance.reading.lines import Piece

_CUT_SHORT = 5  # characters from which the beginning of a heading stands for all of it


def column_roles(piece: Piece, lexicon: Lexicon) -> list[str]:
    """Give the columns that a header cell names: one, or several where cells ran together; none for other text."""
    role = header_role(piece.key, lexicon)
    if role is not None:
        return [role]
    if len(piece.key) > 30 or " " not in piece.text:
        return []
    roles = [find_role(label_key(word), lexicon.columns) for word in piece.text.split()]
    return [role for role in roles if role is not None] if all(roles) else []


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
