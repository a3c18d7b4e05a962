"""No form that was filled in right ever gets an error or a breach, whatever its figures."""

from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal

from hypothesis import given
from hypothesis import strategies as st
from performance.rules.building import GRAVE, a_form

from chengshu.performance.contracts import Form, Goal, Indicator, Money, MoneyRow, Total
from chengshu.performance.rules.checking import check_form
from chengshu.performance.rules.rulesets import get_rule_set, list_rule_sets

CENT = Decimal("0.01")
TEXTS = st.text(alphabet="数据运营服务系统平台整改质量及时性提升满意%0123456789，。“”", max_size=40)


def rounded(value: Decimal) -> Decimal:
    return value.quantize(CENT, ROUND_HALF_UP)


@st.composite
def money_blocks(draw: st.DrawFn) -> tuple[Money, str]:
    """Amounts that are kept exact, then printed in yuan or, rounded, in ten thousand yuan."""
    budget = Decimal(draw(st.integers(min_value=10_000_000, max_value=10**12))).scaleb(-2)
    executed = rounded(budget * draw(st.integers(min_value=9000, max_value=10_000)) / 10_000)
    initial = Decimal(draw(st.integers(min_value=10_000_000, max_value=10**12))).scaleb(-2)
    unit, scale = draw(st.sampled_from([("元", Decimal(1)), ("万元", Decimal(10_000))]))
    rate = rounded(executed / budget * 100)
    score = rounded(executed / budget * 10)
    first, yearly, spent = (rounded(amount / scale) for amount in (initial, budget, executed))
    total, fiscal = MoneyRow(first, yearly, spent, Decimal(10), rate, score), MoneyRow(first, yearly, spent)
    return Money(total, fiscal, MoneyRow(None, Decimal(0)), MoneyRow(None, Decimal(0))), unit


@st.composite
def indicators(draw: st.DrawFn, weight: Decimal) -> Indicator:
    """A row scored by the rule: figures met or in proportion, words within their band, a reason where points are off."""
    name = draw(TEXTS.filter(lambda text: bool(text.strip())))
    kind = draw(st.sampled_from(["met", "short", "limit", "words"]))
    target = Decimal(draw(st.integers(min_value=1, max_value=100_000)))
    unit = draw(st.sampled_from(["%", "家", "万条", "小时", ""]))
    reason = "上游数据推送推迟，" + name
    if kind == "met":
        actual = target * draw(st.integers(min_value=100, max_value=119)) / 100
        return Indicator("产出指标", "数量指标", name, f"≥{target:f}{unit}", f"{actual:f}{unit}", weight, weight)
    if kind == "short":
        actual = target * draw(st.integers(min_value=1, max_value=99)) / 100
        score = rounded(actual / target * weight)
        return Indicator("产出指标", "质量指标", name, f"≥{target:f}{unit}", f"{actual:f}{unit}", weight, score, reason)
    if kind == "limit":
        return Indicator("产出指标", "时效指标", name, f"≤{target:f}{unit}", f"{target / 2:f}{unit}", weight, weight)
    score = rounded(weight * draw(st.integers(min_value=80, max_value=100)) / 100)
    return Indicator(
        "效益指标", "社会效益指标", name, "提升", "达成指标", weight, score, None if score == weight else reason
    )


@st.composite
def right_forms(draw: st.DrawFn) -> Form:
    count = draw(st.integers(min_value=1, max_value=9))
    weights = [Decimal(90 // count)] * (count - 1)
    weights.append(90 - sum(weights, Decimal(0)))
    rows = [draw(indicators(weight)) for weight in weights]
    block, unit = draw(money_blocks())
    scores = sum((row.score or Decimal(0) for row in rows), block.total.score or Decimal(0))
    form = a_form(
        rows, money=block, money_unit=unit, total=Total(Decimal(100), scores), goal=Goal(draw(TEXTS), draw(TEXTS))
    )
    return replace(form, project=draw(TEXTS))


@given(form=right_forms(), rules=st.sampled_from([name for name in list_rule_sets() if name != "hubei-2020"]))
def test_a_right_form_gets_no_error_and_no_breach(form: Form, rules: str) -> None:
    rule_set = get_rule_set(rules)
    graded = replace(form, grade=rule_set.grade_of(form.total.score or Decimal(0)))
    checked = check_form(graded, rule_set)
    assert [finding.message for finding in checked.findings if finding.level in GRAVE] == []


@given(form=right_forms())
def test_a_right_form_keeps_its_scores(form: Form) -> None:
    checked = check_form(form, get_rule_set("shanghai-2021"))
    rows = checked.rescored.lines[1:]
    assert [line.score for line in rows] == [line.printed for line in rows]


@given(target=TEXTS, actual=TEXTS, name=TEXTS, reason=TEXTS)
def test_no_text_in_a_row_ever_raises(target: str, actual: str, name: str, reason: str) -> None:
    row = Indicator("产出指标", "数量指标", name, target, actual, Decimal(10), Decimal(9), reason)
    checked = check_form(a_form([row]), get_rule_set("national-2020"))
    assert checked.rescored.lines
