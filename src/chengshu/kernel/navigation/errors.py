"""Errors of the navigation.

NavigationEntryTwice   two entries with one key
"""

from chengshu.base.errors import ChengshuError


class NavigationEntryTwice(ChengshuError):
    """Two different entries were registered under one key."""

    code = "NAVIGATION_ENTRY_TWICE"
