"""Values of a monitoring report by measurement: kept with their evidence, and open for typing where nothing counted."""

from dataclasses import replace
from decimal import Decimal

import pytest
from django.contrib.messages import get_messages
from django.test import Client
from django.urls import reverse
from performance.monitoring.conftest import AUGUST, MakeYear, Office

from chengshu.kernel.indicators import facade as indicators
from chengshu.kernel.indicators.facade import Aggregation, Direction, IndicatorSpec
from chengshu.performance.facade import monitoring
from chengshu.performance.facade.monitoring import MonitoringPoint, MonitoringSheet
from chengshu.performance.models import GoalIndicator

_ACCOUNTS = """
    SELECT u.login_name AS fact_key, 1 AS numerator, 1 AS denominator
    FROM accounts_user u
    WHERE u.created_at >= %(from)s AND u.created_at < %(until)s AND u.display_name <> '{excluded}'
      AND (CAST(%(organisation)s AS bigint) IS NULL OR CAST(%(organisation)s AS bigint) > 0)
"""


def _register(key: str, sql: str) -> str:
    indicators.register_indicator(
        IndicatorSpec(
            key=key,
            name="在用账号比例",
            unit="%",
            direction=Direction.UP,
            aggregation=Aggregation.RATIO,
            factor=100,
            definition="在用账号数 ÷ 账号数",
            columns=(),
            sql=sql,
        )
    )
    return key


@pytest.fixture
def bound(make_year: MakeYear, point: MonitoringPoint, office: Office) -> MonitoringSheet:
    """Open a report whose second promise has facts to count and whose third has none."""
    make_year()
    some = _register("test.monitored_accounts", _ACCOUNTS.format(excluded=""))
    none = _register("test.monitored_nothing", _ACCOUNTS.format(excluded="") + " AND u.login_name = 'nobody'")
    for number, key in ((1, some), (2, none)):
        GoalIndicator.objects.filter(number=number).update(measured_by=key)
    monitoring.open_reports(point.pk, now=AUGUST)
    return _reload(MonitoringSheet.objects.get(), office)


def _reload(sheet: MonitoringSheet, office: Office) -> MonitoringSheet:
    return monitoring.get_monitoring(sheet.pk, viewer=office.officer, on=AUGUST.date())


def _save(sheet: MonitoringSheet, values: tuple[str, ...], office: Office) -> MonitoringSheet:
    content = monitoring.content_of_monitoring(sheet)
    rows = tuple(replace(row, value=value) for row, value in zip(content.rows, values, strict=True))
    typed = replace(content, rows=rows)
    monitoring.save_monitoring(sheet.pk, typed, sheet.version, actor=office.officer, now=AUGUST)
    return _reload(sheet, office)


def _values(sheet: MonitoringSheet) -> list[str]:
    return [row.value for row in monitoring.content_of_monitoring(sheet).rows]


def test_a_measured_value_keeps_its_measurement_and_is_not_typed_over(bound: MonitoringSheet, office: Office) -> None:
    measured, _empty = monitoring.measure_monitoring(bound.pk, bound.version, actor=office.officer, now=AUGUST)
    row = monitoring.content_of_monitoring(measured).rows[1]
    assert (row.value, row.measurement_id is not None) == ("100%", True)
    saved = _save(_reload(bound, office), ("7次", "12%", ""), office)
    assert _values(saved) == ["7次", "100%", ""]


def test_where_nothing_counted_a_typed_value_is_taken(bound: MonitoringSheet, office: Office) -> None:
    measured, empty = monitoring.measure_monitoring(bound.pk, bound.version, actor=office.officer, now=AUGUST)
    assert empty == ("资料归档",)
    assert _values(_save(measured, ("7次", "", "及时"), office)) == ["7次", "100%", "及时"]


def test_measuring_again_leaves_the_typed_value(bound: MonitoringSheet, office: Office) -> None:
    saved = _save(bound, ("", "", "及时"), office)
    again, _empty = monitoring.measure_monitoring(saved.pk, saved.version, actor=office.officer, now=AUGUST)
    assert _values(again) == ["", "100%", "及时"]
    assert monitoring.content_of_monitoring(again).rows[2].measurement_id is None


def test_the_page_names_what_could_not_be_counted(bound: MonitoringSheet, office: Office) -> None:
    client = Client()
    client.force_login(office.officer)
    address = reverse("performance:monitoring-measure", args=[bound.pk])
    answer = client.post(address, {"version": bound.version})
    told = [str(message) for message in get_messages(answer.wsgi_request)]
    assert told == ["已计量到监控时点。", "资料归档：到监控时点没有可计量的事实，请直接填完成值。"]


def test_the_share_of_the_target_follows_the_measured_value(bound: MonitoringSheet, office: Office) -> None:
    monitoring.measure_monitoring(bound.pk, bound.version, actor=office.officer, now=AUGUST)
    line = bound.indicators.get(goal__number=1)
    assert line.share is not None
    assert line.share > Decimal(100)
