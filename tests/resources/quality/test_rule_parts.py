"""A rule that is filled in says what its definition says, and comes back as it was; what the parts cannot say is left alone."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import pytest

from chengshu.resources.contracts.quality import RuleDraft
from chengshu.resources.errors import RuleRefused
from chengshu.resources.queries.quality_rules import require_sense
from chengshu.resources.rules.rule_parts import KINDS, definition_of, parts_of
from chengshu.resources.rules.rule_titles import title_of

_AGE = {"column": "age", "more": []}
_FILLED: list[tuple[str, Mapping[str, Any], Mapping[str, Any], str]] = [
    ("not_null", {"column": "xm", "more": ["sfzh"], "blank": True}, {"kind": "not_null", "columns": ["xm", "sfzh"], "blank": True}, "姓名、sfzh不得为空"),
    ("unique", {"column": "xm", "more": ["xm"]}, {"kind": "unique", "columns": ["xm"]}, "姓名不得重复"),
    ("between", {**_AGE, "least": "0", "most": "150"}, {"kind": "between", "columns": ["age"], "min": 0, "max": 150}, "年龄应在 0 至 150 之间"),
    ("between", {**_AGE, "least": "", "most": "0.50"}, {"kind": "between", "columns": ["age"], "max": 0.5}, "年龄应不大于 0.50"),
    ("between", {**_AGE, "least": "2024-01-31 08:30"}, {"kind": "between", "columns": ["age"], "min": "2024-01-31T08:30:00"}, "年龄应不小于 2024-01-31 08:30"),
    ("one_of", {"column": "xb", "values": " 1\n\n2\n1"}, {"kind": "one_of", "columns": ["xb"], "values": ["1", "2"]}, "xb应在值域内"),
    ("matches", {"column": "yb", "pattern": "[0-9]{6}"}, {"kind": "matches", "columns": ["yb"], "pattern": "[0-9]{6}"}, "yb应符合格式 [0-9]{6}"),
    ("length", {"column": "xm", "shortest": 0, "longest": 50}, {"kind": "length", "columns": ["xm"], "min": 0, "max": 50}, "姓名的字数应在 0 至 50 之间"),
    ("type", {"column": "rq", "value_type": "date"}, {"kind": "type", "columns": ["rq"], "type": "date"}, "rq应是日期"),
    ("check_digit", {"column": "sfzh", "scheme": "citizen_id"}, {"kind": "check_digit", "columns": ["sfzh"], "scheme": "citizen_id"}, "sfzh的校验码应正确"),
    ("date_order", {"earlier": "jhrq", "later": "lhrq", "strict": True}, {"kind": "date_order", "columns": ["jhrq", "lhrq"], "strict": True}, "lhrq应晚于jhrq"),
    ("compare", {"left": 'a"b', "comparison": "<=", "right": "年龄"}, {"kind": "expression", "expression": '"a""b" <= "年龄"'}, 'a"b应不大于年龄'),
    ("expression", {"expression": "age > 1 or xm = '王'"}, {"kind": "expression", "expression": "age > 1 or xm = '王'"}, "应符合：age > 1 or xm = '王'"),
    ("references", {"column": "sfzh", "table": "307/GA001", "their_column": "sfzh"}, {"kind": "references", "columns": ["sfzh"], "references": {"data": "307/GA001", "column": "sfzh"}}, "sfzh应在 307/GA001 的 sfzh 中"),
    ("completeness", {"column": "xm", "minimum": Decimal("0.95")}, {"kind": "completeness", "columns": ["xm"], "minimum": 0.95}, "姓名有值的占比不应低于 0.95"),
    ("timeliness", {"column": "rq", "within": 31, "unit": "d"}, {"kind": "timeliness", "columns": ["rq"], "within": "31d"}, "最新的rq距今不应超过 31 天"),
    ("delivery_timeliness", {"within": 8, "unit": "h"}, {"kind": "delivery_timeliness", "within": "8h"}, "最近一次交付距今不应超过 8 小时"),
    ("history_drift", {"measure": "rows", "column": "", "tolerance": Decimal(1), "last": 6}, {"kind": "history_drift", "measure": "rows", "tolerance": 1, "last": 6}, "行数与以往相差不应超过 1"),
    ("history_drift", {"measure": "nulls", "column": "xm", "tolerance": Decimal("0.2"), "last": 3}, {"kind": "history_drift", "measure": "nulls", "columns": ["xm"], "tolerance": 0.2, "last": 3}, "姓名空值的占比与以往相差不应超过 0.2"),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "parts", "definition", "title"), _FILLED)
def test_parts_say_a_definition_that_checks_take_and_come_back(
    kind: str, parts: Mapping[str, Any], definition: Mapping[str, Any], title: str
) -> None:
    assert definition_of(kind, parts) == definition
    require_sense(RuleDraft("k", "规则", definition), ["djbh"])
    found = parts_of(definition)
    assert found is not None
    assert (found[0], definition_of(*found)) == (kind, definition)
    assert title_of(kind, parts, {"xm": "姓名", "age": "年龄"}) == title


def test_every_kind_that_is_offered_is_tried_here() -> None:
    assert {kind for kind, *_rest in _FILLED} == set(KINDS)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ({"kind": "unique", "column": "xm"}, {"kind": "unique", "columns": ["xm"]}),
        ({"kind": "unique", "columns": "xm", "where": ""}, {"kind": "unique", "columns": ["xm"]}),
        ({"kind": "date_order", "columns": ["a", "b"], "strict": False}, {"kind": "date_order", "columns": ["a", "b"]}),
        (
            {"kind": "references", "column": "a", "references": {"data": "t", "columns": ["b"]}},
            {"kind": "references", "columns": ["a"], "references": {"data": "t", "column": "b"}},
        ),
        (
            {"kind": "between", "columns": ["a"], "min": 0, "where": "b = 1"},
            {"kind": "between", "columns": ["a"], "min": 0, "where": "b = 1"},
        ),
    ],
)
def test_other_ways_to_write_the_same_are_understood(written: Mapping[str, Any], meant: Mapping[str, Any]) -> None:
    found = parts_of(written)
    assert found is not None
    assert definition_of(*found) == meant


@pytest.mark.parametrize(
    "definition",
    [
        {"kind": "row_count_drift", "history": [1], "tolerance": 0.1},
        {"kind": "date_order", "columns": ["a", "b", "c"]},
        {"kind": "references", "columns": ["a", "b"], "references": {"data": "t", "columns": ["c", "d"]}},
        {"kind": "one_of", "columns": ["a"], "values": ["1\n2"]},
        {"kind": "one_of", "columns": ["a"], "values": [" 1"]},
        {"kind": "between", "columns": ["a"], "min": 0, "remark": "x"},
        {"kind": "timeliness", "columns": ["a"], "within": "31d", "where": "b = 1"},
        {"kind": "between", "columns": [], "min": 0},
        {"kind": "no_such_kind"},
        {},
    ],
)
def test_what_the_parts_cannot_say_stays_a_definition(definition: Mapping[str, Any]) -> None:
    assert parts_of(definition) is None


@pytest.mark.parametrize(
    ("kind", "parts", "place"),
    [
        ("between", {**_AGE}, "least"),
        ("between", {**_AGE, "least": "低"}, "least"),
        ("between", {**_AGE, "least": "2", "most": "1"}, "most"),
        ("between", {**_AGE, "least": "2024-01-02", "most": "2024-01-01"}, "most"),
        ("between", {**_AGE, "least": "1", "most": "2024-01-01"}, "most"),
        ("between", {**_AGE, "most": "1" * 16}, "most"),
        ("between", {**_AGE, "most": "Infinity"}, "most"),
        ("between", {**_AGE, "least": "2024-01-31T08:30:00+08:00"}, "least"),
        ("length", {**_AGE}, "shortest"),
        ("length", {**_AGE, "shortest": 2, "longest": 1}, "longest"),
        ("date_order", {"earlier": "a", "later": "a"}, "later"),
        ("compare", {"left": "a", "comparison": "<", "right": "a"}, "right"),
        ("history_drift", {"measure": "nulls", "tolerance": Decimal(1), "last": 6}, "column"),
    ],
)
def test_what_contradicts_itself_is_told_at_its_part(kind: str, parts: Mapping[str, Any], place: str) -> None:
    with pytest.raises(RuleRefused) as refused:
        definition_of(kind, parts)
    assert refused.value.details["field"] == place
