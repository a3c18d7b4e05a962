r"""Patterns that mean the same to Python, DuckDB (RE2) and Spark (Java), and texts drawn from them.

The subset: literal characters, `.`, `\d \D \w \W \s \S` (ASCII), classes `[…]` with ranges, groups `(…)` and `(?:…)`,
`|`, and the quantifiers `* + ? {n} {n,} {n,m}` up to 1,000. A pattern always speaks of the whole text, so `^` and `$`
are refused; so is all that one of the engines lacks or reads otherwise: look-around, back-references, possessive or
lazy quantifiers, flags, nested classes.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from random import Random
from string import ascii_letters, digits
from typing import NoReturn

from chengshu.dataplane.errors import TableFault

_MOST_REPEATS = 1_000
_DRAWN_BEYOND_LEAST = 6
_DIGITS = digits
_WORDS = ascii_letters + digits + "_"
_SPACES = " \t\n\r\f"
_PRINTED = "".join(chr(code) for code in range(0x20, 0x7F))
_CLASSES = {"d": _DIGITS, "w": _WORDS, "s": " "}
_NEGATED = {"D": _DIGITS, "W": _WORDS, "S": _SPACES}
_PLAIN_ESCAPES = set(r"\.[](){}*+?^$|/-&~#,:@%=!<>_ '\"")
_CONTROL_ESCAPES = {"t": "\t", "n": "\n", "r": "\r"}


@dataclass(frozen=True, slots=True)
class Characters:
    """One of some characters."""

    spans: tuple[tuple[int, int], ...]
    """First and last code point of each span."""


@dataclass(frozen=True, slots=True)
class Repeat:
    """A part `least` to `most` times; `most` None is without end."""

    part: "Node"
    least: int
    most: int | None


@dataclass(frozen=True, slots=True)
class Sequence:
    """Parts one after the other."""

    parts: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Choice:
    """One of some ways."""

    ways: tuple["Node", ...]


Node = Characters | Repeat | Sequence | Choice


def parse_pattern(pattern: str) -> Node:
    """Read a pattern; raises TableFault naming the place where it leaves the portable subset."""
    reader = _Reader(pattern)
    node = reader.read_choice()
    if reader.place < len(pattern):
        reader.refuse("多出一个右括号")
    try:
        re.compile(pattern, re.ASCII)
    except re.error as error:
        raise TableFault(f"格式“{pattern}”不是正则表达式：{error}。", pattern=pattern) from error
    return node


def draw_text(node: Node, random: Random) -> str:
    """Draw a text that the pattern matches as a whole; repeats without end stop soon."""
    match node:
        case Characters(spans):
            return _draw_character(spans, random)
        case Sequence(parts):
            return "".join(draw_text(part, random) for part in parts)
        case Choice(ways):
            return draw_text(random.choice(ways), random)
        case Repeat(part, least, most):
            top = least + _DRAWN_BEYOND_LEAST if most is None else most
            return "".join(draw_text(part, random) for _ in range(random.randint(least, top)))


def _draw_character(spans: tuple[tuple[int, int], ...], random: Random) -> str:
    chosen = random.randrange(sum(last - first + 1 for first, last in spans))
    for first, last in spans:
        if chosen <= last - first:
            return chr(first + chosen)
        chosen -= last - first + 1
    raise AssertionError(spans)  # pragma: no cover - the spans were counted above


class _Reader:
    """Reads a pattern from left to right."""

    def __init__(self, pattern: str) -> None:
        self.pattern = pattern
        self.place = 0

    def refuse(self, why: str) -> NoReturn:
        """Raise the fault of this place."""
        message = f"格式“{self.pattern}”第 {self.place + 1} 个字符处：{why}；请只用各引擎含义相同的写法（见管道文档）。"
        raise TableFault(message, pattern=self.pattern, place=self.place + 1)

    def peek(self) -> str:
        return self.pattern[self.place : self.place + 1]

    def take(self) -> str:
        if not self.peek():
            self.refuse("到此中断")
        self.place += 1
        return self.pattern[self.place - 1]

    def read_choice(self) -> Node:
        ways = [self.read_sequence()]
        while self.peek() == "|":
            self.take()
            ways.append(self.read_sequence())
        return ways[0] if len(ways) == 1 else Choice(tuple(ways))

    def read_sequence(self) -> Node:
        parts: list[Node] = []
        while self.peek() and self.peek() not in "|)":
            parts.append(self.read_repeated())
        return Sequence(tuple(parts))

    def read_repeated(self) -> Node:
        part = self.read_part()
        if self.peek() and self.peek() in "*+?{":
            least, most = self.read_quantifier()
            if self.peek() and self.peek() in "*+?{":
                self.refuse("一个量词之后又有量词（懒惰或占有量词各引擎不一）")
            return Repeat(part, least, most)
        return part

    def read_quantifier(self) -> tuple[int, int | None]:
        sign = self.take()
        if sign != "{":
            return {"*": (0, None), "+": (1, None), "?": (0, 1)}[sign]
        found = re.compile(r"(\d{1,4})(?:(,)(\d{0,4}))?\}", re.ASCII).match(self.pattern, self.place)
        if found is None:
            self.refuse("量词应写作 {n}、{n,} 或 {n,m}")
        least = int(found[1])
        most = least if found[2] is None else (int(found[3]) if found[3] else None)
        if least > _MOST_REPEATS or (most is not None and not least <= most <= _MOST_REPEATS):
            self.refuse(f"重复次数应由小到大，且不超过 {_MOST_REPEATS}")
        self.place = found.end()
        return least, most

    def read_part(self) -> Node:
        sign = self.peek()
        if sign == "(":
            return self.read_group()
        if sign == "[":
            return self.read_class()
        if sign in "^$":
            self.refuse("格式总是针对整个值，不写 ^ 和 $")
        if sign in "*+?{}]":
            self.refuse(f"“{sign}”前面没有可重复的内容，要写这个字符本身请加反斜杠")
        self.take()
        if sign == ".":
            return Characters(tuple(_spans(_PRINTED)))
        return Characters(self.read_escape() if sign == "\\" else ((ord(sign), ord(sign)),))

    def read_group(self) -> Node:
        self.take()
        if self.peek() == "?":
            self.take()
            if self.peek() != ":":
                self.refuse("只能用 (…) 与 (?:…) 两种括号")
            self.take()
        inner = self.read_choice()
        if self.peek() != ")":
            self.refuse("缺少右括号")
        self.take()
        return inner

    def read_escape(self) -> tuple[tuple[int, int], ...]:
        """Read what stands behind a backslash, as spans of characters."""
        sign = self.take()
        if sign in _CLASSES:
            return tuple(_spans(_CLASSES[sign]))
        if sign in _NEGATED:
            return tuple(_spans("".join(c for c in _PRINTED if c not in _NEGATED[sign])))
        if sign in _CONTROL_ESCAPES:
            sign = _CONTROL_ESCAPES[sign]
        elif sign not in _PLAIN_ESCAPES:
            self.place -= 1
            self.refuse(f"“\\{sign}”不是各引擎共有的写法")
        return ((ord(sign), ord(sign)),)

    def read_class(self) -> Characters:
        self.take()
        negated = self.peek() == "^"
        if negated:
            self.take()
        spans: list[tuple[int, int]] = []
        while self.peek() != "]":
            pair = self.pattern[self.place : self.place + 2]
            if pair[:1] in ("[", "&") or pair in ("--", "||", "~~"):
                self.refuse(f"方括号之内的“{pair[0]}”各引擎读法不一，请加反斜杠")
            spans.extend(self.read_span())
        if not spans:
            self.refuse("方括号之内没有字符")
        self.take()
        if negated:
            left = [c for c in _PRINTED if not any(first <= ord(c) <= last for first, last in spans)]
            if not left:
                self.refuse("这一组字符排除了所有可打印字符")
            spans = list(_spans("".join(left)))
        return Characters(tuple(spans))

    def read_span(self) -> tuple[tuple[int, int], ...]:
        """Read one entry of a class: a character, a range, or an escape."""
        sign = self.take()
        spans = self.read_escape() if sign == "\\" else ((ord(sign), ord(sign)),)
        if self.peek() != "-" or self.pattern[self.place + 1 : self.place + 2] in ("]", ""):
            return spans
        self.take()
        sign = self.take()
        last = self.read_escape() if sign == "\\" else ((ord(sign), ord(sign)),)
        if any(len(end) != 1 or end[0][0] != end[0][1] for end in (spans, last)) or spans > last:
            self.refuse("范围应由小到大，两端各是一个字符")
        return ((spans[0][0], last[0][0]),)


def _spans(characters: str) -> Iterator[tuple[int, int]]:
    """Put characters together into spans of neighbours."""
    first = last = -2
    for code in sorted(map(ord, characters)):
        if code != last + 1:
            if first >= 0:
                yield first, last
            first = code
        last = code
    if first >= 0:
        yield first, last
