"""Reads of the indicator library."""

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from chengshu.performance.errors import LibraryNotFound
from chengshu.performance.models import GoalIndicator, LibraryIndicator

_OFFERED = 20


def list_library() -> QuerySet[LibraryIndicator]:
    """Return all indicators of the library, retired ones too, unordered."""
    return LibraryIndicator.objects.all()


def list_domains() -> list[str]:
    """List the fields of work that have indicators, by name; "" stands for the common ones."""
    rows = LibraryIndicator.objects.order_by("domain").values_list("domain", flat=True).distinct()
    return list(rows)


def get_entry(entry_id: int) -> LibraryIndicator:
    """Return an indicator of the library.

    Raises:
        LibraryNotFound: there is none.
    """
    entry = LibraryIndicator.objects.filter(pk=entry_id).first()
    if entry is None:
        raise LibraryNotFound(_("指标库里没有这项指标。"), entry=entry_id)
    return entry


def count_uses(entry_id: int) -> int:
    """Count the indicators of goals that were taken from an entry."""
    return GoalIndicator.objects.filter(library=entry_id).count()


def search_library(text: str) -> list[LibraryIndicator]:
    """Find indicators that are offered and have every word in name, category or field; at most twenty, common ones first."""
    wanted = Q()
    for word in text.split():
        wanted &= Q(name__icontains=word) | Q(level2__icontains=word) | Q(domain__icontains=word)
    rows = LibraryIndicator.objects.filter(wanted, is_retired=False)
    return list(rows.order_by("domain", "level1", "level2", "name")[:_OFFERED])
