"""Wiring of `kernel.accounts`."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from chengshu.kernel.audit.registry import register_actions


class AccountsConfig(AppConfig):
    """The app `accounts`."""

    name = "chengshu.kernel.accounts"
    label = "accounts"
    verbose_name = "账号"

    def ready(self) -> None:
        """Name the actions that the audit keeps."""
        register_actions(_ACTIONS)


# What people call the actions that the audit keeps.
_ACTIONS = {
    "accounts.log_in": _("登录"),
    "accounts.refuse_log_in": _("登录被拒"),
    "accounts.log_out": _("退出"),
    "accounts.change_password": _("更改口令"),
    "accounts.refuse_password": _("更改口令被拒"),
    "accounts.unlock": _("解除锁定"),
    "accounts.refuse_second_factor": _("第二重验证没有通过"),
}
