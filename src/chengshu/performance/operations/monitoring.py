"""Writing monitoring: points of the year, opening every project's report, saving, measuring up to the point."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from chengshu.base.texts import drop_controls
from chengshu.kernel.accounts.facade import User
from chengshu.kernel.audit.facade import record
from chengshu.kernel.grants import facade as grants
from chengshu.kernel.indicators import facade as indicators
from chengshu.kernel.indicators.facade import Measurement, Window
from chengshu.kernel.jobs.facade import Progress, enqueue_job
from chengshu.performance.contracts.goals import Change
from chengshu.performance.contracts.monitoring import Money, MonitoredRow, MonitoringContent
from chengshu.performance.contracts.year import SheetKind
from chengshu.performance.errors import ResultInvalid
from chengshu.performance.models import (
    Edition,
    GoalIndicator,
    MonitoredIndicator,
    MonitoringPoint,
    MonitoringSheet,
    ProjectYear,
)
from chengshu.performance.operations.sheets import begin_edit, keep_edit
from chengshu.performance.queries.evaluations import is_measurable, scope_of
from chengshu.performance.queries.forms_of_years import rules_of_year
from chengshu.performance.queries.measured import write_value
from chengshu.performance.queries.monitoring import (
    content_of_monitoring,
    get_point,
    leave_own_lamps,
    list_promises_of,
    list_unopened_years,
    read_money_until,
    reckon,
    rows_of,
)
from chengshu.performance.rules.rulesets import RuleSet, get_rule_set
from chengshu.performance.rules.year.monitoring import find_too_long, strip_row
from chengshu.performance.rules.year.monitoring_merging import list_changes, to_record

OPEN_KIND = "performance.open_monitoring"
_PIECE = 500  # years whose reports are opened in one transaction
_NAME_LENGTH, _TEXT_LENGTH = 60, 2000
_MOST_YUAN = Decimal(10) ** 15
_SHOWN_CHANGES = 50  # changes that an audit entry spells out; the edition has all
Report = Callable[[int, int], None]


@transaction.atomic
def set_point(name: str, until: date, due: date, *, actor: User, now: datetime) -> MonitoringPoint:
    """Set a date of the year at which every project reports; its budget year is that of `until`.

    Raises:
        PermissionRefused: the actor sets points nowhere.
        ResultInvalid: the name is empty or long, or the dates do not follow; `details["field"]` names the field.
    """
    grants.require_anywhere(actor, "performance.set_monitoring", on=localdate(now))
    called = drop_controls(name).strip()
    if not 0 < len(called) <= _NAME_LENGTH:
        raise ResultInvalid(_("名称要填 1 至 60 字。"), field="name")
    if due < until:
        raise ResultInvalid(_("报送截止日期不能早于监控截至日期。"), field="due_on")
    try:
        with transaction.atomic():
            point = MonitoringPoint.objects.create(
                year=until.year, name=called, until_on=until, due_on=due, created_by=actor, created_at=now
            )
    except IntegrityError as twice:
        raise ResultInvalid(_("这一天已经有监控时点。"), field="until_on") from twice
    facts = {"year": point.year, "until": until.isoformat(), "due": due.isoformat(), "name": called}
    record(actor, "performance.set_monitoring_point", f"monitoring_point:{point.pk}", now=now, details=facts)
    return point


@transaction.atomic
def move_due_day(point_id: int, due: date, *, actor: User, now: datetime) -> MonitoringPoint:
    """Set another day by which the reports of a point are due.

    Raises:
        PermissionRefused: the actor sets points nowhere.
        ResultInvalid: the day lies before the point.
        SheetNotFound: there is no such point.
    """
    grants.require_anywhere(actor, "performance.set_monitoring", on=localdate(now))
    point = get_point(point_id)
    if due < point.until_on:
        raise ResultInvalid(_("报送截止日期不能早于监控截至日期。"), field="due_on")
    before, point.due_on = point.due_on, due
    point.save(update_fields=["due_on"])
    facts = {"from": before.isoformat(), "to": due.isoformat()}
    record(actor, "performance.move_monitoring_due", f"monitoring_point:{point.pk}", now=now, details=facts)
    return point


def start_opening(point_id: int, *, actor: User, now: datetime) -> Any:
    """Let the worker open the reports of a point; opens only what is missing, however often it is asked.

    Raises:
        PermissionRefused: the actor sets points nowhere.
        SheetNotFound: there is no such point.
    """
    grants.require_anywhere(actor, "performance.set_monitoring", on=localdate(now))
    return enqueue_job(OPEN_KIND, payload={"point": get_point(point_id).pk}, owner=actor, now=now)


def work_opening(progress: Progress, *, clock: Callable[[], datetime]) -> Mapping[str, Any]:
    """Open the reports of a point for the worker; a stopped or killed one goes on with those still missing."""
    point_id, stage = int(progress.payload["point"]), _("下发监控表")
    opened = open_reports(
        point_id, now=clock(), report=lambda done, all_: progress.report(stage, done=done, total=all_)
    )
    return {"point": point_id, "opened": opened}


def open_reports(point_id: int, *, now: datetime, report: Report = lambda _done, _all: None) -> int:
    """Open the report of every year with approved goals that has none at the point; tell how many.

    In pieces of one transaction each, so that an interruption leaves no report without its indicators.
    """
    point = get_point(point_id)
    years = list(list_unopened_years(point).values_list("pk", flat=True))
    done = 0
    for start in range(0, len(years), _PIECE):
        report(done, len(years))
        done += _open_piece(point, years[start : start + _PIECE], now)
    report(done, len(years))
    return done


@transaction.atomic
def _open_piece(point: MonitoringPoint, year_ids: list[int], now: datetime) -> int:
    # Two jobs at once would open the same reports: the years' rows are the lock.
    locked = ProjectYear.objects.select_for_update().filter(pk__in=year_ids).order_by("pk")
    standing = set(
        MonitoringSheet.objects.filter(point=point, project_year__in=year_ids).values_list("project_year", flat=True)
    )
    wanted = [year.pk for year in locked if year.pk not in standing]
    money, promises = read_money_until(wanted, point.until_on), list_promises_of(wanted)
    sheets = MonitoringSheet.objects.bulk_create(
        MonitoringSheet(
            project_year_id=pk,
            point=point,
            budget_yuan=money[pk].budget_yuan,
            executed_yuan=money[pk].executed_yuan,
            edited_at=now,
        )
        for pk in wanted
    )
    MonitoredIndicator.objects.bulk_create(
        MonitoredIndicator(sheet=sheet, goal_id=goal)
        for sheet in sheets
        for goal in promises.get(sheet.project_year_id, ())
    )
    if sheets:
        facts = {"opened": len(sheets)}
        record(None, "performance.open_monitoring", f"monitoring_point:{point.pk}", now=now, details=facts)
    return len(sheets)


@transaction.atomic
def save_monitoring(
    sheet_id: int, content: MonitoringContent, version: int, *, actor: User, now: datetime
) -> tuple[MonitoringSheet, tuple[Change, ...]]:
    """Save what was typed, take the money up to the point anew and light the lamps. Gives what changed.

    A measured value is not typed over. Nothing is written when nothing changed, the money neither.

    Raises:
        SheetNotFound, PermissionRefused, SheetClosed, SheetStale: as `begin_edit`.
        ResultInvalid: a text is too long, a sum out of range, or a row is not of this report.
    """
    sheet = begin_edit(MonitoringSheet, SheetKind.MONITORING, sheet_id, version, actor=actor, now=now)
    before = content_of_monitoring(sheet)
    return sheet, _write(sheet, before, _clean(content, before), "save", actor=actor, now=now)


def measure_monitoring(
    sheet_id: int, version: int, *, actor: User, now: datetime
) -> tuple[MonitoringSheet, tuple[str, ...]]:
    """Measure every bound indicator from the first day of the year up to the point, and keep the measurements.

    Measurements are records of their own and are kept first; the report then takes them in one transaction.
    Gives the report, and the names of the indicators that nothing was there to count for: those stay open for a typed
    value.

    Raises:
        SheetNotFound, PermissionRefused, SheetClosed, SheetStale: as `begin_edit`.
        IndicatorError: one could not be measured.
    """
    with transaction.atomic():
        sheet = begin_edit(MonitoringSheet, SheetKind.MONITORING, sheet_id, version, actor=actor, now=now)
        year, until = sheet.project_year, sheet.point.until_on
        bound = [row.goal for row in rows_of(sheet) if is_measurable(row.goal)]
    window = Window(date(year.year, 1, 1), until)
    taken: dict[int, Measurement] = {
        goal.pk: indicators.measure(goal.measured_by, window, scope_of(year, goal), actor=actor, now=now)
        for goal in bound
    }
    empty = tuple(goal.name for goal in bound if taken[goal.pk].value is None)
    return _take(sheet_id, taken, version, actor=actor, now=now), empty


@transaction.atomic
def _take(
    sheet_id: int, taken: Mapping[int, Measurement], version: int, *, actor: User, now: datetime
) -> MonitoringSheet:
    sheet = begin_edit(MonitoringSheet, SheetKind.MONITORING, sheet_id, version, actor=actor, now=now)
    before = content_of_monitoring(sheet)
    rules = get_rule_set(rules_of_year(sheet.project_year.year))
    targets = dict(GoalIndicator.objects.filter(pk__in=taken).values_list("pk", "target"))
    rows = tuple(_take_value(row, taken.get(row.goal_id), targets.get(row.goal_id, ""), rules) for row in before.rows)
    _write(sheet, before, replace(before, rows=rows), "measure", actor=actor, now=now)
    return sheet


def _take_value(row: MonitoredRow, measured: Measurement | None, target: str, rules: RuleSet) -> MonitoredRow:
    if measured is None:
        return row
    if measured.value is None:  # a typed value stays, a measured one of earlier holds no more
        return replace(row, value="" if row.measurement_id is not None else row.value, measurement_id=None)
    return replace(row, value=write_value(measured, target, rules), measurement_id=measured.pk)


def _clean(content: MonitoringContent, before: MonitoringContent) -> MonitoringContent:
    """Bring texts into shape; rows that were not sent stay as they are, measured values too."""
    sent = {row.goal_id: row for row in content.rows}
    if unknown := set(sent) - {row.goal_id for row in before.rows}:
        raise ResultInvalid(_("这一行不在这份监控表里，请刷新后再填。"), row=min(unknown))
    forecast = content.forecast_yuan
    if forecast is not None and not 0 <= forecast < _MOST_YUAN:
        raise ResultInvalid(_("预计全年执行数要填 0 以上的金额。"), field="forecast_yuan")
    texts = {}
    for field in ("deviation", "measure"):
        texts[field] = drop_controls(getattr(content, field).replace("\r\n", "\n")).strip()
        if len(texts[field]) > _TEXT_LENGTH:
            raise ResultInvalid(_("这一栏最多 %(most)s 字。") % {"most": _TEXT_LENGTH}, field=field)
    rows = tuple(_clean_row(row, sent[row.goal_id]) if row.goal_id in sent else row for row in before.rows)
    return MonitoringContent(forecast, rows=rows, **texts)


def _clean_row(kept: MonitoredRow, sent: MonitoredRow) -> MonitoredRow:
    shaped = strip_row(sent)
    if (field := find_too_long(shaped)) is not None:
        raise ResultInvalid(_("这一栏填得太长。"), row=kept.goal_id, field=field)
    return replace(
        kept,
        value=kept.value if kept.measurement_id is not None else drop_controls(shaped.value),
        forecast=drop_controls(shaped.forecast),
        lamp=sent.lamp,
        deviation=drop_controls(shaped.deviation),
        measure=drop_controls(shaped.measure),
    )


def _write(
    sheet: MonitoringSheet,
    before: MonitoringContent,
    typed: MonitoringContent,
    cause: str,
    *,
    actor: User,
    now: datetime,
) -> tuple[Change, ...]:
    after = leave_own_lamps(sheet, typed)
    changes = list_changes(before, after)
    money = read_money_until([sheet.project_year_id], sheet.point.until_on)[sheet.project_year_id]
    if not changes and money == Money(sheet.budget_yuan, sheet.executed_yuan):
        return ()
    _write_rows(sheet, after, money)
    keep_edit(sheet, actor=actor, now=now)
    told = [{"row": c.row, "name": c.name, "field": c.field, "before": c.before, "after": c.after} for c in changes]
    Edition.objects.create(
        project_year_id=sheet.project_year_id,
        kind=SheetKind.MONITORING,
        sheet_id=sheet.pk,
        version=sheet.version,
        cause=cause,
        editor=actor,
        saved_at=now,
        content=to_record(after),
        changes=told,
    )
    facts = {"version": sheet.version, "changes": len(changes), "listed": told[:_SHOWN_CHANGES]}
    record(actor, f"performance.{cause}_monitoring", f"monitoring:{sheet.pk}", now=now, details=facts)
    return changes


def _write_rows(sheet: MonitoringSheet, content: MonitoringContent, money: Money) -> None:
    reckoned = reckon(sheet, content, money)
    kept = {row.goal_id: row for row in rows_of(sheet)}
    for row, reading in zip(content.rows, reckoned.rows, strict=True):
        line = kept[row.goal_id]
        line.value, line.forecast, line.measurement_id = row.value, row.forecast, row.measurement_id
        line.deviation, line.measure = row.deviation, row.measure
        line.share, line.lamp = reading.share, reading.lamp.value if reading.lamp else ""
    columns = ["value", "forecast", "measurement_id", "deviation", "measure", "share", "lamp"]
    MonitoredIndicator.objects.bulk_update(kept.values(), columns)
    sheet.budget_yuan, sheet.executed_yuan = money.budget_yuan, money.executed_yuan
    sheet.forecast_yuan, sheet.deviation, sheet.measure = content.forecast_yuan, content.deviation, content.measure
    sheet.lamp = reckoned.lamp.value if reckoned.lamp else ""
