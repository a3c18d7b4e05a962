"""The scope of a grant as text, `kind:id`, and its two parts."""

import re

_SCOPE = re.compile(r"([a-z][a-z_]{0,30}):([1-9]\d{0,17})")


def split_scope(scope: str) -> tuple[str, int | None]:
    """Return kind and id; both are empty for everything.

    Raises:
        ValueError: the text is neither empty nor `kind:id`.
    """
    if not scope:
        return "", None
    match = _SCOPE.fullmatch(scope)
    if match is None:
        raise ValueError(f"{scope!r} is no scope")
    return match[1], int(match[2])


def join_scope(kind: str, subject_id: int | None) -> str:
    """Return the scope as text."""
    return f"{kind}:{subject_id}" if kind else ""
