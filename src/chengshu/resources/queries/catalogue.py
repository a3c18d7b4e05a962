"""Entries out of the database: what a viewer may see, and only that."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from chengshu.kernel.grants import facade as grants
from chengshu.kernel.organisations import facade as organisations
from chengshu.kernel.organisations.facade import Organisation
from chengshu.resources.contracts.catalogue import Difference, ResourceState, Step
from chengshu.resources.errors import ResourceNotFound
from chengshu.resources.models import APPROVE, EDIT, SEE, Change, DataResource, Edition, Field, ListItem
from chengshu.resources.queries.entries import find_change, standing_content
from chengshu.resources.rules.contents import plain_content
from chengshu.resources.rules.differences import list_differences
from chengshu.resources.rules.steps import STEPS, list_open_steps

_MOST_REQUESTERS = 300


@dataclass(frozen=True, slots=True)
class Duty:
    """How many entries wait for a person: to be approved, and to be mended in his own department."""

    to_approve: int
    to_mend: int


def list_resources(viewer: grants.Viewer, *, on: date) -> QuerySet[DataResource]:
    """List the entries in sight, unordered, each with the `department_name` of that day."""
    return _named(DataResource.objects.visible_to(viewer, on=on), on)


def get_resource(resource_id: int, *, viewer: grants.Viewer, on: date) -> DataResource:
    """Give one entry with the name of its department.

    Raises:
        ResourceNotFound: there is none in sight.
    """
    found = list_resources(viewer, on=on).filter(pk=resource_id).first()
    if found is None:
        raise ResourceNotFound(_("没有这项数据资源，或您无权查看。"), resource=resource_id)
    return found


def list_fields(resource_id: int) -> QuerySet[Field]:
    """List the fields of an entry with their elements, unordered; the caller has asked whether it is in sight."""
    rows: QuerySet[Field] = Field.objects.filter(resource=resource_id).select_related("element")
    return rows


def list_departments(viewer: grants.Viewer, *, on: date) -> list[Organisation]:
    """List the departments of the entries in sight, by code, with the `name` of that day."""
    seen = DataResource.objects.visible_to(viewer, on=on).order_by()
    ids = set(seen.values_list("department_id", flat=True).distinct())
    return list(organisations.list_organisations(on=on, within=ids).order_by("code"))


def list_requesters(viewer: grants.Viewer, *, on: date) -> list[str]:
    """List who asks for the entries in sight, by name; the first few hundred."""
    items = ListItem.objects.filter(resource__in=DataResource.objects.visible_to(viewer, on=on)).exclude(requester="")
    names = items.order_by("requester").values_list("requester", flat=True).distinct()
    return list(names[:_MOST_REQUESTERS])


def list_waiting(viewer: grants.Viewer, *, on: date) -> QuerySet[DataResource]:
    """List the entries that wait for the viewer's approval, new ones and changes of published ones, unordered."""
    rows = DataResource.objects.permitted_to(viewer, APPROVE, on=on)
    changed = Exists(Change.objects.filter(resource=OuterRef("pk"), is_submitted=True))
    return _named(rows.filter(Q(state=ResourceState.SUBMITTED) | Q(changed)), on)


def list_lacking(viewer: grants.Viewer, *, on: date) -> QuerySet[DataResource]:
    """List the entries that do not meet their profile and whose drafts the viewer sees, unordered."""
    rows = DataResource.objects.permitted_to(viewer, SEE, on=on).filter(fault_count__gt=0)
    whole = rows.exclude(state=ResourceState.WITHDRAWN).select_related("department")
    return _named(whole.prefetch_related("fields__element", "lists"), on)


def measure_compliance(viewer: grants.Viewer, *, on: date) -> tuple[int, int, Decimal | None]:
    """Tell of the entries whose drafts the viewer sees how many meet their profile, how many there are, and the share in per cent."""
    rows = DataResource.objects.permitted_to(viewer, SEE, on=on).exclude(state=ResourceState.WITHDRAWN)
    told = rows.aggregate(whole=Count("pk"), good=Count("pk", filter=Q(fault_count=0)))
    share = Decimal(100) * told["good"] / told["whole"] if told["whole"] else None
    return told["good"], told["whole"], share


def offer_steps(resource: DataResource, *, viewer: grants.Viewer, on: date) -> list[Step]:
    """List the steps that the viewer may take with an entry as it stands."""
    change = find_change(resource)
    steps = list_open_steps(ResourceState(resource.state), change.is_submitted if change else None)
    held = {
        permission: grants.is_permitted(viewer, permission, resource.department_id, on=on)
        for permission in (EDIT, APPROVE)
    }
    return [step for step in steps if held[STEPS[step].permission]]


def get_edition(resource_id: int, number: int) -> Edition:
    """Give one edition of an entry; the caller has asked whether the entry is in sight.

    Raises:
        ResourceNotFound: there is none of that number.
    """
    found = Edition.objects.filter(resource=resource_id, number=number).first()
    if found is None:
        raise ResourceNotFound(_("没有这个版本。"), resource=resource_id, number=number)
    edition: Edition = found
    return edition


def compare_editions(edition: Edition) -> list[Difference]:
    """List what an edition changed against the one before it; nothing for the first."""
    before = Edition.objects.filter(resource=edition.resource_id, number=edition.number - 1).first()
    return list_differences(before.content if before else None, edition.content)


def compare_open(resource: DataResource) -> list[Difference]:
    """List what is to be different from the edition in force: the change under way, or the draft of a restored entry."""
    change = find_change(resource)
    last = Edition.objects.filter(resource=resource, number=resource.version).first()
    if last is None:
        return []
    after = change.content if change else plain_content(standing_content(resource))
    return list_differences(last.content, after)


def _named(rows: QuerySet[DataResource], on: date) -> QuerySet[DataResource]:
    added: dict[str, Any] = {"department_name": organisations.name_expression(on, of="department_id")}
    named: QuerySet[DataResource] = rows.annotate(**added)
    return named
