"""What every page of the shell needs."""

from typing import Any

from django.http import HttpRequest

from chengshu.kernel.navigation import facade as navigation


def shell(request: HttpRequest) -> dict[str, Any]:
    """Return the navigation entries that this person may see."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {"navigation": []}
    return {
        "navigation": [
            entry for entry in navigation.list_entries() if not entry.permission or user.has_perm(entry.permission)
        ]
    }
