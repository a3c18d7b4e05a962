"""Forms whose table is gone and whose words stand in reading order: on one line, a row a line, a cell a line."""

from decimal import Decimal

import pytest
from performance.reading.sheets import tabbed_document

from chengshu.documents.reading import read_document
from chengshu.performance.contracts import Form
from chengshu.performance.reading.reader import read_forms

HEAD = "项目支出绩效自评表 (2022 年度) 项目名称 河道保洁 主管部门 某县水务局 实施单位 某县河道管理所"
MONEY = (
    "项目资金 (万元) 年初预算数 全年预算数 全年执行数 分值 执行率 得分 年度资金总额: 90 120 108 10 90% 9 "
    "其中:本年财政拨款 90 90 88 — — — 上年结转资金 30 20 — — — 其他资金"
)
GOAL = "年度总体目标 预期目标 实际完成情况 保洁河道四十公里。 保洁河道四十一公里。"
HEADER = "绩效指标 一级指标 二级指标 三级指标 年度指标值 实际完成值 分值 得分 偏差原因分析及改进措施"
ROWS = (
    "产出指标(50分) 数量指标 保洁河道长度 ≥40公里 41公里 20 20 打捞水草量 ≥300吨 270吨 30 27 汛期停工 "
    "效益指标(30分) 生态效益指标 河面洁净 明显改善 明显改善 30 30 "
    "满意度指标(10分) 服务对象满意度指标 沿河居民 满意度 ≥90% 94% 10 10"
)
PAGE = f"{HEAD} {MONEY} {GOAL} {HEADER} {ROWS} 总分 100 96"


def only_form(text: str) -> Form:
    (form,) = read_forms(tabbed_document(text))
    return form


def rows_of(form: Form) -> list[tuple[object, ...]]:
    return [
        (i.level1, i.level2, i.level3, i.target, i.actual, str(i.weight), str(i.score), i.reason)
        for i in form.indicators
    ]


EXPECTED = [
    ("产出指标", "数量指标", "保洁河道长度", "≥40公里", "41公里", "20", "20", None),
    ("产出指标", "数量指标", "打捞水草量", "≥300吨", "270吨", "30", "27", "汛期停工"),
    ("效益指标", "生态效益指标", "河面洁净", "明显改善", "明显改善", "30", "30", None),
    ("满意度指标", "服务对象满意度指标", "沿河居民满意度", "≥90%", "94%", "10", "10", None),
]


def test_a_page_on_one_line() -> None:
    form = only_form(PAGE)
    assert (form.year, form.project, form.department, form.unit) == (2022, "河道保洁", "某县水务局", "某县河道管理所")
    assert (form.money_unit, form.money.total.executed, form.money.total.score) == ("万元", Decimal(108), Decimal(9))
    assert (form.goal.expected, form.goal.actual) == ("保洁河道四十公里。", "保洁河道四十一公里。")
    assert rows_of(form) == EXPECTED
    assert (form.total.weight, form.total.score) == (Decimal(100), Decimal(96))


def test_the_year_may_stand_before_the_title() -> None:
    assert only_form(PAGE.replace("项目支出绩效自评表 (2022 年度)", "2021年度项目支出绩效自评表")).year == 2021


def test_a_short_money_row_goes_where_the_columns_add_up() -> None:
    carried = only_form(PAGE).money.carried_over
    assert (carried.initial, carried.budget, carried.executed) == (None, Decimal(30), Decimal(20))


def test_a_short_money_row_that_adds_up_nowhere_stays_empty() -> None:
    carried = only_form(PAGE.replace("上年结转资金 30 20", "上年结转资金 31 21")).money.carried_over
    assert (carried.initial, carried.budget, carried.executed) == (None, None, None)


@pytest.mark.parametrize("broken", ["一级 指标", "年度 指标值", "服务对象 满意度指标", "全年 执行数"])
def test_a_label_may_be_broken_by_a_blank(broken: str) -> None:
    assert rows_of(only_form(PAGE.replace(broken.replace(" ", ""), broken))) == EXPECTED


def test_a_row_a_line() -> None:
    lines = PAGE.replace(" 项目名称", "\n  项目名称").replace(" 主管部门", "\n  主管部门").replace(" 年", "\n  年")
    for start in ("其中", "上年", "其他", "保洁河道四", "一级指标", "产出", "打捞", "效益", "满意度指标(", "总分"):
        lines = lines.replace(f" {start}", f"\n    {start}")
    assert rows_of(only_form(lines)) == EXPECTED


def test_a_cell_a_line_keeps_its_empty_cells() -> None:
    rows = ROWS.replace("沿河居民 满意度", "沿河居民满意度").replace(" 41公里 20 20", " | 20 |", 1)
    words = f"{HEAD} {MONEY} {GOAL} {HEADER} {rows} 总分 100 |".replace("(2022 年度)", "(2022年度)").split()
    text = "\n".join("|" if word == "|" else f"{word} |" for word in words)
    (form,) = read_forms(read_document("form.txt", text.encode()))
    first = form.indicators[0]
    assert (first.target, first.actual, first.weight, first.score) == ("≥40公里", None, Decimal(20), None)


def test_text_without_any_blank() -> None:
    glued = PAGE.replace(" ", "")
    form = only_form(glued)
    assert (form.project, form.unit) == ("河道保洁", "某县河道管理所")
    assert [(i.target, i.actual, i.weight, i.score) for i in form.indicators[2:]] == [
        ("明显改善", "明显改善", Decimal(30), Decimal(30)),
        ("≥90%", "94%", Decimal(10), Decimal(10)),
    ]
    assert (form.money.total.budget, form.money.total.rate) == (Decimal(120), Decimal(90))


def test_lines_of_the_blank_form_that_nobody_used_are_no_indicators() -> None:
    rows = ROWS.replace("保洁河道长度", "指标1：保洁河道长度").replace(" 效益指标(", " 指标3： …… 效益指标(")
    form = only_form(PAGE.replace(ROWS, rows))
    assert [i.level3 for i in form.indicators] == ["指标1：保洁河道长度", "打捞水草量", "河面洁净", "沿河居民满意度"]


def test_a_column_between_the_known_ones_is_passed_over() -> None:
    text = PAGE.replace("三级指标 年度", "三级指标 指标解释 年度").replace("保洁河道长度", "保洁河道长度 按月统计")
    text = text.replace("打捞水草量", "打捞水草量 过磅数").replace("河面洁净", "河面洁净 现场查看")
    assert rows_of(only_form(text.replace("满意度 ≥90%", "满意度 问卷得分率 ≥90%")))[:3] == EXPECTED[:3]
