"""A routine's body cut into steps: the statements in it, and what fills its variables; control statements are passed."""

from dataclasses import dataclass, field
from enum import StrEnum, auto
from typing import Final

from chengshu.dataplane.lineage.body_words import Phrase, Word, words_of
from chengshu.dataplane.lineage.naming import Naming
from chengshu.dataplane.lineage.variables import Frame, Name, Path

_LOOPS: Final = frozenset({"LOOP", "REPEAT"})
_DECLARING: Final = frozenset({"ROUTINE", "PACKAGE", "DECLARE"})


class StepKind(StrEnum):
    """What a step of a body does. All but FILL count as statements."""

    SQL = auto()
    """A statement as it could stand outside of a body."""
    INTO = auto()
    """A query whose row goes into variables."""
    FILL = auto()
    """A query, cursor or expression whose value a variable takes; part of a declaration or of control."""
    ROW = auto()
    """An expression put into a column of the row that a trigger is called for."""
    CALL = auto()
    """Another routine called."""
    UNREAD = auto()
    """What could write, and cannot be read; the text is the reason."""


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a body: the line of the script that it begins on, its text, the variables it sees and fills."""

    kind: StepKind
    line: int
    text: str
    frame: Frame
    path: Path
    targets: tuple[Name, ...] = ()
    source: Name = ()
    """The cursor or record that the targets take a row of, if the text names one and is no query."""


@dataclass(slots=True)
class Block:
    """What an END closes, and the frame of variables to go back to."""

    kind: str
    outside: Frame
    number: int
    has_begun: bool = False


@dataclass(slots=True)
class Cutter:
    """Goes through a body once; `line` is that of the text's first character."""

    text: str
    naming: Naming
    line: int
    frame: Frame
    steps: list[Step] = field(default_factory=list)
    loops: set[int] = field(default_factory=set)
    """Numbers of the blocks that may be run through again."""
    routines: set[str] = field(default_factory=set)
    """Names of the routines whose bodies were met, in small letters."""
    blocks: list[Block] = field(default_factory=list)
    words: list[Word] = field(default_factory=list)
    at: int = 0
    _counted: tuple[int, int] = (0, 0)
    _number: int = 0

    def __post_init__(self) -> None:
        self.words = words_of(self.text, self.naming.dialect)

    @property
    def is_done(self) -> bool:
        """Say whether nothing is left."""
        return self.at >= len(self.words)

    @property
    def is_declaring(self) -> bool:
        """Say whether declarations stand here."""
        return bool(self.blocks) and self.blocks[-1].kind in _DECLARING and not self.blocks[-1].has_begun

    def peek(self, further: int = 0) -> str:
        """Give the word here, or further on, as keywords are compared; nothing at the end."""
        place = self.at + further
        return self.words[place].upper if place < len(self.words) else ""

    def rest(self) -> Phrase:
        """Give everything from here on."""
        return Phrase(self.text, self.words[self.at :], self.naming)

    def take_until(self, *wanted: str) -> Phrase:
        """Take the words before one of some, outside of brackets and of CASE … END; that one is passed."""
        phrase = Phrase(self.text, self.words, self.naming)
        stop = phrase.find(wanted, self.at)
        start, end = self.at, len(self.words) if stop is None else stop
        self.at = end + 1
        return phrase.part(start, end)

    def take_statement(self) -> Phrase:
        """Take the words before the next semicolon, wherever it stands, and pass it."""
        start = self.at
        while not self.is_done and self.words[self.at].text != ";":
            self.at += 1
        self.at += 1
        return Phrase(self.text, self.words[start : self.at - 1], self.naming)

    def take_brackets(self) -> Phrase:
        """Take what stands in the brackets here, and pass them; nothing where there are none."""
        depth, start = 0, self.at
        while not self.is_done:
            depth += (self.peek() == "(") - (self.peek() == ")")
            if depth == 0:
                break
            self.at += 1
        if self.at == start:
            return Phrase(self.text, [], self.naming)
        self.at += 1
        return Phrase(self.text, self.words[start + 1 : self.at - 1], self.naming)

    def open(self, kind: str, frame: Frame | None = None) -> None:
        """Open a block, with variables of its own where a frame is given."""
        self._number += 1
        self.blocks.append(Block(kind, self.frame, self._number))
        if kind in _LOOPS:
            self.loops.add(self._number)
        if frame is not None:
            frame.routine = self._number if kind == "ROUTINE" else self.frame.routine
            for declared in frame.names.values():
                declared.routine = frame.routine
            self.frame = frame

    def branch(self) -> None:
        """Go on in another branch of the inmost block: what was done in the one before may not have been."""
        self._number += 1
        if self.blocks:
            self.blocks[-1].number = self._number

    @property
    def path(self) -> Path:
        """Give the blocks and branches that stand open."""
        return tuple(block.number for block in self.blocks)

    def close(self) -> None:
        """Close the inmost block."""
        if self.blocks:
            self.frame = self.blocks.pop().outside

    def line_of(self, phrase: Phrase) -> int:
        """Give the line of the script that a phrase begins on; words are asked for mostly in order."""
        start = phrase.words[0].start if phrase else len(self.text)
        place, lines = self._counted if self._counted[0] <= start else (0, 0)
        lines += self.text.count("\n", place, start)
        self._counted = (start, lines)
        return self.line + lines

    def add(self, kind: StepKind, phrase: Phrase, text: str | None = None, targets: tuple[Name, ...] = ()) -> None:
        """Note a step; `text` is given where it is not the phrase's own."""
        told = phrase.sql() if text is None else text
        self.steps.append(Step(kind, self.line_of(phrase), told, self.frame, self.path, targets))

    def add_value(self, kind: StepKind, phrase: Phrase, targets: tuple[Name, ...]) -> None:
        """Note that variables take what an expression gives, or the row of a cursor or record that it names."""
        source = phrase.name() if all(word.is_name or word.text == "." for word in phrase.words) else ()
        text = f"SELECT {phrase.sql()}"
        self.steps.append(Step(kind, self.line_of(phrase), text, self.frame, self.path, targets, source))

    def add_row_of(self, phrase: Phrase, cursor: Name, targets: tuple[Name, ...]) -> None:
        """Note that variables take the rows of a cursor."""
        self.steps.append(Step(StepKind.FILL, self.line_of(phrase), "", self.frame, self.path, targets, cursor))

    def fold(self, word: str) -> str:
        """Fold a plain name."""
        return self.naming.fold(word)
