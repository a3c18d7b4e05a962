"""An entry as content: what stands, what a change wants, and the data elements that it names."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.db.models import QuerySet

from chengshu.kernel.organisations import facade as organisations
from chengshu.resources.contracts.catalogue import (
    Access,
    Classification,
    Cycle,
    EntryFault,
    FieldContent,
    Group,
    ListContent,
    ListKind,
    ResourceContent,
    ResourceKind,
    ResourceState,
    ValueType,
)
from chengshu.resources.models import Change, DataElement, DataResource, Field
from chengshu.resources.rules.compliance import ElementFacts, check_entry
from chengshu.resources.rules.contents import content_from_plain
from chengshu.resources.rules.profiles import get_profile
from chengshu.resources.rules.ties import read_reference


def standing_content(resource: DataResource) -> ResourceContent:
    """Give an entry as its rows stand."""
    fields = _rows(resource, "fields", resource.fields.select_related("element"), "number")
    lists = _rows(resource, "lists", resource.lists.all(), "kind")
    return ResourceContent(
        code=resource.code,
        name=resource.name,
        department=resource.department.code,
        summary=resource.summary,
        group=Group(resource.group),
        category=resource.category,
        kind=ResourceKind(resource.kind),
        cycle=Cycle(resource.cycle),
        sharing=Access(resource.sharing),
        sharing_terms=resource.sharing_terms,
        sharing_mode=resource.sharing_mode,
        opening=Access(resource.opening),
        opening_terms=resource.opening_terms,
        classification=Classification(resource.classification),
        grade=resource.own_grade,
        system=resource.system,
        related=resource.related,
        profile=resource.profile,
        fields=tuple(_field(field) for field in fields),
        lists=tuple(
            ListContent(
                ListKind(item.kind), item.basis, _day(item.since_on), item.requester, item.contact, _day(item.wanted_on)
            )
            for item in lists
        ),
    )


def _day(on: date | None) -> str:
    return on.isoformat() if on else ""


def _field(field: Field) -> FieldContent:
    return FieldContent(
        code=field.code,
        name=field.name,
        type=ValueType(field.type),
        length=field.length,
        unit=field.unit,
        element=field.element.code if field.element else "",
        grade=field.own_grade,
        is_key=field.is_key,
        is_nullable=field.is_nullable,
        description=field.description,
        derived_from=field.derived_from,
        not_before=field.not_before,
        refers_to=field.refers_to,
    )


def _rows(resource: DataResource, name: str, rows: QuerySet[Any], order: str) -> list[Any]:
    """Give the parts of an entry in their order; those that a list fetched beforehand are not asked for again."""
    fetched = getattr(resource, "_prefetched_objects_cache", {}).get(name)
    return sorted(rows if fetched is None else fetched, key=lambda row: getattr(row, order))


def check_standing(resource: DataResource) -> tuple[EntryFault, ...]:
    """List what an entry lacks as its rows stand; where its parts were fetched only what they refer to is asked for."""
    content = standing_content(resource)
    fields = _rows(resource, "fields", resource.fields.select_related("element"), "number")
    elements = {field.element.code: _facts(field.element) for field in fields if field.element}
    return check_entry(content, get_profile(content.profile), elements, known_references(content))


def find_change(resource: DataResource) -> Change | None:
    """Give the change that is under way of a published entry, or None."""
    return Change.objects.filter(resource=resource).first()


def open_content(resource: DataResource) -> ResourceContent:
    """Give an entry as it is being worked on: its change where one is under way, else what stands."""
    change = find_change(resource)
    return content_from_plain(change.content) if change else standing_content(resource)


def fetched_content(resource: DataResource) -> ResourceContent:
    """Give the same of an entry that was fetched with its change and parts, without asking the database again."""
    change = getattr(resource, "change", None)
    return content_from_plain(change.content) if change else standing_content(resource)


def check_content(content: ResourceContent) -> tuple[EntryFault, ...]:
    """List what an entry lacks by its profile.

    Raises:
        ProfileUnknown: it names none that there is.
    """
    elements = facts_of_elements(field.element for field in content.fields)
    return check_entry(content, get_profile(content.profile), elements, known_references(content))


def known_references(content: ResourceContent) -> frozenset[str]:
    """Give those of an entry's references whose field stands in a published entry."""
    told = {field.refers_to: read_reference(field.refers_to) for field in content.fields if field.refers_to}
    if not told:
        return frozenset()
    codes, names = zip(*(pair for pair in told.values() if pair), strict=True)
    fields = Field.objects.filter(resource__code__in=codes, resource__state=ResourceState.PUBLISHED, code__in=names)
    there = set(fields.values_list("resource__code", "code"))
    return frozenset(text for text, pair in told.items() if pair in there)


def facts_of_elements(codes: Iterable[str]) -> Mapping[str, ElementFacts]:
    """Give the data elements of these codes; those that are not there are left out."""
    found = DataElement.objects.filter(code__in={code for code in codes if code})
    return {element.code: _facts(element) for element in found}


def _facts(element: DataElement) -> ElementFacts:
    return ElementFacts(element.code, element.name, ValueType(element.type), element.length, element.grade)


def find_department(code: str) -> int | None:
    """Give the id of the organisation with this code, or None."""
    found = organisations.find_organisation(code)
    return found.pk if found else None
