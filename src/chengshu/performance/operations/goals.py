"""Writing goals: open a sheet, save it whole, copy last year's, bring an earlier version back."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F, ProtectedError
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from chengshu.base.texts import drop_controls
from chengshu.kernel.accounts.facade import User
from chengshu.kernel.audit.facade import record
from chengshu.kernel.grants import facade as grants
from chengshu.kernel.indicators import facade as indicators
from chengshu.performance.contracts.goals import Change, GoalContent, GoalRow
from chengshu.performance.contracts.year import SheetKind
from chengshu.performance.errors import GoalInUse, GoalInvalid, NothingToCopy, ProjectNotFound
from chengshu.performance.models import Edition, GoalIndicator, GoalSheet, LibraryIndicator, ProjectYear
from chengshu.performance.operations.sheets import begin_edit, keep_edit
from chengshu.performance.queries.forms_of_years import content_of, rules_of_year
from chengshu.performance.queries.goals import find_last_sheet, get_edition, read_results
from chengshu.performance.rules.rulesets import get_rule_set
from chengshu.performance.rules.year.goal_copying import copy_content, settle_marks
from chengshu.performance.rules.year.goal_merging import from_record, list_changes, to_record
from chengshu.performance.rules.year.goals import arrange, write_marks

EXPECTED_LENGTH = 5000
MOST_ROWS = 100
_LENGTHS = {"level1": 20, "level2": 20, "name": 200, "target": 200, "measured_by": 80, "scope": 120}
_BEYOND = 1_000_000  # numbers that no row has, to step aside into while rows change places
_SHOWN_CHANGES = 50  # changes that an audit entry spells out; the edition has all


@dataclass(frozen=True, slots=True)
class _Known:
    measured: frozenset[str]
    entries: frozenset[int]


@transaction.atomic
def open_goals(project_year_id: int, *, actor: User, now: datetime) -> GoalSheet:
    """Open the goals of a year, empty; give those that stand when somebody opened them already.

    Raises:
        ProjectNotFound: there is no such year, or not in sight of the actor.
        PermissionRefused: he may not write its goals.
    """
    day = localdate(now)
    year = ProjectYear.objects.visible_to(actor, on=day).filter(pk=project_year_id).first()
    if year is None:
        raise ProjectNotFound(_("没有这个项目年度，或您无权查看。"), year=project_year_id)
    grants.require(actor, "performance.edit_goal", year.unit_id, on=day, scope=f"project:{year.project_id}")
    try:
        with transaction.atomic():
            sheet = GoalSheet.objects.create(project_year=year, edited_by=actor, edited_at=now)
    except IntegrityError:
        return GoalSheet.objects.get(project_year=year)
    _keep_edition(sheet, GoalContent(), (), "open", actor=actor, now=now)
    record(actor, "performance.open_goal", f"goal:{sheet.pk}", now=now, details={"project_year": year.pk})
    return sheet


@transaction.atomic
def save_goals(
    sheet_id: int, content: GoalContent, version: int, *, actor: User, now: datetime
) -> tuple[GoalSheet, tuple[Change, ...]]:
    """Save a sheet whole and tell what changed; nothing is written when nothing did.

    Rows without any entry are left out; the rest are kept in the order of the paper.

    Raises:
        SheetNotFound, PermissionRefused, SheetClosed, SheetStale: as `begin_edit`.
        GoalInvalid: a text is too long, a row is not of this sheet, or there are too many rows.
        GoalInUse: a row to be removed has results of monitoring or self-evaluation already.
    """
    sheet = begin_edit(GoalSheet, SheetKind.GOAL, sheet_id, version, actor=actor, now=now)
    return sheet, _write(sheet, content, "save", actor=actor, now=now)


@transaction.atomic
def copy_last_year(sheet_id: int, version: int, *, actor: User, now: datetime) -> GoalSheet:
    """Fill a sheet with the goals of the project's latest earlier year, marked with what has to change.

    What stood on the sheet is replaced; the version before can be brought back.

    Raises:
        SheetNotFound, PermissionRefused, SheetClosed, SheetStale: as `begin_edit`.
        NothingToCopy: no earlier year has goals.
        GoalInUse: the rows that stand have results already.
    """
    sheet = begin_edit(GoalSheet, SheetKind.GOAL, sheet_id, version, actor=actor, now=now)
    last = find_last_sheet(sheet.project_year)
    if last is None:
        raise NothingToCopy(_("这个项目往年没有绩效目标，无法复制。"), sheet=sheet_id)
    year = sheet.project_year.year
    rules = get_rule_set(rules_of_year(last.project_year.year))
    content = copy_content(content_of(last), year, read_results(last), rules)
    sheet.copied_from = last
    _write(sheet, content, "copy", actor=actor, now=now)
    return sheet


@transaction.atomic
def restore_goals(sheet_id: int, target: int, version: int, *, actor: User, now: datetime) -> GoalSheet:
    """Bring an earlier version's content back as a new save; `version` is the one that was seen.

    Raises:
        SheetNotFound: no such sheet or no such version.
        PermissionRefused, SheetClosed, SheetStale, GoalInUse: as `save_goals`.
    """
    sheet = begin_edit(GoalSheet, SheetKind.GOAL, sheet_id, version, actor=actor, now=now)
    edition = get_edition(sheet, target)
    _write(sheet, from_record(edition.content), "restore", actor=actor, now=now)
    return sheet


def _write(sheet: GoalSheet, content: GoalContent, cause: str, *, actor: User, now: datetime) -> tuple[Change, ...]:
    before = content_of(sheet)
    after = _clean(content, before, year=sheet.project_year.year, is_edit=cause == "save")
    if not list_changes(before, after):
        return ()
    sheet.expected = after.expected
    _write_rows(sheet, before, after)
    keep_edit(sheet, actor=actor, now=now)
    kept = content_of(GoalSheet.objects.prefetch_related("indicators").get(pk=sheet.pk))
    changes = list_changes(before, kept)
    _keep_edition(sheet, kept, changes, cause, actor=actor, now=now)
    told = [_tell(change) for change in changes[:_SHOWN_CHANGES]]
    facts: dict[str, Any] = {"version": sheet.version, "changes": len(changes), "listed": told}
    record(actor, f"performance.{cause}_goal", f"goal:{sheet.pk}", now=now, details=facts)
    return changes


def _clean(content: GoalContent, before: GoalContent, *, year: int, is_edit: bool) -> GoalContent:
    """Bring texts into shape, leave empty rows out, renew keys that are no row of the sheet."""
    kept = {row.key for row in before.rows}
    known = _known_keys(before, content)
    rows = []
    for row in content.rows:
        shaped = _clean_row(row, known)
        if shaped.kept_id is not None and shaped.key not in kept:
            if is_edit:
                raise GoalInvalid(_("这一行不在这份目标里，可能已被删除。请刷新后再填。"), row=row.key)
            shaped = replace(shaped, key=f"again{shaped.key}")
        if shaped.name or shaped.target or shaped.weight is not None or shaped.kept_id is not None:
            rows.append(shaped)
    if len(rows) > MOST_ROWS:
        raise GoalInvalid(_("指标最多 %(most)s 项。") % {"most": MOST_ROWS}, rows=len(rows))
    if len({row.key for row in rows}) != len(rows):
        raise GoalInvalid(_("同一行出现了两次，请刷新后再填。"))
    expected = _shape(content.expected)
    if len(expected) > EXPECTED_LENGTH:
        raise GoalInvalid(_("年度总体目标最多 %(most)s 字。") % {"most": EXPECTED_LENGTH}, field="expected")
    cleaned = arrange(GoalContent(expected, tuple(rows)))
    return settle_marks(before, cleaned, year) if is_edit else cleaned


def _known_keys(before: GoalContent, content: GoalContent) -> _Known:
    """Read which registered indicators and library entries a row may name: what stood there stays allowed."""
    measured = {spec.key for spec in indicators.list_offered()} | {row.measured_by for row in before.rows} | {""}
    asked = {row.library_id for row in content.rows if row.library_id is not None}
    entries = LibraryIndicator.objects.filter(pk__in=asked).values_list("pk", flat=True) if asked else ()
    return _Known(frozenset(measured), frozenset(entries))


def _clean_row(row: GoalRow, known: _Known) -> GoalRow:
    texts: dict[str, Any] = {name: _shape(getattr(row, name)) for name in _LENGTHS}
    for name, most in _LENGTHS.items():
        if len(texts[name]) > most:
            raise GoalInvalid(_("这一栏最多 %(most)s 字。") % {"most": most}, row=row.key, field=name)
    if texts["measured_by"] not in known.measured:
        raise GoalInvalid(_("没有登记过这个测量指标，请从列表中选择。"), row=row.key, field="measured_by")
    library_id = row.library_id if row.library_id in known.entries else None
    return replace(row, **texts, library_id=library_id)


def _shape(text: str) -> str:
    return drop_controls(text.replace("\r\n", "\n")).strip()


def _write_rows(sheet: GoalSheet, before: GoalContent, after: GoalContent) -> None:
    """Write the rows with few statements: remove, step aside where the order changes, change, add."""
    ids = [row.kept_id for row in after.rows if row.kept_id is not None]
    gone = [int(row.key) for row in before.rows if row.kept_id not in set(ids)]
    own = GoalIndicator.objects.filter(sheet=sheet)
    if gone:
        try:
            own.filter(pk__in=gone).delete()
        except ProtectedError as fault:
            names = "、".join(row.name for row in before.rows if row.kept_id in gone)
            said = _("这些指标已有监控或自评记录，不能删除：%(names)s") % {"names": names}
            raise GoalInUse(said, rows=len(gone)) from fault
    if [row.kept_id for row in before.rows if row.kept_id in set(ids)] != ids or gone or len(ids) < len(after.rows):
        own.update(number=F("number") + _BEYOND)
    changed = [_stored(sheet, number, row) for number, row in enumerate(after.rows)]
    GoalIndicator.objects.bulk_update([row for row in changed if row.pk is not None], _COLUMNS)
    GoalIndicator.objects.bulk_create([row for row in changed if row.pk is None])


_COLUMNS = (
    "number", "level1", "level2", "name", "target", "weight", "measured_by", "scope", "library", "must_change",
)  # fmt: skip


def _stored(sheet: GoalSheet, number: int, row: GoalRow) -> GoalIndicator:
    return GoalIndicator(
        pk=row.kept_id,
        sheet=sheet,
        number=number,
        level1=row.level1,
        level2=row.level2,
        name=row.name,
        target=row.target,
        weight=row.weight,
        measured_by=row.measured_by,
        scope=row.scope,
        library_id=row.library_id,
        must_change=write_marks(row.marks),
    )


def _keep_edition(
    sheet: GoalSheet, content: GoalContent, changes: tuple[Change, ...], cause: str, *, actor: User, now: datetime
) -> None:
    Edition.objects.create(
        project_year_id=sheet.project_year_id,
        kind=SheetKind.GOAL,
        sheet_id=sheet.pk,
        version=sheet.version,
        cause=cause,
        editor=actor,
        saved_at=now,
        content=to_record(content),
        changes=[
            {"row": c.row, "name": c.name, "field": c.field, "before": c.before, "after": c.after} for c in changes
        ],
    )


def _tell(change: Change) -> dict[str, str]:
    return {"indicator": change.name, "field": change.field, "before": change.before[:200], "after": change.after[:200]}
