"""The words of a form in reading order, its broken labels mended."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from chengshu.base.texts import label_key
from chengshu.documents.contracts import Cell
from chengshu.performance.reading.lexicon import Lexicon, bare_label
from chengshu.performance.reading.lines import Line
from chengshu.performance.reading.natural.glued import cut_at_labels, is_glued

_LONGEST_LABEL = 5  # words that a wrapped label may be broken into
_LONGEST_KEY = 16  # characters of such a label
_PARENTHESIS = re.compile(r"[（(][^（）()]{1,8}[)）]")
_FILLER = re.compile(r"指标\d{0,2}[:：]?|[…．.]{2,}")
_UNUSED = re.compile(r"指标\d{1,2}[:：](?=$|[…．]|\.\.|指标\d)|[…．]+|\.{2,}")
_NUMBERED = re.compile(r"指标\d{1,2}[:：]")
_POINTS = re.compile(r"\(\d{1,3}分\)")
_CELL_END = "|"
_CELLS_SHARE = 0.6


@dataclass(frozen=True, slots=True)
class Word:
    """A word, or a whole cell where the text still tells its cells apart; an empty cell is an empty word.

    `opens` says that it begins a line of the file, `cell` where it came from; `glued` that it is a run of cells with
    nothing between them.
    """

    text: str
    key: str
    cell: Cell
    opens: bool = False
    glued: bool = False


def list_words(lines: Iterable[Line], lexicon: Lexicon) -> list[Word]:
    """Give the words of the lines in order. Lines that end in a bar are a cell each; text without blanks is cut."""
    texts = [(" ".join(piece.text for piece in line.pieces), line.pieces[0].cell) for line in lines if line.pieces]
    barred = sum(text.endswith(_CELL_END) and text.count(_CELL_END) == 1 for text, _ in texts)
    if barred > _CELLS_SHARE * len(texts):
        return [make_word(text.rstrip(_CELL_END).strip(), cell) for text, cell in texts]
    words: list[Word] = []
    for text, cell in texts:
        if is_glued(text, lexicon):
            words += [replace(make_word(part, cell), glued=not label) for part, label in cut_at_labels(text, lexicon)]
        else:
            words += [make_word(part, cell, opens=index == 0) for index, part in enumerate(text.split())]
    return words


def make_word(text: str, cell: Cell, *, opens: bool = False) -> Word:
    """Make a word; a long text gets no key of its own."""
    return Word(text, label_key(text) if len(text) <= 60 else text, cell, opens)


def mend_words(words: Sequence[Word], lexicon: Lexicon) -> list[Word]:
    """Join the words of a broken label, and what stands in parentheses to the label before it."""
    mended: list[Word] = []
    index = 0
    while index < len(words):
        taken = _label_length(words, index, lexicon)
        word = _join(words[index : index + taken])
        index += taken
        if mended and _belongs_before(word, mended[-1], lexicon):
            word = _join([mended.pop(), word])
        mended.append(word)
    return mended


def drop_fillers(words: Sequence[Word]) -> list[Word]:
    """Leave out what the blank form prints for rows that nobody used ("指标2：", "……"); a used number joins its name."""
    words = [replace(word, text=_UNUSED.sub("", word.text)) if word.glued else word for word in words]
    kept: list[Word] = []
    for index, word in enumerate(words):
        if word.glued and not word.text:
            continue
        if (
            not word.text
            or not (_FILLER.fullmatch(word.text) or _POINTS.fullmatch(word.key))
            or (_NUMBERED.fullmatch(word.text) and _is_name(words, index + 1))
        ):
            kept.append(word)
    return kept


@lru_cache(maxsize=16384)
def is_label(key: str, lexicon: Lexicon) -> bool:
    """Tell whether the key is a printed label of any block."""
    if not key or len(key) > 24:
        return False
    if key in lexicon.printed or bare_label(key) in lexicon.printed:
        return True
    bare = _PARENTHESIS.sub("", key)
    return bare in lexicon.classes or bare in lexicon.categories or bare in lexicon.goal_labels


def _label_length(words: Sequence[Word], start: int, lexicon: Lexicon) -> int:
    """Count the words from `start` that make one label; labels of their own are not one ("执行率 得分")."""
    joined = words[start].key
    if not joined or joined.startswith("("):
        return 1
    longest = 1
    for count, word in enumerate(words[start + 1 : start + _LONGEST_LABEL], start=2):
        joined += word.key
        if not word.key or len(joined) > _LONGEST_KEY:
            break
        if is_label(joined, lexicon) and not _are_labels(words[start : start + count], lexicon):
            longest = count
    return longest


def _are_labels(parts: Sequence[Word], lexicon: Lexicon) -> bool:
    return all(is_label(part.key, lexicon) and part.key not in lexicon.goal_labels for part in parts)


def _belongs_before(word: Word, before: Word, lexicon: Lexicon) -> bool:
    if not _PARENTHESIS.fullmatch(word.text):
        return False
    if _POINTS.fullmatch(word.key):
        bare = bare_label(before.key)
        return bare in lexicon.classes or bare in lexicon.categories or bare in lexicon.banner
    return is_label(before.key, lexicon) or before.key.endswith("资金")


def _is_name(words: Sequence[Word], index: int) -> bool:
    return index < len(words) and bool(words[index].text) and not _FILLER.fullmatch(words[index].text)


def _join(words: Sequence[Word]) -> Word:
    if len(words) == 1:
        return words[0]
    text = "".join(word.text for word in words)
    return replace(words[0], text=text, key=label_key(text))
