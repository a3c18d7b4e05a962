from collections import Counter
from datetime import date
from decimal import Decimal

import pyarrow as pa
import pytest
from dataplane.tables.people import District, Person
from hypothesis import given
from hypothesis import strategies as st

from chengshu.dataplane.errors import SampleImpossible
from chengshu.dataplane.tables.constraints import (
    Between,
    CheckDigits,
    Length,
    Matches,
    NotBefore,
    NotNull,
    OneOf,
    Scheme,
    Unique,
)
from chengshu.dataplane.tables.describing import describe_table
from chengshu.dataplane.tables.digits import is_citizen_id, is_credit_code
from chengshu.dataplane.tables.keeping import keeps
from chengshu.dataplane.tables.samples import draw_rows
from chengshu.dataplane.tables.schemas import arrow_schema, find_deviations
from chengshu.dataplane.tables.shapes import Column, Shape, Type
from chengshu.dataplane.tables.table import shape_of

PERSON = shape_of(Person)
CODES = {("district", "code"): ("310101", "310107")}


@given(st.integers(0, 2**32), st.integers(0, 30))
def test_sample_rows_keep_every_constraint(seed: int, count: int) -> None:
    table = draw_rows(PERSON, seed=seed, count=count, others=CODES)
    assert table.schema == arrow_schema(PERSON)
    rows = table.to_pylist()
    assert len(rows) == count
    for row in rows:
        assert all(keeps(rule, row[one.name], row) for one in PERSON.columns for rule in one.constraints)
        assert row["district"] in {None, "310101", "310107"}
    for unique in ("id_number", "employer"):
        assert max(Counter(row[unique] for row in rows if row[unique]).values(), default=1) == 1


def test_the_same_seed_gives_the_same_rows_and_another_others() -> None:
    first = draw_rows(PERSON, seed=1, count=20, others=CODES)
    assert first == draw_rows(PERSON, seed=1, count=20, others=CODES)
    assert first != draw_rows(PERSON, seed=2, count=20, others=CODES)
    assert {None, True, False} == set(first["alive"].to_pylist())


def _shape(*columns: Column) -> Shape:
    return Shape("t", "一张表", columns)


def test_constraints_that_leave_too_few_values_are_named() -> None:
    narrow = Column(Type.TEXT, "甲", constraints=(NotNull(), Unique(), OneOf(("1", "2"))), name="a")
    assert draw_rows(_shape(narrow), seed=1, count=2).num_rows == 2
    with pytest.raises(SampleImpossible, match="（a）"):
        draw_rows(_shape(narrow), seed=1, count=3)
    never = Column(Type.TEXT, "甲", constraints=(NotNull(), Matches("a{3}"), Length(1, 2)), name="a")
    with pytest.raises(SampleImpossible, match="字段“a”的约束之间"):
        draw_rows(_shape(never), seed=1, count=1)
    with pytest.raises(SampleImpossible, match=r"引用 district\.code"):
        draw_rows(PERSON, seed=1, count=20)


def test_dates_stay_in_order_even_where_little_room_is_left() -> None:
    day = Between(date(2024, 1, 1), date(2024, 1, 5))
    until = Column(Type.DATE, "止", constraints=(NotNull(), NotBefore("since"), day), name="until")
    since = Column(Type.DATE, "起", constraints=(NotNull(), day), name="since")
    rows = draw_rows(_shape(until, since), seed=3, count=200).to_pylist()
    assert all(row["since"] <= row["until"] for row in rows)


@pytest.mark.parametrize(
    ("number", "valid"),
    [
        ("11010519491231002X", True),  # the example of GB 11643-1999
        ("440524188001010014", True),  # the other
        ("440524188001010015", False),
        ("11010519491231002x", False),
        ("110105194902310029", False),
        ("1101051949123100", False),
    ],
)
def test_check_signs_of_citizens_numbers(number: str, valid: bool) -> None:  # noqa: FBT001 - a table of cases
    assert is_citizen_id(number) is valid


@pytest.mark.parametrize(
    ("code", "valid"),
    [("91350100M000100Y43", True), ("91350100M000100Y44", False), ("9135O100M000100Y43", False), ("", False)],
)
def test_check_signs_of_credit_codes(code: str, valid: bool) -> None:  # noqa: FBT001 - the same
    assert is_credit_code(code) is valid


def test_a_null_breaks_only_what_demands_a_value() -> None:
    rules = (Unique(), Length(1, 2), Matches("a"), Between(1), CheckDigits(Scheme.CITIZEN_ID), NotBefore("b"))
    assert all(keeps(rule, None, {}) for rule in rules)
    assert not keeps(NotNull(), None, {})


def test_a_table_that_came_is_compared_with_its_declaration() -> None:
    found = pa.schema(
        [
            ("name", pa.int64()),
            ("extra", pa.bool_()),
        ]
    )
    assert [one.message for one in find_deviations(shape_of(District), found)] == [
        "缺少字段“code”（string）",
        "字段“name”的类型应为 string，实为 int64",
        "多出字段“extra”（bool）",
    ]
    assert find_deviations(PERSON, arrow_schema(PERSON)) == ()
    twice = pa.schema([("code", pa.string()), ("code", pa.string()), ("name", pa.string())])
    assert [one.message for one in find_deviations(shape_of(District), twice)] == ["字段“code”出现了不止一次"]


@pytest.mark.parametrize(("given", "fits"), [((12, 2), True), ((10, 2), True), ((13, 2), False), ((12, 3), False)])
def test_a_decimal_fits_with_its_scale_and_no_more_digits(given: tuple[int, int], fits: bool) -> None:  # noqa: FBT001
    shape = _shape(Column(Type.DECIMAL, "额", precision=12, scale=2, name="a"))
    assert (find_deviations(shape, pa.schema([("a", pa.decimal128(*given))])) == ()) is fits


def test_a_table_is_described_with_every_column() -> None:
    page = describe_table(PERSON)
    assert "## `person`\n\n实有人口，一人一行。\n\n主键：`id_number`\n" in page
    assert "| `sex` | 文本 | 性别 |  | GB/T 2261.1 | 2 | 取值 1（男）、2（女） |" in page
    assert "| `income` | 小数 (12, 2) | 月收入 | 元 |  |  | 不小于 0 |" in page
    assert all(f"| `{column.name}` |" in page for column in PERSON.columns)


def test_a_bar_in_a_description_does_not_break_the_line() -> None:
    page = describe_table(_shape(Column(Type.DECIMAL, "甲|乙\n丙", constraints=(Between(most=Decimal(3)),), name="a")))
    assert "甲\\|乙 丙" in page
