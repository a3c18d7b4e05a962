"""Forms with gaps read back as they are: nothing is filled in, nothing moves into an empty place."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from performance.papers.test_round_trip import printed_content, printed_forms

from chengshu.documents.reading import read_document
from chengshu.performance.contracts import Form, Goal, Indicator, Total
from chengshu.performance.papers.forms import FormKind, render_forms
from chengshu.performance.papers.layouts import layout_names
from chengshu.performance.reading.reader import read_forms

KINDS: tuple[FormKind, ...] = ("txt", "md", "csv", "html", "xlsx", "docx")
_PARTS = ("level1", "level2", "target", "actual", "weight", "score", "reason")
_LONG = "为全区各单位业务系统提供云资源、网络安全、数据备份和日常运行维护保障服务的响应及时情况"


@st.composite
def _indicator_with_gaps(draw: st.DrawFn, whole: Indicator) -> Indicator:
    gaps = draw(st.sets(st.sampled_from(_PARTS)))
    name = draw(st.sampled_from([whole.level3, _LONG, f"{whole.level3}满意度", f"2021年{whole.level3}率"]))
    missing: dict[str, Any] = dict.fromkeys(gaps)
    return replace(whole, level3=name, **missing)


@st.composite
def _form_with_gaps(draw: st.DrawFn, template: str) -> Form:
    form = draw(printed_forms(template))
    rows = form.indicators * draw(st.sampled_from([1, 1, 1, 4]))
    total = draw(st.sampled_from([form.total, Total(), Total(weight=Decimal(100)), Total(score=Decimal("87.5"))]))
    return replace(
        form,
        indicators=tuple(draw(_indicator_with_gaps(row)) for row in rows),
        goal=draw(st.sampled_from([form.goal, Goal(), replace(form.goal, actual=None)])),
        total=total,
        grade=draw(st.sampled_from([form.grade, None])),
    )


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("template", layout_names())
@settings(max_examples=2, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_gaps_read_back_as_gaps(template: str, kind: FormKind, data: st.DataObject) -> None:
    forms = data.draw(st.lists(_form_with_gaps(template), min_size=1, max_size=3, unique_by=lambda form: form.project))
    document = read_document(f"表.{kind}", render_forms(forms, kind=kind))
    assert [printed_content(form) for form in read_forms(document)] == [printed_content(form) for form in forms]
