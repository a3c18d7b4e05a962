"""Markdown as OCR programs and editors write it: pipe tables, HTML tables, and lines of text between them."""

import re
from collections.abc import Iterator

from markdown_it import MarkdownIt

from chengshu.documents.contracts import Cell, Layout, Place, Row
from chengshu.documents.encoding import decode_text
from chengshu.documents.formats.text import split_lines, transcribe_lines
from chengshu.documents.formats.webpage import transcribe_markup
from chengshu.documents.markup import strip_markup
from chengshu.documents.transcript import Source, Transcript

_TABLE_TAG = re.compile(r"<(/?)table\b[^>]*>", re.IGNORECASE)
_PIPE = re.compile(r"(?<!\\)\|")
_DELIMITER_ROW = re.compile(r"\s*\|?\s*:?-+:?\s*(?:\|\s*:?-+:?\s*)*\|?\s*")
_HEADING = re.compile(r"\s{0,3}#{1,6}\s+|\s*#+\s*$")
_WHOLLY_BOLD = re.compile(r"\s*(\*\*|__)(.+)\1\s*")
_PACKED_ROW = re.compile(r"[^|]\|{3,}\s*")
_INNER_GAP = re.compile(r"\|\|+\s*[^|\s]")
_INLINE_SIGNS = re.compile(r"[*_`\\\[~]")
_LEAST_ROWS, _LEAST_CELLS = 3, 2
_INLINE = MarkdownIt("commonmark")


def transcribe(source: Source, transcript: Transcript) -> None:
    """Give tables as GRID rows, headings and other lines as loose or tabbed ones; line numbers are true.

    A pipe table with ragged rows or without a delimiter row gives TABBED rows: its columns may be shifted, and no cell
    beyond the header's width is dropped. So does one whose converter moved the cells of every row to its beginning.
    """
    text = decode_text(source.data, file=source.file)
    for first, part, is_html in _split_html_tables(text):
        if is_html:
            transcribe_markup(part, transcript, first=first)
        else:
            _transcribe_lines(split_lines(part), transcript, first=first)


def _split_html_tables(text: str) -> Iterator[tuple[int, str, bool]]:
    """(number of its first line, part, whether an HTML table) from top to bottom."""
    depth = start = 0
    line = 1
    for tag in _TABLE_TAG.finditer(text):
        opens = not tag.group(1)
        if depth == 0 and not opens:
            continue
        depth += 1 if opens else -1
        if depth == (1 if opens else 0):
            end = tag.start() if opens else tag.end()
            yield line, text[start:end], not opens
            line += _count_breaks(text[start:end])
            start = end
    yield line, text[start:], depth > 0


def _count_breaks(text: str) -> int:
    return len(split_lines(text)) - 1


def _transcribe_lines(lines: list[str], transcript: Transcript, *, first: int) -> None:
    """Runs of pipe lines are tables, the lines between them are text."""
    numbered = _join_wrapped(list(enumerate(lines, start=first)))
    start = 0
    while start < len(numbered):
        number, line = numbered[start]
        has_pipes = _has_pipes(line)
        end = start + 1
        while end < len(numbered) and _has_pipes(numbered[end][1]) == has_pipes:
            end += 1
        if has_pipes:
            _transcribe_table(numbered[start:end], transcript)
        else:
            transcribe_lines([_strip_signs(text) for _, text in numbered[start:end]], transcript, first=number)
        start = end


def _join_wrapped(lines: list[tuple[int, str]]) -> list[tuple[int, str]]:
    """Join what stands below a row and does not begin with a pipe to that row, as converters write cells with breaks.

    Only in a text whose rows begin with a pipe and that has no delimiter row, which tables made by hand have.
    """
    opening = sum(line.startswith("|") and line.count("|") > _LEAST_CELLS for _, line in lines)
    if opening < _LEAST_ROWS or any(_is_delimiter_row(line) and line.strip(" |") for _, line in lines):
        return lines
    joined: list[tuple[int, str]] = []
    for number, line in lines:
        if joined and "|" in line and not line.startswith("|") and joined[-1][1].startswith("|"):
            before = joined.pop()
            joined.append((before[0], f"{before[1]}\n{line}"))
        else:
            joined.append((number, line))
    return joined


def _has_pipes(line: str) -> bool:
    """Whether a line is a row of a pipe table: framed by pipes, or held together by two of them."""
    return "|" in line and (line.lstrip().startswith("|") or len(_PIPE.findall(line)) > 1 or _is_delimiter_row(line))


def _is_delimiter_row(line: str) -> bool:
    return _DELIMITER_ROW.fullmatch(line) is not None


def _transcribe_table(lines: list[tuple[int, str]], transcript: Transcript) -> None:
    table = transcript.open_table()
    records = [(number, _split_fields(line)) for number, line in lines if not _is_delimiter_row(line)]
    is_even = len({len(fields) for _, fields in records}) == 1
    is_exact = is_even and len(records) < len(lines) and not _is_packed([line for _, line in lines])
    layout = Layout.GRID if is_exact else Layout.TABBED
    for number, fields in records:
        cells = (Cell(text, Place(line=number, ref=f"C{column}")) for column, text in enumerate(fields, start=1))
        transcript.add_row(Row(tuple(cells), layout, table))


def _is_packed(lines: list[str]) -> bool:
    """Whether the bars of what merged cells cover stand at the ends of the rows, and none where they belong."""
    return any(_PACKED_ROW.search(line) for line in lines) and not any(_INNER_GAP.search(line) for line in lines)


def _split_fields(line: str) -> list[str]:
    line = line.strip().removeprefix("|")
    if line.endswith("|") and not line.endswith("\\|"):
        line = line[:-1]
    return [_read_inline(field.replace("\\|", "|").strip()) for field in _PIPE.split(line)]


def _read_inline(text: str) -> str:
    """The text without emphasis, code and link signs."""
    text = strip_markup(text)
    if not _INLINE_SIGNS.search(text):
        return text
    lines = text.split("\n")
    return "\n".join(_read_inline_line(line) for line in lines)


def _read_inline_line(line: str) -> str:
    tokens = _INLINE.parseInline(line)
    children = (tokens[0].children or []) if tokens else []
    return "".join(token.content for token in children).strip()


def _strip_signs(line: str) -> str:
    line = _HEADING.sub("", line) if line.lstrip().startswith("#") else line
    bold = _WHOLLY_BOLD.fullmatch(line)
    return bold.group(2) if bold else line
