"""Cuts a document's lines into forms, by title, and where titles are lost by the first row of the next form."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from chengshu.documents.contracts import Layout
from chengshu.performance.reading.headings import column_roles
from chengshu.performance.reading.lexicon import Lexicon
from chengshu.performance.reading.lines import Line

_AROUND_TITLE = 30  # a line with more than this beside the title is a sentence about the form
_AMOUNTS_OF_LIST = 2
CUT_TITLE = 7  # characters of a title that must be left
_YEAR_NOTE = re.compile(r"[(（]?20\d\d.{0,4}?年?度?[)）]?")


@dataclass(slots=True)
class Section:
    """The lines of one form: its title lines (year and notes stand there too), then everything below."""

    title: list[Line] = field(default_factory=list)
    body: list[Line] = field(default_factory=list)
    has_head: bool = False
    has_rows: bool = False
    has_total: bool = False

    @property
    def number(self) -> int | None:
        """The line of the title, or of the first row where the title is lost."""
        first = (self.title or self.body)[0]
        return first.number


def split_sections(lines: Iterable[Line], lexicon: Lexicon) -> list[Section]:
    """Cut lines into one section a form. Lines before the first form, and titles with nothing below, are left out."""
    sections: list[Section] = []
    current: Section | None = None
    note: Line | None = None  # a year by itself, in a document of pages: the title above it is lost
    for line in lines:
        if is_title(line, lexicon):
            if current is None or current.body:
                current = Section()
                sections.append(current)
            current.title.append(line)
        else:
            placed = _place(line, current, sections, lexicon)
            if current is None and placed is not None and note is not None:
                placed.title.insert(0, note)
            current = placed
            note = line if current is None and line.number is None and _is_title_note(line) else None
    return _join_pages(section for section in sections if section.has_head or section.has_rows)


def is_title(line: Line, lexicon: Lexicon) -> bool:
    """Tell whether the line is a form's title: little else stands in it beside the year."""
    text = line.joined
    found = lexicon.titles.search(text)
    if found is None:
        return line.layout is not Layout.GRID and len(line.pieces) == 1 and _is_cut_title(text, lexicon)
    around = _YEAR_NOTE.sub("", text[: found.start()] + text[found.end() :])
    return len(around) <= _AROUND_TITLE and not re.search(r"[，。；《》]", around)


def _is_cut_title(text: str, lexicon: Lexicon) -> bool:
    """Tell whether a frame has cut the end off the title."""
    return len(text) >= CUT_TITLE and any(title.startswith(text) for title in lexicon.titles.pattern.split("|"))


def is_indicator_header(line: Line, lexicon: Lexicon) -> bool:
    """Tell whether the line heads the indicator rows: two levels, a level and a value, or (over them) the values."""
    roles = {role for piece in line.pieces for role in column_roles(piece, lexicon)}
    if not roles:
        return False
    levels = len(roles & {"level1", "level2", "level3"})
    if levels == 0:
        has_banner = any(piece.key in lexicon.banner for piece in line.pieces)
        return {"actual", "score"} <= roles or (has_banner and bool(roles & {"actual", "reason"}))
    return levels >= 2 or bool(roles & {"target", "figure", "actual"})


def _place(line: Line, current: Section | None, sections: list[Section], lexicon: Lexicon) -> Section | None:
    is_list = _heads_list(line, lexicon)
    starts_head = not is_list and any(lexicon.head.get(piece.key) == "project" for piece in line.pieces)
    if starts_head and (current is None or (current.has_head and current.has_rows)):
        current = Section()
        sections.append(current)
    if current is None:
        if not is_indicator_header(line, lexicon):
            return None
        current = Section()
        sections.append(current)
    if not current.body and not starts_head and _is_title_note(line):
        current.title.append(line)
        return current
    current.body.append(line)
    current.has_head = current.has_head or starts_head or (not is_list and _has_head(line, lexicon))
    current.has_rows = current.has_rows or is_indicator_header(line, lexicon) or _has_category(line, lexicon)
    current.has_total = current.has_total or lexicon.footer.get(line.pieces[0].key) == "total"
    return current


def _heads_list(line: Line, lexicon: Lexicon) -> bool:
    """Tell whether the line heads a list of projects: beside 项目名称 stand the headings of amounts."""
    amounts = sum(piece.key in lexicon.money_columns for piece in line.pieces)
    return line.layout is Layout.GRID and amounts >= _AMOUNTS_OF_LIST


def _is_title_note(line: Line) -> bool:
    text = line.joined
    return len(text) <= 24 and "20" in text and _YEAR_NOTE.search(text) is not None


def _has_head(line: Line, lexicon: Lexicon) -> bool:
    return any(lexicon.head.get(piece.key) in ("project", "department", "unit") for piece in line.pieces)


def _has_category(line: Line, lexicon: Lexicon) -> bool:
    return any(piece.key in lexicon.categories for piece in line.pieces)


def _join_pages(sections: Iterable[Section]) -> list[Section]:
    """Join a page that repeats the title but starts in the middle of the form to the page before it."""
    joined: list[Section] = []
    for section in sections:
        if joined and not section.has_head and not _opens_money(section.body) and not joined[-1].has_total:
            joined[-1].body.extend(section.body)
            joined[-1].has_total = section.has_total
        else:
            joined.append(section)
    return joined


def _opens_money(lines: Sequence[Line]) -> bool:
    return any("预算" in line.joined for line in lines[:3])
