"""Wiring of `kernel.accounts`."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """The app `accounts`."""

    name = "chengshu.kernel.accounts"
    label = "accounts"
    verbose_name = "账号"
