"""The catalogue over HTTP: found, listed, read, registered, changed, led on and disputed, with the rights of the pages."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.timezone import localdate
from django.utils.translation import gettext_noop as _
from ninja import Query, Router, Schema, Status
from pydantic import Field

from chengshu.kernel.grants import facade as grants
from chengshu.kernel.http.facade import Id, Line, Page, PageAsked, narrow_to_words, person_of, read_page
from chengshu.resources.facade import catalogue, disputes
from chengshu.resources.facade.catalogue import (
    Access,
    Cycle,
    DataResource,
    Difference,
    Edition,
    ResourceKind,
    ResourceState,
    StepAsked,
)
from chengshu.resources.http.entries import (
    ChangeAsked,
    DifferenceRecord,
    DisputeAsked,
    DisputeRecord,
    EntryShape,
    FaultRecord,
    ResourceChange,
    ResourceField,
    ResourceRecord,
    ResourceRow,
    ResourceStep,
    StepAskedShape,
    VersionRecord,
    VersionRow,
    describe_entry,
    read_content,
    write_content,
    write_fault,
    write_field,
)

router = Router(tags=["resources"])


class ResourcePage(Page[ResourceRow]):
    """One page of entries."""


class ResourceFieldPage(Page[ResourceField]):
    """One page of an entry's fields, in their order."""


class VersionPage(Page[VersionRow]):
    """One page of an entry's versions, newest first."""


class FoundFieldRecord(Schema):
    """A field that the words stand in."""

    code: str
    name: str
    element: str


class FoundResource(ResourceRow):
    """An entry that was found, with the fields that the words stand in."""

    found_in: list[FoundFieldRecord]


class FoundResourcePage(Page[FoundResource]):
    """One page of what a search found, the best first; only the first thousand are ranked."""

    is_more: bool
    also: list[str] = Field(description="也按这些说法找了")


class ResourcesAsked(PageAsked):
    """Which entries are asked for."""

    department: list[Line] = Field(default_factory=list, max_length=200, description="提供方的组织代码，可多选")
    kind: list[ResourceKind] = Field(default_factory=list, description="类型，可多选")
    cycle: list[Cycle] = Field(default_factory=list, description="更新周期，可多选")
    sharing: list[Access] = Field(default_factory=list, description="共享类型，可多选")
    state: list[ResourceState] = Field(default_factory=list, description="状态，可多选")
    grade: int | None = Field(None, ge=1, le=5, description="分级")
    faulty: bool = Field(default=False, description="只要编目未达标的")


@router.get("", response=ResourcePage, summary=_("数据资源目录"))
def list_resources(request: HttpRequest, asked: Query[ResourcesAsked]) -> dict[str, Any]:
    """List the entries in sight by name."""
    found = narrow_to_words(_narrow(request, asked), asked, ("name__icontains", "code__icontains"))
    return read_page(found, asked, _write_row, order=["name"])


@router.get("/search", response=FoundResourcePage, summary=_("找数据"))
def search_resources(request: HttpRequest, asked: Query[ResourcesAsked]) -> dict[str, Any]:
    """Find entries in which all words stand: names, fields, data elements, codes and synonyms."""
    rows = _narrow(request, asked)
    found = catalogue.find_resources(asked.q, rows)
    shown = found.ids[(asked.page - 1) * asked.size : asked.page * asked.size]
    kept, fields = rows.in_bulk(shown), catalogue.find_fields(found, shown) if found.wordings else {}
    return {
        "items": [
            FoundResource(
                **describe_entry(kept[entry]),
                found_in=[FoundFieldRecord.from_orm(field) for field in fields.get(entry, [])],
            )
            for entry in shown
            if entry in kept
        ],
        "page": asked.page,
        "size": asked.size,
        "count": len(found.ids),
        "is_more": found.is_more,
        "also": [" ".join(wording.terms) for wording in found.wordings if not wording.is_own],
    }


@router.post("", response={200: ResourceRecord, 201: ResourceRecord}, summary=_("登记数据资源"))
def register_resource(request: HttpRequest, asked: EntryShape) -> Status[ResourceRecord]:
    """Enter a draft of a department; the same entry sent again is answered 200 with what stands."""
    content = read_content(asked)
    resource, is_new = catalogue.register_once(content, actor=person_of(request), now=timezone.now())
    return Status(201 if is_new else 200, _record(request, resource.pk))


@router.get("/{resource_id}", response=ResourceRecord, summary=_("一项数据资源"))
def get_resource(request: HttpRequest, resource_id: Id) -> ResourceRecord:
    """Give an entry in sight with its content and the steps that the caller may take."""
    return _record(request, resource_id)


@router.get("/{resource_id}/fields", response=ResourceFieldPage, summary=_("信息项"))
def list_resource_fields(request: HttpRequest, resource_id: Id, asked: Query[PageAsked]) -> dict[str, Any]:
    """List the fields of an entry in sight as they stand."""
    resource = catalogue.get_resource(resource_id, viewer=person_of(request), on=localdate())
    lookups = ("name__icontains", "code__icontains", "element__name__icontains")
    found = narrow_to_words(catalogue.list_fields(resource.pk), asked, lookups)
    return read_page(found, asked, write_field, order=["number"])


