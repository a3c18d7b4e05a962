"""The data-operation service at a glance: its figures over a month and a year, and what waits to be done."""

from calendar import monthrange
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, Max, Q
from django.utils.functional import Promise
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from chengshu.kernel.accounts.facade import User
from chengshu.kernel.grants import facade as grants
from chengshu.kernel.indicators import facade as indicators
from chengshu.kernel.indicators.facade import Measurement, Window
from chengshu.kernel.organisations.facade import Organisation
from chengshu.kernel.tickets import facade as tickets
from chengshu.resources.contracts.collection import DeliveryState, Lateness
from chengshu.resources.contracts.quality import IssueState
from chengshu.resources.contracts.service import FigureGroup, ServiceFigure, ServiceValue, WaitingWork
from chengshu.resources.models import SEE_SERVICE, Delivery, QualityIssue
from chengshu.resources.queries.collection import list_punctuality

_OFFERED = 200  # organisations that the page lists


@dataclass(frozen=True, slots=True)
class Chapter:
    """A heading of the overview and the keys of its indicators, in order."""

    label: Promise
    keys: tuple[str, ...]


CHAPTERS = (
    Chapter(
        _("归集"),
        (
            "resources.collection_timeliness",
            "resources.integrations",
            "resources.rows_held",
        ),
    ),
    Chapter(_("编目"), ("resources.compliance_rate", "resources.resources_held", "resources.fields_held")),
    Chapter(
        _("数据质量"),
        (
            "resources.months_checked",
            "resources.check_coverage",
            "resources.checks_done",
            "resources.issues_found",
            "resources.issues_rectified",
            "resources.rectification_rate",
        ),
    ),
    Chapter(
        _("服务"),
        (
            "resources.work_on_time_rate",
            "resources.trouble_on_time_rate",
            "resources.service_fault_rate",
            "resources.security_checks",
            "tickets.data_work.satisfaction_rate",
        ),
    ),
    Chapter(_("管理和机制"), ("resources.management_capacity", "resources.standing_mechanisms")),
    Chapter(_("共享和开放"), ("resources.sharing_timeliness", "resources.open_resources")),
)
"""What the overview shows, in its order."""


def list_service_places(viewer: User, *, on: date) -> list[Organisation]:
    """List the organisations over which the viewer may see the service, by code, with the `name` of that day."""
    rows = grants.list_permitted_organisations(viewer, SEE_SERVICE, on=on)
    return list(rows.existing_on(on).order_by("code")[:_OFFERED])


def find_measured_place(viewer: User, places: Sequence[Organisation], *, on: date) -> Organisation | None:
    """Give the place of the newest measurement of the overview in sight; None where nothing was measured yet."""
    keys = [key for chapter in CHAPTERS for key in chapter.keys]
    seen = indicators.list_measurements(viewer, on=on).filter(scope_kind="organisation", key__in=keys)
    by_id = {place.pk: place for place in places}
    newest = seen.filter(scope_id__in=by_id).order_by("-measured_at", "-pk").values_list("scope_id", flat=True).first()
    return None if newest is None else by_id[newest]


def month_window(day: date) -> Window:
    """Give the month that a day lies in."""
    return Window(day.replace(day=1), day.replace(day=monthrange(day.year, day.month)[1]))


def year_window(day: date) -> Window:
    """Give the year that a day lies in."""
    return Window(date(day.year, 1, 1), date(day.year, 12, 31))


def list_measurable() -> list[str]:
    """Give the keys of the overview that can be counted."""
    return [key for chapter in CHAPTERS for key in chapter.keys if indicators.find_awaited(key) is None]


def read_figures(viewer: User, place: Organisation, day: date, *, on: date) -> tuple[FigureGroup, ...]:
    """Give the figures over a place: the newest measurements in sight over the month of `day` and over its year."""
    month, year = (_newest(viewer, place, window, on=on) for window in (month_window(day), year_window(day)))
    return tuple(
        FigureGroup(str(chapter.label), tuple(_figure(key, month.get(key), year.get(key)) for key in chapter.keys))
        for chapter in CHAPTERS
    )


def _newest(viewer: User, place: Organisation, window: Window, *, on: date) -> dict[str, ServiceValue]:
    seen = indicators.list_measurements(viewer, on=on).filter(
        scope_kind="organisation", scope_id=place.pk, first_day=window.first, last_day=window.last
    )
    newest = seen.order_by().values("key").annotate(newest=Max("pk")).values("newest")
    found = Measurement.objects.filter(pk__in=newest)
    return {kept.key: ServiceValue(indicators.write_value(kept), kept.pk, kept.measured_at) for kept in found}


def _figure(key: str, month: ServiceValue | None, year: ServiceValue | None) -> ServiceFigure:
    awaited = indicators.find_awaited(key)
    if awaited is not None:
        told = str(awaited.name), awaited.unit, str(awaited.definition)
        return ServiceFigure(key, *told, waiting=str(awaited.reason))
    spec = indicators.get_spec(key)
    return ServiceFigure(key, str(spec.name), spec.unit, str(spec.definition), month, year)


def list_waiting_work(viewer: User, *, now: datetime) -> Iterator[WaitingWork]:
    """Tell what waits in the service, as far as the viewer sees it: tickets, deliveries, late sources, issues."""
    today = localdate(now)
    open_ones = tickets.list_tickets(viewer, on=today).still_open().order_by()
    counts = {
        row["kind"]: WaitingWork(row["kind"], row["count"], row["late"])
        for row in open_ones.filter(kind__in=["data_work", "data_trouble"])
        .values("kind")
        .annotate(count=Count("pk"), late=Count("pk", filter=Q(due_at__lt=now)))
    }
    for kind in ("data_work", "data_trouble"):
        yield counts.get(kind, WaitingWork(kind, 0, 0))
    deliveries = Delivery.objects.visible_to(viewer, on=today)
    for state in (DeliveryState.HELD, DeliveryState.FAILED):
        yield WaitingWork(state.value, deliveries.filter(state=state.value).count())
    owed = [one for one in list_punctuality(viewer, now=now) if one.lateness is Lateness.MISSING]
    yield WaitingWork("sources", len(owed))
    issues = QualityIssue.objects.visible_to(viewer, on=today).filter(state=IssueState.OPEN.value)
    found = issues.aggregate(count=Count("pk"), late=Count("pk", filter=Q(ticket__due_at__lt=now)))
    yield WaitingWork("issues", found["count"], found["late"])
