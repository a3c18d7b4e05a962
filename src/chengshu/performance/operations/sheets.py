"""What every edit of a sheet begins and ends with: the lock, the right, the version that was seen."""

from datetime import datetime
from typing import Any, TypeVar

from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from chengshu.kernel.accounts.facade import User
from chengshu.kernel.grants import facade as grants
from chengshu.performance.contracts.year import SheetKind, SheetState
from chengshu.performance.errors import SheetClosed, SheetNotFound, SheetStale
from chengshu.performance.models import Evaluation, GoalSheet, MonitoringSheet

AnySheet = GoalSheet | MonitoringSheet | Evaluation
S = TypeVar("S", GoalSheet, MonitoringSheet, Evaluation)

TABLES: dict[SheetKind, Any] = {
    SheetKind.GOAL: GoalSheet,
    SheetKind.MONITORING: MonitoringSheet,
    SheetKind.EVALUATION: Evaluation,
}
#: Who may write on each sheet while it is a draft.
WRITERS = {
    SheetKind.GOAL: "performance.edit_goal",
    SheetKind.MONITORING: "performance.monitor",
    SheetKind.EVALUATION: "performance.evaluate",
}


def lock_sheet(table: type[S], sheet_id: int, *, actor: User, now: datetime) -> S:
    """Return a sheet for writing, locked to the end of the transaction, with its year and project.

    Raises:
        SheetNotFound: there is none, or not in sight of the actor.
    """
    seen = table.objects.visible_to(actor, on=localdate(now)).filter(pk=sheet_id).values("pk")
    sheet: S | None = table.objects.select_for_update(of=("self",)).filter(pk__in=seen).first()
    if sheet is None:
        raise SheetNotFound(_("没有这份材料，或您无权查看。"), sheet=sheet_id)
    return sheet


def begin_edit(table: type[S], kind: SheetKind, sheet_id: int, version: int, *, actor: User, now: datetime) -> S:
    """Return a draft that the actor may write on and that nobody changed since `version`, locked.

    Raises:
        SheetNotFound: there is none, or not in sight of the actor.
        PermissionRefused: the actor may read it only.
        SheetClosed: it was handed in or approved.
        SheetStale: somebody else saved it meanwhile.
    """
    sheet = lock_sheet(table, sheet_id, actor=actor, now=now)
    require_on(sheet, WRITERS[kind], actor=actor, now=now)
    if sheet.state != SheetState.DRAFT:
        raise SheetClosed(_("已提交的材料不能再改。需要修改时，请先撤回或请审核人退回。"), state=sheet.state)
    refuse_stale(sheet, version)
    return sheet


def refuse_stale(sheet: AnySheet, version: int) -> None:
    """Pass if `version` is the one that stands.

    Raises:
        SheetStale: it is not; tells who saved the sheet last, and when.
    """
    if sheet.version == version:
        return
    editor = sheet.edited_by.display_name if sheet.edited_by else ""
    raise SheetStale(
        _("%(editor)s 已先保存了修改。您填的内容还在，请对照后再保存。") % {"editor": editor or _("别人")},
        editor=editor,
        edited_at=sheet.edited_at.isoformat(),
        seen=version,
        version=sheet.version,
    )


def require_on(sheet: AnySheet, permission: str, *, actor: User, now: datetime) -> None:
    """Pass if the actor may do this on the sheet's project.

    Raises:
        PermissionRefused: he may not.
    """
    year = sheet.project_year
    grants.require(actor, permission, year.unit_id, on=localdate(now), scope=f"project:{year.project_id}")


def keep_edit(sheet: AnySheet, *, actor: User, now: datetime) -> None:
    """Count the edit and keep the sheet; the caller has set its other columns."""
    sheet.version += 1
    sheet.edited_by = actor
    sheet.edited_at = now
    sheet.save()
