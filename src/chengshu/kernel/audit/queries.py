"""Reads of the audit."""

from chengshu.kernel.audit.models import Entry, EntryQuerySet


def list_entries(subject: str) -> EntryQuerySet:
    """Return the entries about one object, newest first, with their actors."""
    return Entry.objects.filter(subject=subject).select_related("actor").order_by("-at", "-id")
