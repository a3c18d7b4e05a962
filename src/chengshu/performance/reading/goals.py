"""Reads the yearly goal: what was expected and what was reached, two columns of text."""

from collections.abc import Iterator, Sequence
from itertools import combinations, groupby, pairwise

from chengshu.base.texts import tidy, tidy_paragraphs
from chengshu.documents.contracts import Layout
from chengshu.performance.contracts.forms import Goal
from chengshu.performance.reading.blocks import Blocks
from chengshu.performance.reading.headings import column_roles
from chengshu.performance.reading.ledger import Ledger
from chengshu.performance.reading.lexicon import Lexicon, bare_label, find_role
from chengshu.performance.reading.lines import Line, Piece

_SCRAP = 6  # characters up to which a piece of a broken block is a remain of its header
_WHOLE = 60  # characters from which a text may be whole
_SHARED = 5  # characters in a row by which a fragment repeats another
_OTHER_LINE = 0.25  # share of its length by which a line of print differs from the next
_END_OF_HEADING = 4  # characters of a heading that a frame may leave


def read_goal(blocks: Blocks, ledger: Ledger, lexicon: Lexicon, *, wrapped: bool) -> Goal:
    """Read both goal texts. With `wrapped`, line breaks inside a cell are those of its narrow column.

    A side that extraction has broken over several cells is reported as unreadable and stays empty.
    """
    lines = list(blocks.goal)
    sides: dict[str, list[Piece]] = {"expected": [], "actual": []}
    middle = _actual_column(blocks.goal_header, lexicon)
    parted = dict(_parted_columns(blocks, lexicon))
    if blocks.goal_header is not None and not lines:
        _take_labelled(blocks.goal_header, sides, lexicon)
    broken = _is_broken(blocks.goal_header, lexicon)
    for line in lines:
        same_grid = blocks.goal_header is not None and line.table == blocks.goal_header.table
        if broken and len(line.starts) in parted:
            _take_fragments(line, parted[len(line.starts)], sides, lexicon)
        else:
            broken = _take_line(line, blocks.goal_header, middle if same_grid else None, sides, lexicon) or broken
    texts = {side: _join(side, pieces, ledger, wrapped=wrapped, broken=broken) for side, pieces in sides.items()}
    return Goal(texts["expected"], texts["actual"])


def _actual_column(header: Line | None, lexicon: Lexicon) -> int | None:
    """The column of the results; the label of the row, left of the expected goals, may read like their heading."""
    if header is None:
        return None
    roles = [find_role(piece.key, lexicon.goal) for piece in header.pieces]
    first = roles.index("expected") if "expected" in roles else 0
    columns = [piece.column for piece, role in zip(header.pieces, roles, strict=True) if role == "actual"]
    behind = [column for column in columns if column > header.pieces[first].column]
    return next(iter([*behind, *columns]), None)


def _parted_columns(blocks: Blocks, lexicon: Lexicon) -> Iterator[tuple[int, int]]:
    """By the width of tabbed lines, the column where the goal's text changes to the results.

    It is that of the targets in the header of the indicators, or else that of the heading, which may be cut in two.
    """
    heading = [blocks.goal_header] if blocks.goal_header is not None else []
    for line in (*heading, *blocks.goal):
        if line.layout is Layout.TABBED:
            yield from ((len(line.starts), column) for column in _actual_headings(line, lexicon))
    for line in blocks.headers:
        targets = (piece.column for piece in line.pieces if "target" in column_roles(piece, lexicon))
        if line.layout is Layout.TABBED:
            yield from ((len(line.starts), column) for column in targets)


def _actual_headings(line: Line, lexicon: Lexicon) -> Iterator[int]:
    for before, piece in pairwise(line.pieces):
        if find_role(before.key + piece.key, lexicon.goal) == "actual":
            yield before.column
        elif _ends_heading(piece.key, lexicon):
            yield piece.column


def _ends_heading(key: str, lexicon: Lexicon) -> bool:
    words = (word for word, role in lexicon.goal.items() if role == "actual")
    return len(key) >= _END_OF_HEADING and any(word.endswith(key) for word in words)


def _take_fragments(line: Line, actual: int, sides: dict[str, list[Piece]], lexicon: Lexicon) -> None:
    """Put the fragments of two cut texts to their sides by column.

    The texts are near copies: a fragment that repeats one on its left is of the other text already.
    """
    texts = [piece for piece in line.pieces if not _is_side_label(piece, lexicon)]
    repeating = [piece.column for before, piece in combinations(texts, 2) if _shares_words(before.text, piece.text)]
    actual = min([actual, *repeating])
    for piece in texts:
        sides["actual" if piece.column >= actual else "expected"].append(piece)


def _shares_words(left: str, right: str) -> bool:
    return any(left[start : start + _SHARED] in right for start in range(len(left) - _SHARED + 1))


