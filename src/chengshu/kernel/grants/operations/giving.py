"""Writes of grants: give one, end one. Each is one transaction with its audit entry."""

from datetime import date, datetime

import structlog
from django.db import transaction
from django.db.models import Q
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from chengshu.base.texts import drop_controls
from chengshu.kernel.accounts.facade import User
from chengshu.kernel.audit import facade as audit
from chengshu.kernel.grants.contracts import NewGrant
from chengshu.kernel.grants.errors import (
    GrantEnded,
    GrantInvalid,
    GrantNotFound,
    GrantTwice,
    LastAdministrator,
    MoreThanHeld,
    PermissionRefused,
    SelfGrant,
)
from chengshu.kernel.grants.models import REASON_LENGTH, Grant
from chengshu.kernel.grants.queries import GIVE_GRANTS, held_permissions, require
from chengshu.kernel.grants.registry import find_role, permissions_of, roles_holding
from chengshu.kernel.grants.rules.scopes import split_scope
from chengshu.kernel.organisations.facade import Ancestry, get_organisation

log = structlog.get_logger(__name__)

GIVE = "grants.give"
END = "grants.end"
REFUSE = "grants.refuse"
_SUBJECT_LENGTH = 128


def keep_refusal(actor: User | None, refusal: PermissionRefused, *, route: str, method: str, now: datetime) -> None:
    """Keep in the audit that somebody was refused, after the transaction that it ended was rolled back."""
    organisation_id = refusal.details.get("organisation_id")
    subject = f"organisation:{organisation_id}" if organisation_id else f"page:{route}"[:_SUBJECT_LENGTH]
    audit.record(actor, REFUSE, subject, now=now, details={**refusal.details, "route": route, "method": method})
    log.warning("permission_refused", permission=refusal.details.get("permission"), route=route)


def give_grant(new: NewGrant, *, actor: User | None, now: datetime) -> Grant:
    """Give an account a role on an organisation and all below it.

    `actor` None is the operator of the machine, who gives the first grant of all. Anybody else must hold, there and
    without a limit of scope, the right to give grants and every permission of the role.

    Raises:
        GrantInvalid: role, account, days, scope or reason cannot be kept as given; the past cannot be changed.
        OrganisationNotFound: there is no such organisation.
        SelfGrant, MoreThanHeld, PermissionRefused: the actor may not give it.
        GrantTwice: the account has this role there on one of the days.
    """
    kind, subject_id = _check(new, now=now)
    organisation = get_organisation(new.organisation_id)
    if organisation.ended_on is not None and new.since >= organisation.ended_on:
        raise GrantInvalid(_("“%(code)s”已撤销，不能再授权。") % {"code": organisation.code})
    with transaction.atomic():
        # One after the other for each account, so that two equal grants cannot slip past each other.
        account = User.objects.select_for_update().filter(pk=new.account_id, is_active=True).first()
        if account is None:
            raise GrantInvalid(_("没有这个账号，或者它已停用。"))
        if actor is not None:
            _refuse_to_exceed(actor, new.role, new.organisation_id, today=localdate(now))
            _refuse_self(actor, new.account_id)
        _refuse_twice(new, kind, subject_id)
        grant = Grant.objects.create(
            account=account,
            role=new.role,
            organisation=organisation,
            scope_kind=kind,
            scope_id=subject_id,
            since=new.since,
            until=new.until,
            granted_by=actor,
            granted_at=now,
            reason=clean_reason(new.reason),
        )
        _record(GIVE, grant, actor=actor, now=now, reason=grant.reason)
    return grant


def end_grant(grant_id: int, *, actor: User | None, now: datetime, reason: str) -> Grant:
    """End a grant today: it holds no more from this moment on. One that has not begun never will.

    Raises:
        GrantNotFound: there is none with this id.
        GrantInvalid: the reason is missing.
        GrantEnded: it has ended before.
        MoreThanHeld, PermissionRefused: the actor may not end it.
        LastAdministrator: nobody would be left who can give grants there.
    """
    text, today = clean_reason(reason), localdate(now)
    with transaction.atomic():
        givers = _lock_givers(grant_id)
        grant = Grant.objects.select_for_update().filter(pk=grant_id).first()
        if grant is None:
            raise GrantNotFound(_("没有这项授权。"), grant_id=grant_id)
        if grant.until is not None and grant.until <= today:
            raise GrantEnded(_("这项授权已于 %(until)s 结束。") % {"until": grant.until}, grant_id=grant_id)
        if actor is not None:
            _refuse_to_exceed(actor, grant.role, grant.organisation_id, today=today)
        if grant_id in givers:
            _refuse_last(grant, givers, today=today)
        grant.until = max(today, grant.since)
        grant.ended_by, grant.ended_at, grant.end_reason = actor, now, text
        grant.save(update_fields=["until", "ended_by", "ended_at", "end_reason"])
        _record(END, grant, actor=actor, now=now, reason=text)
    return grant


