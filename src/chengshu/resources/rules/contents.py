"""An entry as plain data and back, and its digest."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, fields
from typing import Any

from chengshu.resources.contracts.catalogue import (
    Access,
    Classification,
    Cycle,
    FieldContent,
    Group,
    ListContent,
    ListKind,
    ResourceContent,
    ResourceKind,
    ValueType,
)

_ENUMS: Mapping[str, Any] = {
    "group": Group,
    "kind": ResourceKind,
    "cycle": Cycle,
    "sharing": Access,
    "opening": Access,
    "classification": Classification,
}
_FIELD = tuple(field.name for field in fields(FieldContent))
_OWN = tuple(field.name for field in fields(ResourceContent) if field.name not in {"fields", "lists"})


def plain_content(content: ResourceContent) -> dict[str, Any]:
    """Give an entry as JSON keeps it."""
    told = {name: getattr(content, name) for name in _OWN}
    told = {name: str(value.value) if name in _ENUMS else value for name, value in told.items()}
    told["fields"] = [_plain_field(field) for field in content.fields]
    told["lists"] = [_plain_list(item) for item in content.lists]
    return told


def _plain_list(item: ListContent) -> dict[str, str]:
    """Give a place on a list; what only a demand has stands where it was said, so that older versions keep their digest."""
    told = asdict(item) | {"kind": item.kind.value}
    return {name: value for name, value in told.items() if value or name in {"basis", "since"}}


def _plain_field(field: FieldContent) -> dict[str, Any]:
    """Give a field as `asdict` would, thirty times as quick: entries have hundreds of them."""
    return {name: getattr(field, name) for name in _FIELD} | {"type": field.type.value}


def content_from_plain(told: Mapping[str, Any]) -> ResourceContent:
    """Give back what `plain_content` wrote.

    Raises:
        ValueError: a key of a vocabulary is not known.
        KeyError: code, name or department is missing.
    """
    own = {name: _ENUMS[name](told[name]) if name in _ENUMS else told[name] for name in _OWN if name in told}
    described = tuple(FieldContent(**(field | {"type": ValueType(field["type"])})) for field in told.get("fields", ()))
    lists = tuple(ListContent(**(item | {"kind": ListKind(item["kind"])})) for item in told.get("lists", ()))
    return ResourceContent(**own, fields=described, lists=lists)


def digest_content(told: Mapping[str, Any]) -> str:
    """Give the SHA-256 of plain content in canonical form: sorted keys, no blanks, UTF-8."""
    text = json.dumps(told, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
