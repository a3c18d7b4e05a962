"""What facts add up to, and that their digest is the same whatever database they came from."""

import hashlib
import json
import math
import statistics
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chengshu.kernel.indicators.contracts import (
    Aggregation,
    Direction,
    Fact,
    FactColumn,
    FactKind,
    IndicatorSpec,
    Mask,
)
from chengshu.kernel.indicators.errors import FactInvalid, IndicatorInvalid
from chengshu.kernel.indicators.rules.canonical import encode_fact, read_fact
from chengshu.kernel.indicators.rules.counting import SAMPLE_SIZE, tally
from chengshu.kernel.indicators.rules.registration import check_spec

ON_TIME = IndicatorSpec(
    key="tickets.on_time_rate",
    name="工单按时办结率",
    unit="%",
    direction=Direction.UP,
    aggregation=Aggregation.RATIO,
    sql=(
        "SELECT id AS fact_key, met AS numerator, 1 AS denominator FROM settlement"
        " WHERE at >= %(from)s AND at < %(until)s AND organisation = %(organisation)s"
    ),
    definition="按时办结的工单 ÷ 办结的工单",
    factor=100,
)
COUNT = replace(ON_TIME, aggregation=Aggregation.COUNT, factor=1, digits=0)
MEDIAN = replace(ON_TIME, aggregation=Aggregation.PERCENTILE, percentile=Decimal("0.5"), factor=1)
AMOUNTS = st.decimals(min_value=0, max_value=10**6, places=2)


def facts(values: list[Decimal], denominator: int | None = 1) -> list[Fact]:
    below = None if denominator is None else Decimal(denominator)
    return [Fact(f"{number:06}", value, below) for number, value in enumerate(values)]


def test_nine_of_ten_tickets_on_time_are_ninety_per_cent() -> None:
    counted = tally(ON_TIME, facts([Decimal(1)] * 9 + [Decimal(0)]))
    assert (counted.value, counted.numerator, counted.denominator, counted.counted) == (
        Decimal("90.00"),
        Decimal(9),
        Decimal(10),
        10,
    )


def test_without_facts_a_rate_has_no_value_and_a_count_is_zero() -> None:
    assert tally(ON_TIME, []).value is None
    assert tally(COUNT, []).value == 0
    assert tally(MEDIAN, []).value is None


def test_two_sides_of_repairs_make_one_mean() -> None:
    """111 repairs of 140 minutes on average and 404 of 67 are 515 of 83."""
    mean = replace(ON_TIME, factor=1, digits=0, unit="分钟")
    counted = tally(mean, facts([Decimal(140)] * 111 + [Decimal(67)] * 404))
    assert (counted.value, counted.counted) == (Decimal(83), 515)


@given(st.lists(AMOUNTS, min_size=1, max_size=60))
def test_a_mean_is_the_mean(values: list[Decimal]) -> None:
    value = tally(replace(ON_TIME, factor=1), facts(values)).value
    assert value is not None
    assert abs(value - statistics.mean(values)) <= Decimal("0.005")


@given(st.lists(AMOUNTS, min_size=1, max_size=60), st.integers(1, 99))
def test_a_percentile_is_a_value_that_so_many_do_not_exceed(values: list[Decimal], percent: int) -> None:
    """The definition of the nearest rank: the smallest value that at least p of all values do not exceed."""
    value = tally(replace(MEDIAN, percentile=Decimal(percent) / 100), facts(values)).value
    needed = math.ceil(percent * len(values) / 100)
    assert value == min(v for v in values if sum(other <= v for other in values) >= needed)


@given(st.lists(AMOUNTS, max_size=40), st.data())
def test_one_changed_fact_changes_the_digest(values: list[Decimal], data: st.DataObject) -> None:
    old = facts(values)
    if old:
        at = data.draw(st.integers(0, len(old) - 1))
        new = [*old[:at], replace(old[at], numerator=old[at].numerator + 1), *old[at + 1 :]]
    else:
        new = [Fact("new", Decimal(1), Decimal(1))]
    assert tally(ON_TIME, old).digest == tally(ON_TIME, old).digest
    assert tally(ON_TIME, old).digest != tally(ON_TIME, new).digest


def test_the_digest_of_one_fact_can_be_recomputed_by_hand() -> None:
    fact = Fact("7", Decimal("1.50"), Decimal(2), ("张＊", None, True, 3))
    line = '["7","1.5","2","张＊",null,true,3]'.encode()
    assert encode_fact(fact) == line
    assert tally(ON_TIME, [fact]).digest == hashlib.sha256(b"\x00" + line).hexdigest()


