"""Writes sheets as one self-contained page: classes only, a style sheet in its head, no script, no other host."""

from collections.abc import Iterator, Sequence
from functools import cache
from html import escape
from importlib.resources import files

from chengshu.performance.papers.sheets import Sheet, SheetCell, printable


def write_html(sheets: Sequence[Sheet]) -> bytes:
    """Write one section a sheet; on paper each begins a new page."""
    sections = "\n".join(["<main>", *(_section(sheet) for sheet in sheets), "</main>"])
    return page(sheets[0].title if sheets else "", style_sheet("form") + _width_rules(sheets), sections)


def page(title: str, style: str, body: str, *, language: str = "zh-Hans") -> bytes:
    """Wrap a body into a whole page with its style sheet."""
    return printable(
        f'<!DOCTYPE html>\n<html lang="{language}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(title)}</title>\n<style>\n{style}</style>\n</head>\n<body>\n{body}\n</body>\n</html>\n"
    ).encode()


@cache
def style_sheet(name: str) -> str:
    """Read a style sheet of the `styles` folder."""
    return (files("chengshu.performance.papers") / "styles" / f"{name}.css").read_text(encoding="utf-8")


def _width_rules(sheets: Sequence[Sheet]) -> str:
    """Give every layout in use its column widths by class, since no element carries a style of its own."""
    widths = {sheet.layout: sheet.widths for sheet in sheets}
    return "".join(
        f".{layout} .column-{number} {{ width: {share}%; }}\n"
        for layout, shares in widths.items()
        for number, share in enumerate(shares, start=1)
    )


def _section(sheet: Sheet) -> str:
    columns = "".join(f'<col class="column-{number}">' for number in range(1, len(sheet.widths) + 1))
    rows = "\n".join(f"<tr>{''.join(_cells(row))}</tr>" for row in sheet.rows)
    return (
        f'<section class="form-paper {escape(sheet.layout)}">\n<h1>{escape(sheet.title)}</h1>\n'
        f'<p class="year">{escape(sheet.year_line)}</p>\n'
        f"<table>\n<colgroup>{columns}</colgroup>\n<tbody>\n{rows}\n</tbody>\n</table>\n</section>"
    )


def _cells(row: Sequence[SheetCell]) -> Iterator[str]:
    for cell in row:
        tag = "th" if cell.label and cell.text else "td"
        attributes = "".join(
            f' {name}="{value}"'
            for name, value, default in (
                ("rowspan", cell.rows, 1),
                ("colspan", cell.columns, 1),
                ("class", "figure" if cell.number is not None else cell.align, "center"),
                ("data-field", escape(cell.field), ""),
            )
            if value != default
        )
        yield f"<{tag}{attributes}>{escape(cell.text).replace(chr(10), '<br>')}</{tag}>"
