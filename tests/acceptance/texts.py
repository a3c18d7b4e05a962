"""Text formats as offices and extractors write them: web pages, Markdown, CSV, tab text, run-on lines."""

import csv
import html
import io
from collections.abc import Sequence

from acceptance.papers import At, Sheet

_MENU = "".join(f'<li><a href="/{name}">{name}</a></li>' for name in ("首页", "政务公开", "财政预决算", "互动交流"))


def make_page(sheets: Sequence[Sheet], *, charset: str = "gb18030", word: bool = False, layout: bool = False) -> bytes:
    """A saved web page: menus around, the table full of inline spans.

    `word` as Word's "save as web page" writes it; `layout` with everything in cells of layout tables.
    """
    body = "\n".join(_page_part(sheet, word=word) for sheet in sheets)
    if layout:
        side = "<td width=200><table><tr><td>通知公告</td></tr><tr><td>政策文件</td></tr></table></td>"
        body = f"<table><tr>{side}<td><table><tr><td>{body}</td></tr></table></td></tr></table>"
    style = "<style>table{border-collapse:collapse} td{border:1px solid #000}</style><script>var menu=[1,2];</script>"
    head = f'<meta http-equiv="Content-Type" content="text/html; charset={charset}"><title>绩效公开</title>{style}'
    if word:
        head += "<!--[if gte mso 9]><xml><w:WordDocument><w:View>Print</w:View></w:WordDocument></xml><![endif]-->"
    shell = "" if word else f'<div class="nav"><ul>{_MENU}</ul></div><div>当前位置：首页 &gt; 财政预决算</div>'
    foot = "" if word else "<div>发布时间：2024-05-06 字体：大 中 小</div><div>版权所有 网站地图</div>"
    return f"<html><head>{head}</head><body>{shell}{body}{foot}</body></html>".encode(charset, "xmlcharrefreplace")


def _page_part(sheet: Sheet, *, word: bool) -> str:
    before = "".join(_paragraph(line, word=word) for line in sheet.before)
    after = "".join(_paragraph(line, word=word) for line in sheet.after)
    rows = "".join(_html_rows(sheet, word=word))
    return f"{before}<table border=1 cellspacing=0><tbody>{rows}</tbody></table>{after}"


def _html_rows(sheet: Sheet, *, word: bool) -> list[str]:
    rows = ("".join(_html_cell(cell, word=word) for cell in row if cell is not None) for row in sheet.grid())
    return [f"<tr>{row}</tr>" for row in rows]


def _paragraph(text: str, *, word: bool) -> str:
    escaped = html.escape(text, quote=False)
    if word:
        return (
            f"<p class=MsoNormal align=center style='line-height:20pt'><span lang=EN-US>{escaped}<o:p></o:p></span></p>"
        )
    return f"<p>{escaped}</p>"


def _html_cell(cell: At, *, word: bool) -> str:
    spans = f' rowspan="{cell.rows}"' * (cell.rows > 1) + f' colspan="{cell.columns}"' * (cell.columns > 1)
    lines = cell.text.split("\n")
    if word:
        inner = "".join(_paragraph(line, word=True) for line in lines)
    else:
        inner = "<br/>".join(_spanned(line) for line in lines)
    return f"<td{spans}>{inner or '&nbsp;'}</td>"


def _spanned(text: str) -> str:
    """Cut the text into the spans that an editor leaves behind."""
    if len(text) < 4:
        return html.escape(text, quote=False) or "&nbsp;"
    middle = len(text) // 2
    halves = (html.escape(half, quote=False) for half in (text[:middle], text[middle:]))
    return "&nbsp;" + "".join(f"<span><font>{half}</font></span>" for half in halves)


def filled(sheet: Sheet, *, repeat: bool = False) -> list[list[str]]:
    """The rows as texts by position; the positions that a merged cell covers are blank, or repeat it."""
    rows = [[""] * sheet.width for _ in range(sheet.height)]
    for cell in sheet.cells:
        for row in range(cell.row, cell.row + cell.rows):
            for column in range(cell.column, cell.column + cell.columns):
                if repeat or (row, column) == (cell.row, cell.column):
                    rows[row][column] = cell.text
    return rows


def make_csv(sheet: Sheet, *, charset: str = "utf-8-sig") -> bytes:
    """The sheet as a spreadsheet saves it: blanks where cells were merged."""
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    wide = ["" for _ in range(sheet.width - 1)]
    writer.writerows([line, *wide] for line in sheet.before)
    writer.writerows(filled(sheet))
    writer.writerows([line, *wide] for line in sheet.after)
    return buffer.getvalue().encode(charset)


def make_tabs(sheet: Sheet) -> bytes:
    """Tab text: a cell without a text leaves its tab, a line break in a cell becomes a blank."""
    lines = [*sheet.before, *("\t".join(_flat(text) for text in row) for row in filled(sheet)), *sheet.after]
    return ("\n".join(lines) + "\n").encode()


def make_pipes(sheet: Sheet, *, separator: bool = True, packed: bool = False) -> bytes:
    """A Markdown pipe table; without `separator` as a converter writes it: no rule below the header.

    `packed` moves the filled cells of each row to its beginning, which converters do to what merged cells cover.
    """
    rows = filled(sheet)
    lines = ["# " + line if index == 0 else line + "\n" for index, line in enumerate(sheet.before)]
    if packed:
        table = ["| " + _loose_pipes(row) for row in rows]
        table.insert(1, "|" + " --- |" * sheet.width)
    elif separator:
        table = ["| " + " | ".join(_flat(text, "<br>") for text in row) + " |" for row in rows]
        table.insert(1, "|" + " --- |" * sheet.width)
    else:
        table = [_loose_pipes(row) for row in rows]
    return "\n".join([*lines, "", *table, "", *sheet.after]).encode()


def _loose_pipes(row: Sequence[str]) -> str:
    """Filled cells first and the bars of the others behind, as converters write rows of merged cells."""
    texts = [_flat(text) for text in row if text]
    return " | ".join(texts) + " |" + "|" * (len(row) - len(texts))


def make_cell_lines(sheet: Sheet) -> bytes:
    """One cell a line, each followed by a bar, as text extractors write tables; empty cells are a bare bar."""
    lines = [f"{_flat(cell.text)} |".strip() for row in sheet.grid() for cell in row if cell is not None]
    return "\n".join([*sheet.before, *lines, *sheet.after]).encode()


def make_markdown_page(sheet: Sheet) -> bytes:
    """An HTML table inside Markdown."""
    before = [f"## {line}" for line in sheet.before]
    return "\n".join([*before, "", "<table>", *_html_rows(sheet, word=False), "</table>", "", *sheet.after]).encode()


def make_run_on(sheet: Sheet, *, glue: str = " ", multi: bool = False) -> bytes:
    """All texts in natural order on one line; `multi` one row of the table a line, indented."""
    if multi:
        lines = [" ".join(_flat(cell.text) for cell in row if cell is not None and cell.text) for row in sheet.grid()]
        return "\n".join("    " + line for line in [*sheet.before, *lines, *sheet.after] if line).encode()
    texts = [_flat(cell.text) for row in sheet.grid() for cell in row if cell is not None and cell.text]
    return glue.join([*sheet.before, *texts, *sheet.after]).encode()


def _flat(text: str, line_break: str = "") -> str:
    return text.replace("\n", line_break)
