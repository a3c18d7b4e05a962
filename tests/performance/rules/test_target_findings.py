"""Targets and actual values."""

from dataclasses import replace

import pytest
from performance.rules.building import ROWS, a_form, codes, grave, only, row

from chengshu.performance.contracts import Form, Indicator, Level, Unreadable
from chengshu.performance.rules.rulesets import get_rule_set


def bent(target: str | None, actual: str | None, name: str = "设备维护数量", level2: str = "数量") -> Form:
    return a_form([row(level2, name, target, actual, "15"), *ROWS[1:]])


def test_reports_an_empty_target() -> None:
    finding = only(bent(None, "1529"), "TARGET_MISSING")
    assert (finding.level, finding.field) == (Level.BREACH, "/indicators/0/target")


def test_reports_an_empty_actual_value() -> None:
    assert only(bent("≥90%", None), "ACTUAL_MISSING").field == "/indicators/0/actual"


def test_does_not_take_an_unreadable_cell_for_an_empty_one() -> None:
    lost = (Unreadable("/indicators/0/target", "??"), Unreadable("/indicators/1", "~~"))
    form = replace(
        a_form([row("数量", "设备维护数量", None, "12", "15"), row("质量", "验收合格率", None, None, "15"), *ROWS[2:]]),
        unreadable=lost,
    )
    assert grave(form) == []
    assert "UNREADABLE" in codes(form)


def test_notes_a_row_that_holds_a_name_only() -> None:
    form = a_form([*ROWS, row("数量", "备用指标", None, None, None)])
    assert {"NOT_FILLED"} <= codes(form)
    assert "TARGET_MISSING" not in codes(form)


@pytest.mark.parametrize(
    ("target", "actual", "is_low"),
    [
        ("≥2次", "4次", True),
        ("≥1(万条)", "1.30(万条)", True),
        ("≥5个", "6个", True),
        ("≥90%", "100%", False),
        ("≤10%", "4%", True),
        ("≤10%", "5%", False),
    ],
)
def test_notes_targets_that_were_far_surpassed(target: str, actual: str, is_low: bool) -> None:  # noqa: FBT001 - a parameter of the table
    form = bent(target, actual)
    assert ("TARGET_LOW" in codes(form)) is is_low
    assert grave(form) == []


def test_notes_a_form_that_repeats_its_targets() -> None:
    rows = [replace(item, actual=(item.target or "").lstrip("≥≤")) for item in ROWS]
    assert only(a_form(rows), "TARGET_ECHO").field == "/indicators"
    assert "TARGET_ECHO" not in codes(a_form([*rows[:4], *ROWS[4:]]))


@pytest.mark.parametrize(
    ("target", "actual", "mismatch"),
    [
        ("≥90%", "基本完成", True),
        ("≥150", "满足条件", True),
        ("100%", "及时", True),
        ("完善", "100%", True),
        ("6项", "已完成6项", False),
        ("制定办法1项", "1项", False),
        ("完善", "完善", False),
        ("2021年12月31日前", "100%", True),
    ],
)
def test_notes_figures_answered_by_words_and_words_by_figures(target: str, actual: str, mismatch: bool) -> None:  # noqa: FBT001 - a parameter of the table
    assert ("TYPE_MISMATCH" in codes(bent(target, actual))) is mismatch


@pytest.mark.parametrize(
    ("target", "actual", "is_range"),
    [
        ("≥90%", "≥90%", True),
        ("<1天", "<1天", True),
        ("48小时内", "48小时内", True),
        ("100%", "系统用户满意度≥90%", True),
        ("≥90%", "95%以上", True),
        ("≥90%", "90%-95%", True),
        ("60%~80%", "70%", False),
        ("≥90%", "=93%", False),
    ],
)
def test_notes_ranges_given_as_results(target: str, actual: str, is_range: bool) -> None:  # noqa: FBT001 - a parameter of the table
    assert ("ACTUAL_IS_RANGE" in codes(bent(target, actual))) is is_range


@pytest.mark.parametrize(
    ("target", "actual", "is_off"),
    [
        ("合理", "及时性", True),
        ("及时性", "及时性", True),
        ("提升", "良好", True),
        ("及时", "合理", True),
        ("提升", "提高", False),
        ("及时", "达成指标", False),
        ("健全", "完善", False),
    ],
)
def test_notes_answers_from_another_scale(target: str, actual: str, is_off: bool) -> None:  # noqa: FBT001 - a parameter of the table
    assert ("ACTUAL_OFF_SCALE" in codes(bent(target, actual))) is is_off


@pytest.mark.parametrize(
    ("name", "target", "actual", "mismatch"),
    [
        ("连续服务能力时长", "24小时/天", "8760小时/年", True),
        ("接待人员数量", "≥5000人", "5669人次", True),
        ("预算结算率", "100%", "100", True),
        ("新建平台数量", "5%", "5%", True),
        ("计划完成数", "≥90%", "93%", True),
        ("地址清洗", "≥50万条", "530000条", False),
        ("故障恢复时长", "≤2小时", "90分钟", False),
        ("数据运营服务", "6项", "6", False),
    ],
)
def test_notes_units_that_do_not_convert(name: str, target: str, actual: str, mismatch: bool) -> None:  # noqa: FBT001 - a parameter of the table
    assert ("UNIT_MISMATCH" in codes(bent(target, actual, name))) is mismatch


def test_takes_no_unit_for_missing_where_it_has_a_column_of_its_own() -> None:
    form = bent("≥95%", "97", "设备完好率")
    assert "UNIT_MISMATCH" in codes(form)
    assert "UNIT_MISMATCH" not in codes(form, get_rule_set("yunnan"))


@pytest.mark.parametrize(
    ("name", "target", "vague"),
    [
        ("营造良好的营商环境", "100%", True),
        ("成本合理性", "合理", True),
        ("工作效果", "满足实际情况", True),
        ("服务覆盖率", "100%", False),
        ("等保测评", "通过", False),
        ("提供数据支撑", "提供服务接口", False),
        ("资金使用合规性", "合规", False),
        ("长效管理机制", "健全", False),
        ("网络可拓展性", "健全", True),
        ("对产业的带动作用", "明显", True),
    ],
)
def test_notes_targets_that_nothing_measures(name: str, target: str, vague: bool) -> None:  # noqa: FBT001 - a parameter of the table
    assert ("UNMEASURABLE" in codes(bent(target, target, name))) is vague


def test_refuses_to_judge_forms_with_weights_in_the_value_columns() -> None:
    rows = [replace(item, target=f"{item.weight}分", actual=f"{item.score}分") for item in ROWS]
    finding = only(a_form(rows), "COLUMN_MISUSED")
    assert finding.level is Level.BREACH
    assert "TARGET_ECHO" in codes(a_form(rows))


def test_takes_points_that_differ_from_the_weight_as_values() -> None:
    rows: list[Indicator] = [replace(item, target="12分", actual="13分") for item in ROWS]
    assert "COLUMN_MISUSED" not in codes(a_form(rows))
