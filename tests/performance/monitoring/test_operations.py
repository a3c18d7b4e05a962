"""Reports at a point: opened once for every approved year, saved with lamps, handed in only with words for deviations."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from performance.monitoring.conftest import AUGUST, DUE, UNTIL, MakeYear, Office

from chengshu.kernel.grants.facade import PermissionRefused
from chengshu.performance.facade import monitoring
from chengshu.performance.facade.monitoring import (
    Lamp,
    MonitoringContent,
    MonitoringPoint,
    MonitoringSheet,
    ResultInvalid,
    SheetIncomplete,
    SheetKind,
    SheetNotFound,
    SheetStale,
    StepAsked,
)
from chengshu.performance.models import BudgetAdjustment, MonitoredIndicator

_TODAY = AUGUST.date()


def _typed(sheet: MonitoringSheet, *values: str, **head: str) -> MonitoringContent:
    content = monitoring.content_of_monitoring(sheet)
    rows = tuple(replace(row, value=value) for row, value in zip(content.rows, values, strict=True))
    return replace(content, rows=rows, **head)  # type: ignore[arg-type]  # the fields of a content


def _explain(content: MonitoringContent) -> MonitoringContent:
    rows = tuple(replace(row, deviation="巡检人员不足", measure="9月补齐人员") for row in content.rows)
    return replace(content, deviation="支付集中在下半年", measure="按月支付", rows=rows)


def _save(sheet: MonitoringSheet, content: MonitoringContent, office: Office) -> MonitoringSheet:
    monitoring.save_monitoring(sheet.pk, content, sheet.version, actor=office.officer, now=AUGUST)
    return monitoring.get_monitoring(sheet.pk, viewer=office.officer, on=_TODAY)


def _submit(sheet: MonitoringSheet, office: Office) -> None:
    asked = StepAsked(SheetKind.MONITORING, sheet.pk, "submit", sheet.version)
    monitoring.take_step(asked, actor=office.officer, now=AUGUST)


def test_opens_a_report_for_every_year_with_approved_goals(make_year: MakeYear, point: MonitoringPoint) -> None:
    for number in range(3):
        make_year(f"项目{number}")
    make_year("目标未批复", goals="submitted")
    make_year("没有目标", goals=None)
    make_year("往年", year=2023)
    assert monitoring.open_reports(point.pk, now=AUGUST) == 3
    assert MonitoredIndicator.objects.count() == 9


def test_opens_nothing_twice(make_year: MakeYear, point: MonitoringPoint) -> None:
    make_year()
    monitoring.open_reports(point.pk, now=AUGUST)
    make_year("后批复的项目")
    assert monitoring.open_reports(point.pk, now=AUGUST) == 1
    assert monitoring.open_reports(point.pk, now=AUGUST) == 0
    assert MonitoringSheet.objects.count() == 2


def test_takes_the_money_up_to_the_point_only(make_year: MakeYear, point: MonitoringPoint, office: Office) -> None:
    year = make_year(paid=600_000)
    for day, amount in ((date(2024, 5, 1), 200_000), (date(2024, 9, 1), 300_000)):
        BudgetAdjustment.objects.create(
            project_year=year,
            source="fiscal",
            amount_yuan=amount,
            adjusted_on=day,
            reason="追加",
            author=office.officer,
            recorded_at=AUGUST,
        )
    monitoring.open_reports(point.pk, now=AUGUST)
    sheet = MonitoringSheet.objects.get()
    assert (sheet.budget_yuan, sheet.executed_yuan) == (Decimal(1_200_000), Decimal(600_000))


def test_only_finance_sets_points(office: Office) -> None:
    with pytest.raises(PermissionRefused):
        monitoring.set_point("1—7月监控", UNTIL, DUE, actor=office.officer, now=AUGUST)


def test_a_report_is_not_due_before_its_point(office: Office) -> None:
    with pytest.raises(ResultInvalid):
        monitoring.set_point("倒置", DUE, UNTIL, actor=office.finance_reviewer, now=AUGUST)


def test_a_day_has_one_point(point: MonitoringPoint, office: Office) -> None:
    with pytest.raises(ResultInvalid) as refused:
        monitoring.set_point("又一次", UNTIL, DUE, actor=office.finance_reviewer, now=AUGUST)
    assert refused.value.details["field"] == "until_on"


def test_saving_lights_the_lamps(sheet: MonitoringSheet, office: Office) -> None:
    saved = _save(sheet, _typed(sheet, "2次", "99.9%", "及时"), office)
    lamps = [row.lamp for row in monitoring.rows_of(saved)]
    assert lamps == [Lamp.RED, Lamp.GREEN, Lamp.GREEN]
    assert saved.lamp == Lamp.RED
    assert monitoring.rows_of(saved)[0].share == Decimal("16.6667")


def test_an_own_forecast_overrides_the_straight_line(sheet: MonitoringSheet, office: Office) -> None:
    typed = _typed(sheet, "2次", "99.9%", "及时")
    rows = (replace(typed.rows[0], forecast="12次"), *typed.rows[1:])
    saved = _save(sheet, replace(typed, rows=rows), office)
    assert monitoring.rows_of(saved)[0].lamp == Lamp.GREEN


def test_a_lamp_by_hand_counts_only_where_the_rules_cannot_tell(sheet: MonitoringSheet, office: Office) -> None:
    typed = _typed(sheet, "2次", "99.9%", "整理了一部分卷宗")
    rows = tuple(replace(row, lamp=Lamp.YELLOW) for row in typed.rows)
    saved = _save(sheet, replace(typed, rows=rows), office)
    assert [row.lamp for row in monitoring.rows_of(saved)] == [Lamp.RED, Lamp.GREEN, Lamp.YELLOW]


def test_yellow_and_red_need_cause_and_measure(sheet: MonitoringSheet, office: Office) -> None:
    saved = _save(sheet, _typed(sheet, "2次", "99.9%", "及时"), office)
    with pytest.raises(SheetIncomplete) as refused:
        _submit(saved, office)
    assert [place for place, _said in refused.value.gaps] == ["/indicators/0/deviation", "/indicators/0/measure"]
    _submit(_save(saved, _explain(_typed(saved, "2次", "99.9%", "及时")), office), office)
    assert MonitoringSheet.objects.get().state == "submitted"


def test_slow_money_needs_words_of_its_own(make_year: MakeYear, point: MonitoringPoint, office: Office) -> None:
    make_year(paid=100_000, promises=(("网络可用率", "≥99%"),))
    monitoring.open_reports(point.pk, now=AUGUST)
    sheet = monitoring.get_monitoring(MonitoringSheet.objects.get().pk, viewer=office.officer, on=_TODAY)
    saved = _save(sheet, _typed(sheet, "99.9%"), office)
    with pytest.raises(SheetIncomplete) as refused:
        _submit(saved, office)
    assert [place for place, _said in refused.value.gaps] == ["/money/deviation", "/money/measure"]


def test_nothing_is_handed_in_without_values(sheet: MonitoringSheet, office: Office) -> None:
    with pytest.raises(SheetIncomplete) as refused:
        _submit(sheet, office)
    assert len(refused.value.gaps) == 3


def test_the_second_of_two_edits_is_told_who_was_first(sheet: MonitoringSheet, office: Office) -> None:
    _save(sheet, _typed(sheet, "2次", "", ""), office)
    with pytest.raises(SheetStale) as stale:
        monitoring.save_monitoring(
            sheet.pk, _typed(sheet, "3次", "", ""), sheet.version, actor=office.colleague, now=AUGUST
        )
    assert stale.value.details["editor"] == "陈专员"


def test_an_unchanged_save_writes_nothing(sheet: MonitoringSheet, office: Office) -> None:
    saved = _save(sheet, _typed(sheet, "2次", "", ""), office)
    again = _save(saved, _typed(saved, "2次", "", ""), office)
    assert again.version == saved.version


def test_who_sees_nothing_of_the_unit_finds_no_report(sheet: MonitoringSheet, office: Office) -> None:
    with pytest.raises(SheetNotFound):
        monitoring.save_monitoring(
            sheet.pk, _typed(sheet, "1次", "", ""), sheet.version, actor=office.stranger, now=AUGUST
        )


def test_who_reads_does_not_write(sheet: MonitoringSheet, office: Office) -> None:
    with pytest.raises(PermissionRefused):
        monitoring.save_monitoring(
            sheet.pk, _typed(sheet, "1次", "", ""), sheet.version, actor=office.auditor, now=AUGUST
        )


def test_the_last_point_that_was_handed_in_stands_beside_the_result(sheet: MonitoringSheet, office: Office) -> None:
    year = sheet.project_year_id
    saved = _save(sheet, _explain(_typed(sheet, "2次", "99.9%", "及时")), office)
    assert monitoring.read_last_values(year) == {}
    _submit(saved, office)
    first = monitoring.rows_of(saved)[0].goal_id
    last = monitoring.read_last_values(year)[first]
    assert (last.value, last.lamp, last.point) == ("2次", "red", "1—7月监控")


def test_two_edits_of_different_cells_go_together(sheet: MonitoringSheet) -> None:
    base = _typed(sheet, "", "", "")
    merged, clashes = monitoring.merge(base, _typed(sheet, "2次", "98%", ""), _typed(sheet, "", "99%", "及时"))
    assert [row.value for row in merged.rows] == ["2次", "99%", "及时"]
    assert [(clash.theirs, clash.mine) for clash in clashes] == [("98%", "99%")]
