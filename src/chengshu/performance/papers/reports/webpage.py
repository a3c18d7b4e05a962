"""Writes a report as one self-contained page: no script, no other host, ready for the printer."""

from collections.abc import Sequence
from html import escape

from chengshu.performance.papers.reports.contents import (
    Block,
    Code,
    Column,
    Facts,
    Heading,
    Paragraph,
    Table,
    TableCell,
)
from chengshu.performance.papers.reports.words import Words
from chengshu.performance.papers.writers.html import page, style_sheet

_LANGUAGES = {"zh": "zh-Hans", "en": "en"}


def write_webpage(title: str, blocks: Sequence[Block], words: Words) -> bytes:
    """Write the blocks under the title."""
    body = "\n".join(_block(block) for block in blocks)
    style = style_sheet("report") + _width_rules(blocks)
    return page(title, style, f"<main>\n<h1>{escape(title)}</h1>\n{body}\n</main>", language=_LANGUAGES[words.language])


def _block(block: Block) -> str:
    match block:
        case Heading():
            tag = f"h{block.level + 1}"
            return f"<{tag}>{escape(block.text)}</{tag}>"
        case Paragraph():
            return f"<p{_class(block.tone)}>{_lines(block.text)}</p>"
        case Facts():
            pairs = "".join(f"<dt>{escape(name)}</dt><dd>{_lines(value)}</dd>" for name, value in block.pairs)
            return f"<dl>{pairs}</dl>"
        case Code():
            return f"<pre>{escape(block.text)}</pre>"
        case Table():
            return _table(block)


def _table(table: Table) -> str:
    columns = "".join(f'<col class="share-{column.width}">' for column in table.columns)
    heads = "".join(f'<th scope="col"{_class(_side(column))}>{escape(column.text)}</th>' for column in table.columns)
    rows = "\n".join(
        f"<tr>{''.join(_cell(cell, column) for cell, column in zip(row, table.columns, strict=True) if cell)}</tr>"
        for row in table.rows
    )
    return (
        f"<table>\n<colgroup>{columns}</colgroup>\n<thead><tr>{heads}</tr></thead>\n<tbody>\n{rows}\n</tbody>\n</table>"
    )


def _cell(cell: TableCell, column: Column) -> str:
    span = f' rowspan="{cell.rows}"' if cell.rows > 1 else ""
    text = f"<span{_class(cell.tone)}>{_lines(cell.text)}</span>" if cell.tone else _lines(cell.text)
    note = f"<small>{_lines(cell.note)}</small>" if cell.note else ""
    return f"<td{span}{_class(_side(column))}>{text}{note}</td>"


def _side(column: Column) -> str:
    return "" if column.align == "start" else column.align


def _class(name: str) -> str:
    return f' class="{name}"' if name else ""


def _lines(text: str) -> str:
    return escape(text).replace("\n", "<br>")


def _width_rules(blocks: Sequence[Block]) -> str:
    """Give column widths by class, since no element carries a style of its own."""
    widths = {column.width for block in blocks if isinstance(block, Table) for column in block.columns}
    return "".join(f".share-{width} {{ width: {width}%; }}\n" for width in sorted(widths))