def _is_broken(header: Line | None, lexicon: Lexicon) -> bool:
    """A header whose words are cut by cell borders tells that the text below is cut too."""
    if header is None:
        return True
    if header.layout is not Layout.TABBED:
        return False
    words = [piece for piece in header.pieces if bare_label(piece.key) not in lexicon.goal_labels]
    roles = {find_role(piece.key, lexicon.goal) for piece in header.pieces}
    return not {"expected", "actual"} <= roles or len(words) > 2


def _take_labelled(line: Line, sides: dict[str, list[Piece]], lexicon: Lexicon) -> None:
    role: str | None = None
    for piece in line.pieces:
        found = find_role(piece.key, lexicon.goal)
        if found is not None:
            role = found
        elif role is not None:
            sides[role].append(piece)


def _take_line(
    line: Line, header: Line | None, middle: int | None, sides: dict[str, list[Piece]], lexicon: Lexicon
) -> bool:
    """Put the texts of a line to their sides; tell whether the line is broken into more texts than two."""
    texts = [piece for piece in line.pieces if not _is_side_label(piece, lexicon)]
    if len(texts) > 2:  # a merged cell may be printed in each of its positions
        sided = groupby(texts, key=lambda piece: (piece.key, middle is not None and piece.column >= middle))
        texts = [next(same) for _, same in sided]
    if len(texts) == 2 and (line.layout is not Layout.GRID or middle is None):
        sides["expected"].append(texts[0])
        sides["actual"].append(texts[1])
        return False
    for piece in texts:
        sides[_side_of(piece, header, middle)].append(piece)
    return line.layout is Layout.TABBED and len(texts) > 2


def _side_of(piece: Piece, header: Line | None, middle: int | None) -> str:
    """Tell the side by the place on the page where that is known, else by the column."""
    box = piece.place.box
    ends = [other.place.box for other in header.pieces[-2:]] if header is not None else []
    if box is not None and len(ends) == 2 and ends[0] is not None and ends[1] is not None:
        border = (sum(ends[0][::2]) + sum(ends[1][::2])) / 4
        return "actual" if (box[0] + box[2]) / 2 >= border else "expected"
    return "actual" if middle is not None and piece.column >= middle else "expected"


def _is_side_label(piece: Piece, lexicon: Lexicon) -> bool:
    if bare_label(piece.key) in lexicon.goal_labels or find_role(piece.key, lexicon.goal) is not None:
        return True
    return piece.key in lexicon.column_starts  # on a page without rules a heading may stand above its line


def _join(side: str, pieces: Sequence[Piece], ledger: Ledger, *, wrapped: bool, broken: bool) -> str | None:
    if not pieces:
        return None
    pointer = f"/goal/{side}"
    if not all(piece.legible for piece in pieces):
        ledger.refuse(pointer, pieces)
        return None
    if broken:
        return _salvage(pointer, [piece for piece in pieces if len(piece.key) > _SCRAP], ledger)
    ledger.note(pointer, pieces)
    return tidy_paragraphs("\n".join(piece.text for piece in pieces), wrapped=wrapped) or None


def _salvage(pointer: str, pieces: Sequence[Piece], ledger: Ledger) -> str | None:
    """Keep a text of a broken block that is whole in itself, from its first word to its full stop; refuse others."""
    if not pieces:
        return None
    text = _without_row_label(pieces[0].text)
    if len(pieces) > 1 or len(text) < _WHOLE or not text.endswith("。") or len(text.split()[0]) <= _SCRAP // 2:
        ledger.refuse(pointer, pieces)
        return None
    ledger.note(pointer, pieces, 0.4)
    return tidy(text)


def _without_row_label(text: str) -> str:
    """Take out the row's label 年度总体目标, of which each word was read in a line of the text, one below the other.

    The first word is one only a line's length before the second, for it may be a word of the text too; there it may
    be misread.
    """
    if text.count("总体") != 1 or text.count("目标") != 1:
        return text
    second, third = text.index("总体"), text.index("目标")
    slack = _OTHER_LINE * (third - second)
    near = [
        start
        for start in range(max(0, second - 2 * abs(third - second)), second)
        if abs((second - start) - (third - second)) <= slack and _is_first_word(text, start)
    ]
    starts = [*near[:1], second, third] if len(near) == 1 else [second, third]
    return "".join(part[2 * (index > 0) :] for index, part in enumerate(_cut(text, starts))).strip()


def _is_first_word(text: str, start: int) -> bool:
    word = text[start : start + 2]
    alone = text[max(0, start - 1) : start].strip() == "" and text[start + 2 : start + 3] == " "
    return word == "年度" or (alone and word.endswith("度"))


def _cut(text: str, starts: Sequence[int]) -> list[str]:
    return [text[begin:end] for begin, end in pairwise([0, *starts, len(text)])]
