"""Forms printed over several pages: cut labels become whole, headings over two rows keep their columns, the year is found."""

from decimal import Decimal

from chengshu.documents.contracts import Cell, Document, Layout, Media, Place, Row
from chengshu.performance.reading.reader import read_forms

_EDGES = (40.0, 80.0, 120.0, 220.0, 290.0, 360.0, 400.0, 440.0, 540.0)
_HEAD = ("项目名称", "河道养护")
_HEADER = ("一级指标", "二级指标", "三级指标", "年度指标值", "实际完成值", "分值", "得分", "偏差原因分析及改进措施")


def _row(texts: tuple[str, ...], *, page: int = 1) -> Row:
    cells = (
        Cell(text, Place(page=page, box=(left, 0.0, right, 10.0)))
        for text, left, right in zip(texts, _EDGES, _EDGES[1:], strict=False)
    )
    return Row(tuple(cells), Layout.GRID, 1)


def _document(*rows: Row, title: str = "2022年度项目支出绩效自评表") -> Document:
    loose = Row((Cell(title, Place(page=1, box=(200.0, 0.0, 300.0, 10.0))),), Layout.LOOSE)
    return Document("a.pdf", "a.pdf", Media.PDF, (loose, *rows))


def test_a_label_cut_by_the_end_of_a_page_is_whole_for_the_rows_of_both_pages() -> None:
    document = _document(
        _row(_HEAD),
        _row(_HEADER),
        _row(("产出", "时效", "完成时间", "12月底前", "12月20日", "10", "10", "")),
        _row(("指标", "指标", "响应时间", "≤30分钟", "27分钟", "10", "9", ""), page=2),
        _row(("", "成本指标", "单位造价", "≤5元", "4元", "10", "10", ""), page=2),
    )
    (form,) = read_forms(document)
    labels = [(item.level1, item.level2, item.level3) for item in form.indicators]
    assert labels == [
        ("产出指标", "时效指标", "完成时间"),
        ("产出指标", "时效指标", "响应时间"),
        ("产出指标", "成本指标", "单位造价"),
    ]


def test_a_label_of_its_own_at_the_top_of_a_page_is_left_alone() -> None:
    document = _document(
        _row(_HEAD),
        _row(_HEADER),
        _row(("产出指标", "时效指标", "完成时间", "12月底前", "12月20日", "10", "10", "")),
        _row(("", "成本指标", "单位造价", "≤5元", "4元", "10", "10", ""), page=2),
    )
    (form,) = read_forms(document)
    assert [item.level2 for item in form.indicators] == ["时效指标", "成本指标"]


def test_a_heading_wrapped_over_two_header_rows_still_heads_its_column() -> None:
    document = _document(
        _row(_HEAD),
        _row(("一级指标", "二级指标", "三级指标", "年度指标值", "实际完成", "分值", "得分", "")),
        _row(("一级指标", "二级指标", "三级指标", "指标值", "值", "", "", "")),
        _row(("产出指标", "数量指标", "培训场次", "≥12场", "14场", "10", "9", "")),
    )
    (form,) = read_forms(document)
    assert [(item.target, item.actual, item.score) for item in form.indicators] == [("≥12场", "14场", Decimal(9))]


def test_the_year_by_itself_above_the_first_row_is_the_form_s() -> None:
    document = _document(
        _row(_HEAD),
        _row(_HEADER),
        _row(("产出指标", "数量指标", "培训场次", "≥12场", "14场", "10", "9", "")),
        title="（2022年度）",
    )
    (form,) = read_forms(document)
    assert (form.year, form.project) == (2022, "河道养护")
