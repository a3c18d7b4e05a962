"""Sums over many forms, remembered until the forms change.

Whatever changes a form ends with a check of its batch, so the batches' own row tells how old a sum may be: how many
there are, which is the newest, and when one was last checked.
"""

from collections.abc import Callable
from typing import TypeVar

from django.core.cache import cache
from django.db.models import Count, Max

from chengshu.performance.models import Batch, Viewer

T = TypeVar("T")

_SECONDS = 3600


def remember(name: str, viewer: Viewer, compute: Callable[[], T], *, batch_id: int | None = None) -> T:
    """Give what `compute` gave for these visible batches as they stand, computing it once for each state of them."""
    batches = Batch.objects.visible_to(viewer)
    if batch_id is not None:
        batches = batches.filter(pk=batch_id)
    state = batches.aggregate(count=Count("pk"), newest=Max("pk"), checked=Max("checked_at"))
    checked = state["checked"].timestamp() if state["checked"] else 0
    key = f"performance:{name}:{viewer.pk}:{batch_id}:{state['count']}:{state['newest']}:{checked}"
    remembered: T | None = cache.get(key)
    if remembered is None:
        remembered = compute()
        cache.set(key, remembered, _SECONDS)
    return remembered
