"""Wiring of `kernel.files`."""

from django.apps import AppConfig


class FilesConfig(AppConfig):
    """The app `files`."""

    name = "chengshu.kernel.files"
    label = "files"
    verbose_name = "文件"