def test_every_counted_line_goes_to_the_evidence() -> None:
    lines: list[bytes] = []
    tally(COUNT, facts([Decimal(1)] * 3, None), lines.append)
    assert [json.loads(line)[0] for line in lines] == ["000000", "000001", "000002"]


def test_the_sample_is_small_and_always_the_same() -> None:
    many = facts([Decimal(number % 7) for number in range(500)])
    sample = tally(ON_TIME, many).sample
    assert len(sample) == SAMPLE_SIZE
    assert sample == tally(ON_TIME, many).sample
    assert set(sample) <= set(many)


@pytest.mark.parametrize("keys", [["a", "a"], ["b", "a"]])
def test_a_fact_counted_twice_or_out_of_order_is_refused(keys: list[str]) -> None:
    with pytest.raises(FactInvalid):
        tally(COUNT, [Fact(key, Decimal(1), None) for key in keys])


COLUMNS = (
    FactColumn("number", "工单号"),
    FactColumn("minutes", "用时", FactKind.DECIMAL),
    FactColumn("opened_at", "提交时间", FactKind.MOMENT),
    FactColumn("on_day", "日期", FactKind.DAY),
    FactColumn("met", "按时", FactKind.BOOLEAN),
    FactColumn("caller", "来电人", mask=Mask.NAME),
    FactColumn("phone", "电话", mask=Mask.NUMBER),
)
SPEC = replace(ON_TIME, columns=COLUMNS)
FROM_SQLITE: dict[str, Any] = {
    "fact_key": 12,
    "numerator": 1,
    "denominator": 1.0,
    "number": "W-12",
    "minutes": 83.1,
    "opened_at": "2024-03-01 01:30:00",
    "on_day": "2024-03-01",
    "met": 1,
    "caller": "欧阳小明",
    "phone": "13800138000",
}
FROM_POSTGRESQL: dict[str, Any] = {
    "fact_key": 12,
    "numerator": Decimal("1.0000"),
    "denominator": Decimal(1),
    "number": "W-12",
    "minutes": Decimal("83.1000"),
    "opened_at": datetime(2024, 3, 1, 1, 30, tzinfo=UTC),
    "on_day": date(2024, 3, 1),
    "met": True,
    "caller": "欧阳小明",
    "phone": "13800138000",
}


def test_a_fact_is_written_alike_on_both_databases() -> None:
    assert encode_fact(read_fact(SPEC, FROM_SQLITE)) == encode_fact(read_fact(SPEC, FROM_POSTGRESQL))


def test_personal_columns_are_masked_before_they_are_counted() -> None:
    line = encode_fact(read_fact(SPEC, FROM_POSTGRESQL)).decode()
    assert "欧＊＊＊" in line
    assert "138＊＊＊＊8000" in line
    assert "小明" not in line
    assert "0013" not in line


@pytest.mark.parametrize(
    "change",
    [
        {"fact_key": None},
        {"fact_key": ""},
        {"numerator": None},
        {"numerator": float("nan")},
        {"denominator": -1},
        {"minutes": "long"},
        {"met": 2},
        {"on_day": "yesterday"},
    ],
)
def test_a_row_that_cannot_be_counted_is_refused_by_name(change: dict[str, Any]) -> None:
    with pytest.raises(FactInvalid, match=ON_TIME.key):
        read_fact(SPEC, FROM_POSTGRESQL | change)


def test_a_promised_column_that_the_query_does_not_give_is_refused() -> None:
    with pytest.raises(FactInvalid, match="number"):
        read_fact(SPEC, {key: value for key, value in FROM_SQLITE.items() if key != "number"})


@pytest.mark.parametrize(
    "spec",
    [
        replace(ON_TIME, key="on time"),
        replace(ON_TIME, sql="DELETE FROM t WHERE %(from)s < %(until)s AND %(organisation)s"),
        replace(ON_TIME, sql=ON_TIME.sql + "; DROP TABLE t"),
        replace(ON_TIME, sql=ON_TIME.sql.replace("%(organisation)s", "1")),
        replace(ON_TIME, sql=ON_TIME.sql + " AND x = %(project)s"),
        replace(ON_TIME, scopes=("project",)),
        replace(ON_TIME, columns=(FactColumn("a", "甲"), FactColumn("a", "乙"))),
        replace(ON_TIME, aggregation=Aggregation.PERCENTILE),
        replace(MEDIAN, percentile=Decimal(1)),
        replace(ON_TIME, is_stock=True),
    ],
)
def test_an_indicator_that_would_not_measure_what_it_says_is_refused(spec: IndicatorSpec) -> None:
    with pytest.raises(IndicatorInvalid):
        check_spec(spec)


def test_a_sound_indicator_is_taken() -> None:
    for spec in (ON_TIME, COUNT, MEDIAN, SPEC):
        check_spec(spec)
