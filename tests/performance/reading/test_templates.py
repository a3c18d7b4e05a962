"""Each family of templates reads by its profile alone, as a true table and as tabbed text."""

from decimal import Decimal
from itertools import pairwise

import pytest
from performance.reading.sheets import grid_document, tabbed_document

from chengshu.performance.contracts import Form
from chengshu.performance.reading.reader import read_forms

SICHUAN = """
报表编号:510000_0013zp
部门预算项目支出绩效自评表(2023年度) | < | < | < | < | < | < | < | < | < | <
项目名称 | < | 乡镇卫生院运转补助 | < | < | < | < | < | < | < | <
主管部门 | < | 某县卫生健康局 | < | < | 实施单位 (盖章) | < | 某县卫生健康局本级 | < | < | <
项目基本情况 | 1.项目年度目标完成情况 | 项目年度目标 | < | < | < | 年度目标完成情况 | < | < | < | <
^ | ^ | 保障十二所卫生院运转。 | < | < | < | 十二所卫生院全年运转正常。 | < | < | < | <
^ | 2.项目实施内容及过程概述 | 按季拨付。 | < | < | < | < | < | < | < | <
预算执行情况(10分) | 年度预算数(万元) | < | 年初预算 | 调整后预算数 | 预算执行数 | 预算执行率 | < | 权重 | 得分 | 原因
^ | 总额 | < | 238.93 | 251.89 | 201.51 | 80.00% | < | 10 | 8 | 项目跨年
^ | 其中：财政资金 | < | 230.00 | 240.00 | 190.00 | 79.17% | < | / | / |
^ | 财政专户管理资金 | < | 0.00 | 0.00 | 0.00 | 0.00% | < | / | / |
^ | 其他资金 | < | 8.93 | 11.89 | 11.51 | 96.80% | < | / | / |
绩效指标(90分) | 一级指标 | 二级指标 | 三级指标 | 指标性质 | 指标值 | 度量单位 | 完成值 | 权重 | 得分 | 未完成原因分析
^ | 产出指标 | 数量指标 | 补助卫生院数 | ＝ | 12 | 所 | 12 | 20 | 20 |
^ | ^ | 质量指标 | 补助合规率 | ≥ | 98 | % | 99.5 | 30 | 30 |
^ | 效益指标 | 社会效益指标 | 服务能力 | 定性 | 提升 | | 提升 | 20 | 18 | 尚有差距
^ | 成本指标 | 经济成本指标 | 每所补助 | ≤ | 20 | 万元 | 16.79 | 20 | 20 |
合计 | < | < | < | < | < | < | < | 100 | 96 |
评价结论 | 总体良好 | < | < | < | < | < | < | < | < | <
"""

HUBEI = """
2020年度长江护鱼项目自评表
单位名称：农业科 填报日期：2021年3月5日
项目名称 | 渔船燃油补贴 | < | < | < | < | <
主管部门 | 某区农业农村局 | < | < | 项目实施单位 | 农业科 | <
项目类别 | 1、部门预算项目☑ 2、市直专项□ | < | < | < | < | <
预算执行情况(万元)(20分) | | < | 预算数(A) | 执行数(B) | 执行率(B/A) | 得分(20分*执行率)
^ | 年度财政资金总额 | < | 4.00 | 3.80 | 95% | 19
年度绩效目标1(80分) | 一级指标 | 二级指标 | 三级指标 | 年初目标值(A) | 实际完成值(B) | 得分
^ | 产出指标 | 数量指标 | 补贴渔船数 | 6艘 | 6艘 | 20
^ | ^ | 质量指标 | 补贴发放率 | 100% | 100% | 20
^ | 效益指标 | 满意度指标 | 渔民满意度 | ≥90% | 92% | 40
总分 | 99 | < | < | < | < | <
偏差大或目标未完成原因分析 | 无 | < | < | < | < | <
"""

