"""Wiring of the performance domain."""

from django.apps import AppConfig


class PerformanceConfig(AppConfig):
    """财政项目支出绩效自评: forms read, checked, re-scored and printed."""

    name = "chengshu.performance"
    label = "performance"
    verbose_name = "绩效自评"
    default_auto_field = "django.db.models.BigAutoField"
