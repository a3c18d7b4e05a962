"""Statements that the parser does not take, put so that it does, where nothing of their columns is lost by it."""

import re
from typing import Final

_REPLACE: Final = re.compile(r"\A\s*replace\s+(?:low_priority\s+|delayed\s+)?(?:into\s+)?", re.IGNORECASE)
NAME: Final = r"(?:[\w$#]+|\"[^\"]+\"|`[^`]+`|\[[^\]]+\])"
"""One part of a name as the dialects write it, for patterns."""
_MADE: Final = re.compile(
    rf"\A\s*create\b[^(;]*?\b(?P<kind>table|view)\s+(?:if\s+not\s+exists\s+)?(?P<name>{NAME}(?:\s*\.\s*{NAME})*)"
    rf"\s*(?P<names>\(\s*{NAME}(?:\s*,\s*{NAME})*\s*\))?"
    r"(?P<options>.*?)\bas\s+(?P<query>\(*\s*(?:select|with)\b.*)\Z",
    re.IGNORECASE | re.DOTALL,
)
_AFTER_QUERY: Final = re.compile(
    r"\s+with\s+(?:no\s+data|data|read\s+only|(?:local\s+|cascaded\s+)?check\s+option(?:\s+constraint\s+\w+)?)\s*\Z",
    re.IGNORECASE,
)
_RECURSIVE_VIEW: Final = re.compile(
    rf"\A\s*create\s+(?:or\s+replace\s+)?recursive\s+view\s+(?P<name>{NAME})\s*(?P<names>\([^)]*\))\s*as\b(?P<query>.*)\Z",
    re.IGNORECASE | re.DOTALL,
)
_MERGED_AWAY: Final = re.compile(
    r"\bdelete\s+where\b.*?(?=\bwhen\s+(?:not\s+)?matched\b|\Z)", re.IGNORECASE | re.DOTALL
)


_ALTERED_VIEW: Final = re.compile(
    r"\A\s*alter\s+(?:(?:algorithm|definer|sql)\b[^(;]*?\s)?view\s+"
    rf"(?P<rest>{NAME}(?:\s*\.\s*{NAME})*\s*(?:\([^)]*\)\s*)?as\b)",
    re.IGNORECASE,
)
_RENAMED_AS: Final = re.compile(r"(\A\s*alter\s+table\b.*\brename)\s+as\b", re.IGNORECASE | re.DOTALL)
_RENAMED_PARTITION: Final = re.compile(
    rf"\A(\s*alter\s+table\s+{NAME}(?:\s*\.\s*{NAME})*)\s+partition\s*\([^)]*\)\s+rename\s+to\s+partition\b.*\Z",
    re.IGNORECASE | re.DOTALL,
)
_LEFT_OUT: Final = (
    re.compile(r"\boverriding\s+(?:system|user)\s+value\b", re.IGNORECASE),
    re.compile(r"(?<=\))\s*if\s+not\s+exists\b", re.IGNORECASE),
    re.compile(r"(?<=')\s*using\s+\w+(?:\s+options\s*\([^)]*\))?(?=\s+select\b)", re.IGNORECASE),
    re.compile(r"(?<=merge)\s+with\s+schema\s+evolution\b", re.IGNORECASE),
    re.compile(r"\blog\s+errors\b(?:(?!\bselect\b).){0,300}\Z", re.IGNORECASE | re.DOTALL),
)
"""What may stand in a statement that writes, and changes none of its columns."""
_SUBSTITUTED: Final = re.compile(r"(?<![\w.&'$#])&{1,2}([^\W\d]\w*)(?![\w.])")
"""A value that SQL*Plus asks for before it runs a statement."""


def mend_before(text: str, dialect: str) -> str:
    """Put what the parser would take for something else.

    MySQL's REPLACE writes the columns that INSERT would, its RENAME AS means RENAME TO, and ALTER VIEW … AS writes the
    columns that CREATE VIEW would. A value that Oracle's client puts in is one that is bound.
    """
    if dialect == "oracle":
        text = _SUBSTITUTED.sub(r":\1", text)
    text = _ALTERED_VIEW.sub(r"CREATE VIEW \g<rest>", text)
    text = _RENAMED_PARTITION.sub(r"\1 TOUCH", text)  # the rows stay in their table, as they do with Hive's TOUCH
    if dialect != "mysql":
        return text
    return _RENAMED_AS.sub(r"\1 TO", _REPLACE.sub("INSERT INTO ", text))


def mend_after(text: str) -> str | None:
    """Put a statement that the parser refused without what it stumbles over, or give None when nothing is known.

    Left out are options of storage and refreshing between a table's or view's name and its query, what follows the
    query, the DELETE WHERE of Oracle's MERGE, and marks of INSERT and MERGE, none of which writes a column.
    """
    recursive = _RECURSIVE_VIEW.match(text)
    if recursive is not None:
        name, names, query = recursive.group("name", "names", "query")
        return f"CREATE VIEW {name} {names} AS WITH RECURSIVE {name} {names} AS ({query}) SELECT * FROM {name}"  # noqa: S608 - parsed, never run
    made = _MADE.match(text)
    if made is not None:
        query = _AFTER_QUERY.sub("", made["query"])
        return f"CREATE {made['kind']} {made['name']} {made['names'] or ''} AS {query}"
    without = _MERGED_AWAY.sub("", text) if text.lstrip()[:5].upper() == "MERGE" else text
    for left_out in _LEFT_OUT:
        without = left_out.sub(" ", without)
    return without if without != text else None
