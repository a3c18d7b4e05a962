"""The reader's behaviour on layouts, damage and input that is no form."""

import string
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from performance.reading.sheets import grid_document, tabbed_document

from chengshu.documents.contracts import Cell, Document, Layout, Media, Place, Row
from chengshu.performance.errors import FormBlank, FormDigitsLost, FormUnreadable, NotAForm
from chengshu.performance.reading.reader import read_forms

HEAD = """
财政项目支出绩效自评表
(2022 年度)
项目名称|{name}||||||
主管部门|某市数据局|||实施单位|某市数据中心||
项目资金 (元)||年初预算数|全年预算数|全年执行数|分值|执行率|得分
|年度资金总额|1,000.00|900.00|450.00|10.00|50.00%|5.00
|其中：当年财政拨款|1,000.00|900.00|450.00|—||
|上年结转资金||0||—||
|其他资金||||—||
年度 总体 目标|预期目标|||实际完成情况|||
|保障平台。|||平台稳定。|||
"""
HEADER = "一级指标|二级指标|三级指标|年度指标值|实际完成值|分值|得分|偏差原因分析及改进措施\n"
FOOTER = "总分|||||100.00|95.00|\n评分等级|优||||||\n"


def a_form(rows: str, *, name: str = "平台运维") -> str:
    return HEAD.format(name=name) + HEADER + rows.strip("\n") + "\n" + FOOTER


def read_rows(rows: str) -> list[tuple[object, ...]]:
    form = read_forms(tabbed_document(a_form(rows)))[0]
    return [
        (i.level1, i.level2, i.level3, i.target, i.actual, *(v and str(v) for v in (i.weight, i.score)))
        for i in form.indicators
    ]


