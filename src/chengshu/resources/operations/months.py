"""What a month asked for is kept as a fact once the month is over, whatever becomes of its records later."""

from datetime import datetime, timedelta

from django.db import transaction

from chengshu.kernel.audit.facade import record
from chengshu.resources.models.months import MonthRecord
from chengshu.resources.queries.months import Month, count_month, list_unnoted

_GRACE = timedelta(days=1)
"""After the end of a month, for the worker to note what was due, escalate what is over and seal the last day."""


def note_months(now: datetime) -> int:
    """Keep what the months that are over asked for and what was done, each once; return how many records were added."""
    return sum(_note(month, now) for month in list_unnoted(now, grace=_GRACE))


@transaction.atomic
def _note(month: Month, now: datetime) -> int:
    counts = count_month(month)
    if not counts:
        return 0
    MonthRecord.objects.bulk_create(
        MonthRecord(
            month_on=month.first,
            month_at=month.since,
            ended_at=month.until,
            chapter=one.chapter.value,
            topic=one.topic.value,
            organisation_id=one.organisation_id,
            items=one.items,
            kept=one.kept,
            noted_at=now,
        )
        for one in counts
    )
    record(None, "resources.note_month", f"month:{month.first:%Y-%m}", now=now, details={"records": len(counts)})
    return len(counts)
