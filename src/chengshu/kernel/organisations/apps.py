"""Wiring of `kernel.organisations`."""

from django.apps import AppConfig


class OrganisationsConfig(AppConfig):
    """The app `organisations`."""

    name = "chengshu.kernel.organisations"
    label = "organisations"
    verbose_name = "组织"
