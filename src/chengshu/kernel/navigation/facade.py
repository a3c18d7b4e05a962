"""The door of the navigation."""

from chengshu.kernel.navigation.contracts import GROUP_LABELS, Group, NavigationEntry
from chengshu.kernel.navigation.errors import NavigationEntryTwice
from chengshu.kernel.navigation.registry import find_home, list_entries, register_entry, register_home

__all__ = [
    "GROUP_LABELS",
    "Group",
    "NavigationEntry",
    "NavigationEntryTwice",
    "find_home",
    "list_entries",
    "register_entry",
    "register_home",
]
