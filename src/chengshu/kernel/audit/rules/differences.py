"""What changed between two states of a thing, value by value."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Difference:
    """One value before and after, as text; None where there was none."""

    name: str
    before: str | None
    after: str | None

    @property
    def is_changed(self) -> bool:
        """Whether the two differ."""
        return self.before != self.after


def list_differences(before: Mapping[str, Any] | None, after: Mapping[str, Any] | None) -> list[Difference]:
    """Return every value of both states by name; nested values go by their path, such as `cells/3/score`."""
    old, new = dict(_flatten(before or {})), dict(_flatten(after or {}))
    return [Difference(name, old.get(name), new.get(name)) for name in sorted({*old, *new})]


def list_values(values: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return every value with its path."""
    return sorted(_flatten(values))


def _flatten(value: object, path: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(value, Mapping) and value:
        for key, item in value.items():
            yield from _flatten(item, f"{path}/{key}" if path else str(key))
    elif isinstance(value, list) and value:
        for number, item in enumerate(value, start=1):
            yield from _flatten(item, f"{path}/{number}" if path else str(number))
    elif path:
        yield path, value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
