"""The house's own events given to another system: who was told is written down."""

from datetime import datetime

from django.db import transaction
from django.utils.timezone import localdate

from chengshu.kernel.accounts.facade import User
from chengshu.kernel.audit.facade import record
from chengshu.kernel.grants import facade as grants
from chengshu.resources.models import KEEP_LINEAGE
from chengshu.resources.queries.events import EventsTold, bound_moment, page_events


@transaction.atomic
def tell_events(since: datetime, *, cursor: str, most: int, actor: User, now: datetime) -> EventsTold:
    """Give a page of the events of all that began or ended since an aware moment, as `page_events` does.

    They tell of the whole city, and of every department's failing rows; so they are for who keeps lineage for
    the city.

    Raises:
        PermissionRefused: the actor may not.
        LineageRefused, LakeBusy: as `page_events`.
    """
    grants.require_in_city(actor, KEEP_LINEAGE, on=localdate(now))
    since = bound_moment(since)
    told = page_events(since, cursor=cursor, most=most)
    details = {"since": since, "events": len(told.events), "is_last": not told.cursor}
    record(actor, "resources.tell_events", "lineage:events", now=now, details=details)
    return told
