"""Disputes about entries."""

from django.db.models import QuerySet

from chengshu.resources.models import DataResource, Dispute


def list_disputes(resource: DataResource) -> QuerySet[Dispute]:
    """List the disputes about an entry with their tickets and people, the newest first; the entry is in sight."""
    rows: QuerySet[Dispute] = Dispute.objects.filter(resource=resource).select_related("ticket", "raised_by")
    return rows.order_by("-raised_at")
