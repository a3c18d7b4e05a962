"""Single steps with the fields of an entry: put in, changed, taken out, moved."""

from collections.abc import Sequence

from chengshu.resources.contracts.catalogue import FieldContent

Fields = tuple[FieldContent, ...]


def put_field(fields: Sequence[FieldContent], field: FieldContent, *, instead_of: str = "", place: int = 0) -> Fields:
    """Put a field at a place (from 1; 0 = where it was, or at the end), instead of the one that has the code."""
    codes = [one.code for one in fields]
    was = codes.index(instead_of) if instead_of in codes else len(codes)
    others = [one for one in fields if one.code != instead_of]
    at = min(place - 1 if place else was, len(others))
    return (*others[:at], field, *others[at:])


def remove_field(fields: Sequence[FieldContent], code: str) -> Fields:
    """Take the field of a code out."""
    return tuple(one for one in fields if one.code != code)


def move_field(fields: Sequence[FieldContent], code: str, by: int) -> Fields:
    """Move the field of a code down by so many places, up where it is negative; it stops at the ends."""
    found = next((at for at, one in enumerate(fields) if one.code == code), None)
    if found is None:
        return tuple(fields)
    others = [one for one in fields if one.code != code]
    at = max(0, min(found + by, len(others)))
    return (*others[:at], fields[found], *others[at:])
