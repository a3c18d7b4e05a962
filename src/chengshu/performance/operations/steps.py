"""Leading a sheet on: handed in, approved, returned, reopened. One transaction, one decision, one audit entry."""

from collections.abc import Callable, Mapping
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from chengshu.base.texts import drop_controls
from chengshu.kernel.accounts.facade import User
from chengshu.kernel.audit.facade import record
from chengshu.performance.contracts.year import SheetKind, SheetState, StepAsked
from chengshu.performance.errors import ReasonMissing
from chengshu.performance.models import Decision
from chengshu.performance.operations.evaluation_gate import check_evaluation_gate
from chengshu.performance.operations.goal_gate import check_goal_gate
from chengshu.performance.operations.monitoring_gate import check_monitoring_gate
from chengshu.performance.operations.sheets import TABLES, AnySheet, lock_sheet, refuse_stale, require_on
from chengshu.performance.operations.telling import tell_step
from chengshu.performance.rules.stages import find_step

Gate = Callable[[AnySheet, datetime], None]
_REASON_LENGTH = 500

#: What has to hold before a sheet of a kind is handed in; each raises SheetIncomplete naming what is missing.
GATES: Mapping[SheetKind, Gate] = {
    SheetKind.GOAL: check_goal_gate,
    SheetKind.MONITORING: check_monitoring_gate,
    SheetKind.EVALUATION: check_evaluation_gate,
}
#: What happens in the same transaction when a sheet of a kind is approved at last, such as opening the next sheet.
FOLLOWERS: Mapping[SheetKind, Gate] = {}


@transaction.atomic
def take_step(asked: StepAsked, *, actor: User, now: datetime) -> Decision:
    """Lead a sheet on by a step of its way and keep who decided what on which version.

    Raises:
        SheetNotFound: there is none, or not in sight of the actor.
        StepNotOpen: the sheet does not stand where this step begins.
        PermissionRefused: the step is somebody else's.
        SheetStale: the sheet was edited since the version that was seen; nobody decides on what he has not seen.
        ReasonMissing: the step needs words.
        SheetIncomplete: the sheet cannot be handed in yet; names every gap.
    """
    kind, action = asked.kind, asked.action
    sheet: AnySheet = lock_sheet(TABLES[kind], asked.sheet_id, actor=actor, now=now)
    step = find_step(kind, SheetState(sheet.state), action)
    require_on(sheet, step.permission, actor=actor, now=now)
    refuse_stale(sheet, asked.version)
    told = drop_controls(asked.reason).strip()[:_REASON_LENGTH]
    if step.needs_reason and not told:
        raise ReasonMissing(_("请写明理由，对方要据此修改。"), action=action)
    if step.target is SheetState.SUBMITTED and kind in GATES:
        GATES[kind](sheet, now)
    sheet.state, sheet.state_at = step.target, now
    sheet.save(update_fields=["state", "state_at"])
    decision = Decision.objects.create(
        project_year_id=sheet.project_year_id,
        kind=kind,
        sheet_id=sheet.pk,
        action=action,
        from_state=step.source,
        to_state=step.target,
        version=sheet.version,
        actor=actor,
        decided_at=now,
        reason=told,
    )
    _follow(sheet, decision, actor=actor, now=now)
    facts = {"from": step.source.value, "to": step.target.value, "version": sheet.version}
    record(actor, f"performance.{action}_{kind.value}", f"{kind.value}:{sheet.pk}", now=now, reason=told, details=facts)
    return decision


def _follow(sheet: AnySheet, decision: Decision, *, actor: User, now: datetime) -> None:
    """Do what the step brings with it, and tell whom it concerns."""
    kind = SheetKind(decision.kind)
    if decision.to_state == SheetState.APPROVED and kind in FOLLOWERS:
        FOLLOWERS[kind](sheet, now)
    tell_step(sheet, decision, actor=actor, now=now)
