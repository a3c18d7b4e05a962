"""Today's work: what the departments in sight owe, read at once from issues, entries, disputes, deliveries and tickets.

Each kind is one part of a union, with its rights and its bounds in its own SQL; search, filters, sort and pages run over
the union in the database.
"""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.db.models import (
    BigIntegerField,
    Case,
    CharField,
    Count,
    DateTimeField,
    Exists,
    F,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast, Coalesce
from django.utils.timezone import localdate

from chengshu.kernel.accounts.facade import User
from chengshu.kernel.grants import facade as grants
from chengshu.kernel.organisations import facade as organisations
from chengshu.kernel.organisations.facade import Organisation
from chengshu.kernel.tickets import facade as tickets
from chengshu.resources.contracts.catalogue import ListKind, ResourceState, Step
from chengshu.resources.contracts.collection import Channel, DeliveryState, SourceKind, WriteMode
from chengshu.resources.contracts.quality import IssueState
from chengshu.resources.contracts.work import WorkCounts, WorkDue, WorkKind
from chengshu.resources.models import (
    RECTIFY,
    SEE,
    SEE_PROCESSING,
    SEE_QUALITY,
    DataPipeline,
    DataSource,
    Decision,
    Delivery,
    Dispute,
    ListItem,
    QualityIssue,
    WorkItem,
)
from chengshu.resources.models.work import HEAD, Part, number_expression
from chengshu.resources.queries.lateness import last_dues, last_ends
from chengshu.resources.rules.table_tests import WHOLE

SOON = timedelta(days=3)
"""Time before it is due in which an item is shown as coming up."""
_KINDS = tuple(WorkKind)
_SERVICE = ("data_work", "data_trouble")
_EVER = datetime(1900, 1, 1, tzinfo=UTC)
_NEVER = Cast(Value(None), DateTimeField())
_NO_ROWS = Cast(Value(None), BigIntegerField())


def list_work(viewer: User, *, now: datetime) -> QuerySet[Any]:
    """List what the departments in sight owe, unordered, with `owner_name`, `due_state` and `due_order` (pressing first).

    `may_correct` tells of failing rows whether the viewer takes them out and hands corrections in.
    """
    on = localdate(now)
    states = (
        (Q(due_at__isnull=True), WorkDue.NONE, 3),
        (Q(due_at__lt=now), WorkDue.OVER, 0),
        (Q(due_at__lt=now + SOON), WorkDue.SOON, 1),
    )
    named = [When(condition, then=Value(state.value)) for condition, state, _order in states]
    ordered = [When(condition, then=Value(order)) for condition, _state, order in states]
    correctable = Q(kind=WorkKind.ISSUE.value, amount__isnull=False)
    correctable &= Q(department__in=grants.permitted(viewer, RECTIFY, on=on))
    added: dict[str, Any] = {
        "owner_name": organisations.name_expression(on, of="department_id"),
        "may_correct": Case(When(correctable, then=Value(1)), default=Value(0)),
        "due_state": Case(*named, default=Value(WorkDue.LATER.value), output_field=CharField()),
        "due_order": Case(*ordered, default=Value(2), output_field=IntegerField()),
    }
    return WorkItem.objects.read_from(_parts(viewer, on, now)).annotate(**added)


def count_work(items: QuerySet[Any], *, now: datetime) -> WorkCounts:
    """Count by kind what waits and what is late of the items of `list_work`, in one pass over them."""
    counted = (
        items.order_by()
        .values_list("kind")
        .annotate(
            n=Count("pk"),
            over=Count("pk", filter=Q(due_at__lt=now)),
            soon=Count("pk", filter=Q(due_at__gte=now, due_at__lt=now + SOON)),
        )
    )
    found = {WorkKind(kind): (n, over, soon) for kind, n, over, soon in counted}
    return WorkCounts(
        {kind: found[kind][0] for kind in _KINDS if kind in found},
        {kind: found[kind][1] for kind in _KINDS if kind in found},
        sum(soon for _n, _over, soon in found.values()),
    )


def list_work_departments(viewer: User, *, on: date) -> list[Organisation]:
    """List the departments whose work is in sight, by code, with the `name` of that day."""
    return list(grants.list_permitted_organisations(viewer, SEE, on=on).existing_on(on).order_by("code"))


def _parts(viewer: User, on: date, now: datetime) -> list[Part]:
    """Give what is owed, kind by kind; no item is in two parts."""
    return [
        _issues(viewer, on),
        _returned(viewer, on),
        _demands(viewer, on),
        _disputes(viewer, on),
        *_deliveries(viewer, on),
        _dues(viewer, on, now),
        *_service(viewer, on),
        _left_out(viewer, on),
    ]


def _part(rows: QuerySet[Any], kind: WorkKind, **columns: Any) -> Part:
    """Give rows as the columns of a work item, in their order."""
    told = {
        "number": number_expression(kind),
        "kind": Value(kind.value, CharField()),
        "subject": F("pk"),
        "department": F("department"),
        "title": None,
        "place": Value("", CharField()),
        "note": Value("", CharField()),
        "amount": _NO_ROWS,
        "since": None,
        "due": _NEVER,
    } | columns
    return kind, rows.order_by().values(**{f"{HEAD}{name}": expression for name, expression in told.items()})


def _issues(viewer: User, on: date) -> Part:
    """Open issues whose rows the department has to correct; those that wait for a ruling are not its turn."""
    rows = QualityIssue.objects.permitted_to(viewer, SEE_QUALITY, on=on).filter(state=IssueState.OPEN.value)
    whole = When(asked__in=sorted(WHOLE), then=_NO_ROWS)
    return _part(
        rows.exclude(ticket__state="disputed").annotate(
            asked=Cast(KeyTextTransform("kind", "rule__definition"), CharField())
        ),
        WorkKind.ISSUE,
        department=F("organisation"),
        title=F("rule__name"),
        place=F("resource__name"),
        amount=Case(whole, default=F("rows_owed"), output_field=BigIntegerField()),
        since=F("opened_at"),
        due=F("ticket__due_at"),
    )


def _returned(viewer: User, on: date) -> Part:
    """Entries, or present changes of them, that the centre returned and that were not handed in again."""
    later = Decision.objects.filter(resource=OuterRef("resource"), pk__gt=OuterRef("pk"))
    rows = Decision.objects.permitted_to(viewer, SEE, on=on).filter(step=Step.RETURN.value)
    draft = Q(resource__state=ResourceState.DRAFT.value) | Q(resource__change__is_returned=True)
    return _part(
        rows.filter(~Exists(later), draft),
        WorkKind.RETURNED,
        subject=F("resource"),
        department=F("resource__department"),
        title=F("resource__name"),
        place=F("resource__code"),
        note=F("reason"),
        since=F("decided_at"),
    )


def _demands(viewer: User, on: date) -> Part:
    """Entries that somebody asked for and that were never handed in nor published."""
    decided = Decision.objects.filter(resource=OuterRef("resource"))
    rows = ListItem.objects.permitted_to(viewer, SEE, on=on).filter(kind=ListKind.DEMAND.value)
    return _part(
        rows.filter(~Exists(decided), resource__state=ResourceState.DRAFT.value),
        WorkKind.DEMAND,
        subject=F("resource"),
        department=F("resource__department"),
        title=F("resource__name"),
        place=F("resource__code"),
        note=F("basis"),
        since=F("resource__created_at"),
    )


def _disputes(viewer: User, on: date) -> Part:
    """Disputes about entries that the department has not answered."""
    return _part(
        Dispute.objects.permitted_to(viewer, SEE, on=on).filter(ticket__state="new"),
        WorkKind.DISPUTE,
        subject=F("ticket"),
        department=F("resource__department"),
        title=F("resource__name"),
        place=F("ticket__number"),
        note=F("problem"),
        since=F("raised_at"),
        due=F("ticket__due_at"),
    )


def _deliveries(viewer: User, on: date) -> list[Part]:
    """Deliveries that are held for drift, and those that failed and that nothing has made up for since.

    A later delivery that was taken makes up for one that replaces the whole table or that the house read by itself;
    of others only the same content again does, or somebody who says that nothing more is to be done.
    """
    seen = Delivery.objects.visible_to(viewer, on=on)
    later = Delivery.objects.filter(
        source=OuterRef("source"), state=DeliveryState.TAKEN.value, received_at__gt=OuterRef("received_at")
    )
    made_up = (Q(source__mode=WriteMode.REPLACE.value) | Q(channel=Channel.PULL.value)) & Exists(later)
    columns = {"title": F("name"), "place": F("source__name"), "note": F("reason"), "since": F("received_at")}
    return [
        _part(seen.filter(state=DeliveryState.HELD.value), WorkKind.HELD, **columns),
        _part(seen.filter(~made_up, state=DeliveryState.FAILED.value, waived=""), WorkKind.FAILED, **columns),
    ]


def _dues(viewer: User, on: date, now: datetime) -> Part:
    """Sources whose promised delivery has not come: past its due moment, or of files whose cycle has ended."""
    over_at, over_ended = last_dues(now)
    next_at, next_ended = last_ends(now)
    taken = Delivery.objects.filter(source=OuterRef("pk"), state=DeliveryState.TAKEN.value, received_at__lte=now)
    last = Subquery(taken.order_by("-received_at").values("received_at")[:1])
    came = Coalesce(last, Value(_EVER, DateTimeField()))
    rows = (
        DataSource.objects.visible_to(viewer, on=on)
        .filter(is_active=True, promise__isnull=False)
        .annotate(over_at=over_at, over_ended=over_ended, next_at=next_at, next_ended=next_ended)
    )
    handed_in = Q(next_at__gte=now, kind__in=[SourceKind.FILE.value, SourceKind.FOLDER.value])
    is_missing, is_next = Q(over_ended__gt=came), handed_in & Q(next_ended__gt=came)
    missing = rows.annotate(is_missing=Case(When(is_missing, then=Value(1)), default=Value(0)))
    return _part(
        missing.filter(Q(is_missing=1) | is_next),
        WorkKind.DUE,
        title=F("name"),
        place=F("table"),
        since=Case(When(is_missing=1, then=F("over_ended")), default=F("next_ended")),
        due=Case(When(is_missing=1, then=F("over_at")), default=F("next_at")),
    )


def _left_out(viewer: User, on: date) -> Part:
    """Standard tables that rows stay out of which no check faults: nobody but the department can put them right."""
    places = grants.permitted(viewer, SEE_PROCESSING, on=on)
    return _part(
        DataPipeline.objects.filter(resource__department__in=places, is_active=True, unowed_rows__gt=0),
        WorkKind.LEFT_OUT,
        department=F("resource__department"),
        title=F("resource__name"),
        place=F("resource__code"),
        amount=F("unowed_rows"),
        since=F("unowed_since"),
    )


def _service(viewer: User, on: date) -> list[Part]:
    """Tickets of the service that wait for the viewer."""
    columns = {
        "department": F("organisation"),
        "title": F("title"),
        "place": F("number"),
        "since": F("opened_at"),
        "due": F("due_at"),
    }
    owed = tickets.list_owed_apart(viewer, on=on, kinds=_SERVICE)
    return [_part(rows, WorkKind.SERVICE, **columns) for rows in owed]
