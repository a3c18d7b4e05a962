"""Finds the blocks of one form: head, money, goals, indicator rows, footer."""

from dataclasses import dataclass, field
from enum import Enum, auto

from chengshu.base.texts import label_key
from chengshu.performance.reading.lexicon import Lexicon, find_role
from chengshu.performance.reading.lines import Line, Piece
from chengshu.performance.reading.sections import Section, is_indicator_header


class _Block(Enum):
    HEAD = auto()
    MONEY = auto()
    GOAL = auto()
    ROWS = auto()
    FOOTER = auto()


_LABEL_END = 3  # characters that may be the wrapped end of a money label


@dataclass(slots=True)
class Blocks:
    """The lines of a form by block. `rows` pairs each indicator line with the header in force, by its index."""

    head: list[Line] = field(default_factory=list)
    money_header: Line | None = None
    money: list[Line] = field(default_factory=list)
    goal_header: Line | None = None
    goal: list[Line] = field(default_factory=list)
    headers: list[Line] = field(default_factory=list)
    rows: list[Line] = field(default_factory=list)
    footer: list[Line] = field(default_factory=list)


def locate_blocks(section: Section, lexicon: Lexicon) -> Blocks:
    """Sort the lines of a form into its blocks by the labels that they carry."""
    blocks = Blocks()
    state = _Block.HEAD
    for line in section.body:
        state = _take(line, state, blocks, lexicon)
    return blocks


def money_label(line: Line, lexicon: Lexicon) -> str | None:
    """Give the money row that the line is labelled as, or None."""
    for piece in line.pieces[:4]:
        role = find_money_row(piece.key, lexicon)
        if role is not None:
            return role
    return None


def find_money_row(key: str, lexicon: Lexicon) -> str | None:
    """Give the money row that a label names; traces of the frame before the label are passed over."""
    role = find_role(key, lexicon.money_rows)
    if role is None and 4 < len(key) <= 14:
        rows = lexicon.money_rows.items()
        role = next((role for word, role in rows if len(word) >= 4 and key.endswith(word)), None)
        if role is None and key.startswith("其中:"):  # cut short by a wrap
            role = next((role for word, role in rows if word.startswith(key.removeprefix("其中:"))), None)
    return role


def money_header_roles(piece: Piece, lexicon: Lexicon) -> list[str]:
    """Give the columns that a header cell names: one, or several where cells ran together."""
    role = find_role(piece.key, lexicon.money_columns)
    if role is not None:
        return [role]
    if len(piece.key) > 40 or " " not in piece.text:
        return []
    words = (find_role(label_key(word), lexicon.money_columns) for word in piece.text.split())
    return [word for word in words if word is not None]


def _take(line: Line, state: _Block, blocks: Blocks, lexicon: Lexicon) -> _Block:
    if is_indicator_header(line, lexicon):
        blocks.headers.append(line)
        blocks.rows.append(line)
        return _Block.ROWS
    if _is_footer(line, state, blocks, lexicon):
        blocks.footer.append(line)
        return _Block.FOOTER
    if state is _Block.ROWS:
        blocks.rows.append(line)
        return state
    if state is _Block.FOOTER and blocks.rows:
        if _is_late_row(line, lexicon):
            blocks.rows.append(line)
            return _Block.ROWS
        blocks.footer.append(line)
        return state
    return _take_upper(line, state, blocks, lexicon)


def _take_upper(line: Line, state: _Block, blocks: Blocks, lexicon: Lexicon) -> _Block:
    if _is_money_header(line, lexicon):
        blocks.money_header = line
        return _Block.MONEY
    if money_label(line, lexicon) is not None and blocks.money_header is not None:
        blocks.money.append(line)
        return _Block.MONEY
    if any(find_role(piece.key, lexicon.goal) == "others" for piece in line.pieces):
        return _Block.HEAD
    if _is_goal_header(line, lexicon):
        blocks.goal_header = blocks.goal_header or line
        return _Block.GOAL
    if any(lexicon.head.get(piece.key) not in (None, "ignored") for piece in line.pieces):
        blocks.head.append(line)
        return _Block.HEAD
    if state is _Block.MONEY and len(blocks.money) >= 3 and len(line.joined) > _LABEL_END:
        state = _Block.GOAL
    target = {_Block.HEAD: blocks.head, _Block.MONEY: blocks.money, _Block.GOAL: blocks.goal}
    target[state].append(line)
    return state


def _is_footer(line: Line, state: _Block, blocks: Blocks, lexicon: Lexicon) -> bool:
    if not blocks.rows or state not in (_Block.ROWS, _Block.FOOTER):
        return False
    return any(footer_role(piece.key, lexicon) is not None for piece in line.pieces[:2])


def footer_role(key: str, lexicon: Lexicon) -> str | None:
    """Give the footer row that a label opens; the label may carry its value after a colon ("总分:98")."""
    role = find_role(key, lexicon.footer)
    if role is None and ":" in key[:12]:
        role = lexicon.footer.get(key.split(":", 1)[0])
    return role


def _is_late_row(line: Line, lexicon: Lexicon) -> bool:
    return any(piece.key in lexicon.categories for piece in line.pieces[:3])


def _is_money_header(line: Line, lexicon: Lexicon) -> bool:
    roles = {role for piece in line.pieces for role in money_header_roles(piece, lexicon)}
    return len(roles & {"initial", "budget", "executed"}) >= 2 or ("budget" in roles and len(roles - {"ignored"}) >= 2)


def _is_goal_header(line: Line, lexicon: Lexicon) -> bool:
    roles = {find_role(piece.key, lexicon.goal) for piece in line.pieces}
    return "actual" in roles or ("expected" in roles and len(line.pieces) <= 3)
