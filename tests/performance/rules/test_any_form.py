"""Whatever stands on a form, checking it gives findings and a re-scoring, never a crash."""

from hypothesis import given
from hypothesis import strategies as st

from chengshu.performance.contracts import Form, Goal, Indicator, Level, Money, MoneyRow, Source, Total, Unreadable
from chengshu.performance.contracts.wire import checked_record
from chengshu.performance.rules.checking import check_form, check_forms
from chengshu.performance.rules.rulesets import get_rule_set, list_rule_sets

FIGURES = st.none() | st.decimals(allow_nan=False, allow_infinity=False, places=2, min_value=-(10**9), max_value=10**12)
TEXTS = (
    st.none()
    | st.text(max_size=30)
    | st.sampled_from(
        [
            "100%",
            "≥90%",
            "≤0",
            "0",
            "48小时内",
            "3-5家",
            "2021年底前",
            "及时",
            "基本完成",
            "未完成",
            "无",
            "1.5亿次",
            "10分",
            "达成指标",
            "5天",
        ]
    )
)
CLASSES = st.none() | st.sampled_from(["产出指标", "效益指标", "满意度指标", "成本指标", "奇怪"])
CATEGORIES = st.none() | st.sampled_from(
    ["数量指标", "质量指标", "成本指标", "经济效益指标", "服务对象满意度指标", "奇怪"]
)
POINTERS = st.sampled_from(
    [
        "",
        "/project",
        "/goal/actual",
        "/goal/expected",
        "/indicators",
        "/indicators/0",
        "/indicators/0/target",
        "/money/total/rate",
    ]
)

INDICATORS = st.builds(
    Indicator, CLASSES, CATEGORIES, TEXTS, TEXTS, TEXTS, FIGURES, FIGURES, TEXTS, st.floats(min_value=0, max_value=1)
)
MONEY_ROWS = st.builds(MoneyRow, *[FIGURES] * 6)
FORMS = st.builds(
    Form,
    source=st.builds(Source, st.just("f"), st.integers(1, 9)),
    template=st.sampled_from(["", "shanghai-2024", "hubei-2020", "yunnan-2020"]),
    year=st.none() | st.integers(2015, 2030),
    project=TEXTS,
    department=TEXTS,
    unit=TEXTS,
    money_unit=st.sampled_from([None, "元", "万元", "两"]),
    money=st.builds(Money, *[MONEY_ROWS] * 4),
    goal=st.builds(Goal, TEXTS, TEXTS),
    indicators=st.lists(INDICATORS, max_size=5).map(tuple),
    total=st.builds(Total, FIGURES, FIGURES),
    grade=st.sampled_from([None, "优", "良好", "?"]),
    unreadable=st.lists(st.builds(Unreadable, POINTERS, st.text(max_size=10)), max_size=2).map(tuple),
)


@given(form=FORMS, name=st.sampled_from(list_rule_sets()))
def test_any_form_is_checked_and_scored(form: Form, name: str) -> None:
    checked = check_form(form, get_rule_set(name))
    assert checked_record(checked)["rules"] == name
    assert all(finding.level is Level.HINT for finding in checked.findings if finding.doubtful)
    points = {line.field for line in checked.rescored.lines}
    assert {f"/indicators/{at}" for at in range(len(form.indicators))} <= points


@given(forms=st.lists(FORMS, max_size=6))
def test_any_forms_are_checked_together_in_their_order(forms: list[Form]) -> None:
    assert [checked.source for checked in check_forms(forms, None)] == [form.source for form in forms]


@given(form=FORMS)
def test_checking_twice_says_the_same(form: Form) -> None:
    rules = get_rule_set("national-2020")
    assert check_form(form, rules) == check_form(form, rules)
