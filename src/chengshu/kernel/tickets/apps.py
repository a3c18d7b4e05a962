"""Wiring of `kernel.tickets`: permissions, pages, and the calendar whose changes it follows."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from chengshu.kernel.audit.registry import register_actions
from chengshu.kernel.grants.contracts import HouseRole, Permission
from chengshu.kernel.grants.registry import register_permission
from chengshu.kernel.navigation.facade import Group, NavigationEntry, register_entry


class TicketsConfig(AppConfig):
    """The app `tickets`."""

    name = "chengshu.kernel.tickets"
    label = "tickets"
    verbose_name = "工单"

    def ready(self) -> None:
        """Offer permissions and pages; follow the calendar; have the worker look for clocks that are over."""
        from chengshu.kernel.calendars.facade import register_listener  # noqa: PLC0415 - models are ready only now
        from chengshu.kernel.files.facade import register_owner  # noqa: PLC0415 - the same
        from chengshu.kernel.indicators.facade import register_source  # noqa: PLC0415 - the same
        from chengshu.kernel.jobs.facade import register_chore  # noqa: PLC0415 - the same
        from chengshu.kernel.notifications.facade import register_template  # noqa: PLC0415 - the same
        from chengshu.kernel.tickets.indicators import list_indicators  # noqa: PLC0415 - the same
        from chengshu.kernel.tickets.operations.escalation import renew_forecasts, run_sweep  # noqa: PLC0415 - the same
        from chengshu.kernel.tickets.operations.telling import TEMPLATES  # noqa: PLC0415 - the same
        from chengshu.kernel.tickets.queries.tickets import holds_file  # noqa: PLC0415 - the same

        register_actions(_ACTIONS)
        register_owner("tickets", holds_file)
        for template in TEMPLATES:
            register_template(template)
        for permission, roles in _PERMISSIONS:
            register_permission(permission, roles=roles)
        for order, (name, label, icon, needed) in enumerate(_PAGES, start=40):
            register_entry(NavigationEntry(name.replace(":", "-"), label, name, icon, order, needed, Group.DESK))
        register_listener(renew_forecasts)
        register_source(list_indicators)
        register_chore("tickets.sweep", run_sweep)


_PERMISSIONS = (
    (
        Permission("tickets.view", _("查看工单"), is_reading=True),
        (HouseRole.TICKET_HANDLER, HouseRole.DEPARTMENT_REVIEWER),
    ),
    (
        Permission("tickets.open", _("开单")),
        (HouseRole.TICKET_HANDLER, HouseRole.OFFICER, HouseRole.DEPARTMENT_REVIEWER),
    ),
    (Permission("tickets.handle", _("办理工单")), (HouseRole.TICKET_HANDLER,)),
    (Permission("tickets.follow_up", _("回访和登记评价")), (HouseRole.TICKET_HANDLER, HouseRole.DEPARTMENT_REVIEWER)),
    (Permission("tickets.assign", _("指派工单、改变优先级")), (HouseRole.DEPARTMENT_REVIEWER,)),
)
_PAGES = (
    ("tickets:inbox", _("待办工单"), "inbox", ""),
    ("tickets:list", _("工单"), "ticket", "tickets.view"),
)


# What people call the actions that the audit keeps.
_ACTIONS = {
    "tickets.open": _("开单"),
    "tickets.act": _("办理工单"),
    "tickets.undo": _("撤回工单操作"),
    "tickets.assign": _("指派工单"),
    "tickets.reclassify": _("改工单优先级或类别"),
    "tickets.comment": _("工单留言"),
    "tickets.attach": _("工单附件"),
    "tickets.escalate": _("工单时限预警"),
    "tickets.refuse_in_batch": _("批量办理时被拒"),
}