class TestDamagedRows:
    def test_a_shifted_row_finds_its_columns(self) -> None:
        assert read_rows("|产出指标|数量指标|巡检次数||≥4次|5次|10.00|10.00") == [
            ("产出指标", "数量指标", "巡检次数", "≥4次", "5次", "10.00", "10.00")
        ]

    def test_an_empty_target_stays_empty(self) -> None:
        assert read_rows("产出指标|数量指标|系统数量||1529|10|10|") == [
            ("产出指标", "数量指标", "系统数量", None, "1529", "10", "10")
        ]

    def test_a_doubled_cell_counts_once(self) -> None:
        assert read_rows("产出指标|数量指标|人员到岗率|人员到岗率|100%|98%|5.00|4.00") == [
            ("产出指标", "数量指标", "人员到岗率", "100%", "98%", "5.00", "4.00")
        ]

    def test_a_label_without_its_row_is_carried_down(self) -> None:
        rows = "产出指标|数量指标|甲项工作|1|1|5|5|\n||乙项工作|2|2|5|5|\n丙项工作|3|3|5|5|||||"
        assert [row[:3] for row in read_rows(rows)] == [
            ("产出指标", "数量指标", "甲项工作"),
            ("产出指标", "数量指标", "乙项工作"),
            ("产出指标", "数量指标", "丙项工作"),
        ]

    def test_a_known_category_decides_its_class(self) -> None:
        assert read_rows("效益指标|时效指标|上线及时性|及时|及时|5|5|")[0][:2] == ("产出指标", "时效指标")

    def test_a_destroyed_category_is_reported(self) -> None:
        form = read_forms(
            tabbed_document(a_form("产出指标|数量指标|甲|1|1|5|5|\n|**/1 □+|测评完成情况|当年内|当年内|5|5|"))
        )[0]
        assert form.indicators[1].level2 is None
        assert ("/indicators/1/level2", "**/1 □+") in {(item.field, item.raw) for item in form.unreadable}
        assert form.indicators[1].confidence < form.indicators[0].confidence

    def test_a_weight_that_is_no_figure_is_reported(self) -> None:
        form = read_forms(tabbed_document(a_form("产出指标|数量指标|巡检|≥4次|5次|თ|5|")))[0]
        assert (form.indicators[0].weight, form.indicators[0].score) == (None, Decimal(5))
        assert [(item.field, item.raw) for item in form.unreadable] == [("/indicators/0/weight", "თ")]

    def test_labels_in_the_middle_of_their_rows_cover_both_sides(self) -> None:
        rows = "||巡检次数|≥4次|4次|5|5|\n|数量指标|维护次数|≥2次|2次|5|5|\n产出指标|质量指标|通过率|100%|100%|5|5|"
        assert [row[:2] for row in read_rows(rows)] == [("产出指标", "数量指标")] * 2 + [("产出指标", "质量指标")]

    def test_a_first_row_without_labels_takes_none_from_below(self) -> None:
        rows = "||巡检次数|≥4次|4次|5|5|\n产出指标|数量指标|维护次数|≥2次|2次|5|5|\n|质量指标|通过率|100%|100%|5|5|"
        assert [row[:2] for row in read_rows(rows)] == [
            (None, None),
            ("产出指标", "数量指标"),
            ("产出指标", "质量指标"),
        ]

    def test_a_row_without_any_value_is_kept(self) -> None:
        rows = "产出指标|数量指标|巡检次数|≥4次|4次|5|5|\n||维护次数|||||\n|质量指标|通过率|||||尚未开展"
        assert [row[1:] for row in read_rows(rows)] == [
            ("数量指标", "巡检次数", "≥4次", "4次", "5", "5"),
            ("数量指标", "维护次数", None, None, None, None),
            ("质量指标", "通过率", None, None, None, None),
        ]

    def test_a_dash_says_that_there_is_no_label(self) -> None:
        rows = "产出指标|数量指标|巡检次数|≥4次|4次|5|5|\n—|—|维护次数|≥2次|2次|5|5|\n|质量指标|通过率|100%|100%|5|5|"
        assert [row[:2] for row in read_rows(rows)] == [
            ("产出指标", "数量指标"),
            (None, None),
            ("产出指标", "质量指标"),
        ]

    def test_a_label_alone_on_its_line_is_no_row(self) -> None:
        rows = "产出指标|数量指标|巡检次数|≥4次|4次|5|5|\n|时效指标||||||\n||按时完成率|100%|100%|5|5|"
        assert [row[2] for row in read_rows(rows)] == ["巡检次数", "按时完成率"]

    def test_a_header_repeated_on_the_next_page_is_dropped(self) -> None:
        rows = "产出指标|数量指标|巡检|≥4次|4次|5|5|\n" + HEADER + "|质量指标|通过率|100%|100%|5|5|"
        assert [row[1:3] for row in read_rows(rows)] == [("数量指标", "巡检"), ("质量指标", "通过率")]


