"""The navigation entries and the home page, filled by domains in their `apps.py` while Django starts."""

from chengshu.kernel.navigation.contracts import NavigationEntry
from chengshu.kernel.navigation.errors import NavigationEntryTwice

_entries: dict[str, NavigationEntry] = {}
_home: list[str] = []


def register_entry(entry: NavigationEntry) -> None:
    """Add an entry to the main navigation.

    Raises:
        NavigationEntryTwice: another entry has the same key.
    """
    if _entries.get(entry.key, entry) != entry:
        raise NavigationEntryTwice(f"导航项 {entry.key} 登记了两次", key=entry.key)
    _entries[entry.key] = entry


def register_home(url_name: str) -> None:
    """Make the page with this URL name the one that people see after logging in; the last registration holds."""
    _home[:] = [url_name]


def list_entries() -> list[NavigationEntry]:
    """Return the entries in the order of the navigation."""
    return sorted(_entries.values(), key=lambda entry: (entry.order, entry.key))


def find_home() -> str | None:
    """Return the URL name of the home page, or None when no domain registered one."""
    return _home[0] if _home else None
