"""Wiring of `kernel.jobs`."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from chengshu.kernel.audit.registry import register_actions
from chengshu.kernel.navigation.facade import NavigationEntry, register_entry


class JobsConfig(AppConfig):
    """The app `jobs`."""

    name = "chengshu.kernel.jobs"
    label = "jobs"
    verbose_name = "后台任务"

    def ready(self) -> None:
        """Offer the administrators' pages and say who may manage jobs."""
        from chengshu.kernel.grants.facade import Permission, register_permission  # noqa: PLC0415 - models are ready only now

        register_actions(_ACTIONS)
        register_permission(Permission("jobs.manage", _("管理后台任务")))
        register_entry(NavigationEntry("jobs-all", _("任务运维"), "jobs:all", "activity", 840, "jobs.manage"))


# What people call the actions that the audit keeps.
_ACTIONS = {
    "jobs.retry_dead": _("重做失败任务"),
    "jobs.dismiss": _("了结失败任务"),
    "jobs.run_schedule": _("立即运行定时任务"),
    "jobs.pause_schedule": _("暂停定时任务"),
    "jobs.resume_schedule": _("恢复定时任务"),
}