def clean_reason(text: str) -> str:
    """Return the reason without blanks around it.

    Raises:
        GrantInvalid: it is empty or too long.
    """
    reason = drop_controls(text).strip()
    if not reason or len(reason) > REASON_LENGTH:
        raise GrantInvalid(_("请写明事由，最长 %(n)s 个字符。") % {"n": REASON_LENGTH})
    return reason


def _check(new: NewGrant, *, now: datetime) -> tuple[str, int | None]:
    """Refuse what cannot be kept whoever asks; return the two parts of the scope."""
    if find_role(new.role) is None:
        raise GrantInvalid(_("没有这个角色。"))
    if new.since < localdate(now):
        raise GrantInvalid(_("授权只能从今天或以后开始，过去不能补授。"))
    if new.until is not None and new.until <= new.since:
        raise GrantInvalid(_("结束日期要晚于开始日期。"))
    clean_reason(new.reason)
    try:
        return split_scope(new.scope)
    except ValueError as error:
        raise GrantInvalid(_("范围要写成“种类:编号”，如 project:12；不限定就留空。")) from error


def _refuse_self(actor: User, account_id: int) -> None:
    if actor.pk == account_id:
        raise SelfGrant(_("不能给自己授权，请由另一位管理员办理。"))


def _refuse_to_exceed(actor: User, role: str, organisation_id: int, *, today: date) -> None:
    """Let the actor give and take only what he holds himself, at the organisation or above it."""
    require(actor, GIVE_GRANTS, organisation_id, on=today)
    lacking = permissions_of(role) - held_permissions(actor, on=today, organisation_id=organisation_id)
    if lacking:
        raise MoreThanHeld(
            _("这个角色有您自己在该组织没有的权限，您不能授予或收回。"), lacking=", ".join(sorted(lacking))
        )


def _refuse_twice(new: NewGrant, kind: str, subject_id: int | None) -> None:
    same = Grant.objects.filter(
        account=new.account_id, role=new.role, organisation=new.organisation_id, scope_kind=kind, scope_id=subject_id
    )
    later = Q(until__isnull=True) | Q(until__gt=new.since)
    earlier = Q() if new.until is None else Q(since__lt=new.until)
    if same.filter(later, earlier).exists():
        raise GrantTwice(_("这个账号在该组织已有这个角色，期限重叠。"))


def _lock_givers(grant_id: int) -> set[int]:
    """Lock the unlimited grants that let somebody give grants at this grant's organisation; return their ids.

    Two administrators who end each other's grants wait here, so that one of them stays.
    """
    organisation = Grant.objects.filter(pk=grant_id).values("organisation")
    above = Ancestry.objects.filter(descendant__in=organisation).values("ancestor")
    givers = Grant.objects.filter(organisation__in=above, role__in=roles_holding(GIVE_GRANTS), scope_kind="")
    return {grant.pk for grant in givers.select_for_update().order_by("pk")}


def _refuse_last(grant: Grant, givers: set[int], *, today: date) -> None:
    others = Grant.objects.filter(pk__in=givers - {grant.pk}, account__is_active=True).in_force_on(today)
    if not others.exists():
        raise LastAdministrator(_("这是该组织最后一个能授权的人，请先给别人授权。"))


def _record(action: str, grant: Grant, *, actor: User | None, now: datetime, reason: str) -> None:
    details = {
        "account": grant.account_id,
        "role": grant.role,
        "organisation": grant.organisation_id,
        "scope": grant.scope,
        "since": grant.since.isoformat(),
        "until": grant.until.isoformat() if grant.until else None,
    }
    audit.record(actor, action, f"grant:{grant.pk}", now=now, reason=reason, details=details)
