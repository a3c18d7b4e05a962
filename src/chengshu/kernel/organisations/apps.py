"""Wiring of `kernel.organisations`."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from chengshu.kernel.audit.registry import register_actions


class OrganisationsConfig(AppConfig):
    """The app `organisations`."""

    name = "chengshu.kernel.organisations"
    label = "organisations"
    verbose_name = "组织"

    def ready(self) -> None:
        """Name the actions that the audit keeps."""
        register_actions(_ACTIONS)


# What people call the actions that the audit keeps.
_ACTIONS = {
    "organisations.create": _("设立组织"),
    "organisations.rename": _("组织更名"),
    "organisations.move": _("组织划转"),
    "organisations.merge": _("组织合并"),
    "organisations.split": _("组织分立"),
    "organisations.recode": _("更换组织代码"),
    "organisations.end": _("撤销组织"),
    "organisations.import": _("导入组织表"),
}
