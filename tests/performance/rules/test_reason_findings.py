"""Reasons: there, their own, to the point, and saying something."""

from dataclasses import replace

import pytest
from performance.rules.building import ROWS, a_form, check, codes, only, row

from chengshu.performance.contracts import Finding, Form, Level, Unreadable
from chengshu.performance.rules.rulesets import get_rule_set


def bent(
    points: str, reason: str | None, actual: str = "及时", target: str = "及时", name: str = "故障响应及时性"
) -> Form:
    return a_form([row("数量", name, target, actual, points, reason=reason), *ROWS[1:]])


@pytest.mark.parametrize("reason", [None, "", "无", "-", "／", " "])
def test_reports_a_deduction_without_a_word(reason: str | None) -> None:
    finding = only(bent("13/15", reason), "REASON_MISSING")
    assert (finding.level, finding.field) == (Level.BREACH, "/indicators/0/reason")


def test_reports_a_missed_target_without_a_word() -> None:
    assert only(bent("15", None, "80%", "≥90%"), "REASON_MISSING").level is Level.BREACH


def test_only_hints_at_a_target_far_surpassed_without_a_word() -> None:
    assert only(bent("15", None, "4次", "≥2次", "维护次数"), "REASON_MISSING").level is Level.HINT
    assert "REASON_MISSING" not in codes(bent("15", "新增两套设备", "4次", "≥2次", "维护次数"))


def test_is_content_with_a_reason_or_full_marks() -> None:
    assert "REASON_MISSING" not in codes(bent("13/15", "故障处置后的回访偏慢"))
    assert "REASON_MISSING" not in codes(bent("15", None))


def test_does_not_take_an_unreadable_reason_for_none() -> None:
    form = replace(bent("13/15", None), unreadable=(Unreadable("/indicators/0/reason", "?"),))
    assert "REASON_MISSING" not in codes(form)


def test_only_hints_where_reasons_stand_elsewhere_on_the_form() -> None:
    found = [
        item
        for item in check(bent("13/15", None), get_rule_set("hubei-2020")).findings
        if item.code == "REASON_MISSING"
    ]
    assert [item.level for item in found] == [Level.HINT]


def test_only_hints_where_a_print_may_lack_the_column() -> None:
    national = get_rule_set("national-2020")
    assert only(bent("13/15", None), "REASON_MISSING", national).level is Level.HINT
    rows = [
        row("数量", "故障响应及时性", "及时", "及时", "13/15"),
        row("质量", "验收合格率", "≥95%", "90%", "14.21/15", reason="验收标准提高"),
    ]
    assert only(a_form([*rows, *ROWS[2:]]), "REASON_MISSING", national).level is Level.BREACH


def several(reasons: list[str]) -> list[Finding]:
    names = ("故障响应及时性", "设备巡检及时性", "上线及时性", "回访及时性")
    rows = [
        row("时效", name, "及时", "及时", "4/5", reason=reason) for name, reason in zip(names, reasons, strict=False)
    ]
    return [item for item in check(a_form(rows)).findings if item.code == "REASON_BOILERPLATE"]


def test_notes_one_reason_given_several_times() -> None:
    assert len(several(["保障对象大幅增加", "保障对象大幅增加", "设备老化停机"])) == 2


def test_notes_reasons_that_differ_by_a_mark_only() -> None:
    one, other = "受上游供货周期延长影响，第二批设备到货时间推迟。", "受上游供货周期延长影响,第二批设备到货时间推迟"
    assert len(several([one, other])) == 2


def test_notes_reasons_that_differ_by_one_word() -> None:
    assert len(several(["接待人数少，以后要加强合作交流", "接待批次少，以后要加强合作交流"])) == 2


def test_lets_different_reasons_stand() -> None:
    assert several(["保障对象大幅增加", "设备老化停机"]) == []


@pytest.mark.parametrize(
    ("name", "reason", "is_off"),
    [
        ("服务获得感", "随着重大应用推进，承载压力更大。", True),
        ("质量标准", "保障对象大幅增加", True),
        ("使用者满意度", "节点建设中沟通不足，用户需求响应慢。", False),
        ("数据共享及时率", "上游数据推送延迟。", False),
    ],
)
def test_notes_reasons_without_a_link_to_the_indicator(name: str, reason: str, is_off: bool) -> None:  # noqa: FBT001 - a parameter of the table
    assert ("OFF_POINT" in codes(bent("13/15", reason, name=name))) is is_off


@pytest.mark.parametrize(
    ("name", "reason", "says_nothing"),
    [
        ("接待批次数量", "接待批次少，以后要加强合作交流", True),
        ("整改率", "项目执行过程中，相关工作仍在推进。", True),
        ("管理制度配套率", "管理制度还需要进一步完善。", True),
        ("管理制度配套率", "两项配套办法因机构改革推迟到次年印发。", False),
    ],
)
def test_notes_reasons_that_only_say_it_again(name: str, reason: str, says_nothing: bool) -> None:  # noqa: FBT001 - a parameter of the table
    assert ("TAUTOLOGY" in codes(bent("13/15", reason, name=name))) is says_nothing
