"""Wiring of the performance domain."""

from datetime import timedelta

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from chengshu.kernel.audit.registry import register_actions
from chengshu.kernel.grants.contracts import HouseRole, Permission
from chengshu.kernel.grants.registry import register_permission
from chengshu.kernel.navigation.facade import Group, NavigationEntry, register_entry, register_home


class PerformanceConfig(AppConfig):
    """财政项目支出绩效自评: forms read, checked, re-scored and printed."""

    name = "chengshu.performance"
    label = "performance"
    verbose_name = "绩效自评"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Offer the pages and the long work of this domain."""
        from chengshu.kernel.files.facade import register_owner  # noqa: PLC0415 - models are ready only now
        from chengshu.kernel.jobs.facade import register_chore, register_kind  # noqa: PLC0415 - models are ready only now
        from chengshu.kernel.notifications.facade import register_template  # noqa: PLC0415 - the same
        from chengshu.kernel.tickets.facade import register_kind as register_ticket_kind  # noqa: PLC0415 - the same
        from chengshu.performance.facade.evaluations import holds_file  # noqa: PLC0415 - the same
        from chengshu.performance.facade.monitoring import (  # noqa: PLC0415 - the same
            TEMPLATES,
            keep_monitoring,
            register_notifier,
            tell_behind,
        )
        from chengshu.performance.facade.reviews import RECTIFICATION  # noqa: PLC0415 - the same
        from chengshu.performance.facade.years import add_up_years  # noqa: PLC0415 - the same
        from chengshu.performance.operations.actions import ACTIONS  # noqa: PLC0415 - the same
        from chengshu.performance.tasks import KINDS, open_evaluations  # noqa: PLC0415 - the same

        for template in TEMPLATES:
            register_template(template)
        register_notifier(tell_behind)
        register_owner("performance", holds_file)
        for kind in KINDS:
            register_kind(kind)
        register_ticket_kind(RECTIFICATION)
        for order, (key, label, icon) in enumerate(_PAGES, start=10):
            group = Group.FORMS if key in _OF_FORMS else Group.YEAR
            needed = _NEEDED.get(key, "")
            register_entry(NavigationEntry(key, label, f"performance:{key}", icon, order, needed, group=group))
        for order, (key, label, icon) in enumerate(_DESK):
            register_entry(NavigationEntry(key, label, f"performance:{key}", icon, order, group=Group.DESK))
        for permission, roles in _PERMISSIONS:
            register_permission(permission, roles=roles)
        register_chore("performance.add_up_years", add_up_years)
        register_chore("performance.keep_monitoring", keep_monitoring)
        register_chore("performance.open_evaluations", open_evaluations, every=timedelta(minutes=5))
        register_actions(ACTIONS)
        register_home("performance:start", permission="performance.see_project")


_PAGES = (
    ("overview", _("年度总览"), "chart-bar"),
    ("dashboard", _("总览"), "layout-dashboard"),
    ("projects", _("项目"), "sitemap"),
    ("goals", _("绩效目标"), "list-check"),
    ("evaluations", _("绩效自评"), "clipboard-check"),
    ("library", _("指标库"), "table"),
    ("monitoring", _("绩效监控"), "traffic-lights"),
    ("reviews", _("抽查复核"), "scale"),
    ("rectifications", _("整改"), "tool"),
    ("publications", _("公开"), "world"),
    ("upload", _("导入"), "upload"),
    ("batches", _("批次"), "folders"),
    ("forms", _("自评表"), "table"),
    ("findings", _("核查发现"), "list-check"),
    ("rules", _("规则集"), "scale"),
)

#: What waits for a person, whatever role.
_DESK = (("inbox", _("我的待办"), "clipboard-check"), ("calendar", _("日程"), "calendar-due"))

#: Pages of imported forms; the others are of the performance year.
_OF_FORMS = frozenset({"dashboard", "upload", "batches", "forms", "findings", "rules"})

#: Pages that are of no use without a permission; the others show an empty list.
_NEEDED = {"upload": "performance.import_form"}

_UNIT, _DEPARTMENT, _FINANCE = HouseRole.OFFICER, HouseRole.DEPARTMENT_REVIEWER, HouseRole.FINANCE_REVIEWER

# What may be done in the performance year, and by which role of the house.
_PERMISSIONS: tuple[tuple[Permission, tuple[str, ...]], ...] = (
    (Permission("performance.see_project", _("查看项目"), is_reading=True), (_UNIT, _DEPARTMENT, _FINANCE)),
    (Permission("performance.edit_project", _("登记项目")), (_UNIT, _DEPARTMENT)),
    (Permission("performance.edit_money", _("登记预算和支付")), (_UNIT, _FINANCE)),
    (Permission("performance.edit_goal", _("编报绩效目标")), (_UNIT,)),
    (Permission("performance.edit_library", _("维护指标库")), (_FINANCE,)),
    (Permission("performance.set_monitoring", _("设定监控时点")), (_FINANCE,)),
    (Permission("performance.monitor", _("填报绩效监控")), (_UNIT,)),
    (Permission("performance.evaluate", _("填报绩效自评")), (_UNIT,)),
    (Permission("performance.review_department", _("部门审核")), (_DEPARTMENT,)),
    (Permission("performance.review_finance", _("财政审核")), (_FINANCE,)),
    (Permission("performance.see_review", _("查看复核经过"), is_reading=True), (_FINANCE,)),
    (Permission("performance.spot_check", _("抽查复核")), (_FINANCE,)),
    (Permission("performance.object", _("对复核提出异议")), (_UNIT,)),
    (Permission("performance.rectify", _("下达整改")), (_DEPARTMENT, _FINANCE)),
    (Permission("performance.import_form", _("导入自评表")), (_UNIT, _DEPARTMENT, _FINANCE)),
    (Permission("performance.see_form", _("查看全部导入的自评表"), is_reading=True), (_DEPARTMENT, _FINANCE)),
    (Permission("performance.edit_form", _("更正和删除别人导入的自评表")), (_FINANCE,)),
    (Permission("performance.publish", _("公开与撤回")), (_FINANCE,)),
)
