"""Wiring of `kernel.indicators`."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from chengshu.kernel.grants.contracts import HouseRole, Permission
from chengshu.kernel.grants.registry import register_permission

_STAFF = (HouseRole.OFFICER, HouseRole.DEPARTMENT_REVIEWER, HouseRole.FINANCE_REVIEWER)


class IndicatorsConfig(AppConfig):
    """The app `indicators`."""

    name = "chengshu.kernel.indicators"
    label = "indicators"
    verbose_name = "指标"

    def ready(self) -> None:
        """Name the rights that measuring asks for, and who has them."""
        register_permission(Permission("indicators.see", _("查看指标计量及其佐证"), is_reading=True), roles=_STAFF)
        register_permission(Permission("indicators.measure", _("计量指标")), roles=_STAFF)
