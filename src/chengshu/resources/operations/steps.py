"""The steps of an entry: handed in, approved, returned, withdrawn. Nothing else moves it."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from chengshu.kernel.accounts.facade import User
from chengshu.kernel.audit.facade import record
from chengshu.kernel.grants import facade as grants
from chengshu.resources.contracts.catalogue import ResourceState, Step
from chengshu.resources.errors import EntryIncomplete, ReasonMissing, ResourceInvalid, ResourceStale, StepNotOpen
from chengshu.resources.models import Change, DataResource, Decision, Edition
from chengshu.resources.operations.entries import lock_resource, subject_of, tell_reason, touch, write_rows
from chengshu.resources.operations.indexing import index_resources
from chengshu.resources.operations.keeping import recheck_referrers
from chengshu.resources.operations.quality_following import order_following
from chengshu.resources.operations.telling import tell_step
from chengshu.resources.queries.entries import (
    check_content,
    find_change,
    find_department,
    open_content,
    standing_content,
)
from chengshu.resources.rules.contents import content_from_plain, digest_content, plain_content
from chengshu.resources.rules.steps import STEPS, list_open_steps


@dataclass(frozen=True, slots=True)
class StepAsked:
    """A step that somebody wants to take; `seen` is the revision that he looks at."""

    resource_id: int
    step: Step
    seen: int
    reason: str = ""


@transaction.atomic
def take_step(asked: StepAsked, *, actor: User, now: datetime) -> DataResource:
    """Lead an entry on, with a decision and an entry in the audit.

    Raises:
        ResourceNotFound: there is none in sight.
        PermissionRefused: the actor may not take this step there, or wrote himself what he would approve.
        ResourceStale: it changed since the revision seen.
        StepNotOpen: it does not stand where the step begins.
        ReasonMissing: the step needs a reason.
        EntryIncomplete: it is handed in with places that do not meet the profile.
        ResourceInvalid: the department that a change names is there no more.
    """
    resource = lock_resource(asked.resource_id, actor=actor, now=now)
    rule, change = STEPS[asked.step], find_change(resource)
    grants.require(actor, rule.permission, resource.department_id, on=localdate(now))
    if resource.revision != asked.seen:
        raise ResourceStale(_("这项资源刚刚有了变动。请看过再决定。"), resource=resource.pk)
    if asked.step not in list_open_steps(ResourceState(resource.state), change.is_submitted if change else None):
        raise StepNotOpen(_("现在的状态下不能做这一步。"), resource=resource.pk, step=asked.step.value)
    reason = tell_reason(asked.reason)
    if rule.needs_reason and not reason:
        raise ReasonMissing(_("请写明事由，它会留在记录里。"), field="reason")
    _carry_out(asked.step, resource, change, actor=actor, now=now)
    decision = Decision.objects.create(
        resource=resource,
        step=asked.step.value,
        version=resource.version,
        reason=reason,
        author=actor,
        decided_at=now,
    )
    if asked.step in {Step.APPROVE, Step.WITHDRAW, Step.RESTORE}:
        recheck_referrers(resource, now=now)
    details = {"state": resource.state, "version": resource.version}
    record(actor, f"resources.{asked.step.value}", subject_of(resource), now=now, reason=reason, details=details)
    tell_step(resource, decision, actor=actor, now=now)
    return resource


def _carry_out(step: Step, resource: DataResource, change: Change | None, *, actor: User, now: datetime) -> None:
    if step is Step.SUBMIT:
        _refuse_incomplete(resource)
    if step is Step.APPROVE:
        _publish(resource, change, actor=actor, now=now)
        index_resources([resource], now=now)
        order_following(resource, now=now)
        return
    if change is not None and step is Step.DISCARD:
        change.delete()
    elif change is not None:
        change.is_submitted = step is Step.SUBMIT
        change.is_returned = step is Step.RETURN
        change.save(update_fields=["is_submitted", "is_returned"])
    else:
        resource.state = STEPS[step].target.value
    edited_by = resource.edited_by  # steps are no edits: who wrote the entry is asked for at its approval
    touch(resource, actor=edited_by, now=now)


def _publish(resource: DataResource, change: Change | None, *, actor: User, now: datetime) -> None:
    """Make what was handed in the edition in force."""
    author = change.edited_by_id if change else resource.edited_by_id
    if author == actor.pk:
        raise grants.PermissionRefused(_("编目不能由编写的人自己审核。"), permission=STEPS[Step.APPROVE].permission)
    content = content_from_plain(change.content) if change else standing_content(resource)
    resource.state, resource.version, resource.published_at = ResourceState.PUBLISHED.value, resource.version + 1, now
    if change is None:
        touch(resource, actor=resource.edited_by, now=now)
    else:
        department = find_department(content.department)
        if department is None:
            raise ResourceInvalid(_("没有代码为“%(code)s”的部门。") % {"code": content.department}, field="department")
        write_rows(resource, content, department, actor=change.edited_by, now=now)
        change.delete()
    told = plain_content(content)
    Edition.objects.create(
        resource=resource,
        number=resource.version,
        content=told,
        digest=digest_content(told),
        author=actor,
        published_at=now,
    )


def _refuse_incomplete(resource: DataResource) -> None:
    faults = check_content(open_content(resource))
    if faults:
        message = _("还有 %(n)s 处没有达标，请先补齐再提交。") % {"n": len(faults)}
        raise EntryIncomplete(message, faults, resource=resource.pk)
