"""Reads the head of a form: year, project, department, unit."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from chengshu.base.texts import fold_width, tidy
from chengshu.documents.contracts import Layout
from chengshu.performance.reading.lexicon import Lexicon, find_role
from chengshu.performance.reading.lines import Line, Piece, make_piece

NAMES = ("project", "department", "unit")
_YEAR = re.compile(r"(20\d\d)(?=[^\d]{0,4}(?:年|F度|\)|$))|\((20\d\d)(?!\d)")
_DATE_WORDS = re.compile(r"日期|时间|年\d{1,2}月")
_CUT_LABELS = re.compile(r"(?:实施单位?|主管部门?)$")
# A frame read as a letter or bracket at the edge of a cell.
_TRACE = re.compile(r"^[A-Za-z|\]\[_.:,°'’-]{1,2}(?=[\u4e00-\u9fff])|(?<=[\u4e00-\u9fff])[A-Za-z|\]\[_.:,°'’-]{1,2}$")
_CUT_YEAR = re.compile(r"^[\s.．。,、]*(?:\(.?\))?\s*")
_HAN = re.compile(r"[\u4e00-\u9fff]")
_OTHER_CELL = 4  # columns between two pieces that cannot be one broken cell any more


@dataclass(frozen=True, slots=True)
class Name:
    """A name of the head: its text, the pieces it was put together from, how sure it is."""

    text: str
    pieces: tuple[Piece, ...]
    confidence: float = 1.0

    @property
    def is_broken(self) -> bool:
        """Tell whether extraction cut the name over several cells."""
        return len(self.pieces) > 1


@dataclass(slots=True)
class _Head:
    """The pieces of each role while the head is read; `damaged` are the roles whose label was misread."""

    values: dict[str, list[Piece]] = field(default_factory=dict)

    def add(self, role: str, piece: Piece) -> None:
        if role == "ignored" or (len(piece.key) == 1 and not _HAN.match(piece.key)):
            return
        pieces = self.values.setdefault(role, [])
        if pieces and piece.column - pieces[-1].column >= _OTHER_CELL:
            if role == "department":
                self.values.setdefault("unit", [piece])
        elif not any(piece.key == known.key for known in pieces):
            pieces.append(piece)


def read_year(title: Sequence[Line], head: Sequence[Line]) -> int | None:
    """Find the year in the title lines, or in a note like "(2023年度)" between title and head."""
    for line in (*title, *head[:3]):
        text = fold_width(line.joined)
        if _DATE_WORDS.search(text) and "年度" not in text:
            continue
        found = _YEAR.search(text[:200])
        if found is not None and (line in title or len(text) <= 40):
            return int(found.group(1) or found.group(2))
    return None


def read_names(title: Sequence[Line], lines: Iterable[Line], lexicon: Lexicon) -> dict[str, Name]:
    """Read project, department and unit: each label takes the pieces that follow it, up to the next label.

    A project whose label was destroyed is sought beside the year. What is not printed is left out.
    """
    head = _Head()
    for line in lines:
        _read_line(line, head, lexicon)
    names = {role: _name(pieces) for role, pieces in head.values.items() if role in NAMES and pieces}
    found = {role: name for role, name in names.items() if name is not None}
    if "project" not in found:
        beside = _beside_year(title)
        if beside is not None:
            found["project"] = beside
    return found


def _read_line(line: Line, head: _Head, lexicon: Lexicon) -> None:
    role: str | None = None
    pieces = [part for piece in line.pieces for part in _cut_at_labels(piece, lexicon.head)]
    printed = {lexicon.head.get(piece.key) for piece in pieces}
    for piece in pieces:
        label, rest = _split_label(piece, lexicon.head)
        if label == "project" and piece.key not in lexicon.head and "unit" in printed and rest is None:
            label = (
                "department"  # a misread label beside the unit: department and unit share a row, project has its own
            )
        if label is not None:
            role = label
            if rest is not None:
                head.add(role, rest)
        elif role is not None:
            head.add(role, piece)


def _name(pieces: Sequence[Piece]) -> Name | None:
    parts = [piece.text for piece in pieces]
    if len(parts) > 1:
        parts = [_TRACE.sub("", tidy(part)) for part in parts]
    text = _CUT_LABELS.sub("", tidy("".join(parts)))
    return Name(text, tuple(pieces)) if text else None


def _beside_year(title: Sequence[Line]) -> Name | None:
    """Find the name that stands behind a year that a frame has cut, "(2023 年 | 度) 业务培训"."""
    for line in title:
        for before, piece in zip(line.pieces, line.pieces[1:], strict=False):
            if line.layout is Layout.TABBED and _YEAR.search(before.key) and ":" not in piece.key:
                text = tidy(_CUT_YEAR.sub("", piece.text))
                if len(_HAN.findall(text)) >= 3:
                    return Name(text, (piece,), 0.4)
    return None


def _cut_at_labels(piece: Piece, labels: Mapping[str, str]) -> list[Piece]:
    """Cut a cell that another cell's label ran into: "区人民 实施单位 政府办公室"."""
    words = piece.text.split()
    if len(words) < 2 or not any(labels.get(word) in NAMES for word in words[1:]):
        return [piece]
    return [make_piece(word, piece.column, piece.cell) for word in words]


def _split_label(piece: Piece, labels: Mapping[str, str]) -> tuple[str | None, Piece | None]:
    """Tell a label from a value; a cell may hold both, "项目名称：档案数字化"."""
    role = find_role(piece.key, labels)
    if role is not None:
        return role, None
    match = re.match(r"\s*([^\s:：]{2,12})\s*[:：\s]\s*(.+)", piece.text, re.DOTALL)
    if match is not None:
        first = make_piece(match.group(1), piece.column, piece.cell)
        role = find_role(first.key, labels)
        if role is not None:
            return role, make_piece(match.group(2), piece.column, piece.cell)
    if len(piece.key) == 4:
        alike = {role for word, role in labels.items() if len(word) == 4 and _one_off(word, piece.key)}
        if len(alike) == 1:
            return alike.pop(), None
    return None, None


def _one_off(word: str, key: str) -> bool:
    """Tell whether only the first two characters hold a misreading, and only one."""
    return word[2:] == key[2:] and sum(a != b for a, b in zip(word, key, strict=True)) == 1