class TestBlocks:
    def test_reads_money_by_its_columns(self) -> None:
        money = read_forms(tabbed_document(a_form("产出指标|数量指标|巡检|≥4次|4次|5|5|")))[0].money
        assert (money.total.budget, money.total.rate, money.total.score) == (
            Decimal("900.00"),
            Decimal("50.00"),
            Decimal("5.00"),
        )
        assert (money.carried_over.initial, money.carried_over.budget) == (None, Decimal(0))
        assert money.other.budget is None

    def test_one_figure_in_the_total_row_goes_by_its_column(self) -> None:
        text = a_form("产出指标|数量指标|巡检|≥4次|4次|5|5|").replace("总分|||||100.00|95.00|", "总分||||||95.00|")
        total = read_forms(tabbed_document(text))[0].total
        assert (total.weight, total.score) == (None, Decimal("95.00"))

    def test_several_forms_of_one_file_are_counted(self) -> None:
        row = "产出指标|数量指标|巡检|≥4次|4次|5|5|"
        forms = read_forms(tabbed_document(a_form(row) + a_form(row, name="机房用电")))
        assert [(form.source.form, form.project) for form in forms] == [(1, "平台运维"), (2, "机房用电")]
        assert forms[0].source.line == 1
        assert all(form.grade == "优" for form in forms)

    def test_a_lost_title_does_not_join_two_forms(self) -> None:
        row = "产出指标|数量指标|巡检|≥4次|4次|5|5|"
        second = a_form(row, name="机房用电").replace("财政项目支出绩效自评表\n(2022 年度)\n", "")
        assert [form.project for form in read_forms(tabbed_document(a_form(row) + second))] == ["平台运维", "机房用电"]

    def test_a_title_repeated_on_the_second_page_does_not_cut_the_form(self) -> None:
        text = a_form("产出指标|数量指标|巡检|≥4次|4次|5|5|\nPAGE\n|质量指标|通过率|100%|100%|5|5|")
        text = text.replace("PAGE", "财政项目支出绩效自评表\n" + HEADER.strip())
        forms = read_forms(tabbed_document(text))
        assert [len(form.indicators) for form in forms] == [2]

    def test_prose_about_forms_is_no_form(self) -> None:
        prose = "各单位应当按时填报《财政项目支出绩效自评表》，并于三月底前报送，内容要真实完整。\n"
        assert len(read_forms(tabbed_document(prose + a_form("产出指标|数量指标|巡检|≥4次|4次|5|5|")))) == 1

    def test_points_every_value_to_its_cell(self) -> None:
        form = read_forms(tabbed_document(a_form("产出指标|数量指标|巡 检|>= 4 次|4次|5|5|")))[0]
        origin = form.origins["/indicators/0/target"]
        assert (origin.raw, origin.place.line, form.indicators[0].target) == (">= 4 次", 13, "≥4次")


