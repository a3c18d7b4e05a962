"""What is printed reads back: a form on any template's paper, in any format, is the same form again."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chengshu.documents.reading import read_document
from chengshu.performance.contracts import Form, Goal, Indicator, Money, MoneyRow, Source, Total
from chengshu.performance.papers.forms import FORM_KINDS, FormKind, render_forms
from chengshu.performance.papers.layouts import layout_names
from chengshu.performance.reading.reader import read_forms

_RATES_ON_EVERY_ROW = {"shanghai-2024", "national-2020"}
_CATEGORIES = {
    "产出指标": ("数量指标", "质量指标", "时效指标", "成本指标"),
    "效益指标": ("经济效益指标", "社会效益指标", "生态效益指标", "可持续影响指标"),
    "满意度指标": ("服务对象满意度指标",),
}
_WORDS = st.text(alphabet="数据平台运营治理归集街镇楼宇巡检响应办件证照网格建库", min_size=2, max_size=14)
_SENTENCES = st.lists(_WORDS, min_size=1, max_size=4).map(lambda words: "，".join(words) + "。")
_GOALS = st.lists(_SENTENCES, min_size=1, max_size=3).map("\n".join)
_UNITS = st.sampled_from(["", "%", "项", "次", "万条", "(%)", "(个)", "小时", "(工作日)"])


def _figures(top: int, places: int = 2) -> st.SearchStrategy[Decimal]:
    return st.integers(0, top * 10**places).map(lambda number: Decimal(number).scaleb(-places))


@st.composite
def _values(draw: st.DrawFn, signs: str) -> str:
    sign = draw(st.sampled_from(["", *signs]))
    return f"{sign}{draw(st.integers(1, 5000))}{draw(_UNITS)}"


_TARGETS = _values("≥≤=><") | st.sampled_from(["及时", "提升", "于2021年12月31日前完成"])
_ACTUALS = _values("") | st.sampled_from(["及时", "达成指标", "基本完成"])
# One of the two may be missing; with both gone a text without trusted columns could mean anything.
_ANSWERS = st.tuples(_TARGETS, st.none() | _ACTUALS) | st.tuples(st.none(), _ACTUALS)


@st.composite
def _money_rows(draw: st.DrawFn, *, total: bool, rated: bool) -> MoneyRow:
    amounts = _figures(900_000_000)
    if not total and not rated:
        return MoneyRow(draw(st.none() | amounts), draw(st.none() | amounts), draw(st.none() | amounts))
    row = MoneyRow(draw(amounts), draw(amounts), draw(amounts), rate=draw(_figures(120)))
    return replace(row, weight=Decimal(10), score=draw(_figures(10))) if total else row


@st.composite
def _indicator(draw: st.DrawFn, place: tuple[str, str]) -> Indicator:
    target, actual = draw(_ANSWERS)
    weight, score, reason = draw(_figures(40)), draw(_figures(40)), draw(st.none() | _SENTENCES)
    return Indicator(*place, draw(_WORDS), target, actual, weight=weight, score=score, reason=reason)


@st.composite
def _indicators(draw: st.DrawFn) -> tuple[Indicator, ...]:
    places = [(first, second) for first, seconds in _CATEGORIES.items() for second in seconds]
    chosen = draw(st.lists(st.sampled_from(places), min_size=1, max_size=8))
    return tuple(draw(_indicator(place)) for place in sorted(chosen, key=places.index))


@st.composite
def printed_forms(draw: st.DrawFn, template: str) -> Form:
    rated = template in _RATES_ON_EVERY_ROW
    money = {name: draw(_money_rows(total=name == "total", rated=rated)) for name in Money.__slots__}
    return Form(
        source=Source("表", 1),
        template=template,
        year=int(template[-4:]),
        project=draw(_WORDS),
        department=draw(st.none() | _WORDS),
        unit=draw(st.none() | _WORDS),
        money_unit=draw(st.sampled_from(["元", "万元"])),
        money=Money(**money),
        goal=Goal(draw(st.none() | _GOALS), draw(st.none() | _GOALS)),
        indicators=draw(_indicators()),
        total=Total(Decimal("100.00"), draw(_figures(100))),
        grade=draw(st.sampled_from(["优", "良", "中", "差"])) if template == "shanghai-2024" else None,
    )


def printed_content(form: Form) -> Form:
    """Leave what stands on the paper: neither place nor certainty, and no line breaks of a cell's width."""
    goal = Goal(_unbroken(form.goal.expected), _unbroken(form.goal.actual))
    indicators = tuple(replace(item, confidence=1.0) for item in form.indicators)
    return replace(form, source=Source("", 0), goal=goal, indicators=indicators, origins={})


def _unbroken(text: str | None) -> str | None:
    return None if text is None else text.replace("\n", "")


@pytest.mark.parametrize("kind", FORM_KINDS)
@pytest.mark.parametrize("template", layout_names())
@settings(max_examples=5, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_printed_forms_read_back_the_same(template: str, kind: FormKind, data: st.DataObject) -> None:
    forms = data.draw(st.lists(printed_forms(template), min_size=1, max_size=3, unique_by=lambda form: form.project))
    document = read_document(f"表.{kind}", render_forms(forms, kind=kind))
    assert [printed_content(form) for form in read_forms(document)] == [printed_content(form) for form in forms]
