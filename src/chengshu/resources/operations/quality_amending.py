"""When a rule is wrong: disputes and their rulings. Rows that a changed rule lets pass were never wrong and are released."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from chengshu.kernel.accounts.facade import User
from chengshu.kernel.audit.facade import record
from chengshu.kernel.grants import facade as grants
from chengshu.kernel.tickets import facade as tickets
from chengshu.kernel.tickets.facade import Given
from chengshu.resources.contracts.quality import RowFate, RuleDraft, RulesMade
from chengshu.resources.errors import IssueNotFound, StepNotOpen
from chengshu.resources.models import CHECK, RECTIFY, DataResource, IssueRow, QualityIssue, QualityRule
from chengshu.resources.operations.quality_issues import settle_rows
from chengshu.resources.operations.quality_rules import change_rule, draft_of, make_rules, require_reason
from chengshu.resources.operations.quality_runs import recheck_resource

_CHANGED, _OFF = "rule_changed", "rule_off"


@dataclass(frozen=True, slots=True)
class Ruling:
    """How a dispute is settled: `upheld` with the rule changed to `draft`, or switched off where there is none."""

    upheld: bool
    reason: str
    draft: RuleDraft | None = None


@transaction.atomic
def amend_rule(
    rule_id: int, draft: RuleDraft, *, is_active: bool, reason: str, actor: User, now: datetime
) -> QualityRule:
    """Change a rule or switch it on or off, and release the rows that were owed for what it no longer asks.

    Raises as `change_rule` does, and CheckFailed when the owed rows cannot be looked at.
    """
    rule = change_rule(rule_id, draft, is_active=is_active, reason=reason, actor=actor, now=now)
    _release(rule.resource, [rule], note=require_reason(reason), now=now)
    return rule


@transaction.atomic
def remake_rules(resource_id: int, *, actor: User | None, now: datetime, edition: int | None = None) -> RulesMade:
    """Make the rules that follow from the catalogue, and release the rows that were owed for what no longer follows.

    `edition` is that of the entry which the rules follow, where the system does.

    Raises as `make_rules` does, and CheckFailed when the owed rows cannot be looked at.
    """
    made = make_rules(resource_id, actor=actor, now=now, edition=edition)
    if made.changed or made.retired:
        resource = DataResource.objects.get(pk=resource_id)
        owing = IssueRow.objects.filter(issue__resource=resource, fate=RowFate.OWED).values("rule")
        touched = QualityRule.objects.filter(pk__in=owing, changed_at=now)
        _release(resource, touched, note=_("编目有变动，规则随之改变"), now=now)
    return made


@transaction.atomic
def dispute_issue(issue_id: int, reason: str, *, actor: User, now: datetime) -> QualityIssue:
    """Say that the rule or the catalogue is wrong; the clock stands until the centre has ruled.

    Raises:
        IssueNotFound, PermissionRefused: not in sight, or not the actor's to rectify.
        ReasonMissing: no reason is given.
        ActionNotOffered: the ticket is closed, or disputed already.
    """
    issue = find_issue(issue_id, actor=actor, permission=RECTIFY, now=now)
    told = require_reason(reason)
    _act(issue, "dispute", told, actor=actor, now=now)
    record(actor, "resources.dispute_issue", f"quality_issue:{issue.pk}", now=now, reason=told[:256])
    return issue


@transaction.atomic
def settle_dispute(issue_id: int, ruling: Ruling, *, actor: User, now: datetime) -> QualityIssue:
    """Rule on a dispute. Upheld, the rule is changed or switched off, what it lets pass is void, the rest stays owed.

    Raises:
        IssueNotFound, PermissionRefused: not in sight, or not the actor's to rule on.
        ReasonMissing: no reason is given.
        StepNotOpen: the issue is not disputed.
        RuleRefused: the changed rule makes no sense.
        CheckFailed: the owed rows cannot be looked at; nothing is changed.
    """
    issue = find_issue(issue_id, actor=actor, permission=CHECK, now=now)
    told = require_reason(ruling.reason)
    if issue.ticket is None or issue.ticket.state != "disputed":
        raise StepNotOpen(_("这个问题现在没有待裁定的异议。"), issue=issue.pk)
    if ruling.upheld:
        draft = ruling.draft or draft_of(issue.rule)
        kept = replace(draft, key=issue.rule.key)
        amend_rule(issue.rule_id, kept, is_active=ruling.draft is not None, reason=told, actor=actor, now=now)
        issue.refresh_from_db()
    if issue.rows_owed:
        _act(issue, "go_on", told, actor=actor, now=now)
    details = {"upheld": ruling.upheld, "rule": _CHANGED if ruling.draft else _OFF, "owed": issue.rows_owed}
    record(actor, "resources.settle_issue", f"quality_issue:{issue.pk}", now=now, reason=told[:256], details=details)
    return issue


def find_issue(issue_id: int, *, actor: User, permission: str, now: datetime) -> QualityIssue:
    """Return an issue in sight with its ticket, for somebody who may do this with it.

    Raises:
        IssueNotFound, PermissionRefused: not in sight, or not the actor's.
    """
    today = localdate(now)
    rows = QualityIssue.objects.visible_to(actor, on=today).select_related("ticket", "rule", "resource", "organisation")
    issue = rows.filter(pk=issue_id).first()
    if issue is None:
        raise IssueNotFound(_("没有这个质量问题，或您无权查看。"), issue=issue_id)
    grants.require(actor, permission, issue.organisation_id, on=today)
    return issue


def _act(issue: QualityIssue, step: str, note: str, *, actor: User, now: datetime) -> None:
    if issue.ticket is None:
        raise StepNotOpen(_("这个问题没有工单。"), issue=issue.pk)
    tickets.act(issue.ticket.pk, step, actor=actor, now=now, expected_version=None, given=Given(note=note))


def _release(resource: DataResource, rules: Iterable[QualityRule], *, note: str, now: datetime) -> None:
    """Make void what is owed for rules that are off now, and what rules that were changed let pass."""
    changed = []
    for rule in rules:
        owed = IssueRow.objects.filter(rule=rule, fate=RowFate.OWED)
        if not rule.is_active:
            settle_rows({RowFate.VOID: list(owed.values_list("pk", flat=True))}, run=None, now=now, note=note)
        elif owed.exists():
            changed.append(rule.pk)
    if changed:
        recheck_resource(resource.pk, actor=None, now=now, excused=changed, note=note)
