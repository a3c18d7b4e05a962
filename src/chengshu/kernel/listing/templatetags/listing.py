"""`{{ moment|deadline }}` writes until when something is in time, as lists do."""

from datetime import datetime

from django import template

from chengshu.kernel.listing.formats import EMPTY, format_deadline

register = template.Library()


@register.filter
def deadline(due_at: datetime | None) -> str:
    """Write `2024-03-15` for the end of that day, else `2024-03-15 14:05`; a dash where nothing is due."""
    return EMPTY if due_at is None else format_deadline(due_at)