@router.get("/{resource_id}/versions", response=VersionPage, summary=_("各个版本"))
def list_resource_versions(request: HttpRequest, resource_id: Id, asked: Query[PageAsked]) -> dict[str, Any]:
    """List the approved versions of an entry in sight newest first."""
    resource = catalogue.get_resource(resource_id, viewer=person_of(request), on=localdate())
    return read_page(resource.editions.all(), asked, _write_version, order=["-number"])


@router.get("/{resource_id}/versions/{number}", response=VersionRecord, summary=_("一个版本"))
def get_resource_version(request: HttpRequest, resource_id: Id, number: Id) -> VersionRecord:
    """Give an approved version of an entry in sight, whole."""
    resource = catalogue.get_resource(resource_id, viewer=person_of(request), on=localdate())
    edition = catalogue.get_edition(resource.pk, min(number, 2**31 - 1))
    return VersionRecord(
        **_write_version(edition).model_dump(),
        differences=[_write_difference(found) for found in catalogue.compare_editions(edition)],
        content=edition.content,
    )


@router.get("/{resource_id}/faults", response=list[FaultRecord], summary=_("编目未达标处"))
def get_resource_faults(request: HttpRequest, resource_id: Id) -> list[FaultRecord]:
    """Tell what an entry lacks by its profile as it is being worked on; of those whose drafts the caller sees."""
    viewer, today = person_of(request), localdate()
    resource = catalogue.get_resource(resource_id, viewer=viewer, on=today)
    if not grants.is_permitted(viewer, catalogue.SEE, resource.department_id, on=today):
        return []
    return [write_fault(fault) for fault in catalogue.check_content(catalogue.open_content(resource))]


@router.post("/{resource_id}/changes", response=ResourceRecord, summary=_("修改数据资源"))
def change_resource(request: HttpRequest, resource_id: Id, asked: ChangeAsked) -> ResourceRecord:
    """Change an entry; of a published one the change waits until it is approved."""
    catalogue.change_resource(
        resource_id,
        read_content(asked.content),
        seen=asked.version,
        actor=person_of(request),
        now=timezone.now(),
        reason=asked.reason,
    )
    return _record(request, resource_id)


@router.post("/{resource_id}/steps", response=ResourceRecord, summary=_("办理编目"))
def take_resource_step(request: HttpRequest, resource_id: Id, asked: StepAskedShape) -> ResourceRecord:
    """Lead an entry on: hand in, take back, approve, return, withdraw, restore, discard."""
    step = StepAsked(resource_id, asked.action, asked.version, asked.reason)
    return _record(request, catalogue.take_step(step, actor=person_of(request), now=timezone.now()).pk)


@router.post("/{resource_id}/disputes", response={201: DisputeRecord}, summary=_("提出异议"))
def raise_resource_dispute(request: HttpRequest, resource_id: Id, asked: DisputeAsked) -> Status[DisputeRecord]:
    """Say what is wrong; the same words again while the dispute is open are the same dispute."""
    actor = person_of(request)
    resource = catalogue.get_resource(resource_id, viewer=actor, on=localdate())
    raised = disputes.raise_dispute(resource.pk, asked.problem, field=asked.field, actor=actor, now=timezone.now())
    told = DisputeRecord(
        id=raised.pk,
        ticket_id=raised.ticket_id,
        ticket=raised.ticket.number,
        field=raised.place,
        problem=raised.problem,
        raised_at=raised.raised_at,
    )
    return Status(201, told)


def _narrow(request: HttpRequest, asked: ResourcesAsked) -> QuerySet[DataResource]:
    rows = catalogue.list_resources(person_of(request), on=localdate()).select_related("department")
    chosen = {
        "department__code__in": asked.department,
        "kind__in": asked.kind,
        "cycle__in": asked.cycle,
        "sharing__in": asked.sharing,
        "state__in": asked.state,
        "grade": asked.grade,
    }
    rows = rows.filter(**{lookup: value for lookup, value in chosen.items() if value})
    return rows.filter(fault_count__gt=0) if asked.faulty else rows


def _record(request: HttpRequest, resource_id: int) -> ResourceRecord:
    viewer, today = person_of(request), localdate()
    resource = catalogue.get_resource(resource_id, viewer=viewer, on=today)
    may_see = grants.is_permitted(viewer, catalogue.SEE, resource.department_id, on=today)
    change = catalogue.find_change(resource) if may_see else None
    return ResourceRecord(
        **describe_entry(resource),
        content=write_content(catalogue.standing_content(resource)),
        change=ResourceChange(
            is_submitted=change.is_submitted,
            edited_at=change.edited_at,
            content=write_content(catalogue.open_content(resource)),
        )
        if change
        else None,
        offered=[
            ResourceStep(action=step, needs_reason=catalogue.STEPS[step].needs_reason)
            for step in catalogue.offer_steps(resource, viewer=viewer, on=today)
        ],
    )


def _write_row(resource: DataResource) -> ResourceRow:
    return ResourceRow(**describe_entry(resource))


def _write_version(edition: Edition) -> VersionRow:
    return VersionRow(
        number=edition.number,
        digest=edition.digest,
        published_at=edition.published_at,
    )


def _write_difference(found: Difference) -> DifferenceRecord:
    return DifferenceRecord(place=found.place, before=found.before, after=found.after)
