"""Scripts cut into statements, without understanding them: strings, comments, procedure bodies, client commands."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import Final

_BACKSLASHES: Final = frozenset({"mysql", "hive", "spark"})
_CLIENT_COMMANDS: Final = {
    "oracle": r"(?i:(?:prompt|spool|whenever|rem|remark|exit|quit|connect|define|undefine|column)\b[^\n]*"
    r"|set\s+(?:echo|feedback|define|serveroutput|heading|pagesize|linesize|timing|termout|verify|sqlblanklines)\b[^\n]*"
    r"|@{1,2}[^\s;][^\n]*)",
    "postgres": r"\\[A-Za-z!?][^\n]*",
    "mysql": r"(?i:delimiter)[ \t]+\S+[ \t]*(?=\r?\n|\Z)",
}
"""Lines that the database's own client takes, and that no semicolon ends."""
_ENDERS: Final = {"oracle": r"/[ \t]*(?=\r?\n|\Z)", "tsql": r"(?i:go)\b[ \t]*\d*[ \t]*(?=\r?\n|\Z)"}
"""What ends a statement or a body where it stands alone on a line."""
_ROUTINES: Final = frozenset({"PROCEDURE", "PROC", "FUNCTION", "TRIGGER", "PACKAGE", "EVENT", "BODY"})
_NO_BLOCK: Final = frozenset({"TRANSACTION", "TRAN", "WORK", "ISOLATION", "READ", "DEFERRED", "IMMEDIATE", "NOT", ""})
_INNER_ENDS: Final = frozenset({"IF", "LOOP", "WHILE", "REPEAT", "FOR"})


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement of a script: its number from 1, the line that it begins on, its text.

    `is_routine` says that it is a body of a programming language of a database (PL/SQL, T-SQL, …).
    """

    number: int
    line: int
    text: str
    is_routine: bool


@dataclass(slots=True)
class _Cut:
    """The statement being collected."""

    dialect: str
    start: int = -1
    words: list[str] = field(default_factory=list)
    depth: int = 0
    has_begun: bool = False
    after_end: bool = False
    is_heading: bool = False
    """Whether the name and parameters of a procedure of PL/SQL are being passed."""
    owed: int = 0
    """Bodies of procedures within procedures of PL/SQL that are yet to end."""
    is_package: bool = False
    """Whether one END closes all procedures that stand side by side."""

    @property
    def is_routine(self) -> bool:
        """Say whether semicolons within may belong to a body."""
        first, second = [*self.words, "", ""][:2]
        if first in {"CREATE", "ALTER"}:
            head = self.words[:8]
            stop = next((place for place, word in enumerate(head) if word in {"AS", "IS", "ON", "TABLE", "VIEW"}), 8)
            return not _ROUTINES.isdisjoint(head[:stop])
        if first in {"DECLARE", "IF", "WHILE"}:
            return (first == "DECLARE") is (self.dialect == "oracle") and self.dialect in {"oracle", "tsql"}
        if first == "DO":
            return self.dialect == "postgres"
        return first == "BEGIN" and second not in _NO_BLOCK

    def take_word(self, word: str) -> None:
        """Follow BEGIN, CASE and END."""
        if len(self.words) < 8:
            self.words.append(word)
        if self.dialect == "oracle":
            self._follow_heads(word)
        if self.after_end and word in _INNER_ENDS:
            self.depth += 1  # END IF closes no BEGIN
        elif not (self.after_end and word == "CASE"):
            self.depth += {"BEGIN": 1, "CASE": 1, "END": -1}.get(word, 0)
        self.has_begun = self.has_begun or word == "BEGIN"
        self.after_end = word == "END"

    def _follow_heads(self, word: str) -> None:
        """Follow the procedures that are declared within another, each with a body of its own."""
        if word in {"PROCEDURE", "FUNCTION"} and self.depth == 0:
            self.is_heading = True
        elif word in {"PACKAGE", "COMPOUND"} or (word == "BODY" and "TYPE" in self.words):
            self.is_package = True
        elif self.is_heading and word in {"IS", "AS"}:
            self.is_heading, self.owed = False, self.owed + 1
        elif word in {"BEGIN", "DECLARE"} and self.depth == 0:
            self.owed = max(self.owed, 1)
        elif word == "END" and self.depth == 1:
            self.owed -= 1

    def ends_at_semicolon(self) -> bool:
        """Say whether a semicolon here ends the statement."""
        self.is_heading = False
        if not self.is_routine:
            return True
        if self.dialect == "tsql" and self.words[0] in {"CREATE", "ALTER"}:
            return False  # GO does
        if self.dialect != "oracle":
            return self.depth <= 0
        if self.is_package:
            return self.depth < 0
        return self.has_begun and self.depth <= 0 and self.owed <= 0


@cache
def tokens_of(dialect: str) -> re.Pattern[str]:
    """Give the pattern of one token of a dialect; its groups say of which kind: space, comment, string, end, word."""
    escaped = dialect in _BACKSLASHES
    text = r"'(?:[^'\\]|\\.|'')*'" if escaped else r"'(?:[^']|'')*'"
    quoted = r'"(?:[^"\\]|\\.|"")*"' if escaped else r'"(?:[^"]|"")*"'
    kinds = [
        r"(?P<space>\s+)",
        r"(?P<comment>--[^\n]*|/\*.*?\*/" + (r"|\#[^\n]*" if dialect == "mysql" else "") + ")",
        r"(?P<string>"
        r"[nN]?[qQ]'(?:\[.*?\]|\{.*?\}|\(.*?\)|<.*?>|(?P<mark>[^\s\[{(<]).*?(?P=mark))'"
        if dialect == "oracle"
        else r"(?P<string>\$(?P<tag>[A-Za-z_]\w*)?\$.*?\$(?(tag)(?P=tag))\$|[eE]'(?:[^'\\]|\\.|'')*'",
    ]
    strings = [text, quoted, r"`(?:[^`]|``)*`", *([r"\[[^\]\n]*\]"] if dialect == "tsql" else [])]
    kinds[-1] += "|" + "|".join(strings) + ")"
    kinds += [r"(?P<end>;)", r"(?P<word>[^\W\d][\w$#]*)", r"(?P<other>.)"]
    return re.compile("|".join(kinds), re.DOTALL)


@cache
def _line_pattern(patterns: str) -> re.Pattern[str]:
    return re.compile(r"[ \t]*(?:" + patterns + ")")


def split_statements(text: str, dialect: str) -> Iterator[Statement]:
    """Give the statements of a script in order; empty ones and commands of the client are not counted.

    A body of a procedure is one statement. Nothing is lost: what is not understood stays in its statement's text.
    """
    line, counted = 1, 0
    for number, (start, stop, is_routine) in enumerate(_Cutter(text, dialect).cut(), 1):
        line += text.count("\n", counted, start)
        counted = start
        yield Statement(number, line, text[start:stop].strip(), is_routine)


@dataclass(slots=True)
class _Cutter:
    """Goes through a script once."""

    text: str
    dialect: str
    delimiter: str = ";"
    current: _Cut = field(init=False)

    def __post_init__(self) -> None:
        self.current = _Cut(self.dialect)

    def cut(self) -> Iterator[tuple[int, int, bool]]:
        """Give start, end and whether it is a routine, of each statement."""
        place = 0
        while place < len(self.text):
            is_line_start = place == 0 or self.text[place - 1] == "\n"
            passed, ends = self._pass_line(place) if is_line_start else (place, False)
            if passed == place:
                passed, ends = self._pass_token(place)
            if ends:
                if self.current.start >= 0:
                    yield self.current.start, place, self.current.is_routine
                self.current = _Cut(self.dialect)
            place = passed
        if self.current.start >= 0:
            yield self.current.start, len(self.text), self.current.is_routine

    def _pass_line(self, place: int) -> tuple[int, bool]:
        """Give the place after a line that is no part of a statement, and whether it ends one."""
        if self.dialect in _ENDERS and (found := _line_pattern(_ENDERS[self.dialect]).match(self.text, place)):
            return found.end(), True
        commands = _CLIENT_COMMANDS.get(self.dialect)
        if commands is None or self.current.start >= 0:
            return place, False
        found = _line_pattern(commands).match(self.text, place)
        if found is None:
            return place, False
        if self.dialect == "mysql":
            self.delimiter = found.group().split()[1]
        return found.end(), False

    def _pass_token(self, place: int) -> tuple[int, bool]:
        """Give the place after a token, and whether it ends the statement."""
        if self.delimiter != ";" and self.text.startswith(self.delimiter, place):
            return place + len(self.delimiter), True
        found = tokens_of(self.dialect).match(self.text, place)
        if found is None:  # cannot be: the last kind takes any character
            return place + 1, False
        if found["end"] is not None and self.delimiter == ";":
            self.current.after_end = False
            return found.end(), self.current.ends_at_semicolon()
        end = found.end()
        if found["space"] is None and found["comment"] is None and found["end"] is None:
            self.current.start = place if self.current.start < 0 else self.current.start
            if found["word"] is not None:
                end = self._end_of_word(place, end)
                self.current.take_word(self.text[place:end].upper())
        return end, False

    def _end_of_word(self, place: int, end: int) -> int:
        """Give where a word ends: a delimiter such as $$ may stand right behind it, and could be part of a name."""
        cut = self.text.find(self.delimiter, place, end) if self.delimiter != ";" else -1
        return cut if cut > place else end