class TestUnusualTables:
    def test_columns_go_by_their_headings_and_not_by_their_order(self) -> None:
        form = read_forms(
            grid_document("""
2021年度设备更新项目绩效自评表
项目名称 | 设备更新 | < | 项目编码 | 2021-07 | < | < | < | <
主管部门 | 某区教育局 | < | 项目单位 | 某区第一小学 | < | < | < | <
单位：万元
资金情况 | 年初预算数 | 全年预算数 | 全年执行数 | 执行率 | 分值 | 得分 | | -
年度资金总额： | 20 | 18.5 | 18.5 | 100% | 10 | 10 | | -
年度总体目标 | 年初设定目标 | < | < | 全年实际完成情况 | < | < | < | <
^ | 目标1：更新电脑四十台 | < | < | 更新四十台 | < | < | < | <
^ | 目标2：师生满意 | < | < | 师生满意 | < | < | < | <
序号 | 一级指标 | 二级指标 | 三级指标 | 分值 | 年度指标值 | 实际完成值 | 复核分 | 自评得分
1 | 产出指标 | 数量指标 | 更新电脑 | 50 | 40台 | 40台 | 49 | 50
2 | 满意度指标 | 满意度 | 师生满意度 | 40 | ≥90% | 96% | 40 | 39
总分 | < | < | < | 100 | | | 99 | 99
注：得分保留整数。
"""),
        )[0]
        assert (form.year, form.project, form.department) == (2021, "设备更新", "某区教育局")
        assert (form.unit, form.money_unit) == ("某区第一小学", "万元")
        assert (form.money.total.executed, form.money.total.rate, form.money.total.weight) == (
            Decimal("18.5"),
            Decimal(100),
            Decimal(10),
        )
        assert form.goal.expected == "目标1：更新电脑四十台\n目标2：师生满意"
        rows = [(i.level3, i.target, i.actual, i.weight, i.score) for i in form.indicators]
        assert rows == [
            ("更新电脑", "40台", "40台", Decimal(50), Decimal(50)),
            ("师生满意度", "≥90%", "96%", Decimal(40), Decimal(39)),
        ]

    def test_the_weights_of_classes_are_not_those_of_indicators(self) -> None:
        form = read_forms(
            grid_document("""
项目支出绩效自评表（2023年度）
项目名称 | 河道保洁 | < | < | < | < | < | <
绩效指标 | < | < | < | < | < | < | < | <
一级指标 | 分值 | 二级指标 | 分值 | 三级指标 | 分值 | 年度指标值 | 实际完成值 | 得分
产出指标 | 50 | 数量指标 | 30 | 保洁长度 | 30 | ≥12公里 | 12公里 | 30
^ | ^ | 质量指标 | 20 | 水面洁净 | 20 | 优良 | 优良 | 18
总分 | < | < | < | < | 100 | | | 98
评价等级：优
"""),
        )[0]
        assert [(i.level1, i.level2, i.weight, i.score) for i in form.indicators] == [
            ("产出指标", "数量指标", Decimal(30), Decimal(30)),
            ("产出指标", "质量指标", Decimal(20), Decimal(18)),
        ]
        assert (form.total.weight, form.total.score, form.grade) == (Decimal(100), Decimal(98), "优")

    def test_the_next_page_has_a_grid_of_its_own(self) -> None:
        form = read_forms(
            grid_document("""
项目支出绩效自评表（2023年度）
项目名称 | < | 河道保洁 | < | < | < | < | < | < | < | <
一级指标 | < | 二级指标 | < | 三级指标 | 年度指标值 | < | 实际完成值 | 分值 | 得分 | 偏差原因分析及改进措施
产出指标 | < | 数量指标 | < | 保洁长度 | ≥12公里 | < | 12公里 | 30 | 30 |
---
 | 质量指标 | 水面洁净 | 优良 | 优良 | 30 | 28 | 尚有漂浮物
效益指标 | 生态效益指标 | 水质达标 | | 三类 | 40 | 40 |
总分 | < | < | < | < | 100 | 98 |
""")
        )[0]
        assert [(i.level1, i.level2, i.level3, i.target, i.actual, i.score, i.reason) for i in form.indicators] == [
            ("产出指标", "数量指标", "保洁长度", "≥12公里", "12公里", Decimal(30), None),
            ("产出指标", "质量指标", "水面洁净", "优良", "优良", Decimal(28), "尚有漂浮物"),
            ("效益指标", "生态效益指标", "水质达标", None, "三类", Decimal(40), None),
        ]
        assert (form.total.weight, form.total.score) == (Decimal(100), Decimal(98))

    def test_a_class_without_categories_takes_none_from_its_neighbours(self) -> None:
        form = read_forms(
            grid_document("""
项目支出绩效自评表（2023年度）
项目名称 | < | 河道保洁 | < | < | < | <
一级指标 | 二级指标 | 三级指标 | 年度指标值 | 实际完成值 | 分值 | 得分
成本指标 | | 每公里费用 | ≤3万元 | 2.8万元 | 20 | 20
产出指标 | 数量指标 | 保洁长度 | ≥12公里 | 12公里 | 40 | 40
^ | ^ | 保洁次数 | ≥12次 | 12次 | 20 | 20
满意度指标 | | 居民满意度 | ≥90% | 93% | 10 | 10
""")
        )[0]
        assert [(i.level1, i.level2) for i in form.indicators] == [
            ("成本指标", None),
            ("产出指标", "数量指标"),
            ("产出指标", "数量指标"),
            ("满意度指标", None),
        ]

    def test_a_figure_is_no_reason(self) -> None:
        form = read_forms(tabbed_document(a_form("产出指标|数量指标|巡检|≥4次|4次|5|5|7")))[0]
        assert form.indicators[0].reason is None
        assert ("/indicators/0/reason", "7") in {(item.field, item.raw) for item in form.unreadable}

    def test_a_row_goes_on_after_a_page_break(self) -> None:
        rows = "产出指标|数量指标|建立数据长效运营|2套|2套|5|5|制度尚未\n\n||服务规章制度|||||全部印发\n|质量指标|通过率|100%|100%|5|5|"
        form = read_forms(tabbed_document(a_form(rows)))[0]
        assert [(i.level3, i.reason) for i in form.indicators] == [
            ("建立数据长效运营服务规章制度", "制度尚未全部印发"),
            ("通过率", None),
        ]


