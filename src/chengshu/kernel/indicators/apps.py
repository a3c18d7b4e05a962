"""Wiring of `kernel.indicators`."""

from functools import partial

from django.apps import AppConfig
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from chengshu.kernel.audit.registry import register_actions
from chengshu.kernel.grants.contracts import HouseRole, Permission
from chengshu.kernel.grants.registry import register_permission
from chengshu.kernel.navigation.facade import Group, NavigationEntry, register_entry

_STAFF = (HouseRole.OFFICER, HouseRole.DEPARTMENT_REVIEWER, HouseRole.FINANCE_REVIEWER)


class IndicatorsConfig(AppConfig):
    """The app `indicators`."""

    name = "chengshu.kernel.indicators"
    label = "indicators"
    verbose_name = "指标"

    def ready(self) -> None:
        """Name the rights that measuring asks for and who has them; offer the pages and the long work."""
        from chengshu.kernel.files.facade import register_owner  # noqa: PLC0415 - models are ready only now
        from chengshu.kernel.indicators.operations import (  # noqa: PLC0415 - the same
            MEASURE_MANY,
            work_measuring,
        )
        from chengshu.kernel.indicators.queries import holds_file  # noqa: PLC0415 - the same
        from chengshu.kernel.jobs.facade import JobKind, register_kind  # noqa: PLC0415 - the same

        register_actions(_ACTIONS)
        register_owner("indicators", holds_file)
        register_permission(Permission("indicators.see", _("查看指标计量及其佐证"), is_reading=True), roles=_STAFF)
        register_permission(Permission("indicators.measure", _("计量指标")), roles=_STAFF)
        register_entry(
            NavigationEntry(
                "indicators", _("指标计量"), "indicators:list", "ruler-measure", 30, "indicators.see", Group.YEAR
            )
        )
        run = partial(work_measuring, clock=timezone.now)
        register_kind(JobKind(MEASURE_MANY, _("计量指标"), run, lambda _result: reverse("indicators:list")))


# What people call the actions that the audit keeps.
_ACTIONS = {
    "indicators.measure": _("计量指标"),
    "indicators.verify": _("核对计量"),
}
