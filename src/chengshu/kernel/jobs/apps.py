"""Wiring of `kernel.jobs`."""

from django.apps import AppConfig


class JobsConfig(AppConfig):
    """The app `jobs`."""

    name = "chengshu.kernel.jobs"
    label = "jobs"
    verbose_name = "后台任务"
