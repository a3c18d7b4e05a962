"""Tokens with which a department's system pushes rows: issued for one source, shown once, taken back."""

import secrets
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from chengshu.base.texts import drop_controls
from chengshu.kernel.accounts.facade import User
from chengshu.kernel.audit.facade import record
from chengshu.kernel.grants import facade as grants
from chengshu.resources.contracts.collection import SourceKind
from chengshu.resources.errors import SourceInvalid, SourceNotFound
from chengshu.resources.models import COLLECT, DataSource, SourceKey
from chengshu.resources.queries.keys import KEY_PREFIX, digest_token

MOST_DAYS = 366
_MOST_KEYS = 10
_BYTES = 32
_HINT = 4


@transaction.atomic
def issue_key(source: DataSource, *, name: str, days: int, actor: User, now: datetime) -> tuple[SourceKey, str]:
    """Issue a token for a source, and return it with its text, which nobody can ask for again.

    Whoever has it may push rows to this source and read their receipts, in the actor's name and with his rights as
    they are then; nothing else.

    Raises:
        PermissionRefused: the actor does not collect for the department.
        SourceInvalid: the source receives no files, a name or a number of days is missing, or there are many already.
    """
    grants.require(actor, COLLECT, source.department_id, on=localdate(now))
    locked = DataSource.objects.select_for_update().get(pk=source.pk)
    told = drop_controls(name).strip()[:100]
    if locked.kind in {SourceKind.DATABASE.value, SourceKind.INTERFACE.value}:
        raise SourceInvalid(_("这个数据源由平台主动采集，不接收推送。"), field="source")
    if not told or not 1 <= days <= MOST_DAYS:
        raise SourceInvalid(
            _("请写明哪个系统使用，有效期在 1 至 %(most)s 天之间。") % {"most": MOST_DAYS}, field="name"
        )
    if SourceKey.objects.filter(source=locked, revoked_at=None, expires_at__gt=now).count() >= _MOST_KEYS:
        raise SourceInvalid(_("有效的令牌太多，请先收回不用的。"), field="name")
    token = KEY_PREFIX + secrets.token_urlsafe(_BYTES)
    key = SourceKey.objects.create(
        source=locked,
        name=told,
        digest=digest_token(token),
        hint=token[-_HINT:],
        account=actor,
        created_at=now,
        expires_at=now + timedelta(days=days),
    )
    details = {"key": key.pk, "name": told, "expires_at": key.expires_at}
    record(actor, "resources.issue_key", f"source:{locked.pk}", now=now, details=details)
    return key, token


@transaction.atomic
def revoke_key(source: DataSource, key_id: int, *, actor: User, now: datetime) -> SourceKey:
    """Take a token back; it opens nothing from now on. One that was taken back stays so.

    Raises:
        PermissionRefused: the actor does not collect for the department.
        SourceNotFound: the source has no such token.
    """
    grants.require(actor, COLLECT, source.department_id, on=localdate(now))
    key = SourceKey.objects.select_for_update().filter(source=source, pk=key_id).first()
    if key is None:
        raise SourceNotFound(_("没有这个令牌。"), key=key_id)
    if key.revoked_at is None:
        key.revoked_at = now
        key.save(update_fields=["revoked_at"])
        details = {"key": key.pk, "name": key.name}
        record(actor, "resources.revoke_key", f"source:{source.pk}", now=now, details=details)
    return key
