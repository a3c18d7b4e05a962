"""Entries of the catalogue by what scripts may call them, and their fields as a schema to read scripts with."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping

from django.conf import settings

from chengshu.kernel.organisations import facade as organisations
from chengshu.resources.models import DataResource, DataSource, Field
from chengshu.resources.rules.lineage_names import EntryNames, NamedEntry, collect_names

_WORDS = re.compile(r"[^\s\"`'\[\]();,=<>+*]+")


def entry_names() -> EntryNames:
    """Give all entries by their names."""
    tables: dict[int, list[str]] = defaultdict(list)
    for entry, table in DataSource.objects.exclude(resource=None).values_list("resource_id", "table"):
        if entry is not None:
            tables[entry].append(table)
    rows = DataResource.objects.order_by("pk").values_list("pk", "code", "name")
    return collect_names(NamedEntry(pk, code, name, tuple(tables.get(pk, ()))) for pk, code, name in rows)


def find_data_centre() -> int | None:
    """Give the id of the organisation that runs the platform; None where the settings name none that is there."""
    code = settings.DATA_CENTRE
    found = organisations.Organisation.objects.filter(code=code).first() if code else None
    return found.pk if found is not None else None


def schema_for(texts: Iterable[str]) -> Mapping[str, Mapping[str, str]]:
    """Give the columns of the catalogued tables that scripts name, by the names that they use.

    Columns go by their codes, or by their Chinese names where the scripts write more of these.
    """
    names = entry_names()
    told = {word for text in texts for word in _WORDS.findall(text)}
    found = {word: entry for word in told if (entry := names.find(word)) is not None}
    words = {word.rpartition(".")[2].casefold() for word in told}
    by_code: dict[int, dict[str, str]] = defaultdict(dict)
    by_name: dict[int, dict[str, str]] = defaultdict(dict)
    rows = Field.objects.filter(resource__in=set(found.values())).order_by("resource_id", "number")
    for entry, code, name, kind in rows.values_list("resource_id", "code", "name", "type"):
        by_code[entry][code] = by_name[entry][name] = kind

    def columns_of(entry: int) -> Mapping[str, str]:
        codes, given = (sum(column.casefold() in words for column in by[entry]) for by in (by_code, by_name))
        return by_name[entry] if given > codes else by_code[entry]

    return {word: columns_of(entry) for word, entry in found.items() if by_code[entry]}
