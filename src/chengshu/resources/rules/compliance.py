"""Whether an entry says what its profile asks (编目质量达标), place by place, each with what to do."""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from chengshu.resources.contracts.catalogue import (
    Access,
    EntryFault,
    FieldContent,
    ListKind,
    ResourceContent,
    ValueType,
)
from chengshu.resources.rules.profiles import PlaceRule, Profile
from chengshu.resources.rules.ties import tie_faults

_CHINESE = re.compile(r"[\u3400-\u9fff]")
_NUMBERS = frozenset({ValueType.INTEGER, ValueType.DECIMAL})


@dataclass(frozen=True, slots=True)
class ElementFacts:
    """The part of a data element that fields are held against."""

    code: str
    name: str
    type: ValueType
    length: int | None
    grade: int


def check_entry(
    content: ResourceContent,
    profile: Profile,
    elements: Mapping[str, ElementFacts],
    references: Collection[str] = (),
) -> tuple[EntryFault, ...]:
    """List what an entry lacks, in the order of the entry; empty when it meets the profile.

    `elements` are the data elements that its fields name, by code, `references` what its fields refer to and is there;
    one that is missing is a fault.
    """
    return (*_faults(content, profile, elements), *tie_faults(content, references))


def count_compliant(fault_counts: Collection[int]) -> tuple[int, int]:
    """Give how many of some entries meet their profile, and how many there are."""
    return sum(1 for count in fault_counts if count == 0), len(fault_counts)


def _faults(content: ResourceContent, profile: Profile, elements: Mapping[str, ElementFacts]) -> Iterator[EntryFault]:
    for place, rule in profile.entry.items():
        yield from _check_place(place, str(getattr(content, place)).strip(), rule, content)
    yield from _check_lists(content, profile)
    if content.kind.value in profile.fields.of_kinds:
        if len(content.fields) < profile.fields.at_least:
            yield EntryFault("fields", "too_few_fields", str(profile.fields.at_least))
        if profile.fields.has_key and content.fields and not any(field.is_key for field in content.fields):
            yield EntryFault("fields", "no_key")
    for field in content.fields:
        yield from _check_field(field, profile, elements)


def _check_place(place: str, text: str, rule: PlaceRule, content: ResourceContent) -> Iterator[EntryFault]:
    if not text:
        if rule.mandatory or _applies(rule, content):
            yield EntryFault(place, "missing")
        return
    if len(text) < rule.shortest:
        yield EntryFault(place, "too_short", str(rule.shortest))
    if rule.longest is not None and len(text) > rule.longest:
        yield EntryFault(place, "too_long", str(rule.longest))
    if rule.pattern and not re.fullmatch(rule.pattern, text):
        yield EntryFault(place, "not_in_form", text)


def _applies(rule: PlaceRule, content: ResourceContent) -> bool:
    return any(str(getattr(content, place)) in values for place, values in rule.mandatory_when.items())


def _check_lists(content: ResourceContent, profile: Profile) -> Iterator[EntryFault]:
    held = {item.kind: item for item in content.lists}
    refuses = content.sharing is Access.REFUSED
    if profile.lists.negative_when_refused and refuses and ListKind.NEGATIVE not in held:
        yield EntryFault("lists/negative", "refusal_without_basis")
    if profile.lists.responsibility and ListKind.RESPONSIBILITY not in held:
        yield EntryFault("lists/responsibility", "not_on_list")
    demand = held.get(ListKind.DEMAND)
    if demand is not None and not demand.requester:
        yield EntryFault("lists/demand", "demand_without_requester")
    if ListKind.NEGATIVE in held and not refuses:
        yield EntryFault("lists/negative", "negative_but_shared")


def _check_field(field: FieldContent, profile: Profile, elements: Mapping[str, ElementFacts]) -> Iterator[EntryFault]:
    place = f"fields/{field.code}"
    for part in profile.fields.mandatory:
        if not str(getattr(field, part)).strip():
            yield EntryFault(f"{place}/{part}", "missing")
    if profile.fields.name_is_chinese and field.name and not _CHINESE.search(field.name):
        yield EntryFault(f"{place}/name", "name_not_chinese", field.name)
    if field.element:
        yield from _check_element(field, place, profile, elements.get(field.element))


def _check_element(
    field: FieldContent, place: str, profile: Profile, element: ElementFacts | None
) -> Iterator[EntryFault]:
    if element is None:
        yield EntryFault(f"{place}/element", "element_unknown", field.element)
        return
    if field.grade < element.grade:
        yield EntryFault(f"{place}/grade", "grade_below_element", str(element.grade))
    if not profile.fields.agrees_with_element:
        return
    if field.type is not element.type and not {field.type, element.type} <= _NUMBERS:
        yield EntryFault(f"{place}/type", "type_differs_from_element", element.name)
    if field.length is not None and element.length is not None and field.length < element.length:
        yield EntryFault(f"{place}/length", "shorter_than_element", str(element.length))
