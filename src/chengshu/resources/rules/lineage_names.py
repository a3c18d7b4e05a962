"""How a table of lineage is told to be an entry of the catalogue: by code, by its name in the lake, by its own name."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from chengshu.resources.rules.lake_tables import lake_table_name


@dataclass(frozen=True, slots=True)
class NamedEntry:
    """What an entry may be called in a script: its code, its name, and the lake tables of its sources."""

    id: int
    code: str
    name: str
    tables: tuple[str, ...] = ()


@dataclass(slots=True)
class EntryNames:
    """Entries by what they may be called; a name that two entries share stands for neither."""

    _by_name: dict[str, int | None] = field(default_factory=dict)

    def find(self, told: str) -> int | None:
        """Give the id of the entry that a told name means, or None.

        `库.模式.表` is tried as a whole and by its last part, `raw/表` and `主机/库.表` behind the last stroke too.
        """
        return next((found for key in name_keys(told) if (found := self._by_name.get(key)) is not None), None)

    def spellings(self) -> Iterator[tuple[str, int]]:
        """Give every name that stands for one entry, with the entry's id."""
        return ((name, entry) for name, entry in self._by_name.items() if entry is not None)

    def _put(self, name: str, entry: int) -> None:
        key = name.strip().casefold()
        if key:
            self._by_name[key] = entry if self._by_name.setdefault(key, entry) == entry else None


def collect_names(entries: Iterable[NamedEntry]) -> EntryNames:
    """Arrange entries by their names; codes and lake tables go before names that people gave."""
    names, listed = EntryNames(), list(entries)
    for entry in listed:
        for name in (entry.code, lake_table_name(entry.code), *entry.tables):
            names._put(name, entry.id)  # noqa: SLF001 - the same module
    given: dict[str, list[int]] = {}
    for entry in listed:
        given.setdefault(entry.name.strip().casefold(), []).append(entry.id)
    for name, ids in given.items():
        if len(ids) == 1 and name not in names._by_name:  # noqa: SLF001
            names._put(name, ids[0])  # noqa: SLF001
    return names


def name_keys(told: str) -> Iterator[str]:
    """Give the forms under which a told name is looked up, the most telling first."""
    whole = told.strip().casefold()
    behind = whole.rpartition("/")[2]
    yield from dict.fromkeys((whole, behind, behind.rpartition(".")[2]))


def column_keys(fields: Iterable[tuple[str, str]]) -> Mapping[str, str]:
    """Give the code of each field by what a script may call it: its code or its name, whatever the case."""
    listed = list(fields)
    by_name = {name.casefold(): code for code, name in reversed(listed)}
    return by_name | {code.casefold(): code for code, _name in listed}
