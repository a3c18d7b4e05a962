"""Who sees which batches; every queryset of this domain starts from here, so that rights live in SQL."""

from typing import Protocol

from django.db.models import Q

from chengshu.kernel.accounts.contracts import Role

_SEE_ALL = frozenset({Role.REVIEWER.value, Role.ADMIN.value})


class Viewer(Protocol):
    """The part of an account that rights look at."""

    pk: int
    is_active: bool
    role: str


def batch_filter(viewer: Viewer, prefix: str = "") -> Q:
    """Give the condition that leaves the batches a viewer may see: all for reviewers, their own for officers.

    `prefix` is the path to the batch ("batch__"). Deleted batches are never visible; a retired account sees none.
    """
    return _own_or_all(viewer, prefix) & Q(**{f"{prefix}deleted_at__isnull": True})


def deleted_batch_filter(viewer: Viewer) -> Q:
    """Give the condition that leaves the deleted batches that a viewer may bring back: those he could delete."""
    return _own_or_all(viewer, "") & Q(deleted_at__isnull=False)


def _own_or_all(viewer: Viewer, prefix: str) -> Q:
    if not viewer.is_active:
        return Q(pk__in=())
    return Q() if viewer.role in _SEE_ALL else Q(**{f"{prefix}owner_id": viewer.pk})
