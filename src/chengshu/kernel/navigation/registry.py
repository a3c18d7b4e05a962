"""The navigation entries and the home pages, filled by domains in their `apps.py` while Django starts."""

from collections.abc import Callable

from chengshu.kernel.navigation.contracts import NavigationEntry
from chengshu.kernel.navigation.errors import NavigationEntryTwice

_entries: dict[str, NavigationEntry] = {}
_homes: dict[str, str] = {}


def register_entry(entry: NavigationEntry) -> None:
    """Add an entry to the main navigation.

    Raises:
        NavigationEntryTwice: another entry has the same key.
    """
    if _entries.get(entry.key, entry) != entry:
        raise NavigationEntryTwice(f"导航项 {entry.key} 登记了两次", key=entry.key)
    _entries[entry.key] = entry


def register_home(url_name: str, *, permission: str) -> None:
    """Offer a page to those who hold a permission as the one that they see after logging in.

    Who holds those of several pages is led to the one whose name comes first; who holds none, to that one as well.
    """
    _homes[url_name] = permission


def list_entries() -> list[NavigationEntry]:
    """Return the entries in the order of the navigation."""
    return sorted(_entries.values(), key=lambda entry: (entry.order, entry.key))


def find_home(holds: Callable[[str], bool]) -> str | None:
    """Return the URL name of a person's home page, or None when no domain registered one; `holds` knows his rights."""
    names = sorted(_homes)
    return next((name for name in names if holds(_homes[name])), next(iter(names), None))
