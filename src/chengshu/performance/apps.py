"""Wiring of the performance domain."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from chengshu.kernel.navigation.facade import NavigationEntry, register_entry, register_home


class PerformanceConfig(AppConfig):
    """财政项目支出绩效自评: forms read, checked, re-scored and printed."""

    name = "chengshu.performance"
    label = "performance"
    verbose_name = "绩效自评"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Offer the pages and the long work of this domain."""
        from chengshu.kernel.jobs.facade import register_kind  # noqa: PLC0415 - models are ready only now
        from chengshu.performance.tasks import KINDS  # noqa: PLC0415 - the same

        for kind in KINDS:
            register_kind(kind)
        for order, (key, label, icon) in enumerate(_PAGES, start=10):
            register_entry(NavigationEntry(key, label, f"performance:{key}", icon, order))
        register_home("performance:dashboard")


_PAGES = (
    ("dashboard", _("总览"), "layout-dashboard"),
    ("upload", _("导入"), "upload"),
    ("batches", _("批次"), "folders"),
    ("forms", _("自评表"), "table"),
    ("findings", _("核查发现"), "list-check"),
    ("rules", _("规则集"), "scale"),
)
