"""The words that checks know, from lexicons/words.toml, in the shapes in which they are asked."""

import re
import tomllib
from collections.abc import Iterable, Mapping
from decimal import Decimal
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any


@cache
def words() -> Mapping[str, Any]:
    """Give the whole lexicon as it stands in its file."""
    path = files("chengshu.performance.rules").joinpath("lexicons", "words.toml")
    return tomllib.loads(path.read_text("utf-8"))


@cache
def one_of(*path: str) -> re.Pattern[str]:
    """Give a pattern that finds any word of the list at this path of the lexicon; an empty list never matches."""
    entry: Any = words()
    for name in path:
        entry = entry.get(name, ())
    return any_word(entry)


def any_word(listed: Iterable[str]) -> re.Pattern[str]:
    """Give a pattern that finds any of these words, longest first; no words never match."""
    ordered = sorted(listed, key=len, reverse=True)
    return re.compile("|".join(map(re.escape, ordered)) or r"(?!)")


@cache
def member_of(*path: str) -> frozenset[str]:
    """Give the list at this path of the lexicon as a set."""
    entry: Any = words()
    for name in path:
        entry = entry[name]
    return frozenset(entry)


@lru_cache(maxsize=4096)
def scales_of(word: str) -> frozenset[int]:
    """Give the numbers of the scales that this word belongs to."""
    return frozenset(number for number, scale in enumerate(words()["scales"]) if word in scale["words"])


@cache
def graded_scales() -> frozenset[int]:
    """Give the numbers of the scales on which another word is another result (优秀, 良好)."""
    return frozenset(number for number, scale in enumerate(words()["scales"]) if scale.get("graded"))


@cache
def scale_nouns() -> frozenset[str]:
    """Give the words that name a dimension and are no answer on it (及时性)."""
    return frozenset(noun for scale in words()["scales"] for noun in scale["noun"])


@lru_cache(maxsize=4096)
def are_close_units(left: str, right: str) -> bool:
    """Whether two units count nearly the same, so that their figures may be set against each other."""
    return any({left, right} == set(pair) for pair in words()["units"]["close"])


@lru_cache(maxsize=4096)
def sort_of_unit(unit: str) -> str:
    """Give one unit for all that count single things alike (个, 家, 项, 件, 处); others stay what they are."""
    return "个" if unit in words()["units"]["alike"] else unit


@cache
def tautology_share() -> Decimal:
    """Give the share of a reason that must be echo before it counts as saying nothing."""
    return Decimal(words()["tautology"]["echo_share"])
