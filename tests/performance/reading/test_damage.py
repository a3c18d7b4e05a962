"""Pages that lost their table altogether, and names that a damaged extraction broke."""

from decimal import Decimal

from performance.reading.sheets import tabbed_document

from chengshu.performance.reading.jumbled.interleaved import part_columns
from chengshu.performance.reading.reader import read_forms

RUN_ON = """
财政项目支出绩效自评表 (2022 年度) 项目名称 街区管网养护 某市临江区城市运行管理 某市临江区市政 主管部门 实施单位 养护中心 局
年初预算数 全年预算数 全年执行数 分值 执行率 得分 120000.00 98000.50 98,000.50 10 100.00% 10 年度资金总额 项目资金
其中: 当年财政拨款 120000 98000.5 98000.5 (元) 0 上年结转资金 0 其他资金 0 0 年度 预期目标 实际完成情况
总体 目标按月巡查管网并及时清淤，保障汛期安全。 按月巡查管网并及时清淤，保障汛期安全。
年度 实际 偏差原因分析及 一级指标 二级指标 三级指标 指标值 完成值 分值 得分 改进措施
雨水管网日常巡查维护 >=12次 12次 15 15 完成次数 数量指标 30公里 15 >=28公里 15 清淤管网长度
质量指标 合格 合格 10 10 管网抽检合格情况 产出指标 时效指标 及时 及时 20 20 抢修到场及时性
社会效益指标 提升 提升 20 20 居民出行便利程度 效益指标 满意度指标 服务对象满意度指标 >=90% 93% 10 10 沿线居民满意率
"""


class TestRunOnPage:
    form = read_forms(tabbed_document(RUN_ON.replace("\n", " ")))[0]

    def test_gives_the_head_back(self) -> None:
        assert (self.form.year, self.form.project) == (2022, "街区管网养护")
        assert (self.form.department, self.form.unit) == ("某市临江区城市运行管理局", "某市临江区市政养护中心")

    def test_gives_the_money_rows_back(self) -> None:
        money = self.form.money
        assert (money.total.initial, money.total.budget, money.total.executed) == (
            Decimal("120000.00"),
            Decimal("98000.50"),
            Decimal("98000.50"),
        )
        assert (money.total.weight, money.total.rate, money.total.score) == (
            Decimal(10),
            Decimal("100.00"),
            Decimal(10),
        )
        assert money.fiscal.budget == Decimal("98000.5")
        assert (money.carried_over.initial, money.other.budget) == (Decimal(0), Decimal(0))
        assert self.form.money_unit == "元"

    def test_parts_the_two_columns_of_the_goal(self) -> None:
        assert self.form.goal.expected == self.form.goal.actual == "按月巡查管网并及时清淤，保障汛期安全。"

    def test_gives_the_rows_back_with_their_wrapped_names(self) -> None:
        rows = [(i.level2, i.level3, i.target, i.actual, i.weight, i.score) for i in self.form.indicators]
        assert rows == [
            ("数量指标", "雨水管网日常巡查维护完成次数", "≥12次", "12次", Decimal(15), Decimal(15)),
            ("数量指标", "清淤管网长度", "≥28公里", "30公里", Decimal(15), Decimal(15)),
            ("质量指标", "管网抽检合格情况", "合格", "合格", Decimal(10), Decimal(10)),
            ("时效指标", "抢修到场及时性", "及时", "及时", Decimal(20), Decimal(20)),
            ("社会效益指标", "居民出行便利程度", "提升", "提升", Decimal(20), Decimal(20)),
            ("服务对象满意度指标", "沿线居民满意率", "≥90%", "93%", Decimal(10), Decimal(10)),
        ]

    def test_is_not_quite_sure_of_any_row(self) -> None:
        assert all(indicator.confidence <= 0.9 for indicator in self.form.indicators)


class TestInterleavedColumns:
    def test_lines_go_where_they_continue_a_text(self) -> None:
        left = ["推动全区十二个街道的档案", "数字化，年内完成扫描六万", "页，方便居民查询。"]
        right = ["推动全区十二个街道", "的档案数字化，年内完", "成扫描六万页，方便居", "民查询。"]
        mixed = [left[0], right[0], right[1], "年度" + left[1], right[2], left[2], right[3]]
        assert part_columns(mixed) == ("".join(left), "".join(right))

    def test_texts_that_share_nothing_are_left_alone(self) -> None:
        assert part_columns(["甲乙丙丁戊己庚辛", "子丑寅卯辰巳", "天地玄黄宇宙洪荒"]) is None


PAGE = """
财政项目支出绩效自评表
(2022 年度)
项目名称|{project}|||||
主管部门|{department}|||实施单位|某市临江区档案馆|
一级指标|二级指标|三级指标|年度指标值|实际完成值|分值|得分
产出指标|数量指标|扫描页数|≥6万页|6万页|90|90
总分|||||90|90
"""


def departments(*names: str) -> list[str | None]:
    text = "".join(PAGE.format(project=f"项目{number}", department=name) for number, name in enumerate(names))
    return [form.department for form in read_forms(tabbed_document(text))]


class TestBrokenNames:
    def test_agree_with_the_same_name_read_cleanly(self) -> None:
        clean = "某市松江区人民政府办公室"
        assert departments(clean, clean, "某市村|公江区人民政府办公室", "某市松江|I区人民政府办公室") == [clean] * 4

    def test_stay_as_printed_without_one(self) -> None:
        assert departments("某市村|公江区政府办", "某区财政局", "某市松|山区政府办")[0] == "某市村公江区政府办"

    def test_two_clean_names_that_differ_are_two_units(self) -> None:
        first, second = "某市临江区第一小学", "某市临江区第二小学"
        assert departments(first, first, first, second)[-1] == second
