"""Rules of quality: made from the catalogue, written by people, changed and switched off; every change leaves its reason."""

from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from itertools import count

from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from chengshu.base.texts import drop_controls
from chengshu.kernel.accounts.facade import User
from chengshu.kernel.audit.facade import record
from chengshu.kernel.grants import facade as grants
from chengshu.resources.contracts.quality import Definition, RuleDraft, RuleOrigin, RuleSeverity, RulesMade
from chengshu.resources.errors import ReasonMissing, ResourceNotFound, RuleNotFound, RuleRefused
from chengshu.resources.models import CHECK, DataResource, QualityRule, RuleRevision
from chengshu.resources.operations.entries import subject_of
from chengshu.resources.queries.quality_rules import columns_of, foresee_rules, list_key, require_sense, require_sight
from chengshu.resources.rules.quality import rule_key

REASON_LENGTH = 400


@transaction.atomic
def make_rules(resource_id: int, *, actor: User | None, now: datetime, edition: int | None = None) -> RulesMade:
    """Make the rules that follow from a resource's fields and elements, and switch off those that no longer follow.

    What a person wrote or changed stays as it is. None as the actor is the system, after an `edition` was approved: the
    reasons name it, and where nothing changes nothing is kept.

    Raises:
        ResourceNotFound, PermissionRefused: not in sight, or not the actor's to check.
    """
    resource = lock_resource(resource_id, actor=actor, now=now)
    foreseen, told = foresee_rules(resource), _tell_why(edition)
    for draft in foreseen.new:
        _create(resource, draft, RuleOrigin.CATALOGUE, reason=told[0], actor=actor, now=now)
    for rule, draft in foreseen.other:
        _change(rule, draft, is_active=True, reason=told[1], actor=actor, now=now)
    for rule in foreseen.gone:
        _change(rule, draft_of(rule), is_active=False, reason=told[2], actor=actor, now=now)
    made = foreseen.counts()
    details = {"created": made.created, "changed": made.changed, "retired": made.retired}
    if edition is not None and not any(details.values()):
        return made
    details |= {} if edition is None else {"version": edition}
    record(actor, "resources.make_rules", subject_of(resource), now=now, details=details)
    return made


def _tell_why(edition: int | None) -> tuple[str, str, str]:
    """Give the reasons for which rules are made, changed and switched off."""
    if edition is None:
        return _("由编目生成"), _("编目有变动"), _("编目中已没有这项要求")
    of = {"version": edition}
    return (
        _("由编目第 %(version)s 版生成") % of,
        _("编目第 %(version)s 版有变动") % of,
        _("编目第 %(version)s 版中已没有这项要求") % of,
    )


@transaction.atomic
def write_rule(resource_id: int, draft: RuleDraft, *, actor: User, now: datetime, reason: str = "") -> QualityRule:
    """Keep a new rule that a person wrote; without a key it gets one from its kind.

    Raises:
        ResourceNotFound, PermissionRefused: not in sight, or not the actor's to check.
        RuleRefused: the rule makes no sense, reads files, looks into a resource that is not in sight, or its key is taken.
    """
    resource = lock_resource(resource_id, actor=actor, now=now)
    if not draft.key:
        draft = replace(draft, key=_free_key(resource, draft.definition))
    require_sense(draft, list_key(resource))
    require_sight(draft.definition, actor, on=localdate(now))
    if QualityRule.objects.filter(resource=resource, key=draft.key).exists():
        raise RuleRefused(_("规则编号“%(key)s”已经用了，请换一个。") % {"key": draft.key}, field="key")
    rule = _create(resource, draft, RuleOrigin.PERSON, reason=tidy_reason(reason), actor=actor, now=now)
    record(actor, "resources.write_rule", subject_of(resource), now=now, details={"rule": rule.key})
    return rule


def _free_key(resource: DataResource, definition: Definition) -> str:
    """Give a key that no rule of the resource has, after column and kind: age.between, age.between.2 and so on."""
    columns = definition.get("columns") or definition.get("column") or "table"
    first = columns[0] if isinstance(columns, list) else columns
    kind = definition.get("kind")
    key = rule_key(*(one if isinstance(one, str) else "rule" for one in (first, kind)))
    taken = set(QualityRule.objects.filter(resource=resource).values_list("key", flat=True))
    numbered = (f"{key[:56]}.{number}" for number in count(2))
    return key if key not in taken else next(one for one in numbered if one not in taken)


