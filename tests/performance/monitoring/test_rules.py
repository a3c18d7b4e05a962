"""Shares, forecasts and lamps by rule."""

from datetime import date
from decimal import Decimal

import pytest

from chengshu.performance.contracts.monitoring import Money, MonitoredRow
from chengshu.performance.contracts.year import Lamp
from chengshu.performance.rules.rulesets import get_rule_set
from chengshu.performance.rules.year.monitoring import list_thresholds, read_money, read_row, share_of_year, worst

_UNTIL = date(2024, 7, 31)
_RULES = get_rule_set("shanghai-2023")


@pytest.mark.parametrize(
    ("target", "value", "forecast", "lamp"),
    [
        ("≥4次", "3次", "5.15次", Lamp.GREEN),
        ("≥4次", "2次", "3.44次", Lamp.YELLOW),
        ("≥4次", "1次", "1.72次", Lamp.RED),
        ("≥4次", "5次", "8.59次", Lamp.GREEN),
        ("≥99%", "99.5%", "99.5%", Lamp.GREEN),
        ("≥95%", "80%", "80%", Lamp.YELLOW),
        ("≥95%", "50%", "50%", Lamp.RED),
        ("≤12万元", "6万元", "10.31万元", Lamp.GREEN),
        ("≤12万元", "8万元", "13.75万元", Lamp.YELLOW),
        ("≤12万元", "11万元", "18.9万元", Lamp.RED),
        ("及时", "及时", "及时", Lamp.GREEN),
        ("及时", "不及时", "不及时", Lamp.RED),
        ("≥4次", "正在办", "正在办", None),
        ("≥4次", "0次", "0次", Lamp.RED),
    ],
)
def test_a_lamp_follows_what_is_to_be_expected_of_the_year(
    target: str, value: str, forecast: str, lamp: Lamp | None
) -> None:
    read = read_row(MonitoredRow(1, "指标", target, value), _UNTIL, _RULES)
    assert (read.forecast, read.lamp) == (forecast, lamp)


def test_nothing_entered_lights_nothing() -> None:
    assert read_row(MonitoredRow(1, "指标", "≥4次"), _UNTIL, _RULES).lamp is None


@pytest.mark.parametrize(("paid", "lamp"), [(60, Lamp.GREEN), (45, Lamp.YELLOW), (30, Lamp.RED), (101, Lamp.RED)])
def test_money_is_held_against_the_time_that_has_passed(paid: int, lamp: Lamp) -> None:
    assert read_money(Money(Decimal(100), Decimal(paid)), _UNTIL).lamp is lamp


def test_without_a_budget_there_is_no_rate() -> None:
    read = read_money(Money(Decimal(0), Decimal(5)), _UNTIL)
    assert (read.rate, read.lamp) == (None, None)


def test_the_year_is_over_on_its_last_day() -> None:
    assert share_of_year(date(2024, 12, 31)) == 1
    assert read_money(Money(Decimal(100), Decimal(95)), date(2024, 12, 31)).forecast_yuan == 95


def test_the_worst_lamp_stands_for_the_whole() -> None:
    assert worst([Lamp.GREEN, None, Lamp.RED, Lamp.YELLOW]) is Lamp.RED
    assert worst([None]) is None


def test_every_limit_names_its_source() -> None:
    assert all(limit.source and limit.label and limit.label_en for limit in list_thresholds().values())
