"""What had to be done in a month, and what was, counted from the records of the work as it stood at the month's end."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Exists, Min, OuterRef, QuerySet, Subquery
from django.utils.timezone import localdate

from chengshu.kernel.audit import facade as audit
from chengshu.kernel.jobs import facade as jobs
from chengshu.kernel.notifications.facade import list_holders
from chengshu.kernel.tickets import facade as tickets
from chengshu.kernel.tickets.facade import FOLLOW_UP_CLOCK, RoundCount
from chengshu.resources.contracts.collection import DeliveryState
from chengshu.resources.contracts.months import Chapter, MonthCount, MonthTopic
from chengshu.resources.models import (
    EDIT,
    CheckRun,
    DataResource,
    DataSource,
    Delivery,
    DeliveryPromise,
    PlannedCheck,
    ResourceStanding,
    RuleRevision,
    SourceStanding,
)
from chengshu.resources.models.collection import DueDelivery
from chengshu.resources.models.months import MonthRecord

#: Kinds of tickets with the clocks that are an obligation of their organisation, and the states in which they never were.
_WATCHED = (
    (MonthTopic.DISPUTES, (("catalogue_dispute", ("answer", "settle")),)),
    (MonthTopic.RECTIFYING, (("quality_issue", ("mend", "settle")),)),
    (MonthTopic.FOLLOW_UPS, (("data_work", (FOLLOW_UP_CLOCK.key,)), ("data_trouble", (FOLLOW_UP_CLOCK.key,)))),
)
_ALL_CLOCKS = (
    ("catalogue_dispute", ("answer", "settle")),
    ("quality_issue", ("mend", "settle")),
    ("data_work", ("response", "handle", FOLLOW_UP_CLOCK.key)),
    ("data_trouble", ("response", "handle", FOLLOW_UP_CLOCK.key)),
)
_SERVICE = ("data_work", "data_trouble")
#: What has to run by itself, as the worker's schedules name it.
_SCHEDULES = ("resources.tidy_lake", "resources.plan_checks")


@dataclass(frozen=True, slots=True)
class Month:
    """A calendar month of the house: its first day, and its moments `[since, until)`."""

    first: date
    since: datetime
    until: datetime


def month_of(day: date) -> Month:
    """Give the month that a day lies in."""
    first = day.replace(day=1)
    following = (first + timedelta(days=32)).replace(day=1)
    since, until = (datetime.combine(one, time(), jobs.house_zone()) for one in (first, following))
    return Month(first, since, until)


def list_unnoted(now: datetime, *, grace: timedelta) -> Iterator[Month]:
    """Give the months that are over since `grace` and not counted yet, from the first record of the work on."""
    last = MonthRecord.objects.order_by("-month_on").values_list("month_on", flat=True).first()
    began = _first_work() if last is None else None
    if last is None and began is None:
        return
    month = month_of(last + timedelta(days=32)) if last is not None else month_of(localdate(began))
    while month.until + grace <= now:
        yield month
        month = month_of(month.first + timedelta(days=32))


def _first_work() -> datetime | None:
    """Give the moment of the first record of the work: an entry, a planned check, a delivery owed, a service ticket."""
    firsts = (
        ResourceStanding.objects.aggregate(first=Min("since_at")),
        PlannedCheck.objects.aggregate(first=Min("month_at")),
        DueDelivery.objects.aggregate(first=Min("due_at")),
        tickets.Ticket.objects.filter(kind__in=_SERVICE).aggregate(first=Min("opened_at")),
    )
    return min((told["first"] for told in firsts if told["first"] is not None), default=None)


def count_month(month: Month) -> list[MonthCount]:
    """Count a month that is over, by organisation; what there was nothing of is left out."""
    obligations = (
        (MonthTopic.PLAN, _plan(month)),
        (MonthTopic.CHECKS, _checks(month)),
        (MonthTopic.DELIVERIES, _deliveries(month)),
        (MonthTopic.DRIFT, _drift(month)),
        *((topic, _rounds(kinds, month)) for topic, kinds in _WATCHED),
    )
    mechanisms = (
        (MonthTopic.CHECK_PLAN, _planning(month)),
        (MonthTopic.PROMISES, _promises(month)),
        (MonthTopic.RESPONSIBLE, _responsible(month)),
        (MonthTopic.ESCALATION, _escalated(month)),
        (MonthTopic.UPKEEP, _upkeep(month)),
        (MonthTopic.AUDIT_SEAL, _sealed(month)),
    )
    return [
        MonthCount(chapter, topic, organisation, items, kept)
        for chapter, counts in ((Chapter.OBLIGATION, obligations), (Chapter.MECHANISM, mechanisms))
        for topic, told in counts
        for organisation, items, kept in told
        if items
    ]


Told = Iterable[tuple[int | None, int, int]]


def _tell(rows: Iterable[tuple[int, bool]]) -> Told:
    items, kept = Counter[int](), Counter[int]()
    for organisation, is_kept in rows:
        items[organisation] += 1
        kept[organisation] += is_kept
    return [(organisation, items[organisation], kept[organisation]) for organisation in sorted(items)]


def _standing(moment: datetime) -> QuerySet[ResourceStanding]:
    """Give how each entry stood right before a moment."""
    last = ResourceStanding.objects.filter(resource=OuterRef("pk"), since_at__lt=moment).order_by("-number")
    entries = DataResource.objects.annotate(standing=Subquery(last.values("pk")[:1]))
    return ResourceStanding.objects.filter(pk__in=entries.values("standing"))


def _checkable(month: Month) -> dict[int, int]:
    """Give the entries that had to be planned, with their departments: published and with a rule in use at its begin."""
    in_use: dict[int, tuple[int, bool]] = {}
    revisions = RuleRevision.objects.filter(changed_at__lt=month.since).order_by("rule", "number")
    for rule, resource, is_active in revisions.values_list("rule", "rule__resource", "is_active").iterator():
        in_use[rule] = (resource, is_active)
    ruled = {resource for resource, is_active in in_use.values() if is_active}
    shown = _standing(month.since).filter(state="published").values_list("resource", "department")
    return {resource: department for resource, department in shown if resource in ruled}


def _plan(month: Month) -> Told:
    planned = set(
        PlannedCheck.objects.filter(month_on=month.first, planned_at__lt=month.until).values_list("resource", flat=True)
    )
    return _tell((department, resource in planned) for resource, department in _checkable(month).items())


def _checked(month: Month) -> list[tuple[int, bool]]:
    """Give each planned check by its department, and whether it was done."""
    done = CheckRun.objects.filter(
        resource=OuterRef("resource"), month_on=month.first, kind="full", state="done", finished_at__lt=month.until
    )
    planned = PlannedCheck.objects.filter(month_on=month.first, planned_at__lt=month.until).annotate(done=Exists(done))
    owners = dict(_standing(month.until).values_list("resource", "department"))
    rows = planned.values_list("resource", "resource__department", "done")
    return [(owners.get(resource, department), done) for resource, department, done in rows]


def _checks(month: Month) -> Told:
    return _tell(_checked(month))


def _planning(month: Month) -> Told:
    """A department's tables are planned and checked at all: the mechanism works, whatever a single check lacks."""
    wanted = set(_checkable(month).values())
    worked = {department for department, done in _checked(month) if done}
    return [(department, 1, int(department in worked)) for department in sorted(wanted | worked)]


