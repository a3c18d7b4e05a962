"""What is gathered from many forms, remembered until the forms change.

Whatever changes a form ends with a check of its batch, so the batches' own rows tell how old it may be: which ones
there are, and when each was last checked.
"""

import hashlib
from collections.abc import Callable
from datetime import date
from typing import TypeVar

from django.core.cache import cache

from chengshu.performance.models import Batch, Viewer

T = TypeVar("T")

_SECONDS = 3600


def remember(name: str, viewer: Viewer, on: date, compute: Callable[[], T]) -> T:
    """Give what `compute` gave for these visible batches as they stand, computing it once for each state of them."""
    state = list(Batch.objects.visible_to(viewer, on=on).order_by("pk").values_list("pk", "checked_at"))
    digest = hashlib.sha256(repr(state).encode()).hexdigest()
    key = f"performance:{name}:{viewer.pk}:{digest}"
    remembered: T | None = cache.get(key)
    if remembered is None:
        remembered = compute()
        cache.set(key, remembered, _SECONDS)
    return remembered
