"""Unruled PDF tables whose rows stand nearly as near as the lines of a cell: every row keeps its own values."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
import typst

from chengshu.documents.contracts import Layout, Row
from chengshu.documents.reading import read_document

_typst: Any = typst  # its stubs cannot infer the type of the input
_FONTS = Path(__file__).resolve().parents[2] / "node_modules" / "@expo-google-fonts" / "noto-sans-sc"
_LINE, _HEADLESS = 15.0, 0.4  # points: of a line of a cell, and how much less a row has than its lines
_LEFT = (40, 90, 150, 300, 400, 450)
_Line = tuple[float, float, str]
_ROWS = (
    ("印发宣传资料", "≥7735份", "4.00", "3.50"),
    ("开展培训场次", "=12场", "4.00", "3.00"),
    ("项目立项、招投标、\n验收等全过程\n资料归档完整率", "≥95%", "4.00", "4.00"),
    ("系统故障率", "≤2%", "4.00", "2.00"),
    ("完成时间", "2022年12\n月31日前", "4.00", "4.00"),
    ("单位造价", "≤1280\n元/平方米", "5.00", "5.00"),
    ("节约运行费用", "有所节约", "3.00", "3.00"),
    ("政策知晓率", "≥85%", "3.0\n0", "2.5\n0"),
)
_LABELS = (("产出\n指标", 0, 6), ("效益\n指标", 6, 8))


def _place(text: str, left: float, top: float, height: float, *, is_middle: bool) -> list[_Line]:
    lines = text.split("\n")
    start = top + (height - len(lines) * _LINE) / 2 if is_middle else top - _HEADLESS / 2
    return [(left, start + number * _LINE, line) for number, line in enumerate(lines)]


def _mark(rows: Sequence[Sequence[str]], *, is_middle: bool, labels: Sequence[tuple[str, int, int]] = ()) -> str:
    tops = [100.0]
    placed: list[_Line] = []
    for row in rows:
        height = max(text.count("\n") + 1 for text in row) * _LINE - _HEADLESS
        for left, text in zip(_LEFT[2:], row, strict=True):
            placed += _place(text, left, tops[-1], height, is_middle=is_middle) if text else []
        tops.append(tops[-1] + height)
    for text, first, end in labels:
        placed += _place(text, _LEFT[0], tops[first], tops[end] - tops[first], is_middle=is_middle)
    return "\n".join(f'#place(dx: {x}pt, dy: {y}pt, [#"{text}"])' for x, y, text in placed)


def _read(*pages: str) -> list[Row]:
    source = '#set page(paper: "a4", margin: 0pt)\n#set text(font: ("Noto Sans SC", "Noto Sans CJK SC"), size: 9pt)\n'
    source += "\n#pagebreak()\n".join(pages)
    made = _typst.compile(source.encode(), format="pdf", font_paths=[str(_FONTS)] if _FONTS.is_dir() else [])
    return [row for row in read_document("a.pdf", made).rows if row.layout is Layout.GRID]


def _bare(rows: Sequence[Sequence[str]]) -> list[tuple[str, ...]]:
    return [tuple(text.replace("\n", "") for text in row) for row in rows]


@pytest.mark.parametrize("is_middle", [True, False])
def test_rows_as_near_as_lines_are_told_by_exact_measure(*, is_middle: bool) -> None:
    rows = _read(_mark(_ROWS, is_middle=is_middle, labels=_LABELS))
    assert _bare([[cell.text for cell in row.cells[1:]] for row in rows]) == _bare(_ROWS)
    labels = {cell.text.replace("\n", ""): cell.row_span for row in rows for cell in row.cells[:1] if not cell.covered}
    assert labels == {"产出指标": 6, "效益指标": 2}


def test_the_rest_of_a_row_on_the_next_page_is_no_row() -> None:
    cut, rest = ("单位造价", "≤1280.00", "5.0", "5.0"), ("", "(元/平方米)", "0", "0")
    narrow = [(name, target, f"{weight[:3]}\n0", f"{score[:3]}\n0") for name, target, weight, score in _ROWS]
    rows = _read(_mark([*narrow, cut], is_middle=True), _mark([rest, *narrow], is_middle=True))
    found = _bare([[cell.text for cell in row.cells] for row in rows])
    assert found == [*_bare(narrow), ("单位造价", "≤1280.00(元/平方米)", "5.00", "5.00"), *_bare(narrow)]


def test_a_whole_row_at_the_top_of_the_next_page_stays_a_row() -> None:
    first, second = ("单位造价", "≤1280.00", "5.0", "5.0"), ("运行成本", "≤350.00", "5.0", "4.0")
    rows = _read(_mark([*_ROWS, first], is_middle=True), _mark([second, *_ROWS], is_middle=True))
    assert _bare([[cell.text for cell in row.cells] for row in rows]) == _bare([*_ROWS, first, second, *_ROWS])
