"""What every page of the shell needs."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise, SimpleLazyObject
from django.utils.timezone import localdate

from chengshu import __version__
from chengshu.kernel.accounts.facade import User
from chengshu.kernel.navigation import facade as navigation
from chengshu.kernel.navigation.facade import GROUP_LABELS, NavigationEntry
from chengshu.kernel.notifications.facade import count_unread
from chengshu.web.preferences import read_preferences


@dataclass(frozen=True, slots=True)
class Place:
    """An entry of the navigation as the page shows it."""

    entry: NavigationEntry
    url: str
    is_current: bool


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the navigation with the places in it."""

    key: str
    label: str | Promise
    places: tuple[Place, ...]


def shell(request: HttpRequest) -> dict[str, Any]:
    """Return the navigation that this person may see, and how they want pages to look."""
    return {
        "navigation": _parts(_places(request)),
        # Each language under its own name, whatever the page's language.
        "languages": settings.LANGUAGES,
        "preferences": read_preferences(request),
        "product_version": __version__,
        # Asked by whole pages only, not by the parts that HTMX fetches.
        "unread_notifications": SimpleLazyObject(lambda: _count_unread(request)),
    }


def _count_unread(request: HttpRequest) -> int:
    user = getattr(request, "user", None)
    return count_unread(user, on=localdate()) if isinstance(user, User) else 0


def _parts(places: Sequence[Place]) -> list[Part]:
    """Put the places together by their parts; a part in which this person has no place is left out."""
    within = {group: tuple(place for place in places if place.entry.group is group) for group in GROUP_LABELS}
    return [Part(group.value, GROUP_LABELS[group], found) for group, found in within.items() if found]


def _places(request: HttpRequest) -> list[Place]:
    """Return the entries open to this person; the one with the longest address above this page is current."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return []
    entries = [e for e in navigation.list_entries() if not e.permission or user.has_perm(e.permission)]
    urls = [reverse(entry.url_name) for entry in entries]
    current = max((url for url in urls if request.path.startswith(url)), key=len, default=None)
    return [Place(entry, url, url == current) for entry, url in zip(entries, urls, strict=True)]
