"""Writes of accounts."""

from datetime import datetime

from django.contrib.auth.models import Group
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from chengshu.kernel.accounts.contracts import NewAccount, Role
from chengshu.kernel.accounts.errors import LoginNameTaken, PasswordTooWeak
from chengshu.kernel.accounts.models import User


def create_account(account: NewAccount, *, now: datetime) -> User:
    """Open an account with the rights of its role.

    Raises:
        LoginNameTaken: an account with this login name exists.
        PasswordTooWeak: the password does not meet the rules.
    """
    user = User(
        login_name=account.login_name,
        display_name=account.display_name,
        organisation_name=account.organisation_name,
        role=account.role,
        is_superuser=account.role is Role.ADMIN,
        created_at=now,
    )
    try:
        validate_password(account.password, user)
    except ValidationError as error:
        raise PasswordTooWeak("；".join(error.messages)) from error
    user.set_password(account.password)
    try:
        with transaction.atomic():
            user.save(force_insert=True)
            user.groups.add(Group.objects.get(name=account.role))
    except IntegrityError as error:
        raise LoginNameTaken(f"登录名 {account.login_name} 已有人使用", login_name=account.login_name) from error
    return user
