"""Wiring of `kernel.audit`."""

from django.apps import AppConfig


class AuditConfig(AppConfig):
    """The app `audit`."""

    name = "chengshu.kernel.audit"
    label = "audit"
    verbose_name = "审计"
