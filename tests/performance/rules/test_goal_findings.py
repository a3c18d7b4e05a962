"""The goal, its result, and words that contradict figures."""

from dataclasses import replace
from decimal import Decimal

import pytest
from performance.rules.building import ROWS, a_form, codes, grave, money, only, row, with_row

from chengshu.performance.contracts import Goal, Level, Total

GOAL = "全年维护系统不少于12套，保证验收合格，按时完成，使用者满意，节约运行费用。"


def with_goal(expected: str | None, actual: str | None) -> Goal:
    return Goal(expected, actual)


@pytest.mark.parametrize(
    "actual",
    [GOAL, GOAL.replace("，", ","), f"<p>{GOAL}</p>", GOAL.replace("不少于", "不小于")],
    ids=["letter by letter", "other commas", "with markup", "one letter changed"],
)
def test_notes_results_that_copy_the_goal(actual: str) -> None:
    finding = only(a_form(goal=with_goal(GOAL, actual)), "GOAL_COPIED")
    assert (finding.level, finding.field) == (Level.HINT, "/goal/actual")


def test_notes_a_result_that_is_a_passage_of_the_goal() -> None:
    passage = "建成统一的地址底板，形成核实更新闭环，编制一类工作一张表的电子台账"
    assert "GOAL_COPIED" in codes(a_form(goal=with_goal(f"{passage}，项目建成后关联人房企各类要素。", passage)))


@pytest.mark.parametrize("actual", ["全年维护13套，验收合格率达到97%。", None, "完成。"])
def test_accepts_results_with_words_of_their_own(actual: str | None) -> None:
    assert "GOAL_COPIED" not in codes(a_form(goal=with_goal(GOAL, actual)))


def test_does_not_compare_goals_of_a_few_letters() -> None:
    assert "GOAL_COPIED" not in codes(a_form(goal=with_goal("维护系统。", "维护系统。")))


def test_notes_counts_and_names_that_the_result_leaves_out() -> None:
    goal = "维护系统12套，接入2家云服务商，编制《应急预案》，建设安全管理中心。"
    finding = only(a_form(goal=with_goal(goal, "维护系统12套，接入3家云服务商。")), "ITEM_UNREPORTED")
    assert all(item in finding.message for item in ("2家", "应急预案", "安全管理中心"))
    assert "12套" not in finding.message


def test_reads_counts_in_chinese_numerals() -> None:
    goal = "接入三家云服务商，维护系统12套，保证按时完成，使用者满意。"
    assert "三家" in only(a_form(goal=with_goal(goal, "维护系统12套，云服务商均已接入。")), "ITEM_UNREPORTED").message
    assert "ITEM_UNREPORTED" not in codes(a_form(goal=with_goal(goal, "维护系统12套，3家云服务商均已接入。")))


def test_notes_the_sentence_that_a_copied_result_leaves_out() -> None:
    goal = "维护系统12套，保证验收合格并按时完成；建立核实更新机制，使用者满意度达到九成以上；关联融合人房企要素。"
    result = goal.replace("；关联融合人房企要素", "")
    assert "人房企" in only(a_form(goal=with_goal(goal, result)), "ITEM_UNREPORTED").message


def test_finds_items_in_the_indicators_too() -> None:
    goal = "维护系统12套，保证验收合格，按时完成，使用者满意。"
    assert "ITEM_UNREPORTED" not in codes(a_form(goal=with_goal(goal, "全部系统运行正常。")))


def test_notes_goals_that_no_indicator_stands_for() -> None:
    goal = "一、维护系统不少于12套。二、新增短信与监理采购。三、使用者满意。"
    finding = only(a_form(goal=with_goal(goal, "维护13套。")), "GOAL_WITHOUT_INDICATOR")
    assert "短信" in finding.message
    assert "维护系统" not in finding.message


def test_takes_a_lead_in_for_no_goal() -> None:
    assert "GOAL_WITHOUT_INDICATOR" not in codes(
        a_form(goal=with_goal("通过本项目拟实现以下各点：1、维护系统12套。", "维护13套。"))
    )


@pytest.mark.parametrize(
    ("actual", "contradicts"), [("年末发生重大故障", True), ("全年没有发生重大故障", False), ("未发生重大故障", False)]
)
def test_notes_trouble_in_a_row_with_full_marks(actual: str, contradicts: bool) -> None:  # noqa: FBT001 - a parameter of the table
    assert ("CONTRADICTION" in codes(with_row(1, actual=actual))) is contradicts


def test_notes_trouble_in_the_reason_of_a_met_target() -> None:
    rows = [row("数量", "应用系统上云", "完成", "完成", "14/15", reason="应用系统共建目标暂未完全达到"), *ROWS[1:]]
    assert only(a_form(rows), "CONTRADICTION").field == "/indicators/0/reason"


def test_notes_savings_beside_a_grown_budget() -> None:
    grown = money(initial="500000.00")
    rows = [*ROWS[:4], row("经济效益", "财政总支出", "节省", "节省", "15"), *ROWS[5:]]
    assert "CONTRADICTION" in codes(a_form(rows, money=grown))
    assert "CONTRADICTION" not in codes(a_form(rows))


def test_notes_a_troubled_result_beside_an_excellent_total() -> None:
    goal = with_goal(GOAL, "系统虽已验收，但功能的好用性效果不理想。")
    assert only(a_form(goal=goal), "CONTRADICTION").field == "/goal/actual"
    assert "CONTRADICTION" not in codes(a_form(goal=goal, total=Total(Decimal(100), Decimal(75))))


def test_notes_full_completion_claimed_beside_low_execution() -> None:
    low = money("757700.00", rate="75.77", score="7.58")
    goal = with_goal(GOAL, "按实结算，完成率100%，质量达标。")
    assert "CONTRADICTION" in codes(a_form(goal=goal, money=low))
    assert "CONTRADICTION" not in codes(a_form(goal=goal))


def test_judges_no_goal_as_an_error() -> None:
    form = replace(a_form(goal=with_goal(GOAL, GOAL)))
    assert grave(form) == []
