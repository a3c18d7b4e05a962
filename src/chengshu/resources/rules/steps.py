"""How an entry moves: each step with where it begins, who may take it, and whether it needs a word."""

from collections.abc import Mapping
from dataclasses import dataclass

from chengshu.resources.contracts.catalogue import ResourceState, Step

EDIT, APPROVE = "resources.edit", "resources.approve"


@dataclass(frozen=True, slots=True)
class StepRule:
    """One step: the permission that it takes, the state that it leads to, and whether a reason is asked for.

    `sources` are states of an entry without a change under way; `with_change` tells of a published entry's change
    whether it must be handed in (True), must not be (False), or that the step is none of a change's (None).
    """

    permission: str
    sources: frozenset[ResourceState]
    target: ResourceState
    with_change: bool | None = None
    needs_reason: bool = False


_DRAFT, _SUBMITTED = ResourceState.DRAFT, ResourceState.SUBMITTED
_PUBLISHED, _WITHDRAWN = ResourceState.PUBLISHED, ResourceState.WITHDRAWN

STEPS: Mapping[Step, StepRule] = {
    Step.SUBMIT: StepRule(EDIT, frozenset({_DRAFT}), _SUBMITTED, with_change=False),
    Step.TAKE_BACK: StepRule(EDIT, frozenset({_SUBMITTED}), _DRAFT, with_change=True),
    Step.APPROVE: StepRule(APPROVE, frozenset({_SUBMITTED}), _PUBLISHED, with_change=True),
    Step.RETURN: StepRule(APPROVE, frozenset({_SUBMITTED}), _DRAFT, with_change=True, needs_reason=True),
    Step.WITHDRAW: StepRule(APPROVE, frozenset({_PUBLISHED}), _WITHDRAWN, needs_reason=True),
    Step.RESTORE: StepRule(EDIT, frozenset({_WITHDRAWN}), _DRAFT),
    Step.DISCARD: StepRule(EDIT, frozenset(), _PUBLISHED, with_change=False),
}


def list_open_steps(state: ResourceState, change_is_submitted: bool | None) -> list[Step]:  # noqa: FBT001 - None = no change
    """List the steps that begin where an entry stands; a change under way decides alone while there is one."""
    if change_is_submitted is not None:
        return [step for step, rule in STEPS.items() if rule.with_change is change_is_submitted]
    return [step for step, rule in STEPS.items() if state in rule.sources]
