"""The editor of goals: all rows in one save, the rules while one types, and nobody's edit lost."""

from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from chengshu.performance.facade import goals
from chengshu.performance.facade.goals import (
    GoalContent,
    GoalInUse,
    GoalInvalid,
    GoalRow,
    GoalSheet,
    SheetClosed,
    SheetStale,
)
from chengshu.performance.ui.access import PersonRequest, for_people
from chengshu.performance.ui.carried import draw_carried
from chengshu.performance.ui.forms.goals import Typed, read_typed
from chengshu.performance.ui.goal_editor import draw_editor, list_clashes

_PAGE, _PART = "performance/goals/edit.html", "performance/goals/editor.html"


@dataclass(frozen=True, slots=True)
class _Trouble:
    """Why a save was not taken, told above the editor."""

    message: str
    status: int


@require_http_methods(["GET", "POST"])
@for_people
def edit_goals(request: PersonRequest, sheet_id: int) -> HttpResponseBase:
    """Show the editor; on POST save, or rebuild the editor with a row added, moved or taken from the library."""
    sheet = goals.get_goals(sheet_id, viewer=request.user, on=localdate())
    if sheet.state != goals.SheetState.DRAFT:
        messages.error(request, _("已提交的目标不能再改。需要修改时，请先撤回或请审核人退回。"))
        return redirect("performance:goal", sheet_id)
    if request.method == "GET":
        typed = Typed(goals.content_of(sheet), sheet.version, sheet.version)
        return _show(request, sheet, typed)
    typed = read_typed(request.POST)
    action, _colon, subject = request.POST.get("do", "save").partition(":")
    if action == "save":
        return _save(request, sheet, typed)
    return _show(request, sheet, _rebuild(sheet, typed, action, subject))


@require_POST
@for_people
def check_typed(request: PersonRequest, sheet_id: int) -> HttpResponseBase:
    """Tell what the rules say of what stands in the editor now."""
    sheet = goals.get_goals(sheet_id, viewer=request.user, on=localdate())
    context = _context(request, sheet, read_typed(request.POST))
    return render(request, "performance/goals/checked.html", context)


def _save(request: PersonRequest, sheet: GoalSheet, typed: Typed) -> HttpResponseBase:
    if typed.faults:
        said = _("没有保存：有 %(count)s 处要改正。") % {"count": len(typed.faults)}
        return _show(request, sheet, typed, _Trouble(said, 422))
    try:
        saved, changes = goals.save_goals(
            sheet.pk, typed.standing, typed.version, actor=request.user, now=timezone.now()
        )
    except SheetStale as stale:
        return _show(request, *_merge(request, sheet.pk, typed), _Trouble(stale.message, 409))
    except GoalInvalid as fault:
        faults = {str(fault.details.get("row", "")): fault.message}
        return _show(request, sheet, replace(typed, faults=faults), _Trouble(fault.message, 422))
    except (GoalInUse, SheetClosed) as fault:
        return _show(request, sheet, typed, _Trouble(fault.message, 422))
    if not changes:
        messages.info(request, _("内容没有变化。"))
    else:
        messages.success(request, _("已保存为版本 %(version)s。") % {"version": saved.version})
    if "stay" in request.POST:
        return redirect("performance:goal-edit", sheet.pk)
    return redirect("performance:goal", sheet.pk)


def _merge(request: PersonRequest, sheet_id: int, typed: Typed) -> tuple[GoalSheet, Typed]:
    """Put what was typed together with what somebody else saved meanwhile; the next save is on the newest version."""
    sheet = goals.get_goals(sheet_id, viewer=request.user, on=localdate())
    edition = goals.find_edition(sheet, typed.version)
    base = None if edition is None else goals.from_record(edition.content)
    merged = goals.merge(base, goals.content_of(sheet), typed.standing)
    return sheet, replace(typed, content=merged.content, version=sheet.version, base=typed.version, gone=frozenset())


def _rebuild(sheet: GoalSheet, typed: Typed, action: str, subject: str) -> Typed:
    content = typed.content
    if action == "add":
        level1, _slash, level2 = subject.partition("/")
        content = goals.add(content, GoalRow("", level1[:20], level2[:20]))
    elif action in {"up", "down"}:
        content = goals.move(content, subject, -1 if action == "up" else 1)
    elif action == "take" and subject.isascii() and subject.isdecimal() and len(subject) < 15:
        content = goals.add(content, _taken(int(subject)))
    elif action == "theirs":
        content = _take_theirs(goals.content_of(sheet), content, subject)
    before = {row.key for row in typed.content.rows}
    added = next((row.key for row in content.rows if row.key not in before), "")
    return replace(typed, content=content, focus=added)


def _taken(entry_id: int) -> GoalRow:
    entry = goals.get_entry(entry_id)
    shape = goals.LibraryEntry(
        entry.level1, entry.level2, entry.name, sign=entry.sign, target=entry.target, unit=entry.unit
    )
    return GoalRow(
        "",
        entry.level1,
        entry.level2,
        entry.name,
        goals.write_target(shape),
        measured_by=entry.measured_by,
        library_id=entry.pk,
    )


def _take_theirs(theirs: GoalContent, mine: GoalContent, subject: str) -> GoalContent:
    """Take the other's value of one field over what was typed; `subject` is the row's key and the field."""
    key, _colon, field = subject.partition(":")
    if field == "expected":
        return replace(mine, expected=theirs.expected)
    other = next((row for row in theirs.rows if row.key == key), None)
    if other is None or field not in {"level1", "level2", "name", "target", "weight", "measured_by", "scope", "marks"}:
        return mine
    rows = [replace(row, **{field: getattr(other, field)}) if row.key == key else row for row in mine.rows]
    return goals.arrange(replace(mine, rows=tuple(rows)))


def _show(request: PersonRequest, sheet: GoalSheet, typed: Typed, trouble: _Trouble | None = None) -> HttpResponseBase:
    is_part = request.headers.get("HX-Target") == "editor"
    context = _context(request, sheet, typed)
    context["trouble"] = None if trouble is None else trouble.message
    return render(request, _PART if is_part else _PAGE, context, status=200 if trouble is None else trouble.status)


def _context(request: PersonRequest, sheet: GoalSheet, typed: Typed) -> dict[str, Any]:
    year = sheet.project_year
    background = goals.read_background(year, typed.standing, viewer=request.user, on=localdate())
    # As a save would: a new target settles that it was last year's, so the mark speaks no more while one types.
    standing = goals.settle_marks(goals.content_of(sheet), typed.standing, year.year)
    findings = goals.check_content(year, standing, background)
    rules = goals.get_rule_set(goals.rules_of_year(year.year))
    clashes = list_clashes(sheet, typed) if typed.base != typed.version else None
    return {
        "sheet": sheet,
        "year": year,
        "typed": typed,
        "editor": draw_editor(typed, findings, goals.points_expected(typed.standing.rows, rules)),
        "clashes": clashes,
        "specs": goals.list_offered(),
        "carried": partial(draw_carried, year, on=localdate()),  # asked by the whole page, not by its part
        "offered": goals.search_library(typed.search),
        "can_copy": not typed.content.rows and goals.has_last_sheet(year),
    }
