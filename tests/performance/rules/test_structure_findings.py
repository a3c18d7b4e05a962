"""Names, classes, years, and cells used for something else."""

from dataclasses import replace

import pytest
from performance.rules.building import ROWS, a_form, check, codes, grave, only, row, with_row

from chengshu.performance.contracts import Level, Unreadable


@pytest.mark.parametrize("name", ["数量指标", "社会效益", "生态效益指标", "经济效应", "完成率"])
def test_notes_class_names_in_place_of_indicators(name: str) -> None:
    assert "INDICATOR_PLACEHOLDER" in codes(with_row(0, level3=name))


def test_accepts_names_that_say_what_is_measured() -> None:
    assert "INDICATOR_PLACEHOLDER" not in codes(with_row(0, level3="项目计划完成率"))


def test_notes_an_indicator_that_stands_twice() -> None:
    finding = only(with_row(1, level3="维护 系统数量"), "DUPLICATED")
    assert (finding.level, finding.field) == (Level.HINT, "/indicators/1/level3")


def test_notes_that_satisfaction_is_absent() -> None:
    assert only(a_form(ROWS[:-1]), "NO_SATISFACTION").level is Level.HINT


def test_names_the_classes_that_are_absent() -> None:
    rows = [item for item in ROWS if item.level2 not in {"成本指标", "时效指标"}]
    assert only(a_form(rows), "MISSING_CLASS").expected == "时效、成本"


def test_does_not_miss_classes_in_rows_that_could_not_be_read() -> None:
    form = replace(a_form(ROWS[:-1]), unreadable=(Unreadable("/indicators", "..."),))
    assert "NO_SATISFACTION" not in codes(form)


@pytest.mark.parametrize(
    ("level2", "name", "is_misplaced"),
    [
        ("质量", "质量用户满意度", True),
        ("经济效益", "资金使用的合规性", True),
        ("生态效益", "宣传措施完整度", True),
        ("成本", "预算资金到位及时性", True),
        ("服务对象满意度", "年度考核情况", True),
        ("可持续影响", "测评对象满意度", True),
        ("质量", "验收合格率", False),
        ("经济效益", "节约运行费用", False),
        ("生态效益", "污染物减排量", False),
        ("自定类别", "随便什么", False),
        ("时效", "人员完备性", True),
        ("时效", "质量合格率", True),
        ("时效", "设备到货期限", False),
        ("质量", "培训人次", True),
        ("数量", "验收合格率", True),
    ],
)
def test_hints_at_indicators_in_the_wrong_class(level2: str, name: str, is_misplaced: bool) -> None:  # noqa: FBT001 - a parameter of the table
    form = a_form([*ROWS, row(level2, name, "≥90%", "93%", "0")])
    assert ("MISCLASSIFIED" in codes(form)) is is_misplaced


def test_notes_another_year_in_the_name() -> None:
    finding = only(a_form(project="数据运营服务项目-2020年度"), "YEAR_MISMATCH")
    assert (finding.level, finding.field) == (Level.HINT, "/project")


@pytest.mark.parametrize(
    "project", ["数据运营服务（2021升级改造）", "数据运营服务（2020-2022年）", "12345热线", "数据运营服务"]
)
def test_accepts_names_of_the_same_year_or_none(project: str) -> None:
    assert "YEAR_MISMATCH" not in codes(a_form(project=project))


def test_notes_a_deadline_before_the_year() -> None:
    assert only(with_row(2, target="2020年12月31日前完成"), "YEAR_MISMATCH").field == "/indicators/2/target"


def test_notes_a_form_without_a_name() -> None:
    assert only(a_form(project=None), "NAME_MISSING").field == "/project"
    lost = a_form(project=None, unreadable=(Unreadable("/project", "~"),))
    assert "NAME_MISSING" not in codes(lost)


def test_notes_targets_written_into_the_name() -> None:
    assert "COLUMN_MISUSED" in codes(with_row(2, level3="全年停机时间不超过10小时", target="100%", actual="100%"))
    assert "COLUMN_MISUSED" in codes(with_row(2, level3="于2021年12月31日前完成", target="100%", actual="100%"))
    assert "COLUMN_MISUSED" not in codes(with_row(2, level3="7×24小时响应率", target="≥95%", actual="96%"))


@pytest.mark.parametrize("text", ["（填写完成值）", "××", "指标1：……"])
def test_notes_hints_of_the_blank_form_left_standing(text: str) -> None:
    assert "NOT_FILLED" in codes(with_row(0, actual=text))


def test_reports_what_could_not_be_read_as_doubt_and_not_as_a_fault() -> None:
    form = a_form(unreadable=(Unreadable("/goal/actual", "■■"),))
    finding = only(form, "UNREADABLE")
    assert (finding.level, finding.doubtful, finding.field) == (Level.HINT, True, "/goal/actual")
    assert grave(form) == []


def test_every_finding_can_go_into_a_letter() -> None:
    rows = [
        row("数量", "数量指标", "≥90%", "80%", "12/15"),
        row("质量", "质量指标", "100%", "100%", "10/15"),
        *ROWS[2:],
    ]
    for finding in check(a_form(rows, project=None, grade="差")).findings:
        assert finding.message.endswith("。")
        assert finding.message_en.endswith(".")
        assert "None" not in finding.message + finding.message_en
        assert "依据：" in finding.basis
