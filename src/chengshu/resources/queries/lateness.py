"""Sources in a list with what they owed last and how late it came: the database sorts and filters by it."""

from collections.abc import Callable
from datetime import date, datetime

from django.db.models import (
    Case,
    CharField,
    DateTimeField,
    DurationField,
    ExpressionWrapper,
    F,
    OuterRef,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Cast, Coalesce

from chengshu.kernel.grants import facade as grants
from chengshu.kernel.jobs import facade as jobs
from chengshu.resources.contracts.catalogue import Cycle
from chengshu.resources.contracts.collection import DeliveryState, Lateness, PromiseContent
from chengshu.resources.models import DataSource, Delivery, DeliveryPromise
from chengshu.resources.queries.collection import list_sources
from chengshu.resources.rules.promises import last_due, last_ended


def list_punctual_sources(viewer: grants.Viewer, *, now: datetime) -> QuerySet[DataSource]:
    """List the sources in sight as `list_sources` does, each judged as `find_punctuality` does.

    Each has `due_at` and `lateness` (both None where nothing was owed yet or the source is switched off), and
    `late_by`: how long after the due moment the delivery came, or has not come until now.
    """
    zone = jobs.house_zone()
    due_at, ended_at = last_dues(now)
    taken = Delivery.objects.filter(source=OuterRef("pk"), state=DeliveryState.TAKEN.value, received_at__lte=now)
    first = taken.filter(received_at__gte=OuterRef("cycle_ended_at")).order_by("received_at").values("received_at")
    over = Coalesce(F("came_at"), Value(now, DateTimeField())) - F("due_at")
    return (
        list_sources(viewer, on=now.astimezone(zone).date())
        .annotate(due_at=due_at, cycle_ended_at=ended_at)
        .annotate(came_at=Subquery(first[:1]))
        .annotate(
            late_by=ExpressionWrapper(over, DurationField()),
            lateness=Case(
                When(due_at=None, then=Value(None)),
                When(came_at=None, then=Value(Lateness.MISSING.value)),
                When(came_at__gt=F("due_at"), then=Value(Lateness.LATE.value)),
                default=Value(Lateness.ON_TIME.value),
                output_field=CharField(),
            ),
        )
    )


def last_dues(now: datetime) -> tuple[Case, Case]:
    """Tell by the promises that there are when a source's last delivery was due, and when its cycle ended."""
    return _by_promise(last_due, now)


def last_ends(now: datetime) -> tuple[Case, Case]:
    """Tell the same of the last cycle that is over: its delivery may be due only later."""
    return _by_promise(last_ended, now)


def _by_promise(find: Callable[..., tuple[datetime, datetime] | None], now: datetime) -> tuple[Case, Case]:
    zone = jobs.house_zone()
    dues, ends = [], []
    for cycle, hours in DeliveryPromise.objects.values_list("cycle", "due_hours").order_by().distinct():
        found = find(PromiseContent(Cycle(cycle), hours, date.min), now=now, zone=zone)
        if found is None:
            continue
        promised = {
            "is_active": True,
            "promise__cycle": cycle,
            "promise__due_hours": hours,
            "promise__since__lt": found[1].date(),
        }
        dues.append(When(**promised, then=Value(found[0], DateTimeField())))
        ends.append(When(**promised, then=Value(found[1], DateTimeField())))
    never = Cast(Value(None), DateTimeField())  # without a type, a union could not tell what it is
    return (
        Case(*dues, default=never, output_field=DateTimeField()),
        Case(*ends, default=never, output_field=DateTimeField()),
    )
