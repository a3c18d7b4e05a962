"""Cuts the words of a form into its blocks by the labels that open them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from chengshu.base.texts import parse_decimal
from chengshu.performance.reading.blocks import find_money_row
from chengshu.performance.reading.lexicon import Lexicon, bare_label, find_role
from chengshu.performance.reading.natural.words import Word

_LEVELS = frozenset({"level1", "level2", "level3"})
_AMOUNTS = frozenset({"initial", "budget", "executed"})
_MONEY_TITLE = re.compile(r"资金|预算|执行情况|元[)）]?$")
_MONEY_TITLE_WORDS = 3


@dataclass(slots=True)
class Zones:
    """The words of each block, labels included; headers apart from what stands under them."""

    head: list[Word] = field(default_factory=list)
    money_title: list[Word] = field(default_factory=list)
    money_header: list[Word] = field(default_factory=list)
    money: list[Word] = field(default_factory=list)
    goal: list[Word] = field(default_factory=list)
    header: list[Word] = field(default_factory=list)
    rows: list[Word] = field(default_factory=list)
    footer: list[Word] = field(default_factory=list)


def cut_zones(words: Sequence[Word], lexicon: Lexicon) -> Zones | None:
    """Cut the words at the headers of the blocks.

    None when there is no header of indicator rows, or when figures stand between the header of the money block and
    the first label of its rows: then the words are not in reading order.
    """
    found = _find_header(words, lexicon)
    if found is None:
        return None
    start, end = found
    upper = words[:start]
    total = next((i for i in range(end, len(words)) if find_role(words[i].key, lexicon.footer) == "total"), len(words))
    zones = Zones(header=list(words[start:end]), rows=list(words[end:total]), footer=list(words[total:]))
    money = _find_money(upper, lexicon)
    goal = _find_goal(upper, lexicon)
    starts = sorted(position for position in (money, goal) if position is not None)
    zones.head = list(upper[: starts[0]] if starts else upper)
    if money is not None and not _take_money(upper[money : _next(money, starts, len(upper))], zones, lexicon):
        return None
    if goal is not None:
        zones.goal = _before_others(upper[goal : _next(goal, starts, len(upper))], lexicon)
    return zones


def column_role(word: Word, lexicon: Lexicon) -> str | None:
    """Give the role of a word in the header of the indicator rows."""
    role = find_role(word.key, lexicon.columns)
    return "banner" if role is None and bare_label(word.key) in lexicon.banner else role


def _find_header(words: Sequence[Word], lexicon: Lexicon) -> tuple[int, int] | None:
    roles = [column_role(word, lexicon) if word.key else None for word in words]
    for index in range(len(words) - 1):
        if roles[index] in _LEVELS and set(roles[index + 1 : index + 3]) & _LEVELS:
            start = end = index
            while start > 0 and roles[start - 1] and find_role(words[start - 1].key, lexicon.goal) is None:
                start -= 1
            while end < len(words) and (roles[end] or _is_unknown_column(words, roles, end)):
                end += 1
            return start, end
    return None


def _is_unknown_column(words: Sequence[Word], roles: Sequence[str | None], index: int) -> bool:
    """A short word between two known columns heads a column of its own."""
    return index + 1 < len(words) and roles[index + 1] not in (None, "banner") and len(words[index].key) <= 8


def _find_money(words: Sequence[Word], lexicon: Lexicon) -> int | None:
    roles = [find_role(word.key, lexicon.money_columns) for word in words]
    for index in range(len(words) - 1):
        if roles[index] and roles[index + 1] and {roles[index], roles[index + 1]} & _AMOUNTS:
            start = index
            while start > 0 and index - start < _MONEY_TITLE_WORDS and _is_money_title(words[start - 1], lexicon):
                start -= 1
            return start
    return None


def _is_money_title(word: Word, lexicon: Lexicon) -> bool:
    if not word.key:
        return True
    named = _MONEY_TITLE.search(word.text) is not None and len(word.key) <= 16
    return named and find_role(word.key, lexicon.head) is None


def _find_goal(words: Sequence[Word], lexicon: Lexicon) -> int | None:
    roles = [find_role(word.key, lexicon.goal) for word in words]
    for index, role in enumerate(roles):
        if role in ("expected", "actual") and {"expected", "actual"} <= set(roles[index:]):
            start = index
            while start > 0 and bare_label(words[start - 1].key) in lexicon.goal_labels:
                start -= 1
            return start
    return None


def _take_money(words: Sequence[Word], zones: Zones, lexicon: Lexicon) -> bool:
    first = next(i for i, word in enumerate(words) if find_role(word.key, lexicon.money_columns))
    rows = next((i for i in range(first, len(words)) if find_money_row(words[i].key, lexicon)), len(words))
    zones.money_title = list(words[:first])
    zones.money_header = [word for word in words[first:rows] if find_role(word.key, lexicon.money_columns)]
    zones.money = list(words[rows:])
    return all(parse_decimal(word.key) is None for word in words[first:rows])


def _before_others(words: Sequence[Word], lexicon: Lexicon) -> list[Word]:
    end = next((i for i, word in enumerate(words) if find_role(word.key, lexicon.goal) == "others"), len(words))
    return list(words[:end])


def _next(position: int, starts: Sequence[int], end: int) -> int:
    return next((start for start in starts if start > position), end)
