"""Wiring of `kernel.listing`."""

from django.apps import AppConfig


class ListingConfig(AppConfig):
    """The app `listing`."""

    name = "chengshu.kernel.listing"
    label = "listing"
    verbose_name = "列表"
