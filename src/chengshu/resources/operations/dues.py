"""What was owed and when is kept as a fact once its moment is over, whatever becomes of the promise later."""

from datetime import datetime

from django.db import transaction
from django.db.models import Max, OuterRef, Subquery

from chengshu.kernel.jobs import facade as jobs
from chengshu.resources.models import DeliveryPromise
from chengshu.resources.models.collection import DueDelivery
from chengshu.resources.queries.collection import promise_content
from chengshu.resources.rules.promises import list_dues


@transaction.atomic
def note_dues(now: datetime, *, source_id: int | None = None) -> int:
    """Keep the deliveries that have become due since this was done last, and tell how many.

    Of all active sources that promised something, or of one. What was kept stays: a promise that changes says what is
    due from then on.
    """
    zone = jobs.house_zone()
    last = DueDelivery.objects.filter(source=OuterRef("source")).values("source")
    promises = DeliveryPromise.objects.filter(source__is_active=True).select_related("source")
    if source_id is not None:
        promises = promises.filter(source=source_id)
    found = [
        DueDelivery(
            source=promise.source,
            department_id=promise.source.department_id,
            cycle=promise.cycle,
            cycle_ended_at=ended_at,
            due_at=due_at,
        )
        for promise in promises.annotate(noted=Subquery(last.annotate(last=Max("cycle_ended_at")).values("last")))
        for due_at, ended_at in list_dues(promise_content(promise), after=promise.noted, now=now, zone=zone)
    ]
    DueDelivery.objects.bulk_create(found, ignore_conflicts=True, batch_size=1000)
    return len(found)