class TestRefusals:
    def test_a_letter_is_no_form(self) -> None:
        with pytest.raises(NotAForm) as refusal:
            read_forms(tabbed_document("关于开展绩效自评工作的通知\n各单位：请认真组织。", name="通知.txt"))
        assert refusal.value.details["file"] == "通知.txt"

    def test_an_unfilled_form_is_blank(self) -> None:
        text = """
项目支出绩效自评表 | < | < | < | < | < | < | <
（     年度） | < | < | < | < | < | < | <
项目名称 | | | | | | |
主管部门 | | | | 实施单位 | | |
项目资金（万元） | | 年初预算数 | 全年预算数 | 全年执行数 | 分值 | 执行率 | 得分
^ | 年度资金总额 | | | | 10 | |
绩效指标 | 一级指标 | 二级指标 | 三级指标 | 年度指标值 | 实际完成值 | 分值 | 得分
^ | 产出指标 | 数量指标 | 指标1： | | | |
^ | ^ | ^ | …… | | | |
^ | 效益指标 | 社会效益指标 | | | | |
总分 | < | < | < | < | < | 100 |
"""
        with pytest.raises(FormBlank) as refusal:
            read_forms(grid_document(text, name="空表.xlsx"))
        assert refusal.value.details["file"] == "空表.xlsx"

    def test_a_form_without_its_digits_says_so(self) -> None:
        text = a_form("产出指标|数量指标|巡检次数|≥次|次|||\n|质量指标|通过率|%|%|||")
        with pytest.raises(FormDigitsLost):
            read_forms(tabbed_document(text.translate(str.maketrans("", "", string.digits))))


WORDS = st.sampled_from(
    [
        "项目名称",
        "主管部门",
        "实施单位",
        "年初预算数",
        "全年预算数",
        "全年执行数",
        "分值",
        "得分",
        "执行率",
        "年度资金总额",
        "其他资金",
        "预期目标",
        "实际完成情况",
        "一级指标",
        "二级指标",
        "三级指标",
        "年度指标值",
        "实际完成值",
        "产出指标",
        "数量指标",
        "质量指标",
        "满意度指标",
        "总分",
        "评分等级",
        "优",
        "财政项目支出绩效自评表",
        "(2023年度)",
        "10",
        "10.00",
        "100%",
        ">=95%",
        "—",
        "及时",
        "合理",
        "巡检次数",
        "]",
        "≿h",
        "(",
        "\\",
        "1,000.00",
    ]
)
CELLS = st.one_of(WORDS, st.text(max_size=12))


@settings(max_examples=150, deadline=None)
@given(st.lists(st.lists(CELLS, min_size=1, max_size=11), min_size=1, max_size=25), st.sampled_from(Layout))
def test_no_soup_of_words_breaks_the_reader(rows: list[list[str]], layout: Layout) -> None:
    document = Document(
        "soup.txt",
        "soup.txt",
        Media.TEXT,
        tuple(
            Row(tuple(Cell(text, Place(line=n)) for text in row), layout if len(row) > 1 else Layout.LOOSE)
            for n, row in enumerate(rows, start=1)
        ),
    )
    try:
        forms = read_forms(document)
    except FormUnreadable:
        return
    assert [form.source.form for form in forms] == list(range(1, len(forms) + 1))


@settings(max_examples=60, deadline=None)
@given(st.lists(WORDS, min_size=60, max_size=160))
def test_no_run_on_page_breaks_the_reader(words: list[str]) -> None:
    text = (
        "财政项目支出绩效自评表 (2023年度) 项目名称 "
        + " ".join(words)
        + " 一级指标 二级指标 三级指标 "
        + " ".join(words)
    )
    cell = Cell(text, Place(line=1))
    try:
        forms = read_forms(Document("page.txt", "page.txt", Media.TEXT, (Row((cell,), Layout.LOOSE),)))
    except FormUnreadable:
        return
    assert all(0 < indicator.confidence <= 1 for form in forms for indicator in form.indicators)
