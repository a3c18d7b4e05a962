"""Whose log-in somebody may help with."""

from datetime import date

from django.utils.translation import gettext

from chengshu.kernel.accounts.facade import User
from chengshu.kernel.grants.facade import (
    ExistenceHidden,
    Grant,
    PermissionRefused,
    list_accounts,
    permitted,
    require_anywhere,
)

SECURE = "accounts.secure"


def get_secured_account(account_id: int, *, viewer: User, on: date) -> User:
    """Return an account whose log-in the viewer may unlock and reset.

    He may where he sees the account and has the permission at every organisation where it holds a grant: else who
    administers one unit could let himself into the account of the whole city's administrator.

    Raises:
        PermissionRefused: he may do this nowhere, or not for all that this account may.
        ExistenceHidden: there is no such account in his sight.
    """
    require_anywhere(viewer, SECURE, on=on)
    account = list_accounts(viewer, on=on).filter(pk=account_id).first()
    if account is None:
        raise ExistenceHidden(gettext("没有这个账号。"), permission=SECURE)
    held = Grant.objects.filter(account=account).in_force_on(on)
    if held.exclude(organisation__in=permitted(viewer, SECURE, on=on)).exists():
        raise PermissionRefused(gettext("此人在别处也有授权，请找上级管理员。"), permission=SECURE)
    return account
