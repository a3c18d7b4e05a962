"""Sources, deliveries and refused rows in sight; how punctual sources are."""

from datetime import date, datetime
from typing import Any

from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext as _

from chengshu.kernel.audit import facade as audit
from chengshu.kernel.grants import facade as grants
from chengshu.kernel.jobs import facade as jobs
from chengshu.kernel.organisations import facade as organisations
from chengshu.kernel.organisations.facade import Organisation
from chengshu.resources.contracts.catalogue import Cycle, ResourceState
from chengshu.resources.contracts.collection import DeliveryState, PromiseContent, Punctuality
from chengshu.resources.errors import SourceNotFound
from chengshu.resources.models import SEE, DataResource, DataSource, Delivery, DeliveryPromise, RefusedRow
from chengshu.resources.rules.promises import judge, last_due

_MOST_WORDS, _OFFERED, _HISTORY = 8, 20, 100


def list_sources(viewer: grants.Viewer, *, on: date) -> QuerySet[DataSource]:
    """List the sources in sight, unordered, each with the `department_name` of that day."""
    rows = DataSource.objects.visible_to(viewer, on=on)
    return rows.annotate(department_name=organisations.name_expression(on, of="department_id"))


def get_source(source_id: int, *, viewer: grants.Viewer, on: date) -> DataSource:
    """Give one source.

    Raises:
        SourceNotFound: there is none in sight.
    """
    found = list_sources(viewer, on=on).filter(pk=source_id).first()
    if found is None:
        raise SourceNotFound(_("没有这个数据源，或您无权查看。"), source=source_id)
    return found


def list_source_departments(viewer: grants.Viewer, *, on: date) -> list[Organisation]:
    """List the departments where the viewer may see sources, by code, with the `name` of that day."""
    return list(
        organisations.list_organisations(on=on, within=set(grants.permitted(viewer, SEE, on=on))).order_by("code")
    )


def list_deliveries(viewer: grants.Viewer, *, on: date, source_id: int | None = None) -> QuerySet[Delivery]:
    """List the deliveries in sight, unordered, each with the `source_name`."""
    rows = Delivery.objects.visible_to(viewer, on=on).annotate(source_name=F("source__name"))
    return rows if source_id is None else rows.filter(source=source_id)


def get_delivery(delivery_id: int, *, viewer: grants.Viewer, on: date) -> Delivery:
    """Give one delivery with its source.

    Raises:
        SourceNotFound: there is none in sight.
    """
    found = (
        list_deliveries(viewer, on=on).filter(pk=delivery_id).select_related("source", "file", "refused_file").first()
    )
    if found is None:
        raise SourceNotFound(_("没有这次交付，或您无权查看。"), delivery=delivery_id)
    return found


def list_refused_rows(delivery_id: int) -> QuerySet[RefusedRow]:
    """List what was refused of a delivery, unordered; the caller has asked whether it is in sight."""
    return RefusedRow.objects.filter(delivery=delivery_id)


def list_fillable(source: DataSource, viewer: grants.Viewer, *, words: str, on: date) -> list[DataResource]:
    """List some entries in sight that a source may fill: its department's, with each word in name or code, by code."""
    rows = DataResource.objects.visible_to(viewer, on=on).filter(department=source.department_id)
    rows = rows.exclude(state=ResourceState.WITHDRAWN.value).filter(Q(sources=None) | Q(sources=source))
    for word in words.split()[:_MOST_WORDS]:
        rows = rows.filter(Q(name__icontains=word) | Q(code__icontains=word))
    return list(rows.order_by("code")[:_OFFERED])


def find_source_of(resource_id: int) -> DataSource | None:
    """Give the source that fills an entry, also one that is switched off; the caller asks whether it is in sight."""
    found: DataSource | None = DataSource.objects.filter(resource=resource_id).order_by("-is_active", "pk").first()
    return found


def list_history(source: DataSource) -> list[Any]:
    """List the latest entries of the audit about a source, newest first; the caller asks whether it is in sight."""
    return list(audit.list_entries(f"source:{source.pk}")[:_HISTORY])


def list_punctuality(viewer: grants.Viewer, *, now: datetime) -> list[Punctuality]:
    """Tell of each active source in sight that promised something how it stands to its last due moment."""
    zone = jobs.house_zone()
    sources = DataSource.objects.visible_to(viewer, on=now.astimezone(zone).date()).filter(is_active=True)
    promises = list(DeliveryPromise.objects.filter(source__in=sources).order_by("source_id"))
    return [found for promise in promises if (found := find_punctuality(promise, now=now)) is not None]


def find_punctuality(promise: DeliveryPromise, *, now: datetime) -> Punctuality | None:
    """Tell how a source stands to its last due moment; None before the first.

    The delivery for a cycle is the first that came after the cycle's end and was taken.
    """
    found = last_due(promise_content(promise), now=now, zone=jobs.house_zone())
    if found is None:
        return None
    due_at, ended_at = found
    taken = Delivery.objects.filter(
        source=promise.source_id, state=DeliveryState.TAKEN.value, received_at__gte=ended_at, received_at__lte=now
    )
    first = taken.order_by("received_at").values_list("received_at", flat=True).first()
    lateness, hours = judge(due_at, first, now=now)
    return Punctuality(promise.source_id, due_at, first, lateness, hours)


def promise_content(promise: DeliveryPromise) -> PromiseContent:
    """Return a promise as data."""
    return PromiseContent(Cycle(promise.cycle), promise.due_hours, promise.since)
