"""What keeps the catalogue true by itself: the index and the counts of faults, where other things changed."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from chengshu.resources.models import DataResource, Field, IndexedResource
from chengshu.resources.operations.indexing import index_resources, rebuild_index
from chengshu.resources.operations.standings import keep_standing
from chengshu.resources.queries.entries import check_content, standing_content
from chengshu.resources.rules.tokens import rules_mark

AT_ONCE = 200
"""So many entries are brought in step while a person waits; more are left to the worker."""


def keep_index(now: datetime) -> None:
    """Index what is not in the index, or is there by other words than those of today; many of them by building anew."""
    current = IndexedResource.objects.filter(rules=rules_mark()).values("resource")
    waiting = DataResource.objects.exclude(pk__in=current)
    count = waiting.count()
    if count > AT_ONCE:
        rebuild_index(actor=None, now=now)
    elif count:
        with transaction.atomic():
            index_resources(list(waiting), now=now)


def recheck_entries(resources: Iterable[DataResource], *, now: datetime) -> int:
    """Count the faults of entries anew where elements or profiles changed; return how many counts were others.

    A count that is another one is kept with the moment: figures of an earlier day keep the count of then.
    """
    return sum(_recheck(resource, now) for resource in resources)


def _recheck(resource: DataResource, now: datetime) -> bool:
    if len(check_content(standing_content(resource))) == resource.fault_count:
        return False
    with transaction.atomic():
        locked = DataResource.objects.select_for_update().get(pk=resource.pk)
        locked.fault_count = len(check_content(standing_content(locked)))
        locked.save(update_fields=["fault_count"])
        return keep_standing(locked, now=now)


def recheck_referrers(resource: DataResource, *, now: datetime) -> None:
    """Count the faults anew of entries that refer to one which came, went or changed; beyond some the worker does."""
    told = Field.objects.exclude(refers_to="").filter(refers_to__startswith=f"{resource.code} ")
    referring = DataResource.objects.filter(pk__in=told.values("resource")).exclude(pk=resource.pk)
    recheck_entries(referring.select_related("department").order_by("pk")[:AT_ONCE], now=now)


def recheck_all(now: datetime) -> None:
    """Count the faults of all entries anew."""
    recheck_entries(DataResource.objects.select_related("department").order_by("pk").iterator(AT_ONCE), now=now)
