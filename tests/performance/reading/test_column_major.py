"""Forms that an extractor printed column by column: figures and values by themselves, names and labels apart."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st
from performance.reading.sheets import tabbed_document

from chengshu.performance.contracts import Form
from chengshu.performance.contracts.wire import MONEY_COLUMNS, MONEY_ROWS
from chengshu.performance.reading.reader import read_forms

AMOUNTS = MONEY_COLUMNS[:3]
CATEGORIES = {
    "数量指标": "产出指标",
    "质量指标": "产出指标",
    "时效指标": "产出指标",
    "社会效益指标": "效益指标",
    "服务对象满意度指标": "满意度指标",
}
LABELS = {"fiscal": "其中:当年财政拨款", "carried_over": "上年结转资金", "other": "其他资金"}


@dataclass(frozen=True)
class Row:
    """One indicator as it is on the paper."""

    category: str
    name: str
    target: str
    actual: str
    weight: str
    score: str


@dataclass(frozen=True)
class Paper:
    """A form before it is printed. `money` holds the printed figures of each row in the order of the columns."""

    project: str
    unit: str
    money: dict[str, dict[str, str]]
    rows: tuple[Row, ...]
    goal: str = "全年养护桥梁一座。"
    reason: str | None = None


PLAIN = Paper(
    project="滨河绿道养护与巡查",
    unit="某市临江区绿化管理所",
    money={
        "total": dict(zip(MONEY_COLUMNS, ("80000.00", "80000.00", "60,000.5", "10", "75.00%", "7.5"), strict=True)),
        "fiscal": dict(zip(AMOUNTS, ("70000.00", "70000.00", "50000.5"), strict=True)),
        "carried_over": dict(zip(AMOUNTS, ("10000", "10000", "10000"), strict=True)),
        "other": dict(zip(AMOUNTS, ("0", "0", "0"), strict=True)),
    },
    rows=(
        Row("数量指标", "绿道沿线树木修剪完成率", ">=95%", "96%", "20", "20"),
        Row("质量指标", "修剪验收合格率", "=100%", "100%", "20", "20"),
        Row("时效指标", "巡查到位及时性", "及时", "及时", "20", "20"),
        Row("社会效益指标", "绿道游客量增长", "提升", "提升", "20", "20"),
        Row("服务对象满意度指标", "沿线居民满意度", ">=90%", "93%", "10", "10"),
    ),
)
UNROUNDED = Decimal("0.01")


def wrap(text: str, size: int) -> list[str]:
    """Cut a text into the lines of a cell that is so many characters wide."""
    return [text[at : at + size] for at in range(0, len(text), size)]


def render(paper: Paper, *, size: int = 9, early: int = 1, drifted: Sequence[str] = ("rate",)) -> str:
    """Print a form column by column; `early` pieces of names come before the values, `drifted` figures below."""
    total = " ".join(figure for role, figure in paper.money["total"].items() if role not in drifted)
    away = " ".join(paper.money["total"][role] for role in drifted)
    parts = [" ".join(paper.money[row].values()) for row in LABELS]
    names = [piece for row in paper.rows for piece in wrap(row.name, size)]
    labels = list(dict.fromkeys(row.category for row in paper.rows))
    values = " ".join(f"{row.target} {row.actual} {row.weight} {row.score}" for row in paper.rows)
    score = sum(Decimal(row.score) for row in paper.rows) + Decimal(paper.money["total"]["score"])
    return (
        f"财政项目支出绩效自评表 (2022 年度) {' '.join(wrap(paper.project, 8))} 项目名称 主管部门 某市临江区绿化局 "
        f"年初预算数 全年预算数 全年执行数 分值 执行率 得分 {total} {parts[0]} — 上年结转资金 {parts[1]} — "
        f"其他资金 {parts[2]} — 年度资金总额 项目资金 (元) {' '.join(wrap(paper.unit, 8))} 实施单位 "
        f"其中:当年财政拨款 预期目标 年度 总体 目标 {away} 实际完成情况 {paper.goal} "
        f"一级指标 二级指标 {labels[0]} 三级指标 {' '.join(names[:early])} 年度 指标值 实际 完成值 分值 得分 {values} "
        f"100 {score.normalize():f} {' '.join(names[early : early + 1])} 产出指标 {' '.join(labels[1:2])} 绩 效 指 标 "
        f"{' '.join(labels[2:3])} 效益指标 {' '.join(labels[3:4])} {' '.join(names[early + 1 : early + 3])} 满意度指标 "
        f"{' '.join(labels[4:])} {' '.join(names[early + 3 :])} 总分 -1- 偏差原因分析及 改进措施 {paper.reason or ''}"
    )


def read(text: str) -> Form:
    (form,) = read_forms(tabbed_document(text))
    return form


def unreadable(form: Form) -> set[str]:
    return {item.field for item in form.unreadable}


def number(figure: str) -> Decimal:
    return Decimal(figure.replace(",", "").removesuffix("%"))


class TestPlainForm:
    form = read(render(PLAIN))

    def test_names_of_the_head(self) -> None:
        form = self.form
        assert (form.year, form.project, form.unit) == (2022, PLAIN.project, PLAIN.unit)
        assert (form.department, form.money_unit, form.goal.actual) == ("某市临江区绿化局", "元", PLAIN.goal)

    def test_rows_get_their_names_and_categories(self) -> None:
        assert [(i.level1, i.level2, i.level3) for i in self.form.indicators] == [
            (CATEGORIES[row.category], row.category, row.name) for row in PLAIN.rows
        ]
        assert [(i.actual, str(i.weight), str(i.score)) for i in self.form.indicators] == [
            (row.actual, row.weight, row.score) for row in PLAIN.rows
        ]

    def test_money_goes_where_it_adds_up(self) -> None:
        for row in MONEY_ROWS:
            printed = {role: number(figure) for role, figure in PLAIN.money[row].items()}
            assert {role: getattr(getattr(self.form.money, row), role) for role in printed} == printed

    def test_total_stands_behind_the_last_row(self) -> None:
        assert (self.form.total.weight, self.form.total.score) == (Decimal(100), Decimal("97.5"))

    def test_no_value_is_sure(self) -> None:
        assert all(indicator.confidence <= 0.85 for indicator in self.form.indicators)
        assert all(origin.confidence <= 0.85 for origin in self.form.origins.values())

    def test_the_values_may_come_behind_all_names(self) -> None:
        head, _, tail = render(PLAIN, early=0).partition(" 年度 指标值")
        values, _, names = tail.partition(" 97.5")
        form = read(f"{head}{names} 年度 指标值{values} 97.5")
        assert [indicator.level3 for indicator in form.indicators] == [row.name for row in PLAIN.rows]


class TestDoubt:
    def test_a_name_too_few_leaves_all_names_open(self) -> None:
        form = read(render(PLAIN).replace(" 修剪验收合格率", ""))
        assert [indicator.level3 for indicator in form.indicators] == [None] * 5
        assert {f"/indicators/{index}/level3" for index in range(5)} <= unreadable(form)
        assert [indicator.target for indicator in form.indicators][2] == "及时"

    def test_fewer_categories_than_rows_are_sure_at_both_ends_only(self) -> None:
        form = read(render(PLAIN).replace(" 质量指标", ""))
        assert [indicator.level2 for indicator in form.indicators][1:4] == [None] * 3
        assert (form.indicators[0].level2, form.indicators[4].level2) == ("数量指标", "服务对象满意度指标")
        assert "/indicators/2/level2" in unreadable(form)

    def test_a_rate_that_does_not_follow_is_unreadable(self) -> None:
        form = read(render(PLAIN).replace("75.00%", "57.00%"))
        assert (form.money.total.executed, form.money.total.rate) == (Decimal("60000.5"), None)
        assert "/money/total/rate" in unreadable(form)

    def test_a_score_that_does_not_follow_leaves_only_what_adds_up(self) -> None:
        total = read(render(PLAIN).replace(" 10 7.5 ", " 10 5.7 ")).money.total
        assert (total.executed, total.weight, total.score) == (Decimal("60000.5"), None, None)

    def test_parts_that_do_not_add_up_are_unreadable(self) -> None:
        form = read(render(PLAIN).replace("50000.5", "40000.5"))
        assert form.money.fiscal.budget is None
        assert "/money/fiscal/budget" in unreadable(form)
        assert form.money.total.rate == Decimal("75.00")

    def test_a_short_row_is_unreadable_beside_whole_ones(self) -> None:
        form = read(render(PLAIN).replace("0 0 0 —", "0 0 —"))
        assert (form.money.other.initial, form.money.fiscal.executed) == (None, Decimal("50000.5"))

    def test_an_executed_amount_that_drifted_away_is_known_by_the_rate(self) -> None:
        total = read(render(PLAIN, drifted=("executed", "weight", "rate"))).money.total
        assert (total.budget, total.executed, total.weight) == (Decimal(80000), Decimal("60000.5"), Decimal(10))

    def test_three_goal_texts_below_both_headings_belong_to_neither(self) -> None:
        form = read(render(replace(PLAIN, goal="养护桥梁。 养护河道。 养护绿地。")))
        assert (form.goal.expected, form.goal.actual) == (None, None)
        assert {"/goal/expected", "/goal/actual"} <= unreadable(form)

    def test_a_figure_inside_a_goal_may_have_drifted_there(self) -> None:
        form = read(render(PLAIN).replace("预期目标 年度 总体 目标", "预期目标 养护桥梁一座。 年度 总体 目标"))
        assert (form.goal.expected, form.goal.actual) == (None, PLAIN.goal)
        assert "/goal/expected" in unreadable(form)

    def test_a_name_that_two_labels_may_claim_is_nobodys(self) -> None:
        form = read(render(PLAIN).replace(" 项目名称 ", " 项目名称 某市临江区 "))
        assert (form.project, form.department) == (None, None)
        assert {"/project", "/department"} <= unreadable(form)

    def test_labels_without_number_are_read_in_no_time(self) -> None:
        form = read(render(PLAIN).replace(" 项目名称 ", " 项目名称 甲桥 主管部门 乙桥" * 200))
        assert form.project is None


LETTERS = st.sampled_from("桥河路灯树园墙池窗井渠塔亭坝堤岸")


@st.composite
def papers(draw: st.DrawFn) -> Paper:
    count = draw(st.integers(3, 5))
    categories = sorted(
        draw(st.lists(st.sampled_from(list(CATEGORIES)), min_size=count, max_size=count)), key=list(CATEGORIES).index
    )
    weights = [20] * (count - 1) + [90 - 20 * (count - 1)]
    rows = []
    for category, weight in zip(categories, weights, strict=True):
        name = draw(st.text(LETTERS, min_size=3, max_size=14)) + ("满意度" if "满意" in category else "")
        target, actual = draw(
            st.sampled_from([("=100%", "100%"), (">=3次", "2次"), ("及时", "及时"), ("5", "5"), ("20", "10")])
        )
        lost = draw(st.sampled_from([0, 0, 0, 1]))
        rows.append(Row(category, name, target, actual, str(weight), str(weight - lost)))
    reason = draw(st.text(LETTERS, min_size=3, max_size=20)) if any(row.weight != row.score for row in rows) else None
    return Paper(
        draw(st.text(LETTERS, min_size=3, max_size=20)),
        draw(st.text(LETTERS, min_size=3, max_size=20)),
        draw(moneys()),
        tuple(rows),
        reason=reason,
    )


@st.composite
def moneys(draw: st.DrawFn) -> dict[str, dict[str, str]]:
    """Amounts that add up; an empty part is printed with three noughts or none."""
    parts: dict[str, list[int]] = {}
    for name in LABELS:
        budget = draw(st.sampled_from([0, 500, 20_000, 81_000]))
        parts[name] = [draw(st.sampled_from([budget, budget // 2])), budget, draw(st.integers(0, budget))]
    parts["fiscal"][1] += 1000
    total = [sum(amounts) for amounts in zip(*parts.values(), strict=True)]
    rate = (Decimal(100) * total[2] / total[1]).quantize(UNROUNDED)
    score = (rate / 10).quantize(UNROUNDED)
    figures = [*map(str, total), "10", f"{rate}%", str(score)]
    money = {"total": dict(zip(MONEY_COLUMNS, figures, strict=True))}
    for name, amounts in parts.items():
        kept = dict(zip(AMOUNTS, map(str, amounts), strict=True))
        for role in draw(st.sets(st.sampled_from(AMOUNTS), max_size=1)):
            if name != "fiscal" and kept[role] == "0":
                del kept[role]
        money[name] = kept
    return money


@settings(max_examples=150, deadline=None)
@given(
    papers(),
    st.integers(7, 11),
    st.integers(0, 2),
    st.sets(st.sampled_from(["executed", "weight", "rate"])).map(sorted),
)
def test_every_value_is_that_of_the_paper_or_left_open(paper: Paper, size: int, early: int, drifted: list[str]) -> None:
    form = read(render(paper, size=size, early=early, drifted=drifted))
    assert form.project in (paper.project, None)
    assert form.unit in (paper.unit, None)
    for name in MONEY_ROWS:
        row = getattr(form.money, name)
        for role in MONEY_COLUMNS:
            printed = paper.money[name].get(role)
            assert getattr(row, role) in (None, None if printed is None else number(printed)), (name, role)
    for read_row, row in zip(form.indicators, paper.rows, strict=True):
        target = row.target.replace(">=", "≥")
        assert (read_row.target, read_row.actual) == (target, row.actual)
        assert (read_row.weight, read_row.score) == (Decimal(row.weight), Decimal(row.score))
        assert read_row.level3 in (row.name, None)
        assert read_row.level2 in (row.category, None)
        assert read_row.level1 in (CATEGORIES[row.category], None)
    assert form.total.weight in (Decimal(100), None)
