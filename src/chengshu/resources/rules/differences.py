"""What two versions of an entry differ in, place by place."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from chengshu.resources.contracts.catalogue import Difference


def list_differences(before: Mapping[str, Any] | None, after: Mapping[str, Any]) -> list[Difference]:
    """List the places that differ between two entries as plain data, in the order of the entry.

    Fields are told apart by their code: `fields/sfzh` is a whole field that came or went, `fields/sfzh/name` a part of
    one that stayed. A field that only moved is `fields/sfzh/number`. Without a `before` nothing is told.
    """
    if before is None:
        return []
    return list(_differences(before, after))


def _differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[Difference]:
    for name in dict.fromkeys([*before, *after]):
        if name not in {"fields", "lists"} and before.get(name) != after.get(name):
            yield Difference(name, _text(before.get(name)), _text(after.get(name)))
    yield from _parts("lists", _by(before.get("lists", ()), "kind"), _by(after.get("lists", ()), "kind"), "basis")
    yield from _parts("fields", _by(before.get("fields", ()), "code"), _by(after.get("fields", ()), "code"), "name")
    yield from _moves(before.get("fields", ()), after.get("fields", ()))


def _by(parts: Sequence[Mapping[str, Any]], key: str) -> dict[str, Mapping[str, Any]]:
    return {str(part[key]): part for part in parts}


def _parts(
    room: str, before: Mapping[str, Mapping[str, Any]], after: Mapping[str, Mapping[str, Any]], label: str
) -> Iterator[Difference]:
    for key, part in before.items():
        if key not in after:
            yield Difference(f"{room}/{key}", _text(part[label]) or key, None)
    for key, part in after.items():
        if key not in before:
            yield Difference(f"{room}/{key}", None, _text(part[label]) or key)
            continue
        for name in dict.fromkeys([*part, *before[key]]):
            was, now = _text(before[key].get(name)), _text(part.get(name))
            if was != now:
                yield Difference(f"{room}/{key}/{name}", was, now)


def _moves(before: Sequence[Mapping[str, Any]], after: Sequence[Mapping[str, Any]]) -> Iterator[Difference]:
    """Tell which of the fields that stayed stand in another order among themselves."""
    new, old = {part["code"] for part in after}, {part["code"] for part in before}
    was = [part["code"] for part in before if part["code"] in new]
    now = [part["code"] for part in after if part["code"] in old]
    for place, code in enumerate(now):
        if was[place] != code:
            yield Difference(f"fields/{code}/number", str(was.index(code) + 1), str(place + 1))


def _text(value: object) -> str:
    return "" if value is None else str(value)
