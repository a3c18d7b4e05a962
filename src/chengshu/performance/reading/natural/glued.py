"""Cuts text without any blanks: at the labels that it holds, and a run of cells in all the ways that it may be cut."""

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import chain

from chengshu.base.texts import fold_width
from chengshu.performance.reading.kinds import MEASURE, WORD, kind_of
from chengshu.performance.reading.lexicon import Lexicon

_SHORTEST = 4  # characters of a label that is believed wherever it stands
_LEAST_LABELS = 8
_WORD_LENGTH = 40  # characters to a blank beyond which a text has lost its blanks
_POINTS = r"(?:\(\d{1,3}分\))?"
_NOTE = r"(?:\([^()\d]{1,6}\))?:?"
_SCORE = "得分"
_MONEY_TITLES = ("项目资金", "资金情况", "预算执行情况", "年度预算数")
_NUMBER = re.compile(r"(?:0|[1-9]\d*)(?:\.\d{1,2})?")
_FIGURE = re.compile(r"(?:0|[1-9]\d{0,2}(?:,\d{3})+|[1-9]\d*)(?:\.\d+)?%?")
_DIGITS = re.compile(r"\d[\d.]*")
_LONGEST_UNIT = 6
_LONGEST_ANSWER = 8
_LONGEST_TWIN = 24
_LONGEST_GLUED = 5000
_LONGEST_FIGURES = 80
_SIGN = re.compile(r"[≥≤><=＝≧≦]")
_DATE = re.compile(r"20\d\d年(?:\d{1,2}月)?(?:\d{1,2}日)?[^\d≥≤><=]{0,4}")
_NAME = re.compile(r"(?:指标\d{1,2}[:：])?([^\d≥≤><=＝≧≦]+)")
_TEXT = re.compile(r"[^\d≥≤><=＝≧≦]+")


def is_glued(text: str, lexicon: Lexicon) -> bool:
    """Tell whether a long text has labels enough for a form and hardly a blank."""
    if len(text) > _LONGEST_GLUED or len(text) < _WORD_LENGTH * (1 + len(text.split())):
        return False
    return sum(1 for _ in _labels(lexicon).finditer(fold_width(text))) >= _LEAST_LABELS


def cut_at_labels(text: str, lexicon: Lexicon) -> list[tuple[str, bool]]:
    """Give labels and what stands between them, in order, each with whether it is a label.

    A long label is one wherever it stands, a short one ("得分") only right behind another.
    """
    parts: list[tuple[str, bool]] = []
    folded = fold_width(text)
    position = 0
    while position < len(text):
        behind = bool(parts) and parts[-1][1]
        found = (_any_label(lexicon) if behind else _labels(lexicon)).match(folded, position)
        if found is not None:
            parts.append((text[position : found.end()], True))
            position = found.end()
        else:
            following = _labels(lexicon).search(folded, position)
            end = following.start() if following is not None else len(text)
            parts.append((text[position:end], False))
            position = end
    return parts


def list_cuts(text: str, lexicon: Lexicon) -> Iterator[tuple[int, int]]:
    """Give every piece (start, end) of a run of cells that may be one: figures, values with units, texts."""
    reached = {0}
    for start in range(len(text)):
        if start not in reached:
            continue
        for end in sorted(set(_ends(text, start, lexicon))):
            reached.add(end)
            yield start, end


def cut_figures(text: str, count: int) -> Iterator[tuple[str, ...]]:
    """Give every way to cut a run of digits into so many plain figures, each perhaps with a per-cent sign."""
    if count == 0 or len(text) > _LONGEST_FIGURES:
        if not text:
            yield ()
        return
    for end in range(1, len(text) - count + 2):
        if _FIGURE.fullmatch(text, 0, end) and text[end : end + 1] not in (".", "%"):
            for rest in cut_figures(text[end:], count - 1):
                yield (text[:end], *rest)


def _ends(text: str, start: int, lexicon: Lexicon) -> Iterator[int]:
    date = _DATE.match(text, start)
    if date is not None:
        yield date.end()
    sign = _SIGN.match(text, start)
    digits = start if sign is None else sign.end()
    run = _DIGITS.match(text, digits)
    if run is not None:
        yield from _number_ends(text, digits, run.end(), lexicon, signed=sign is not None)
        return
    words = _NAME.match(text, start)
    if words is None:
        yield start + 1
        return
    yield words.end()
    yield from (words.start(1) + cut for cut in _text_cuts(words.group(1), lexicon))


def _text_cuts(text: str, lexicon: Lexicon) -> Iterator[int]:
    """Where a name may end before one or two answers, or one answer before the other; twice the same are two."""
    for size in range(min(len(text) // 2, _LONGEST_TWIN), 1, -1):
        if text.endswith(text[-size:] * 2):
            yield from (len(text) - 2 * size, len(text) - size)
            return
    for last in _answers_at_end(text, lexicon):
        yield last
        yield from _answers_at_end(text[:last], lexicon)


def _answers_at_end(text: str, lexicon: Lexicon) -> Iterator[int]:
    for start in range(max(0, len(text) - _LONGEST_ANSWER), len(text) - 1):
        if kind_of(text[start:], lexicon) == WORD:
            yield start


def _number_ends(text: str, digits: int, run_end: int, lexicon: Lexicon, *, signed: bool) -> Iterator[int]:
    """Figures may have run together, but not behind a sign; the last one may have a unit, or other words."""
    first = run_end if signed else digits + 1
    for end in range(first, run_end + 1):
        if _NUMBER.fullmatch(text, digits, end) and text[end : end + 1] != ".":
            yield end
    words = _TEXT.match(text, run_end)
    if words is None or not _NUMBER.fullmatch(text, digits, run_end):
        return
    unit = words.group()
    sizes = [len(unit)] if len(unit) <= _LONGEST_UNIT else []
    sizes += [size for size in range(1, min(len(unit), _LONGEST_UNIT + 1)) if kind_of(unit[:size], lexicon) == MEASURE]
    yield from (run_end + size for size in sizes)


def _labels(lexicon: Lexicon) -> re.Pattern[str]:
    return _pattern(frozenset(word for word in _words(lexicon) if len(word) >= _SHORTEST) | {"总分", "合计"})


def _any_label(lexicon: Lexicon) -> re.Pattern[str]:
    return _pattern(frozenset(_words(lexicon)))


def _words(lexicon: Lexicon) -> Iterator[str]:
    yield from chain(lexicon.head, lexicon.money_columns, lexicon.money_rows, lexicon.goal, lexicon.columns)
    yield from chain(lexicon.footer, lexicon.classes, lexicon.categories, lexicon.goal_labels, lexicon.banner)
    yield from _MONEY_TITLES


@lru_cache(maxsize=4)
def _pattern(words: frozenset[str]) -> re.Pattern[str]:
    longest_first = sorted(words, key=lambda word: (-len(word), word))
    return re.compile("(?:其中:?)?(?:" + "|".join(map(_escape, longest_first)) + ")" + _POINTS + _NOTE)


def _escape(word: str) -> str:
    """A heading that may be two (执行率 得分) is one only where the second follows once more."""
    return re.escape(word) + (f"(?={_SCORE})" if word != _SCORE and word.endswith(f"率{_SCORE}") else "")
