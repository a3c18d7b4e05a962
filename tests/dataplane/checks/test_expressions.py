"""Expressions say something of one row, and nothing else."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chengshu.dataplane.checks.expressions import columns_of, parse_expression
from chengshu.dataplane.errors import RuleInvalid


@pytest.mark.parametrize(
    "text",
    [
        "(select 1) = 1",
        "a in (select b from other)",
        "exists (select 1)",
        "a = 1; drop table t",
        "drop table t",
        "copy t to 'x.csv'",
        "attach 'x.db'",
        "read_text('/etc/passwd') = ''",
        "getenv('HOME') = ''",
        "sum(a) > 1",
        "row_number() over () = 1",
        "t.a = 1",
        "a::json is null",
        "a -> 'b' = 1",
        "list_transform([a], x -> x) = [1]",
        "regexp_matches(a, b)",
        "regexp_matches(a, '(?=x)')",
        "a = ",
        "",
        "1",
        "('x')",
        "a + 1",
        "* = 1",
        "unnest([1, 2]) = 1",
        "a = ?",
        "a = $1",
        "random() < 0.5",
        "(" * 50 + "a" + ")" * 50,
        "a = 1 or " * 400 + "a = 1",
    ],
)
def test_what_is_no_condition_of_a_row_is_refused(text: str) -> None:
    with pytest.raises(RuleInvalid, match=r"表达式|正则式"):
        parse_expression(text)


def test_a_refusal_names_what_and_says_what_may_be_used() -> None:
    with pytest.raises(RuleInvalid, match=r"不能用“read_text”.*starts_with"):
        parse_expression("read_text('x') = 'y'")


def test_the_columns_of_an_expression_are_named_once_in_order() -> None:
    assert columns_of(parse_expression('"开始 日期" <= b and b < c or b is null')) == ("开始 日期", "b", "c")


@given(st.text(max_size=60))
def test_any_text_is_read_or_refused(text: str) -> None:
    with suppress(RuleInvalid):
        columns_of(parse_expression(text))
