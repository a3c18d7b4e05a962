"""Puts the values, the names and the categories of indicator rows together that were printed column by column.

The values of a row still stand together, target, actual value, weight and score, row after row. The names and the
labels follow elsewhere in the order of the rows. Nothing is put together that could be put together otherwise.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from chengshu.base.texts import parse_decimal
from chengshu.performance.reading import kinds
from chengshu.performance.reading.column_major.cells import Found, is_full, lost, width
from chengshu.performance.reading.kinds import kind_of
from chengshu.performance.reading.lexicon import Lexicon, bare_label, find_role
from chengshu.performance.reading.natural.words import Word
from chengshu.performance.reading.natural.zones import column_role

LEAST_ROWS = 3  # rows of nothing but values, one behind the other, that show the order of the page
_SIZE = 4  # target, actual value, weight, score
_VALUES = frozenset({kinds.VALUE, kinds.FIGURE, kinds.WORD, kinds.NUMBER})
_LABELS = frozenset({kinds.CLASS, kinds.CATEGORY, kinds.EITHER})
_TAIL = 2  # characters of a piece that is always the end of the name before it
_HUNDRED = Decimal(100)
_USUAL_EXECUTION = frozenset({Decimal(0), Decimal(10), Decimal(20)})
_BANNERS = frozenset({"", "绩效指标", "年度绩效指标"})
_UNCOUNTED = frozenset({"banner"})
_REASON_ENDS = frozenset({"改进措施", "整改措施"})  # of the last heading, which is always broken
_HEADINGS = frozenset(
    {"level1", "level2", "level3", "target", "actual", "weight", "score", "reason", "reason end", "total", "banner"}
)
_PAGE_NUMBER = re.compile(r"-?\d{1,3}-?|第?\d{1,3}页|-\d{1,3}|\d{1,3}/\d{1,3}")
_HAN = re.compile(r"[\u4e00-\u9fff]")

Quadruple = Sequence[Word]


@dataclass(frozen=True, slots=True)
class Run:
    """Rows of nothing but values: the first word and the one behind the last; `anchored` right behind the header."""

    start: int
    end: int
    anchored: bool

    def rows(self, words: Sequence[Word]) -> list[Quadruple]:
        """Cut the run into its rows."""
        return [words[at : at + _SIZE] for at in range(self.start, self.end, _SIZE)]


@dataclass(frozen=True, slots=True)
class Rows:
    """Cells by role, row by row, and the total row."""

    rows: list[dict[str, Found]]
    total: dict[str, Found]


def find_run(words: Sequence[Word], lexicon: Lexicon) -> Run | None:
    """Find the longest run of rows of values without a name between them; None when it is shorter than three rows."""
    ends = list(range(len(words) + _SIZE))
    for start in reversed(range(len(words))):
        if _is_quadruple(words[start : start + _SIZE], lexicon):
            ends[start] = ends[start + _SIZE]
    start = max(range(len(words)), key=lambda at: ends[at] - at, default=0)
    if ends[start] - start < LEAST_ROWS * _SIZE:
        return None
    return Run(start, ends[start], start > 0 and column_role(words[start - 1], lexicon) == "score")


def set_rows(words: Sequence[Word], run: Run, execution: Decimal | None, lexicon: Lexicon) -> Rows:
    """Set the words below the header into rows; `execution` is the weight of the execution rate, where it is known.

    A run that neither follows the header nor adds up to the total may lack rows at its beginning: then no row is given.
    """
    quadruples = run.rows(words)
    weights = sum((_number(row[2]) for row in quadruples), Decimal(0))
    total = _total(words[run.end : run.end + 2], weights, execution, lexicon)
    shares = _USUAL_EXECUTION if execution is None else {execution}
    complete = bool(total) and _number(total["weight"].words[0]) - weights in shares
    if not complete and not run.anchored:
        return Rows([], total)
    rest = [*words[: run.start], *words[run.end + len(total) :]]
    names = _names(rest, quadruples, lexicon, complete=complete)
    categories = _categories(rest, len(quadruples), names, lexicon, complete=complete)
    rows = [
        {"level2": category, "level3": name}
        | {role: Found((word,)) for role, word in zip(("target", "actual", "weight", "score"), row, strict=True)}
        for row, name, category in zip(quadruples, names, categories, strict=True)
    ]
    return Rows(rows, total)


def _is_quadruple(words: Sequence[Word], lexicon: Lexicon) -> bool:
    if len(words) < _SIZE or any(not word.key or word.glued for word in words):
        return False
    target, actual, weight, score = words
    signs = [kind_of(word.key, lexicon) for word in words]
    twins = target.key == actual.key and signs[0] == kinds.TEXT
    if not twins and not set(signs[:2]) <= _VALUES:
        return False
    return signs[2:] == [kinds.NUMBER] * 2 and 0 <= _number(score) <= _number(weight) > 0


def _total(pair: Sequence[Word], weights: Decimal, execution: Decimal | None, lexicon: Lexicon) -> dict[str, Found]:
    if len(pair) < 2 or any(kind_of(word.key, lexicon) != kinds.NUMBER for word in pair):
        return {}
    weight, score = map(_number, pair)
    if score > weight or weight not in (_HUNDRED, weights + (execution or 0)):
        return {}
    return {"weight": Found((pair[0],)), "score": Found((pair[1],))}


def _names(words: Sequence[Word], rows: Sequence[Quadruple], lexicon: Lexicon, *, complete: bool) -> list[Found]:
    """Give each row its name, in order; when they are not sure to be as many as the rows, all are lost."""
    pieces = [word for word in words if _is_name(word, lexicon)]
    full_marks = all(_number(row[2]) == _number(row[3]) for row in rows)
    joined = _join(pieces, len(rows), full_marks=full_marks) if complete and _is_sound(words, lexicon) else None
    return [lost(pieces)] * len(rows) if joined is None else [Found(tuple(name)) for name in joined]


def _join(pieces: Sequence[Word], count: int, *, full_marks: bool) -> list[list[Word]] | None:
    """Join the pieces of wrapped names; None when that is not possible in one way only.

    A name goes on when its line is full. A short piece is always such an end; a longer one only where all full lines
    must go on to come to the number of rows, and where no reason for lost points may stand among the pieces.
    """
    widest = max((width(piece.text) for piece in pieces), default=0)
    full = [is_full(piece.text, after.text, widest) for piece, after in pairwise(pieces)]
    tails = [len(piece.text) <= _TAIL for piece in pieces]
    if not pieces or tails[0] or any(tail and not open_ for tail, open_ in zip(tails[1:], full, strict=True)):
        return None
    surplus = len(pieces) - count
    if surplus == sum(tails):
        goes_on = tails[1:]
    elif full_marks and surplus == sum(full):
        goes_on = full
    else:
        return None
    names = [[pieces[0]]]
    for piece, joins in zip(pieces[1:], goes_on, strict=True):
        if joins:
            names[-1].append(piece)
        else:
            names.append([piece])
    return names


def _is_name(word: Word, lexicon: Lexicon) -> bool:
    if not _HAN.search(word.key) or _is_heading(word, lexicon) or _PAGE_NUMBER.fullmatch(word.key):
        return False
    kind = kind_of(word.key, lexicon)
    return kind not in _LABELS | {kinds.BANNER} and (kind != kinds.WORD or len(word.key) > 1)


def _is_sound(words: Sequence[Word], lexicon: Lexicon) -> bool:
    """Tell whether no label may be the end of a name: each is one of this table and stands there once and whole."""
    banner = "".join(word.key for word in words if kind_of(word.key, lexicon) == kinds.BANNER)
    labels = [word.key for word in words if kind_of(word.key, lexicon) in _LABELS]
    roles = [_heading_role(word, lexicon) for word in words if _is_heading(word, lexicon)]
    once = [role for role in roles if role not in _UNCOUNTED]
    known = set(roles) <= _HEADINGS
    return known and banner in _BANNERS and len(once) == len(set(once)) and len(labels) == len(set(labels))


def _is_heading(word: Word, lexicon: Lexicon) -> bool:
    return _heading_role(word, lexicon) is not None


def _heading_role(word: Word, lexicon: Lexicon) -> str | None:
    if word.key in _REASON_ENDS:
        return "reason end"
    return column_role(word, lexicon) or find_role(word.key, lexicon.footer)


def _categories(
    words: Sequence[Word], count: int, names: Sequence[Found], lexicon: Lexicon, *, complete: bool
) -> list[Found]:
    """Give each row the categories that it may stand under: one is sure, several are lost.

    Every category has a row at least, so that row k of n has one of the first k and of the last n - k + 1.
    """
    labels = [word for word in words if kind_of(word.key, lexicon) in _LABELS]
    classes = {lexicon.categories[bare_label(w.key)] for w in labels if kind_of(w.key, lexicon) == kinds.CATEGORY}
    labels = [w for w in labels if bare_label(w.key) in lexicon.categories and bare_label(w.key) not in classes]
    order = list(lexicon.categories)
    ranks = [order.index(bare_label(word.key)) for word in labels]
    if not complete or not 0 < len(labels) <= count or ranks != sorted(ranks):
        return [lost(labels)] * count
    spare = count - len(labels)
    choices = [labels[max(0, row - spare) : row + 1] for row in range(count)]
    found = [Found(tuple(choice), legible=len(choice) == 1) for choice in choices]
    strange = any(
        cell.legible and name.legible and _differ(cell, name) for cell, name in zip(found, names, strict=True)
    )
    return [lost(labels)] * count if strange else found


def _differ(category: Found, name: Found) -> bool:
    """Tell whether one of the two speaks of satisfaction and the other does not."""
    return ("满意" in category.words[0].text) != ("满意" in "".join(word.text for word in name.words))


def _number(word: Word) -> Decimal:
    return parse_decimal(word.key) or Decimal(0)
