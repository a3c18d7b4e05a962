"""Reads the head of a form: year, project, department, unit."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from chengshu.base.texts import tidy
from chengshu.performance.reading.lexicon import Lexicon, find_role
from chengshu.performance.reading.lines import Line, Piece, make_piece

_YEAR = re.compile(r"(20\d\d)(?=[^\d]{0,4}(?:年|F度|\)|$))|\((20\d\d)(?!\d)")
_DATE_WORDS = re.compile(r"日期|时间|月|日")
_CUT_LABELS = re.compile(r"(?:实施单位?|主管部门?)$")
# A frame read as a letter or bracket at the edge of a cell.
_TRACE = re.compile(r"^[A-Za-z|\]\[I)_.:,°'’-]{1,2}(?=[\u4e00-\u9fff])|(?<=[\u4e00-\u9fff])[A-Za-z|\]\[_.:,°'’-]{1,2}$")


@dataclass(slots=True)
class Head:
    """The values of the head as pieces by role."""

    values: dict[str, list[Piece]] = field(default_factory=dict)

    def text(self, role: str) -> str | None:
        """Join the pieces of a role to a name, or None where nothing is printed."""
        pieces = self.values.get(role)
        if not pieces:
            return None
        parts = [piece.text for piece in pieces]
        if len(parts) > 1:
            parts = [_TRACE.sub("", tidy(part)) for part in parts]
        return _CUT_LABELS.sub("", tidy("".join(parts))) or None


def read_year(title: Sequence[Line], head: Sequence[Line]) -> int | None:
    """Find the year in the title lines, or in a note like "(2023年度)" between title and head."""
    for line in (*title, *head[:3]):
        text = line.joined
        if _DATE_WORDS.search(text) and "度" not in text:
            continue
        found = _YEAR.search(text[:200])
        if found is not None and (line in title or len(text) <= 40):
            return int(found.group(1) or found.group(2))
    return None


def read_head(lines: Iterable[Line], lexicon: Lexicon) -> Head:
    """Give each head label the pieces that follow it, up to the next label."""
    head = Head()
    for line in lines:
        role: str | None = None
        for piece in line.pieces:
            label, rest = _split_label(piece, lexicon.head)
            if label is not None:
                role = label
                if rest is not None:
                    _add(head, role, rest)
            elif role is not None:
                _add(head, role, piece)
    return head


def _add(head: Head, role: str, piece: Piece) -> None:
    if role == "ignored" or len(piece.key) == 1:
        return
    pieces = head.values.setdefault(role, [])
    if not any(piece.key == known.key for known in pieces):
        pieces.append(piece)


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
    return sum(a != b for a, b in zip(word, key, strict=True)) == 1 and word[2:] == key[2:]
