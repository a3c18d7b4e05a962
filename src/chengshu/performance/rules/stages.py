"""The way of each sheet: draft, handed in, approved by the department, approved by finance. Data, not branches."""

from chengshu.performance.contracts.year import SheetKind, SheetState, Step
from chengshu.performance.errors import StepNotOpen

_OWNER = {
    SheetKind.GOAL: "performance.edit_goal",
    SheetKind.MONITORING: "performance.monitor",
    SheetKind.EVALUATION: "performance.evaluate",
}
_DEPARTMENT = "performance.review_department"
_FINANCE = "performance.review_finance"


def _way(kind: SheetKind) -> tuple[Step, ...]:
    draft, submitted = SheetState.DRAFT, SheetState.SUBMITTED
    department, approved = SheetState.DEPARTMENT_APPROVED, SheetState.APPROVED
    return (
        Step(kind, draft, "submit", submitted, _OWNER[kind]),
        Step(kind, submitted, "withdraw", draft, _OWNER[kind]),
        Step(kind, submitted, "return", draft, _DEPARTMENT, needs_reason=True),
        Step(kind, submitted, "approve", department, _DEPARTMENT),
        Step(kind, department, "return", draft, _FINANCE, needs_reason=True),
        Step(kind, department, "approve", approved, _FINANCE),
        Step(kind, approved, "reopen", draft, _FINANCE, needs_reason=True),
    )


STEPS: tuple[Step, ...] = tuple(step for kind in SheetKind for step in _way(kind))


def list_steps(kind: SheetKind, state: SheetState) -> tuple[Step, ...]:
    """Return the steps that lead on from a state."""
    return tuple(step for step in STEPS if step.kind is kind and step.source is state)


def find_step(kind: SheetKind, state: SheetState, action: str) -> Step:
    """Return the step of this name from this state.

    Raises:
        StepNotOpen: the sheet stands elsewhere; somebody else may have led it on meanwhile.
    """
    for step in list_steps(kind, state):
        if step.action == action:
            return step
    raise StepNotOpen("这一步现在不能办，可能别人已经先办了。请刷新后再看。", kind=kind, state=state, action=action)
