"""What stands is kept with the moment since when, in the transaction of the change; called by whoever writes it."""

from datetime import datetime

from chengshu.resources.models import DataResource, DataSource
from chengshu.resources.models.standings import ResourceStanding, SourceStanding

_OF_ENTRY = ("department_id", "code", "name", "state", "field_count", "fault_count")
_OF_SOURCE = ("name", "table", "is_active")


def keep_standing(resource: DataResource, *, now: datetime) -> bool:
    """Keep how an entry stands from now on; False when nothing differs from what is kept.

    The row of the entry is new or locked. A moment before the last one kept counts as that one: what stood then is told.
    """
    last = ResourceStanding.objects.filter(resource=resource).order_by("-number").first()
    told = {name: getattr(resource, name) for name in _OF_ENTRY}
    if last is not None and told == {name: getattr(last, name) for name in _OF_ENTRY}:
        return False
    number, since = (1, now) if last is None else (last.number + 1, max(now, last.since_at))
    ResourceStanding.objects.create(resource=resource, number=number, since_at=since, **told)
    return True


def keep_source_standing(source: DataSource, *, now: datetime) -> bool:
    """Keep how a source stands from now on; the same as `keep_standing`."""
    last = SourceStanding.objects.filter(source=source).order_by("-number").first()
    told = {name: getattr(source, name) for name in _OF_SOURCE}
    if last is not None and told == {name: getattr(last, name) for name in _OF_SOURCE}:
        return False
    number, since = (1, now) if last is None else (last.number + 1, max(now, last.since_at))
    SourceStanding.objects.create(source=source, number=number, since_at=since, **told)
    return True
