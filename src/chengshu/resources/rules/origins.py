"""The cell that says of which fields a field is made: `307/MZ001 sfzh；汇总 307/MZ002 je`."""

import re

from chengshu.resources.contracts.grading import DeclaredOrigin, Derivation
from chengshu.resources.errors import ResourceInvalid

WAY_WORDS = {Derivation.IDENTITY: "直接", Derivation.EXPRESSION: "加工", Derivation.AGGREGATE: "汇总"}
MOST_ORIGINS = 100
_BETWEEN = re.compile(r"[;；\n]")
_WAYS = {word: way for way, word in WAY_WORDS.items()}


def read_origins(text: str) -> tuple[DeclaredOrigin, ...]:
    """Read a cell; parts stand between semicolons, each an entry's code, a blank, and the code of one of its fields.

    A word before them says how: 直接 (which may be left out), 加工 or 汇总.

    Raises:
        ResourceInvalid: a part has no code of a field, or there are too many.
    """
    told: dict[DeclaredOrigin, None] = {}
    for part in filter(None, (part.strip() for part in _BETWEEN.split(text))):
        head, _blank, rest = part.partition(" ")
        way = _WAYS.get(head)
        code, _blank, field = (rest if way else part).strip().partition(" ")
        if not field.strip():
            message = f"来源“{part[:60]}”读不出来：要写目录编码、空格、信息项代码，如“307/MZ001 sfzh”；几个之间用分号。"
            raise ResourceInvalid(message, field="fields")
        told[DeclaredOrigin(code, " ".join(field.split()), way or Derivation.IDENTITY)] = None
    if len(told) > MOST_ORIGINS:
        raise ResourceInvalid(f"一个信息项最多写 {MOST_ORIGINS} 个来源。", field="fields")
    return tuple(told)


def write_origins(origins: tuple[DeclaredOrigin, ...]) -> str:
    """Give a cell that `read_origins` reads as these; the word for what is taken as it is is left out."""
    return "；".join(
        f"{'' if origin.way is Derivation.IDENTITY else WAY_WORDS[origin.way] + ' '}{origin.code} {origin.field}"
        for origin in origins
    )
