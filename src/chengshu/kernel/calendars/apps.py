"""Wiring of `kernel.calendars`."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from chengshu.kernel.audit.registry import register_actions
from chengshu.kernel.grants.contracts import Permission
from chengshu.kernel.grants.registry import register_permission
from chengshu.kernel.navigation.facade import NavigationEntry, register_entry


class CalendarsConfig(AppConfig):
    """The app `calendars`."""

    name = "chengshu.kernel.calendars"
    label = "calendars"
    verbose_name = "工作日历"

    def ready(self) -> None:
        """Offer the page of the calendar, and the right to load notices, which administrators have."""
        register_actions(_ACTIONS)
        register_permission(Permission("calendars.load", _("载入节假日通知")))
        register_entry(NavigationEntry("calendars", _("工作日历"), "calendars:years", "calendar", 80))


# What people call the actions that the audit keeps.
_ACTIONS = {
    "calendars.load_notice": _("载入节假日通知"),
}
