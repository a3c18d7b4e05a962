"""Wiring of `kernel.identity`: the permissions of its pages, and a check of its settings."""

from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core import checks
from django.utils.translation import gettext_lazy as _

from chengshu.kernel.grants.contracts import Permission
from chengshu.kernel.grants.registry import find_role, register_permission


class IdentityConfig(AppConfig):
    """The app `identity`."""

    name = "chengshu.kernel.identity"
    label = "identity"
    verbose_name = "身份"

    def ready(self) -> None:
        """Register who may help people with their log-in, and the check of the settings."""
        register_permission(Permission("accounts.secure", _("解锁账号、重置第二重验证")))
        checks.register(check_roles)


def check_roles(**_kwargs: Any) -> list[checks.CheckMessage]:
    """Refuse roles in the setting that do not exist: a misspelt one would leave its people without a second factor."""
    unknown = sorted(role for role in settings.SECOND_FACTOR_ROLES if find_role(role) is None)
    return [checks.Error(f"CHENGSHU_SECOND_FACTOR_ROLES names unknown roles: {unknown}", id="identity.E001")] * bool(
        unknown
    )
