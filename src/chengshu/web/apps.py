"""Wiring of the shell."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from chengshu.kernel.navigation.facade import Group, NavigationEntry, register_entry


class WebConfig(AppConfig):
    """The app `web`."""

    name = "chengshu.web"
    label = "web"
    verbose_name = "界面"

    def ready(self) -> None:
        """Give the shell's own pages their place in the navigation."""
        register_entry(NavigationEntry("jobs", _("后台任务"), "jobs", "clock-play", order=900, group=Group.DESK))
