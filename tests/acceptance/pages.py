"""Word documents, PDF pages and their scans."""

import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import docx
import numpy as np
import pypdfium2  # type: ignore[import-untyped]  # ships no types
import typst
from acceptance.papers import Sheet
from docx.enum.text import WD_BREAK
from PIL import Image, ImageFilter

_typst: Any = typst  # its stubs cannot infer the type of the input
_FONTS = Path(__file__).resolve().parents[2] / "node_modules" / "@expo-google-fonts" / "noto-sans-sc"
_RULES = {
    "all": "0.6pt",
    "rows": "(x, y) => (top: 0.6pt, bottom: 0.6pt)",
    "none": "none",
    "columns": "(x, y) => (x: 0.6pt)",
}
_ALIGN = {
    "rows-top": "center + top",
    "none-left": "left + top",
    "none-top": "center + top",
    "none-bottom": "left + bottom",
}
_REPORT = (
    "一、项目基本情况",
    "本项目由单位组织实施，资金纳入年度预算管理，按合同约定分批支付。",
    "二、自评工作开展情况",
    "单位成立自评小组，核对账目与现场记录，逐项打分。",
)


def make_word(sheets: Sequence[Sheet], *, report: bool = False) -> bytes:
    """Forms in one document, a page each; with `report` inside the text of a self-evaluation report."""
    document = docx.Document()
    if report:
        document.add_heading("项目绩效自评报告", 1)
        for text in _REPORT:
            document.add_paragraph(text)
    for index, sheet in enumerate(sheets):
        if index:
            document.add_paragraph().add_run().add_break(WD_BREAK.PAGE)
        for line in sheet.before:
            document.add_paragraph(line)
        table = document.add_table(sheet.height, sheet.width, style="Table Grid")
        for cell in sheet.cells:
            corner = table.cell(cell.row, cell.column)
            if cell.rows * cell.columns > 1:
                corner = corner.merge(table.cell(cell.row + cell.rows - 1, cell.column + cell.columns - 1))
            corner.text = cell.text
        for line in sheet.after:
            document.add_paragraph(line)
    if report:
        document.add_heading("三、存在的问题", 1)
        document.add_paragraph("个别指标设置不够细，今后逐步完善。")
    return _saved(document)


def _saved(document: Any) -> bytes:
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def make_pdf(
    sheets: Sequence[Sheet],
    *,
    per_page: int = 1,
    lead: int = 0,
    size: float = 9,
    rules: str = "all",
    flipped: bool = False,
    **look: float,
) -> bytes:
    """Print the forms; `lead` points of empty space push them down so that a form crosses the page.

    `rules` is "all", "rows" (no vertical lines), "columns" (no level lines), "none", or two of them with
    the texts elsewhere than in the middle of their cells: "rows-top", "none-left", "none-top", "none-bottom". `look` may
    give the `inset`: the points free between a text and the edges of its cell.
    """
    parts = []
    for index, sheet in enumerate(sheets):
        if index:
            parts.append("#pagebreak()" if index % per_page == 0 else "#v(14pt)")
        parts += [f"#align(center)[#text(15pt)[{_escape(line)}]]" for line in sheet.before]
        parts.append(_table(sheet, rules, look.get("inset", 4)))
        parts += [f"#par[{_escape(line)}]" for line in sheet.after]
    head = (
        f'#set page(paper: "a4", margin: 1.4cm, flipped: {str(flipped).lower()})\n'
        f'#set text(font: ("Noto Sans SC", "Noto Sans CJK SC"), size: {size}pt, lang: "zh")\n'
    )
    source = head + (f"#v({lead}pt)\n" if lead else "") + "\n".join(parts)
    made: bytes = _typst.compile(source.encode(), format="pdf", font_paths=[str(_FONTS)] if _FONTS.is_dir() else [])
    return made


def make_turned(sheet: Sheet, *, degrees: int, rules: str = "all") -> bytes:
    """A page that the office turned on its side."""
    document = pypdfium2.PdfDocument(make_pdf([sheet], rules=rules))
    for page in document:
        page.set_rotation(degrees)
    made = _saved(document)
    document.close()
    return made


def _table(sheet: Sheet, rules: str, inset: float) -> str:
    cells = []
    for cell in sheet.cells:
        place = f"x: {cell.column}, y: {cell.row}, rowspan: {cell.rows}, colspan: {cell.columns}"
        lines = " \\\n".join(f"#{_quoted(line)}" for line in cell.text.split("\n"))
        cells.append(f"table.cell({place}, breakable: true)[{lines}]")
    widths = ", ".join(_width(sheet, column) for column in range(sheet.width))
    body = ", ".join(cells)
    look = (
        f"stroke: {_RULES[rules.partition('-')[0]]}, inset: {inset}pt, align: {_ALIGN.get(rules, 'center + horizon')}"
    )
    return f"#table(columns: ({widths}), {look}, {body})"


def _width(sheet: Sheet, column: int) -> str:
    longest = max((len(cell.text) for cell in sheet.cells if cell.column == column and cell.columns == 1), default=2)
    return f"{min(3.0, max(0.9, longest / 5)):.2f}fr"


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _escape(text: str) -> str:
    return f"#{_quoted(text)}"


def render(pdf: bytes, *, dpi: int = 200) -> list[Image.Image]:
    """The pages as pictures."""
    document = pypdfium2.PdfDocument(pdf)
    pages = [page.render(scale=dpi / 72).to_pil().convert("RGB") for page in document]
    document.close()
    return pages


def worn(
    picture: Image.Image, *, skew: float = 0.0, noise: int = 0, photo: bool = False, blur: float = 0.0
) -> Image.Image:
    """What a scanner or a phone makes of a page."""
    if skew:
        picture = picture.rotate(skew, expand=True, fillcolor=(250, 250, 248), resample=Image.Resampling.BICUBIC)
    if photo:
        picture = _on_a_desk(picture)
    if blur:
        picture = picture.filter(ImageFilter.GaussianBlur(blur))
    if noise:
        grain = np.random.default_rng(7).normal(0, noise, (picture.height, picture.width, 1))
        picture = Image.fromarray(np.clip(np.asarray(picture) + grain, 0, 255).astype(np.uint8))
    return picture


def _on_a_desk(picture: Image.Image) -> Image.Image:
    """Light falls from one corner, the paper is greyish, a desk shows at the borders."""
    wide = Image.new("RGB", (picture.width + 120, picture.height + 160), (118, 96, 74))
    wide.paste(picture, (60, 80))
    across = np.linspace(1.0, 0.72, wide.width)[None, :, None] * np.linspace(0.98, 0.8, wide.height)[:, None, None]
    return Image.fromarray((np.asarray(wide) * across).astype(np.uint8))


def as_jpeg(picture: Image.Image, quality: int = 60) -> bytes:
    buffer = io.BytesIO()
    picture.save(buffer, "JPEG", quality=quality)
    return buffer.getvalue()


def as_scanned_pdf(pictures: Sequence[Image.Image], *, dpi: int = 200) -> bytes:
    """A PDF that holds pictures only."""
    buffer = io.BytesIO()
    pictures[0].save(buffer, "PDF", save_all=True, append_images=list(pictures[1:]), resolution=dpi, quality=70)
    return buffer.getvalue()
