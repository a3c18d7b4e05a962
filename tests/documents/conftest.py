"""One form as cells with spans, and makers of it in every format."""

import io
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import docx
import openpyxl
import pytest
import typst
from PIL import Image

from chengshu.documents.contracts import Document, Layout

_typst: Any = typst  # its stubs cannot infer the type of the input
ROOT = Path(__file__).resolve().parents[2]
FONTS = ROOT / "node_modules" / "@expo-google-fonts" / "noto-sans-sc"
TITLE = "项目支出绩效自评表"


@dataclass(frozen=True)
class Made:
    """A cell of the form: where it begins (from 0), how far it reaches, what it says."""

    row: int
    column: int
    rows: int
    columns: int
    text: str


def _line(row: int, column: int, *texts: str) -> list[Made]:
    return [Made(row, column + index, 1, 1, text) for index, text in enumerate(texts)]


FORM = [
    Made(0, 0, 1, 2, "项目名称"),
    Made(0, 2, 1, 5, "城市运行监测平台运维"),
    Made(1, 0, 3, 2, "项目资金"),
    *_line(1, 2, "预算类别", "全年预算数", "全年执行数", "分值", "执行率"),
    *_line(2, 2, "年度资金总额", "104,769,000.00", "104,756,332.00", "10", "99.99%"),
    *_line(3, 2, "其他资金", "0.00", "0.00", "—", ""),
    *_line(4, 0, "一级指标", "二级指标", "三级指标", "年度指标值", "实际完成值", "分值", "得分"),
    Made(5, 0, 2, 1, "产出指标"),
    *_line(5, 1, "数量指标", "运维次数", "≥12次", "12次", "20", "20"),
    *_line(6, 1, "时效指标", "响应时间", "<1天", "0.5天", "20", "19.5"),
    *_line(7, 0, "效益指标", "社会效益", "系统故障率", "≤2.5%", "1.2%", "30", "30"),
    Made(8, 0, 1, 5, "总分"),
    *_line(8, 5, "100", "99.5"),
]


@pytest.fixture
def form() -> list[Made]:
    return FORM


def _grid_of(document: Document) -> list[Made]:
    """What the grids of a document say, in the terms of the form."""
    rows = [row for row in document.rows if row.layout is Layout.GRID]
    return [
        Made(index, column, cell.row_span, cell.col_span, "".join(cell.text.split()))
        for index, row in enumerate(rows)
        for column, cell in enumerate(row.cells)
        if not cell.covered
    ]


def _make_html() -> bytes:
    rows = range(max(cell.row for cell in FORM) + 1)
    body = "\n".join("<tr>" + "".join(_html_cell(cell) for cell in FORM if cell.row == row) + "</tr>" for row in rows)
    return f"<!doctype html>\n<html><body><h1>{TITLE}</h1>\n<table>\n{body}\n</table></body></html>".encode()


def _html_cell(cell: Made) -> str:
    text = cell.text.replace("<", "&lt;")
    return f'<td rowspan="{cell.rows}" colspan="{cell.columns}">{text}</td>'


def _make_xlsx() -> bytes:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    for cell in FORM:
        sheet.cell(cell.row + 1, cell.column + 1, cell.text or None)
        if cell.rows * cell.columns > 1:
            sheet.merge_cells(
                start_row=cell.row + 1,
                start_column=cell.column + 1,
                end_row=cell.row + cell.rows,
                end_column=cell.column + cell.columns,
            )
    return _save(book.save)


def _make_docx() -> bytes:
    document = docx.Document()
    document.add_paragraph(TITLE)
    table = document.add_table(9, 7)
    for cell in FORM:
        corner = table.cell(cell.row, cell.column)
        corner.merge(table.cell(cell.row + cell.rows - 1, cell.column + cell.columns - 1)).text = cell.text
    return _save(document.save)


def _save(write: Callable[[io.BytesIO], object]) -> bytes:
    buffer = io.BytesIO()
    write(buffer)
    return buffer.getvalue()


def _make_typst(*, stroke: str = "0.6pt", forms: int = 1, size: str = "10pt") -> bytes:
    cells = ",".join(
        f'table.cell(x: {cell.column}, y: {cell.row}, rowspan: {cell.rows}, colspan: {cell.columns})[#"{cell.text}"]'
        for cell in FORM
    )
    one = f"""#align(center)[#text(16pt)[{TITLE}]]
#align(center)[2023年度]
#table(columns: (1fr, 1fr, 1.2fr, 1.4fr, 1.4fr, 0.7fr, 0.9fr), stroke: {stroke}, align: center + horizon, {cells})
填报人：张三
"""
    font = '("Noto Sans SC", "Noto Sans CJK SC")'
    head = f'#set page(paper: "a4", margin: 1.5cm)\n#set text(font: {font}, size: {size})\n'
    return (head + "#pagebreak()\n".join([one] * forms)).encode()


def _make_pdf(*, stroke: str = "0.6pt", forms: int = 1) -> bytes:
    return _compile(_make_typst(stroke=stroke, forms=forms), "pdf")


def _make_picture(*, ppi: float = 180, stroke: str = "0.6pt") -> Image.Image:
    picture = _compile(_make_typst(stroke=stroke), "png", ppi)
    return Image.open(io.BytesIO(picture)).convert("RGB")


def _compile(source: bytes, kind: Literal["pdf", "png"], ppi: float | None = None) -> bytes:
    fonts = [str(FONTS)] if FONTS.is_dir() else []
    made: bytes = _typst.compile(source, format=kind, ppi=ppi, font_paths=fonts)
    return made


_MAKERS: dict[str, Callable[[], bytes]] = {
    "form.html": _make_html,
    "form.xlsx": _make_xlsx,
    "form.docx": _make_docx,
    "form.pdf": _make_pdf,
}


@pytest.fixture(params=sorted(_MAKERS))
def form_file(request: pytest.FixtureRequest) -> tuple[str, bytes]:
    """The form in each exact format that knows merged cells: its name and bytes."""
    name = str(request.param)
    return name, _MAKERS[name]()


@pytest.fixture
def form_files() -> dict[str, bytes]:
    return {name: make() for name, make in _MAKERS.items()}


@pytest.fixture
def make_pdf() -> Callable[..., bytes]:
    return _make_pdf


@pytest.fixture
def make_picture() -> Callable[..., Image.Image]:
    return _make_picture


@pytest.fixture
def save() -> Callable[[Callable[[io.BytesIO], object]], bytes]:
    """Bytes of whatever writes itself into a buffer."""
    return _save


@pytest.fixture
def grid_of() -> Callable[[Document], list[Made]]:
    return _grid_of