YUNNAN = """
项目支出绩效自评表 | < | < | < | < | < | < | < | < | < | <
（2022年度） | < | < | < | < | < | < | < | < | < | <
项目名称 | < | 林区防火瞭望塔维护 | < | < | < | < | < | < | < | <
主管部门 | < | 某州林业和草原局 | < | < | < | 实施单位 | < | 某州森林防火中心 | < | <
项目资金（万元） | < | | 年初预算数 | < | 全年预算数 | 全年执行数 | 分值 | 执行率 | < | 得分
^ | ^ | 年度资金总额 | 7.29 | < | 7.29 | 7.00 | 10.00 | 96.02% | < | 9.60
^ | ^ | 其中：当年财政拨款 | 7.29 | < | 7.29 | 7.00 | | 96.02% | < |
^ | ^ | 上年结转资金 | | < | | | | | < |
^ | ^ | 其他资金 | | < | | | | | < |
年度总体目标 | < | 预期目标 | < | < | < | 实际完成情况 | < | < | < | <
^ | ^ | 维护九座瞭望塔。 | < | < | < | 维护了九座瞭望塔。 | < | < | < | <
绩效指标 | < | < | < | < | < | 年度指标值 | 实际完成值 | 分值 | 得分 | 偏差原因分析及改进措施
一级指标 | 二级指标 | 三级指标 | 指标性质 | 指标值 | 度量单位 | ^ | ^ | ^ | ^ | ^
产出指标 | 数量指标 | 维护塔数 | ═ | 9 | 座 | | 9 | 20.00 | 20.00 |
^ | 质量指标 | 验收合格率 | ≧ | 95 | % | | 97 | 30.00 | 30.00 |
效益指标 | 生态效益指标 | 火情发现 | 定性 | 及时 | | | 及时 | 30.00 | 28.00 | 两座塔夜间无人
满意度指标 | 服务对象满意度指标 | 林区群众满意度 | ≧ | 90 | % | | 93 | 10.00 | 10.00 |
总分 | < | < | < | < | < | < | < | 100.00 | 97.60 |
"""

NATIONAL = """
附件 | < | < | < | < | < | < | < | <
项目支出绩效自评表 | < | < | < | < | < | < | < | <
( 2020 年度 ) | < | < | < | < | < | < | < | <
项目名称 | < | 基层图书室建设 | < | < | < | < | < | <
主管部门及代码 | < | 219-某市文化局 | < | < | 实施单位 | 219001-某市图书馆 | < | <
项目资金(万元) | | 年初预算数 | 全年预算数 | 全年执行数 | 分值 | 执行率 | 得分 | <
^ | 年度资金总额 | 1,200.00 | 1,150.50 | 1,150.50 | 10 | 100% | 10 | <
^ | 其中：本年财政拨款 | 1,200.00 | 1,100.50 | 1,100.50 | — | | — | <
^ | 上年结转资金 | | 50.00 | 50.00 | — | | — | <
^ | 其他资金 | | | | — | | — | <
年度总体目标 | 预期目标 | < | < | < | 实际完成情况 | < | < | <
^ | 建成三十个图书室。\\n配书六万册。 | < | < | < | 建成三十一个图书室，配书六万册。 | < | < | <
绩效指标 | 一级指标 | 二级指标 | 三级指标 | 年度指标值 | 实际完成值 | 分值 | 得分 | 偏差原因分析及改进措施
^ | 产出指标(50分) | 数量指标 | 建成图书室 | ≥30个 | 31个 | 25 | 25 |
^ | ^ | 时效指标 | 建成时间 | 2020年11月底前 | 2020年10月 | 25 | 25 |
^ | 效益指标(30分) | 社会效益\\n指标 | 借阅人次 | ≥10万人次 | 8.5万人次 | 30 | 25.5 | 开放时间短
^ | 满意度\\n指标(10分) | 满意度指标 | 读者满意度 | ≥90% | 95% | 10 | 10 |
总分 | < | < | < | < | < | 100 | 95.5 |
"""


def only_form(text: str, *, style: str) -> Form:
    """Read the table as a true grid, with merged cells printed in every position, or as tabbed text."""
    rows = [[field.strip() for field in line.split("|")] for line in text.strip().splitlines()]
    if style == "repeated":
        for above, row in pairwise(rows):
            for column, field in enumerate(row):
                row[column] = row[column - 1] if field == "<" else above[column] if field == "^" else field
    plain = "\n".join(" | ".join(row) for row in rows)
    if style != "tabbed":
        return read_forms(grid_document(plain))[0]
    plain = plain.replace("\\n", " ")
    return read_forms(
        tabbed_document(
            "\n".join(
                " | ".join("" if f in ("^", "<") else f for f in row)
                for row in (line.split(" | ") for line in plain.splitlines())
            )
        )
    )[0]


def rows_of(form: Form) -> list[tuple[object, ...]]:
    return [
        (i.level1, i.level2, i.level3, i.target, i.actual, i.weight and str(i.weight), i.score and str(i.score))
        for i in form.indicators
    ]


