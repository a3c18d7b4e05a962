"""Findings between forms."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from performance.rules.building import GRAVE, ROWS, SHANGHAI, a_form, money, row

from chengshu.performance.contracts import Finding, Form, FormRef, Goal, Indicator, Level, Source
from chengshu.performance.rules.checking import check_form, check_forms

LONG = "建成统一电子证照库，各区各部门按标准归集数据，支撑政务服务应用，提升办理效率，"
OTHER_ROWS = [
    row("数量", "培训期数", "≥3期", "4期", "25"),
    row("质量", "考核通过率", "≥85%", "88%", "25"),
    row("社会效益", "知晓率", "≥70%", "76%", "30"),
    row("服务对象满意度", "学员满意度", "≥80%", "91%", "10"),
]


def numbered(number: int, rows: Sequence[Indicator] = ROWS, **changes: Any) -> Form:
    return a_form(rows, source=Source("forms.txt", number), **changes)


def between(forms: Sequence[Form]) -> list[list[Finding]]:
    """What the forms say together beyond what each says alone."""
    together = check_forms(forms, SHANGHAI)
    alone = [check_form(form, SHANGHAI) for form in forms]
    return [list(checked.findings[len(single.findings) :]) for checked, single in zip(together, alone, strict=True)]


def codes_between(forms: Sequence[Form]) -> list[set[str]]:
    return [{finding.code for finding in found} for found in between(forms)]


def test_notes_a_form_that_stands_twice_and_compares_it_no_further() -> None:
    first = numbered(1)
    again = numbered(2, [replace(item, level3=(item.level3 or "")[:-1]) for item in ROWS])
    assert codes_between([first, again]) == [set(), {"DUPLICATE"}]


def test_believes_the_reader_about_duplicates() -> None:
    again = numbered(2, OTHER_ROWS, duplicate_of=FormRef("forms.txt", 1))
    found = between([numbered(1), again])[1]
    assert [finding.code for finding in found] == ["DUPLICATE"]
    assert "第1张" in found[0].message


def test_takes_forms_with_other_amounts_for_different_ones() -> None:
    other = numbered(2, money=money("900000.00", initial="900000.00", budget="900000.00"))
    assert "DUPLICATE" not in codes_between([numbered(1), other])[1]


def test_notes_last_years_goal() -> None:
    first = numbered(1, year=2020, goal=Goal(LONG + "有效支撑两网建设。", "已建成。"))
    second = numbered(2, OTHER_ROWS, project="另一项目", goal=Goal(LONG + "有战支撑两网建设。", "已归集。"))
    found = between([first, second])[1]
    assert [(finding.code, finding.field) for finding in found] == [("GOAL_REUSED", "/goal/expected")]
    assert "2020年" in found[0].message


def test_lets_goals_of_their_own_stand() -> None:
    first = numbered(1, goal=Goal(LONG, "已建成。"))
    second = numbered(
        2, OTHER_ROWS, project="另一项目", goal=Goal("开展三期培训，提高业务能力，培训对象满意。", "办班。")
    )
    assert codes_between([first, second]) == [set(), set()]


def test_notes_indicators_and_values_taken_from_another_form() -> None:
    second = numbered(
        2, project="另一项目", goal=Goal("另一目标", None), money=money("1.00", initial="1.00", budget="1.00")
    )
    assert codes_between([numbered(1), second])[1] == {"COPIED_INDICATORS", "COPIED_ACTUALS"}


def test_keeps_copied_indicators_apart_from_copied_values() -> None:
    fresh = [replace(item, actual=str(item.target).lstrip("≥≤")) for item in ROWS]
    second = numbered(2, fresh, project="另一项目", unit="另一单位", goal=Goal("另一目标", None))
    assert codes_between([numbered(1), second])[1] == {"COPIED_INDICATORS"}


def test_notes_one_fact_with_two_figures() -> None:
    shared = row("质量", "网络延时", "≤2.00(ms)", "1.50(ms)", "25")
    rows = [OTHER_ROWS[0], replace(shared, actual="1.00(ms)"), *OTHER_ROWS[2:]]
    second = numbered(2, rows, project="另一项目", goal=Goal("另一目标", None))
    found = between([numbered(1, [shared, *ROWS[1:]]), second])[1]
    assert [(finding.code, finding.field) for finding in found] == [("CROSS_FORM_CONFLICT", "/indicators/1/actual")]
    assert "1.50(ms)" in found[0].message


def test_takes_figures_of_another_unit_or_year_for_other_facts() -> None:
    shared = row("质量", "网络延时", "≤2.00(ms)", "1.50(ms)", "25")
    rows = [OTHER_ROWS[0], replace(shared, actual="1.00(ms)"), *OTHER_ROWS[2:]]
    first = numbered(1, [shared, *ROWS[1:]])
    assert codes_between([first, numbered(2, rows, project="甲", unit="另一单位", goal=Goal("另", None))])[1] == set()
    assert codes_between([first, numbered(2, rows, project="甲", year=2022, goal=Goal("另", None))])[1] == set()


def test_takes_satisfaction_with_another_project_for_another_fact() -> None:
    rows = [*OTHER_ROWS[:3], row("服务对象满意度", "使用者满意度", "≥90%", "97%", "10")]
    assert codes_between([numbered(1), numbered(2, rows, project="疫情防控", goal=Goal("另", None))])[1] == set()
    assert codes_between([numbered(1), numbered(2, rows, project="系统运行维护二期", goal=Goal("另", None))])[1] == {
        "CROSS_FORM_CONFLICT"
    }


def test_notes_the_same_answer_scored_otherwise_in_another_form() -> None:
    mine = row("时效", "系统上线及时性", "及时", "及时", "9/10", reason="系统上线批复偏晚")
    second = numbered(2, [mine, *OTHER_ROWS], project="另一项目", goal=Goal("另", None))
    found = between([numbered(1, [*ROWS, row("时效", "系统上线及时性", "及时", "及时", "15")]), second])[1]
    assert [(finding.code, finding.field) for finding in found] == [("SCORE_INCONSISTENT", "/indicators/0/score")]


def test_notes_a_unit_that_moves_every_budget_to_what_it_spent() -> None:
    forms = [
        numbered(at, OTHER_ROWS[:3], project=f"第{name}项目", goal=Goal(f"目标{name}", None), unit=f"单位{name}", money=money(f"{at}000.00", initial="9000.00", budget=f"{at}000.00"))
        for at, name in enumerate("甲乙丙丁戊", start=1)
    ]  # fmt: skip
    assert all("BUDGET_RESET" in found for found in codes_between(forms))
    spent = [
        *forms[:2],
        *(replace(form, money=money("500.00", initial="9000.00", budget="4000.00")) for form in forms[2:]),
    ]
    assert not any("BUDGET_RESET" in found for found in codes_between(spent))


def test_only_ever_hints_between_forms() -> None:
    found = [
        finding
        for checked in check_forms([numbered(1), numbered(2), numbered(3, OTHER_ROWS)], SHANGHAI)
        for finding in checked.findings
    ]
    assert {finding.level for finding in found} == {Level.HINT}
    assert GRAVE.isdisjoint({finding.level for finding in found})


def test_gives_results_in_the_order_of_the_forms() -> None:
    checked = check_forms([numbered(3), numbered(1), numbered(2)], None)
    assert [item.source.form for item in checked] == [3, 1, 2]
    assert {item.rules for item in checked} == {"shanghai-2021"}


def conflicts(rows: Sequence[Indicator], other_rows: Sequence[Indicator]) -> list[str]:
    """Where the second of two unlike projects contradicts the first."""
    found = between([numbered(1, rows), numbered(2, other_rows, project="全然不同之名")])[1]
    return [finding.field for finding in found if finding.code == "CROSS_FORM_CONFLICT"]


def test_sees_one_fact_through_units_that_count_alike_and_a_doubled_particle() -> None:
    mine = [row("数量", "重要委办的覆盖数量", "≥43.00(个)", "45.00(个)", "10"), *OTHER_ROWS]
    theirs = [row("数量", "重要委办的的覆盖数量", "≥43.00(家)", "44.00(家)", "10"), *ROWS]
    assert conflicts(mine, theirs) == ["/indicators/0/actual"]


def test_takes_people_and_visits_for_two_facts() -> None:
    mine = [row("数量", "服务规模", "≥40人", "45人", "10"), *OTHER_ROWS]
    theirs = [row("数量", "服务规模", "≥40人次", "44人次", "10"), *ROWS]
    assert conflicts(mine, theirs) == []


def test_compares_satisfaction_where_two_forms_share_most_indicators() -> None:
    asked_again = replace(ROWS[-1], actual="97%")
    assert conflicts(ROWS, [*ROWS[:-1], asked_again]) == [f"/indicators/{len(ROWS) - 1}/actual"]
    assert conflicts(ROWS, [*OTHER_ROWS[:-1], asked_again]) == []
