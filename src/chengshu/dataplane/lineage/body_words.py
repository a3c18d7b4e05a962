"""The words of a routine's body, and pieces of it put as the parser takes them."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from chengshu.dataplane.lineage.naming import Naming
from chengshu.dataplane.lineage.splitting import tokens_of
from chengshu.dataplane.lineage.variables import Name

_OPENING, _CLOSING = frozenset("(["), frozenset(")]")
_ATTRIBUTE: Final = re.compile(r"[\w$#]+\s*%\s*(?:BULK_ROWCOUNT|ROWCOUNT|NOTFOUND|FOUND|ISOPEN)\b", re.IGNORECASE)
_POSITIONED: Final = re.compile(r"\bwhere\s+current\s+of\s+[\w$#\"]+", re.IGNORECASE)
_RECORD_VALUES: Final = re.compile(r"\bvalues\s+([^\W\d][\w$#]*)(?:\s*\(\s*\w+\s*\))?\s*\Z", re.IGNORECASE)
_ALL_FIELDS: Final = re.compile(r"\(\s*([^\W\d]\w*)\s*\)\s*\.\s*\*")
_RECORD_LIST: Final = re.compile(r"\bvalues\s*\(\s*([^\W\d]\w*)\s*\.\s*\*\s*\)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Word:
    """A word, a quoted text, or one character of another kind, with its place in the text."""

    text: str
    start: int
    end: int
    is_word: bool

    @property
    def upper(self) -> str:
        """Give a word as keywords are compared; everything else as it stands."""
        return self.text.upper() if self.is_word else self.text

    @property
    def is_name(self) -> bool:
        """Say whether this may be a part of a name."""
        return self.is_word or self.text[0] in {'"', "`"}


def words_of(text: str, dialect: str) -> list[Word]:
    """Give the words of a text, without space and comments."""
    return [
        Word(found.group(), found.start(), found.end(), found["word"] is not None)
        for found in tokens_of(dialect).finditer(text)
        if found["space"] is None and found["comment"] is None
    ]


@dataclass(slots=True)
class Phrase:
    """Some words of a text in a row: a statement, a condition, an item of a list."""

    text: str
    words: list[Word]
    naming: Naming

    def __bool__(self) -> bool:
        return bool(self.words)

    @property
    def first(self) -> str:
        """Give the word that it begins with."""
        return self.words[0].upper if self.words else ""

    def part(self, start: int, stop: int | None = None) -> "Phrase":
        """Give some of its words."""
        return Phrase(self.text, self.words[start:stop], self.naming)

    def find(self, wanted: Iterable[str], start: int = 0) -> int | None:
        """Give the place of the first of some words outside of brackets and of CASE … END, or None."""
        wanted = frozenset(wanted)
        depth = cases = 0
        for place in range(start, len(self.words)):
            word = self.words[place].upper
            if depth == 0 and cases == 0 and word in wanted:
                return place
            depth += (word in _OPENING) - (word in _CLOSING)
            cases += (word == "CASE") - (word == "END" and cases > 0)
        return None

    def items(self) -> Iterator["Phrase"]:
        """Give what commas part, outside of brackets."""
        start = 0
        while start <= len(self.words):
            stop = self.find({","}, start)
            yield self.part(start, stop)
            if stop is None:
                return
            start = stop + 1

    def within_brackets(self) -> "Phrase":
        """Give what stands in the brackets that it begins with; nothing when it begins with none."""
        if self.first != "(":
            return self.part(0, 0)
        depth = 0
        for place, word in enumerate(self.words):
            depth += (word.text == "(") - (word.text == ")")
            if depth == 0:
                return self.part(1, place)
        return self.part(1)

    def name(self) -> Name:
        """Give the folded name that it begins with, without indexes of a collection and marks before it."""
        parts: list[str] = []
        depth = 0
        is_awaited = True
        for word in self.words:
            if depth == 0 and word.is_name and is_awaited:
                parts.append(self._fold(word))
                is_awaited = False
            elif depth == 0 and word.text in {":", "@"} and not parts:
                parts += ["@"] if word.text == "@" and word.text not in parts else []
            elif depth == 0 and word.text == ".":
                is_awaited = True
            elif word.text in _OPENING or word.text in _CLOSING:
                depth += 1 if word.text in _OPENING else -1
            elif depth == 0:
                break
        return ("".join(parts),) if parts[:1] == ["@"] else tuple(parts)

    def _fold(self, word: Word) -> str:
        is_quoted = not word.is_word
        return self.naming.fold(word.text[1:-1] if is_quoted else word.text, quoted=is_quoted)

    def sql(self) -> str:
        """Give the text, with what only a body has put as the parser takes it."""
        if not self.words:
            return ""
        text = self.text[self.words[0].start : self.words[-1].end]
        if self.naming.dialect == "oracle":
            text = _RECORD_VALUES.sub(r"SELECT \1.*", _ATTRIBUTE.sub("0", text))
        if self.naming.dialect == "postgres":
            text = _RECORD_LIST.sub(r"SELECT \1.*", _ALL_FIELDS.sub(r"\1.*", text))
        return _POSITIONED.sub("", text)


def unquote(text: str, dialect: str) -> str | None:
    """Give what a quoted text holds, or None for what is no text."""
    if text.startswith("$"):
        mark = text[: text.index("$", 1) + 1]
        return text[len(mark) : -len(mark)]
    if text[:2].upper() in {"Q'", "NQ"} or text[:3].upper() == "NQ'":
        start = text.index("'") + 2
        return text[start:-2]
    if text[:1].upper() in {"N", "E"} and text[1:2] == "'":
        text = text[1:]
    if text[:1] == "'" or (text[:1] == '"' and dialect == "mysql"):
        return text[1:-1].replace(text[0] * 2, text[0])
    return None
