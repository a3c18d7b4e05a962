"""Saved lineage as grades need it: from each field of an entry up to the nearest fields of entries, and how."""

from collections import defaultdict
from collections.abc import Collection, Mapping

from chengshu.resources.contracts.grading import ColumnOrigin, Derivation
from chengshu.resources.models import Field, LineageColumn, LineageEdge, LineageTable
from chengshu.resources.rules.lineage_names import column_keys

_WAYS = {1: Derivation.IDENTITY, 2: Derivation.EXPRESSION, 3: Derivation.AGGREGATE}
"""By the numbers that edges are kept under; the higher one changes more, and is told where several follow each other."""
_PIECE = 500
Reached = tuple[int, str, int]
"""The entry and the field that is asked about, and the number of the way so far."""


def list_graded_entries() -> set[int]:
    """Give the entries that lineage knows."""
    return set(LineageTable.objects.exclude(resource=None).values_list("resource_id", flat=True).distinct())


def trace_saved_origins(resource_ids: Collection[int]) -> list[ColumnOrigin]:
    """List of which fields of entries those of some entries are made; tables that are no entry are passed through."""
    begun = LineageColumn.objects.filter(table__resource__in=resource_ids).values_list(
        "pk", "table__resource_id", "name"
    )
    frontier: dict[int, set[Reached]] = defaultdict(set)
    for column, entry, name in begun:
        frontier[column].add((entry, name, 1))
    seen: set[tuple[int, Reached]] = set()
    found: set[tuple[Reached, int, str]] = set()
    while frontier:
        reached: dict[int, set[Reached]] = defaultdict(set)
        for source, owner, name, target, way in _edges_into(sorted(frontier)):
            for start, field, before in frontier[target]:
                told = (start, field, max(before, way))
                if owner is not None:
                    found.add((told, owner, name))
                elif (source, told) not in seen:
                    seen.add((source, told))
                    reached[source].add(told)
        frontier = reached
    return _name_fields(found)


def _edges_into(columns: list[int]) -> list[tuple[int, int | None, str, int, int]]:
    edges: list[tuple[int, int | None, str, int, int]] = []
    for at in range(0, len(columns), _PIECE):
        rows = LineageEdge.objects.filter(target__in=columns[at : at + _PIECE], way__in=_WAYS)
        edges += rows.values_list("source_id", "source__table__resource_id", "source__name", "target_id", "way")
    return edges


def _name_fields(found: Collection[tuple[Reached, int, str]]) -> list[ColumnOrigin]:
    """Give what was found by the codes of fields; columns that are no field of their entry are left out."""
    entries = {start for (start, _field, _way), _entry, _name in found} | {entry for _told, entry, _name in found}
    keys = _keys_of(entries)
    named = {
        ColumnOrigin(start, keys[start][field.casefold()], entry, keys[entry][name.casefold()], _WAYS[way])
        for (start, field, way), entry, name in found
        if field.casefold() in keys[start] and name.casefold() in keys[entry]
    }
    return sorted(named, key=lambda o: (o.resource_id, o.field, o.source_resource_id, o.source_field, o.way))


def _keys_of(entries: Collection[int]) -> Mapping[int, Mapping[str, str]]:
    listed: dict[int, list[tuple[str, str]]] = {entry: [] for entry in entries}
    rows = Field.objects.filter(resource__in=entries).order_by("resource_id", "number")
    for entry, code, name in rows.values_list("resource_id", "code", "name"):
        listed[entry].append((code, name))
    return {entry: column_keys(fields) for entry, fields in listed.items()}