@transaction.atomic
def change_rule(
    rule_id: int, draft: RuleDraft, *, is_active: bool, reason: str, actor: User, now: datetime
) -> QualityRule:
    """Change a rule, or switch it on or off; from now on it is a person's, and the catalogue does not overwrite it.

    Where nothing is changed, nothing is kept.

    Raises:
        RuleNotFound, PermissionRefused: not in sight, or not the actor's to check.
        RuleRefused: it makes no sense, names another key, or looks anew into a resource that is not in sight.
        ReasonMissing: no reason is given.
    """
    rule = QualityRule.objects.select_related("resource").filter(pk=rule_id).first()
    if rule is None or not DataResource.objects.visible_to(actor, on=localdate(now)).filter(pk=rule.resource_id):
        raise RuleNotFound(_("没有这条规则，或您无权查看。"), rule=rule_id)
    resource = lock_resource(rule.resource_id, actor=actor, now=now)
    told = require_reason(reason)
    if draft.key != rule.key:
        raise RuleRefused(_("规则编号不能改；需要另一个编号时请新写一条规则。"), field="key")
    if is_active == rule.is_active and columns_of(draft) == columns_of(draft_of(rule)):
        return rule
    require_sense(draft, list_key(resource))
    if draft.definition != rule.definition:
        require_sight(draft.definition, actor, on=localdate(now))
    before = {"definition": rule.definition, "threshold": rule.threshold, "is_active": rule.is_active}
    rule.origin = RuleOrigin.PERSON.value
    _change(rule, draft, is_active=is_active, reason=told, actor=actor, now=now)
    after = {"definition": rule.definition, "threshold": rule.threshold, "is_active": rule.is_active}
    subject = subject_of(resource)
    record(actor, "resources.change_rule", subject, now=now, reason=told[:256], before=before, after=after)
    return rule


def lock_resource(resource_id: int, *, actor: User | None, now: datetime, permission: str = CHECK) -> DataResource:
    """Return a resource, locked until the transaction ends; None as the actor is the system.

    Raises:
        ResourceNotFound, PermissionRefused: not in sight, or not the actor's to check.
    """
    rows = DataResource.objects.get_queryset()
    if actor is not None:
        rows = DataResource.objects.visible_to(actor, on=localdate(now))
    if not rows.filter(pk=resource_id).exists():
        raise ResourceNotFound(_("没有这项数据资源，或您无权查看。"), resource=resource_id)
    resource: DataResource = DataResource.objects.select_for_update().get(pk=resource_id)
    if actor is not None:
        grants.require(actor, permission, resource.department_id, on=localdate(now))
    return resource


def draft_of(rule: QualityRule) -> RuleDraft:
    """Give a rule as a draft of itself."""
    return RuleDraft(rule.key, rule.name, rule.definition, RuleSeverity(rule.severity), Decimal(rule.threshold))


def require_reason(reason: str) -> str:
    """Give a reason in one piece.

    Raises:
        ReasonMissing: it is empty or too long.
    """
    told = tidy_reason(reason)
    if not 0 < len(told) <= REASON_LENGTH:
        raise ReasonMissing(_("请用 1 至 %(most)s 个字写明原因。") % {"most": REASON_LENGTH}, field="reason")
    return told


def tidy_reason(reason: str) -> str:
    """Give words of a person on one line."""
    return " ".join(drop_controls(reason).split())


def _create(
    resource: DataResource, draft: RuleDraft, origin: RuleOrigin, *, reason: str, actor: User | None, now: datetime
) -> QualityRule:
    rule: QualityRule = QualityRule.objects.create(
        resource=resource,
        key=draft.key,
        origin=origin.value,
        changed_at=now,
        changed_by=actor,
        **columns_of(draft),
    )
    _keep_revision(rule, reason=reason, actor=actor, now=now)
    return rule


def _change(
    rule: QualityRule, draft: RuleDraft, *, is_active: bool, reason: str, actor: User | None, now: datetime
) -> None:
    for name, value in columns_of(draft).items():
        setattr(rule, name, value)
    rule.is_active, rule.revision, rule.changed_at, rule.changed_by = is_active, rule.revision + 1, now, actor
    rule.save()
    _keep_revision(rule, reason=reason, actor=actor, now=now)


def _keep_revision(rule: QualityRule, *, reason: str, actor: User | None, now: datetime) -> None:
    RuleRevision.objects.create(
        rule=rule,
        number=rule.revision,
        is_active=rule.is_active,
        reason=reason,
        author=actor,
        changed_at=now,
        **columns_of(draft_of(rule)),
    )
