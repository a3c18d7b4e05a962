"""The month's plan of checks: what is done, what is missing, and how much of it is covered."""

from datetime import date
from typing import Any

from django.db.models import (
    Case,
    CharField,
    DateTimeField,
    Exists,
    IntegerField,
    OuterRef,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.urls import reverse

from chengshu.kernel.grants import facade as grants
from chengshu.kernel.organisations import facade as organisations
from chengshu.resources.contracts.quality import Coverage, PlanState, RunKind, RunState
from chengshu.resources.models import CHECK, SEE_QUALITY, CheckRun, DataResource, PlannedCheck


def list_plan(viewer: grants.Viewer, month: date, *, on: date) -> QuerySet[Any]:
    """List the planned checks of a month of resources whose quality is in sight, unordered.

    Each with `owner_name`, `done_at` and `run_id` of its first check in the month (null: none yet), its `found` rules
    that failed, `plan_state`, and `fault` of the last attempt that did not come to an end.
    """
    first = month.replace(day=1)
    places = grants.permitted(viewer, SEE_QUALITY, on=on)
    runs = CheckRun.objects.filter(resource=OuterRef("resource"), month_on=first, kind=RunKind.FULL)
    done = runs.filter(state=RunState.DONE).order_by("finished_at", "pk")
    tried = runs.filter(state=RunState.FAILED).order_by("-started_at")
    waits = PlanState.MISSING if (first.year, first.month) >= (on.year, on.month) else PlanState.LATE
    added: dict[str, Any] = {
        "owner_name": organisations.name_expression(on, of="resource__department_id"),
        "done_at": Subquery(done.values("finished_at")[:1], output_field=DateTimeField()),
        "run_id": Subquery(done.values("pk")[:1], output_field=IntegerField()),
        "found": Subquery(done.values("failed_rules")[:1], output_field=IntegerField()),
        "fault": Subquery(tried.values("fault")[:1], output_field=CharField()),
        "plan_state": Case(
            When(Exists(done), then=Value(PlanState.DONE.value)),
            default=Value(waits.value),
            output_field=CharField(),
        ),
    }
    rows = PlannedCheck.objects.filter(month_on=first, resource__department__in=places).select_related("resource")
    return rows.annotate(**added)


def list_missing(viewer: grants.Viewer, month: date, *, on: date) -> list[DataResource]:
    """Give the resources that are planned for a month, not checked in it, and the viewer's to have checked, by code."""
    first = month.replace(day=1)
    done = CheckRun.objects.filter(resource=OuterRef("pk"), month_on=first, kind=RunKind.FULL, state=RunState.DONE)
    rows = DataResource.objects.permitted_to(viewer, CHECK, on=on).filter(planned_checks__month_on=first)
    return list(rows.exclude(state="withdrawn").filter(~Exists(done)).order_by("code"))


def measure_coverage(viewer: grants.Viewer, month: date, *, on: date) -> Coverage:
    """Return how far the plan of the month of a day is, over the resources whose quality is in sight."""
    places = grants.permitted(viewer, SEE_QUALITY, on=on)
    first = month.replace(day=1)
    planned = PlannedCheck.objects.filter(month_on=first, resource__department__in=places)
    done = CheckRun.objects.filter(
        resource=OuterRef("resource"), month_on=first, kind=RunKind.FULL, state=RunState.DONE
    )
    return Coverage(planned.count(), planned.filter(Exists(done)).count())


def plan_page(month: date) -> str:
    """Give the address of a month's plan."""
    return reverse("resources:quality-month", args=[month.year, month.month])
