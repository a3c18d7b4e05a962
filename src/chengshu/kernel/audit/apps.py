"""Wiring of `kernel.audit`."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from chengshu.kernel.audit.registry import register_actions
from chengshu.kernel.navigation.facade import NavigationEntry, register_entry


class AuditConfig(AppConfig):
    """The app `audit`."""

    name = "chengshu.kernel.audit"
    label = "audit"
    verbose_name = "审计"

    def ready(self) -> None:
        """Offer the pages, the check of the chain and its keeping, and who may read."""
        from chengshu.kernel.audit.worker import KEEPER, KIND  # noqa: PLC0415 - models are ready only now
        from chengshu.kernel.grants.facade import Permission, register_permission  # noqa: PLC0415 - the same
        from chengshu.kernel.jobs.facade import register_chore, register_kind  # noqa: PLC0415 - the same

        register_actions(_ACTIONS)
        register_kind(KIND)
        register_chore("audit.keep_chain", KEEPER)
        register_permission(Permission("audit.read", _("查看审计记录"), is_reading=True))
        register_entry(NavigationEntry("audit", _("审计"), "audit:list", "history", 830, "audit.read"))


# What people call the actions that the audit keeps.
_ACTIONS = {
    "audit.view_personal_data": _("查看个人信息"),
    "audit.refuse_access": _("访问被拒"),
    "audit.export": _("导出审计记录"),
    "audit.rotate_keys": _("更换审计签名密钥"),
    "audit.verify_chain": _("核对审计链"),
}
