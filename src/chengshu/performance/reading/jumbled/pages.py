"""Unrolls a page of run-on text, whole tables on one line in the order of their baselines, into lines with columns.

The labels of the form cut the words into zones; within a zone the words are set back into rows by what every row must
hold. The lines that come out are read like those of any other form.
"""

from collections.abc import Callable, Iterable, Sequence

from chengshu.documents.contracts import Cell, Layout
from chengshu.performance.reading.jumbled.interleaved import part_columns
from chengshu.performance.reading.jumbled.money import unroll_money
from chengshu.performance.reading.jumbled.rows import unroll_rows
from chengshu.performance.reading.lexicon import Lexicon, find_role
from chengshu.performance.reading.lines import Line, Piece, is_run_on, make_piece
from chengshu.performance.reading.natural.forms import read_page

_HEADER = ("一级指标", "二级指标", "三级指标", "年度指标值", "实际完成值", "分值", "得分", "偏差原因分析及改进措施")

_MOST_WORDS = 4000  # of one page; more is no page
_SURE = 0.9  # how sure a word of a run-on page is of its place at best

Maker = Callable[[Iterable[tuple[int, str]]], Line]


def unroll_pages(lines: Iterable[Line], lexicon: Lexicon) -> list[Line]:
    """Replace every page of run-on text by the lines that it holds; other lines pass.

    The reading order is tried first: a page that fits it is not in the order of its baselines.
    """
    unrolled: list[Line] = []
    for line in lines:
        in_order = read_page(line, lexicon) if is_run_on(line) else None
        if in_order is not None:
            unrolled.extend(in_order)
        elif is_run_on(line) and _holds_form(line.pieces[0].text, lexicon):
            unrolled.extend(_unroll(line.pieces[0].text, line.pieces[0].cell, line.table, lexicon))
        else:
            unrolled.append(line)
    return unrolled


def _holds_form(text: str, lexicon: Lexicon) -> bool:
    words = text.split()
    if len(words) > _MOST_WORDS:
        return False
    return len(set(_HEADER).intersection(words)) >= 3 or len(lexicon.head.keys() & set(words)) >= 2


def _unroll(text: str, cell: Cell, table: int | None, lexicon: Lexicon) -> list[Line]:
    def make(words: Iterable[tuple[int, str]]) -> Line:
        pieces = tuple(_piece(word, column, cell) for column, word in words if word)
        return Line(pieces, Layout.TABBED, table)

    words = text.split()
    title, money, goal, header, rows = _zones(words, lexicon)
    lines = [make([(0, "".join(words[:title]))]) if title else None]
    lines.extend(_head_lines(words[title:money], make, lexicon))
    lines.extend(make(row) for row in unroll_money(words[money:goal], lexicon))
    lines.extend(_goal_lines(words[goal:header], make, lexicon))
    if rows < len(words):
        lines.append(make(enumerate(_HEADER, start=1)))
        lines.extend(make(row) for row in unroll_rows(words[rows:], lexicon))
    return [line for line in lines if line is not None and line.pieces]


def _piece(text: str, column: int, cell: Cell) -> Piece:
    own = Cell(text, cell.place, certainty=min(cell.certainty, _SURE))
    return make_piece(text, column, own)


def _zones(words: Sequence[str], lexicon: Lexicon) -> tuple[int, int, int, int, int]:
    """The first word of each zone after the title: head, money, goal, indicator header, indicator rows."""
    title = next((index + 1 for index, word in enumerate(words[:6]) if word.endswith("年度)")), 0)
    levels = [index for index, word in enumerate(words) if word in _HEADER[:3]]
    header = rows = len(words)
    if levels:
        header, rows = levels[0], levels[-1] + 1
        while header > title and _is_heading(words[header - 1]):
            header -= 1
        while rows < len(words) and _is_heading(words[rows]):
            rows += 1
    goal = next((i for i in range(title, header) if _opens_goal(words, i, lexicon)), header)
    money = next((i for i in range(title, goal) if find_role(words[i], lexicon.money_columns)), goal)
    return title, money, goal, header, rows


def _is_heading(word: str) -> bool:
    return len(word) >= 2 and any(word in heading for heading in _HEADER)


def _opens_goal(words: Sequence[str], index: int, lexicon: Lexicon) -> bool:
    return words[index] in lexicon.goal or words[index] in ("年度", "总体")


def _head_lines(words: Sequence[str], make: Maker, lexicon: Lexicon) -> list[Line]:
    """Set the head words back to their labels.

    Long names stand in two lines of their cells: both first lines, then the labels, then the second lines, those of
    the narrower cell on the right first.
    """
    roles = [lexicon.head.get(word) for word in words]
    if "department" not in roles or "unit" not in roles:
        return [make(enumerate(words))]
    department, unit = roles.index("department"), roles.index("unit")
    before = [word for word, role in zip(words[:department], roles, strict=False) if role is None]
    after = list(words[unit + 1 :])
    if unit != department + 1 or len(before) < 2:
        return [make(enumerate(words))]
    *project, department_name, unit_name = before
    if after:
        unit_name += after.pop(0)
    department_name += "".join(after)
    return [
        make([(0, "项目名称"), (1, "".join(project))]),
        make([(0, "主管部门"), (1, department_name), (2, "实施单位"), (3, unit_name)]),
    ]


def _goal_lines(words: Sequence[str], make: Maker, lexicon: Lexicon) -> list[Line]:
    if not words:
        return []
    printed = {lexicon.goal.get(word): word for word in words}
    expected, actual = printed.get("expected", "预期目标"), printed.get("actual", "实际完成情况")
    header = make([(0, "年度总体目标"), (1, expected), (4, actual)])
    texts = [word for word in words if word not in lexicon.goal]
    parted = part_columns(texts)
    if parted is None:
        return [header, make(enumerate(texts, start=1))]
    return [header, make([(1, parted[0]), (4, parted[1])])]
