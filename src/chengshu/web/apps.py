"""Wiring of the shell."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    """The app `web`."""

    name = "chengshu.web"
    label = "web"
    verbose_name = "界面"
