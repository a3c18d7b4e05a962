"""Patterns of rules, brought to the portable subset of chengshu.dataplane.tables.patterns."""

import re

from chengshu.dataplane.errors import RuleInvalid, TableFault
from chengshu.dataplane.tables.patterns import parse_pattern

_ESCAPED_CODE = re.compile(r"\\u([0-9A-Fa-f]{4})")


def require_pattern(pattern: str) -> str:
    r"""Give the pattern without the anchors that people write by habit and with `\uXXXX` as its character.

    Raises:
        RuleInvalid: it means nothing, or not the same to every engine.
    """
    inner = _ESCAPED_CODE.sub(lambda found: re.escape(chr(int(found[1], 16))), pattern).removeprefix("^")
    if inner.endswith("$") and not inner.endswith("\\$"):
        inner = inner[:-1]
    try:
        parse_pattern(inner)
    except TableFault as error:
        raise RuleInvalid(f"正则式“{pattern}”不能用：{error.message}") from error
    return inner
