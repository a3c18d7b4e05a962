"""What ties a field to others: the field that it may not be earlier than, and the one whose values it takes. Pure."""

from collections.abc import Collection, Iterator, Mapping

from chengshu.resources.contracts.catalogue import EntryFault, FieldContent, ResourceContent, ValueType
from chengshu.resources.errors import ResourceInvalid

_DATED = frozenset({ValueType.DATE, ValueType.MOMENT})


def read_reference(text: str) -> tuple[str, str] | None:
    """Read `307/GA001 sfzh`: the code of an entry and that of its field; None where nothing is said.

    Raises:
        ResourceInvalid: it has one part alone.
    """
    code, _blank, field = " ".join(text.split()).partition(" ")
    if not code:
        return None
    if not field:
        message = f"引用“{text[:60]}”读不出来：要写目录编码、空格、信息项代码，如“307/GA001 sfzh”。"
        raise ResourceInvalid(message, field="fields")
    return code, field


def write_reference(text: str) -> str:
    """Give a reference as it is kept. Raises ResourceInvalid as `read_reference` does."""
    return " ".join(read_reference(text) or ())


def tie_faults(content: ResourceContent, references: Collection[str]) -> Iterator[EntryFault]:
    """List the ties of an entry's fields that lead nowhere or contradict each other.

    `references` are those to published entries that hold; one to a field of the entry itself is looked up here.
    """
    fields = {field.code: field for field in content.fields}
    for field in content.fields:
        place = f"fields/{field.code}"
        if field.not_before and (rule := _order_fault(field, fields)):
            yield EntryFault(f"{place}/not_before", rule, field.not_before)
        if field.refers_to and (rule := _reference_fault(field, content.code, fields, references)):
            yield EntryFault(f"{place}/refers_to", rule, field.refers_to)


def can_order(earlier: str, later: str) -> bool:
    """Tell whether fields of these types can be held against each other: two days, or two moments."""
    return earlier == later and earlier in _DATED


def _order_fault(field: FieldContent, fields: Mapping[str, FieldContent]) -> str:
    other = fields.get(field.not_before)
    if other is None:
        return "not_before_unknown"
    if not can_order(other.type, field.type):
        return "not_before_undated"
    return "not_before_in_circle" if _comes_back(field, fields) else ""


def _comes_back(field: FieldContent, fields: Mapping[str, FieldContent]) -> bool:
    """Tell whether the way from a field to what it may not be earlier than, and on, ends at the field itself."""
    seen: set[str] = set()
    at: FieldContent | None = field
    while at is not None and at.not_before and at.code not in seen:
        seen.add(at.code)
        if at.not_before == field.code:
            return True
        at = fields.get(at.not_before)
    return False


def _reference_fault(
    field: FieldContent, own: str, fields: Mapping[str, FieldContent], references: Collection[str]
) -> str:
    found = read_reference(field.refers_to)
    if found == (own, field.code):
        return "refers_to_itself"
    is_there = found is not None and found[0] == own and found[1] in fields
    return "" if is_there or field.refers_to in references else "refers_to_unknown"
