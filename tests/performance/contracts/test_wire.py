"""The published record: what goes out comes back, and what is not a record is refused by name."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chengshu.performance.contracts import Form, Indicator, Money, MoneyRow, Source, Total
from chengshu.performance.contracts.wire import form_from_record, form_record
from chengshu.performance.errors import RecordInvalid

amounts = st.none() | st.decimals(min_value=-(10**12), max_value=10**12, places=2)
texts = st.none() | st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=20)


@given(budget=amounts, score=amounts, project=texts, level3=texts)
def test_a_form_survives_its_record(
    budget: Decimal | None, score: Decimal | None, project: str | None, level3: str | None
) -> None:
    form = Form(
        source=Source("a.txt", 1, 3),
        template="shanghai-2024",
        year=2024,
        project=project,
        money=Money(total=MoneyRow(budget=budget)),
        indicators=(Indicator(level3=level3, score=score),),
        total=Total(score=score),
    )
    assert form_from_record(form_record(form)) == form


@pytest.mark.parametrize("figure", ["NaN", "Infinity", "1E+999999", "1e5", "１２", "1,000", "", "abc", "9" * 60])
def test_refuses_a_figure_that_is_no_plain_decimal(figure: str) -> None:
    record = form_record(Form(source=Source("a.txt", 1), template="shanghai-2024"))
    record["total"]["score"] = figure
    with pytest.raises(RecordInvalid):
        form_from_record(record)


@pytest.mark.parametrize("record", [{}, {"source": 1}, {"source": {"file": "a"}}, {"source": None}])
def test_refuses_what_is_not_a_record(record: dict[str, Any]) -> None:
    with pytest.raises(RecordInvalid):
        form_from_record(record)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("project", 5),
        ("project", {"a": 1}),
        ("project", ["x"]),
        ("project", "a\ud800"),
        ("project", "a\0"),
        ("grade", 5),
        ("year", float("inf")),
        ("year", True),
        ("year", -5),
        ("money", []),
        ("indicators", {"level3": "a"}),
        ("indicators", ["a"]),
        ("indicators", [{"target": 95}]),
        ("indicators", [{"confidence": float("nan")}]),
        ("indicators", [{"weight": True}]),
        ("source", {"file": "a.txt", "form": 10**30}),
        ("source", {"file": "a.txt", "form": 1, "line": "abc"}),
        ("unreadable", [{"field": "/grade"}]),
    ],
)
def test_refuses_a_part_of_the_wrong_kind(field: str, value: object) -> None:
    record = form_record(Form(source=Source("a.txt", 1), template="shanghai-2024"))
    record[field] = value
    with pytest.raises(RecordInvalid):
        form_from_record(record)
