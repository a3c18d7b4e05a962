"""Wiring of `kernel.identity`: the permissions of its pages, and a check of its settings."""

from datetime import datetime
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core import checks
from django.utils.translation import gettext_lazy as _

from chengshu.kernel.audit.registry import register_actions
from chengshu.kernel.grants.contracts import Permission
from chengshu.kernel.grants.registry import find_role, register_permission
from chengshu.kernel.navigation.facade import NavigationEntry, register_entry


class IdentityConfig(AppConfig):
    """The app `identity`."""

    name = "chengshu.kernel.identity"
    label = "identity"
    verbose_name = "身份"

    def ready(self) -> None:
        """Register who may help people with their log-in, what is cleared each night, and the check of the settings."""
        from chengshu.kernel.http.facade import register_bearer_finder  # noqa: PLC0415 - models are ready only now
        from chengshu.kernel.identity.facade import clear_run_out  # noqa: PLC0415 - the same
        from chengshu.kernel.identity.queries.bearers import find_bearer  # noqa: PLC0415 - the same
        from chengshu.kernel.jobs import facade as jobs  # noqa: PLC0415 - the same

        def clear(progress: jobs.Progress) -> dict[str, int]:
            return clear_run_out(now=datetime.fromisoformat(progress.payload["due_at"]))

        register_actions(_ACTIONS)
        register_permission(Permission("accounts.secure", _("解锁账号、重置第二重验证")))
        register_permission(Permission("applications.manage", _("登记接入统一身份的应用")))
        register_entry(
            NavigationEntry("applications", _("接入应用"), "identity:applications", "key", 815, "applications.manage")
        )
        register_bearer_finder(find_bearer)
        jobs.register_kind(jobs.JobKind("identity.clear", _("清理过期的会话和令牌"), clear))
        jobs.register_schedule(
            jobs.Schedule("identity.clear", _("清理过期的会话和令牌"), "20 3 * * *", "identity.clear")
        )
        checks.register(check_roles)


def check_roles(**_kwargs: Any) -> list[checks.CheckMessage]:
    """Refuse roles in the setting that do not exist: a misspelt one would leave its people without a second factor."""
    unknown = sorted(role for role in settings.SECOND_FACTOR_ROLES if find_role(role) is None)
    return [checks.Error(f"CHENGSHU_SECOND_FACTOR_ROLES names unknown roles: {unknown}", id="identity.E001")] * bool(
        unknown
    )


# What people call the actions that the audit keeps.
_ACTIONS = {
    "identity.add_factor": _("添加第二重验证"),
    "identity.remove_factor": _("移除第二重验证"),
    "identity.reset_factors": _("重置第二重验证"),
    "identity.use_factor": _("通过第二重验证"),
    "identity.renew_recovery_codes": _("更换恢复码"),
    "identity.end_sessions": _("结束登录会话"),
    "identity.expire_session": _("登录会话到期"),
    "identity.refuse_passkey": _("通行密钥被拒"),
    "identity.register_application": _("登记接入应用"),
    "identity.renew_application_secret": _("更换应用密钥"),
    "identity.retire_application": _("停用接入应用"),
    "identity.withdraw_application": _("撤回对应用的同意"),
    "identity.refuse_city": _("城市统一身份登录被拒"),
    "identity.link_city": _("关联城市统一身份"),
    "identity.unlink_city": _("解除城市统一身份"),
    "identity.open_by_city": _("由城市统一身份开户"),
    "identity.rotate_keys": _("更换身份签名密钥"),
    "identity.refuse_refresh": _("续期令牌被拒"),
    "identity.issue_token": _("签发令牌"),
    "identity.authorise_application": _("同意应用登录"),
    "identity.refuse_application": _("拒绝应用登录"),
}