@pytest.mark.parametrize("style", ["grid", "repeated", "tabbed"])
class TestFamilies:
    def test_sichuan(self, style: str) -> None:
        form = only_form(SICHUAN, style=style)
        assert (form.template, form.year, form.project) == ("sichuan-2023", 2023, "乡镇卫生院运转补助")
        assert (form.department, form.unit, form.money_unit) == ("某县卫生健康局", "某县卫生健康局本级", "万元")
        total, fiscal = form.money.total, form.money.fiscal
        assert (total.initial, total.budget, total.executed) == (
            Decimal("238.93"),
            Decimal("251.89"),
            Decimal("201.51"),
        )
        assert (total.rate, total.weight, total.score) == (Decimal("80.00"), Decimal(10), Decimal(8))
        assert (fiscal.budget, fiscal.rate, fiscal.weight, fiscal.score) == (Decimal(240), Decimal("79.17"), None, None)
        assert form.money.other.executed == Decimal("11.51")
        assert form.goal.expected == "保障十二所卫生院运转。"
        assert form.goal.actual == "十二所卫生院全年运转正常。"
        assert rows_of(form) == [
            ("产出指标", "数量指标", "补助卫生院数", "=12所", "12", "20", "20"),
            ("产出指标", "质量指标", "补助合规率", "≥98%", "99.5", "30", "30"),
            ("效益指标", "社会效益指标", "服务能力", "提升", "提升", "20", "18"),
            ("成本指标", "经济成本指标", "每所补助", "≤20万元", "16.79", "20", "20"),
        ]
        assert form.indicators[2].reason == "尚有差距"
        assert (form.total.weight, form.total.score, form.grade) == (Decimal(100), Decimal(96), None)

    def test_hubei(self, style: str) -> None:
        form = only_form(HUBEI, style=style)
        assert (form.template, form.year, form.project) == ("hubei-2020", 2020, "渔船燃油补贴")
        assert (form.department, form.unit, form.money_unit) == ("某区农业农村局", "农业科", "万元")
        total = form.money.total
        assert (total.initial, total.budget, total.executed) == (None, Decimal("4.00"), Decimal("3.80"))
        assert (total.rate, total.weight, total.score) == (Decimal(95), None, Decimal(19))
        assert rows_of(form) == [
            ("产出指标", "数量指标", "补贴渔船数", "6艘", "6艘", None, "20"),
            ("产出指标", "质量指标", "补贴发放率", "100%", "100%", None, "20"),
            ("效益指标", "满意度指标", "渔民满意度", "≥90%", "92%", None, "40"),
        ]
        assert (form.total.weight, form.total.score) == (None, Decimal(99))

    def test_yunnan(self, style: str) -> None:
        form = only_form(YUNNAN, style=style)
        assert (form.template, form.year, form.project) == ("yunnan-2020", 2022, "林区防火瞭望塔维护")
        assert (form.department, form.unit, form.money_unit) == ("某州林业和草原局", "某州森林防火中心", "万元")
        assert (form.money.total.executed, form.money.total.score) == (Decimal("7.00"), Decimal("9.60"))
        assert form.money.fiscal.rate == Decimal("96.02")
        assert form.goal.actual == "维护了九座瞭望塔。"
        assert rows_of(form) == [
            ("产出指标", "数量指标", "维护塔数", "=9座", "9", "20.00", "20.00"),
            ("产出指标", "质量指标", "验收合格率", "≥95%", "97", "30.00", "30.00"),
            ("效益指标", "生态效益指标", "火情发现", "及时", "及时", "30.00", "28.00"),
            ("满意度指标", "服务对象满意度指标", "林区群众满意度", "≥90%", "93", "10.00", "10.00"),
        ]
        assert (form.total.weight, form.total.score) == (Decimal("100.00"), Decimal("97.60"))

    def test_national(self, style: str) -> None:
        form = only_form(NATIONAL, style=style)
        assert (form.template, form.year, form.project) == ("national-2020", 2020, "基层图书室建设")
        assert (form.department, form.unit) == ("219-某市文化局", "219001-某市图书馆")
        assert (form.money.fiscal.budget, form.money.carried_over.initial) == (Decimal("1100.50"), None)
        assert form.money.carried_over.budget == Decimal("50.00")
        assert rows_of(form) == [
            ("产出指标", "数量指标", "建成图书室", "≥30个", "31个", "25", "25"),
            ("产出指标", "时效指标", "建成时间", "2020年11月底前", "2020年10月", "25", "25"),
            ("效益指标", "社会效益指标", "借阅人次", "≥10万人次", "8.5万人次", "30", "25.5"),
            ("满意度指标", "满意度指标", "读者满意度", "≥90%", "95%", "10", "10"),
        ]
        assert (form.total.weight, form.total.score) == (Decimal(100), Decimal("95.5"))


def test_spans_that_push_a_table_askew_do_not_misplace_money() -> None:
    askew = NATIONAL.replace("项目资金(万元) | | 年初预算数", "项目资金(万元) | 年初预算数").replace(
        "得分 | <\n^ | 年度", "得分 | < | <\n^ | 年度"
    )
    money = only_form(askew, style="grid").money
    assert (money.total.initial, money.total.budget, money.total.rate) == (
        Decimal("1200.00"),
        Decimal("1150.50"),
        Decimal(100),
    )
    assert (money.carried_over.initial, money.carried_over.budget) == (None, Decimal("50.00"))