def _deliveries(month: Month) -> Told:
    came = Delivery.objects.filter(
        source=OuterRef("source"),
        state=DeliveryState.TAKEN.value,
        received_at__gte=OuterRef("cycle_ended_at"),
        received_at__lte=OuterRef("due_at"),
        ended_at__lt=month.until,
    )
    owed = DueDelivery.objects.filter(due_at__gte=month.since, due_at__lt=month.until).annotate(came=Exists(came))
    return _tell(owed.values_list("department", "came").iterator())


def _drift(month: Month) -> Told:
    """Of deliveries that came before the month with other columns than declared, and waited at its begin."""
    drifted = Delivery.objects.filter(received_at__lt=month.since).exclude(drift={})
    waited = drifted.exclude(ended_at__lt=month.since).exclude(state=DeliveryState.FAILED.value)
    later = Delivery.objects.filter(
        source=OuterRef("source"), received_at__gt=OuterRef("received_at"), state=DeliveryState.TAKEN.value
    )
    before = waited.annotate(passed=Exists(later.filter(ended_at__lt=month.since))).filter(passed=False)
    told = before.annotate(replaced=Exists(later.filter(ended_at__lt=month.until)))
    rows = told.values_list("department", "ended_at", "replaced")
    return _tell((department, replaced or (at is not None and at < month.until)) for department, at, replaced in rows)


def _promises(month: Month) -> Told:
    last = SourceStanding.objects.filter(source=OuterRef("pk"), since_at__lt=month.until).order_by("-number")
    used = DataSource.objects.annotate(used=Subquery(last.values("is_active")[:1])).filter(used=True)
    promised = DeliveryPromise.objects.filter(source=OuterRef("pk"), since__lt=localdate(month.until))
    owed = DueDelivery.objects.filter(source=OuterRef("pk"), due_at__lt=month.until)
    told = used.annotate(promised=Exists(promised), owed=Exists(owed)).values_list("department", "promised", "owed")
    return _tell((department, promised or owed) for department, promised, owed in told)


def _responsible(month: Month) -> Told:
    """Published entries whose department had somebody on the month's last day who keeps them."""
    last = localdate(month.until) - timedelta(days=1)
    shown = _standing(month.until).filter(state="published").values_list("department", flat=True)
    counted = Counter(shown.iterator())
    return [
        (department, count, count if list_holders(EDIT, department, on=last) else 0)
        for department, count in sorted(counted.items())
    ]


def _rounds(kinds: Iterable[tuple[str, tuple[str, ...]]], month: Month) -> Told:
    return [(one.organisation_id, one.rounds, one.met) for one in _counted(kinds, month)]


def _escalated(month: Month) -> Told:
    told = _counted(_ALL_CLOCKS, month)
    return [(one.organisation_id, one.rounds - one.met, one.escalated) for one in told if one.rounds > one.met]


def _counted(kinds: Iterable[tuple[str, tuple[str, ...]]], month: Month) -> list[RoundCount]:
    found: dict[int, RoundCount] = {}
    for kind, clocks in kinds:
        for one in tickets.count_rounds(kind, clocks, since=month.since, until=month.until):
            was = found.get(one.organisation_id, RoundCount(one.organisation_id, 0, 0, 0))
            found[one.organisation_id] = RoundCount(
                one.organisation_id, was.rounds + one.rounds, was.met + one.met, was.escalated + one.escalated
            )
    return [found[key] for key in sorted(found)]


def _is_watched(month: Month) -> bool:
    """Whether a worker kept the house by itself when the month began."""
    first = jobs.first_slot_at()
    return first is not None and first < month.since


def _upkeep(month: Month) -> Told:
    due, done = jobs.count_slots(_SCHEDULES, since=month.since, until=month.until)
    return [(None, max(due, 1), done)] if _is_watched(month) else []


def _sealed(month: Month) -> Told:
    return [(None, *audit.count_sealed(month.since, month.until))] if _is_watched(month) else []
