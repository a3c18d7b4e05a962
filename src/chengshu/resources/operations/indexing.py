"""The search index: built whole in bulk, and kept in step by the transaction that writes an entry (ADR 0018)."""

from array import array
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from itertools import groupby, islice
from typing import Any

import numpy as np
from django.db import connection, transaction
from django.utils.timezone import localdate

from chengshu.kernel.accounts.facade import User
from chengshu.kernel.audit.facade import record
from chengshu.kernel.organisations import facade as organisations
from chengshu.resources.models import DataElement, DataResource, Field, IndexedResource, Posting
from chengshu.resources.rules.tokens import (
    CODE,
    DEPARTMENT,
    ELEMENT,
    FIELD,
    FIELD_CODE,
    NAME,
    SUMMARY,
    code_tokens,
    name_tokens,
    rules_mark,
    tokens_of,
)

_CHUNK = 500
_PIECE = 100_000
_FETCH = 20_000

FieldFacts = tuple[str, str, int | None]
"""Code, name and element of a field."""


def weigh(
    entry: DataResource, department: str, fields: Iterable[FieldFacts], elements: Mapping[int, str]
) -> dict[int, int]:
    """Give the tokens of a resource with the weight of the heaviest place that each stands in."""
    weights: dict[int, int] = {}
    described = list(fields)
    places: tuple[tuple[int, Iterable[int]], ...] = (
        (NAME, name_tokens(entry.name)),
        (CODE, code_tokens(entry.code)),
        (ELEMENT, _all(tokens_of(elements[element]) for _code, _name, element in described if element is not None)),
        (FIELD, _all(tokens_of(name) for _code, name, _element in described)),
        (DEPARTMENT, tokens_of(department)),
        (FIELD_CODE, _all(tokens_of(code) for code, _name, _element in described)),
        (SUMMARY, tokens_of(f"{entry.summary} {entry.category} {entry.system}")),
    )
    for weight, tokens in places:
        for token in tokens:
            weights.setdefault(token, weight)
    return weights


def index_resource(entry: DataResource, *, now: datetime) -> None:
    """Bring the index in step with an entry and its fields, in the caller's transaction."""
    ids = entry.fields.exclude(element=None).values_list("element_id", flat=True)
    elements = dict(DataElement.objects.filter(pk__in=ids).values_list("pk", "name"))
    department = organisations.name_on(entry.department_id, localdate(now))
    fields = entry.fields.values_list("code", "name", "element_id")
    weights = weigh(entry, department, fields, elements)
    kept = IndexedResource.objects.filter(resource=entry).first()
    if kept is not None:
        for piece in _pieces(np.frombuffer(kept.tokens, dtype="<i8").tolist()):
            Posting.objects.filter(entry=entry.pk, token__in=piece).delete()
    postings = (Posting(token=token, entry=entry.pk, weight=weight) for token, weight in weights.items())
    Posting.objects.bulk_create(postings, batch_size=_CHUNK)
    told = {"tokens": np.fromiter(weights, dtype="<i8").tobytes(), "rules": rules_mark()}
    IndexedResource.objects.update_or_create(resource=entry, defaults=told)


@transaction.atomic
def rebuild_index(*, actor: User | None, now: datetime) -> tuple[int, int]:
    """Build the index of all entries anew; return how many entries and postings it has.

    Searches go on with the old index until the transaction ends.
    """
    tokens, entries, weights = array("q"), array("q"), array("h")
    indexed: list[IndexedResource] = []
    for entry_id, weighed in _weigh_all(now):
        tokens.extend(weighed)
        entries.extend([entry_id] * len(weighed))
        weights.extend(weighed.values())
        told = np.fromiter(weighed, dtype="<i8").tobytes()
        indexed.append(IndexedResource(resource_id=entry_id, tokens=told, rules=rules_mark()))
    IndexedResource.objects.all().delete()
    IndexedResource.objects.bulk_create(indexed, batch_size=_CHUNK)
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM resources_posting")
        _write(cursor, _sorted_rows(tokens, entries, weights))
    facts = {"entries": len(indexed), "postings": len(tokens)}
    record(actor, "resources.reindex", "resources:index", now=now, details=facts)
    return len(indexed), len(tokens)


def list_unindexed() -> int:
    """Count the entries that are not in the index, or are in it by other words than those of today."""
    current = IndexedResource.objects.filter(rules=rules_mark()).values("resource")
    return DataResource.objects.exclude(pk__in=current).count()


def _pieces(tokens: Iterable[int]) -> Iterator[list[int]]:
    remaining = iter(tokens)
    while piece := list(islice(remaining, _CHUNK)):
        yield piece


def _all(parts: Iterable[tuple[int, ...]]) -> Iterator[int]:
    return (token for part in parts for token in part)


def _weigh_all(now: datetime) -> Iterator[tuple[int, dict[int, int]]]:
    """Give each entry with its tokens; entries and fields are each read in one pass, in the order of entries."""
    elements = dict(DataElement.objects.values_list("pk", "name"))
    ids = DataResource.objects.order_by().values_list("department_id", flat=True).distinct()
    departments = organisations.names_on(set(ids), localdate(now))
    rows = Field.objects.order_by("resource_id", "number").values_list("resource_id", "code", "name", "element_id")
    grouped = groupby(rows.iterator(chunk_size=_FETCH), key=lambda row: row[0])
    owner, described = next(grouped, (None, iter(())))
    shown = DataResource.objects.only("code", "name", "summary", "category", "system", "department_id")
    for entry in shown.order_by("pk").iterator(chunk_size=_FETCH):
        fields: list[FieldFacts] = []
        if owner == entry.pk:
            fields = [(code, name, element) for _entry, code, name, element in described]
            owner, described = next(grouped, (None, iter(())))
        yield entry.pk, weigh(entry, departments.get(entry.department_id, ""), fields, elements)


def _sorted_rows(tokens: "array[int]", entries: "array[int]", weights: "array[int]") -> Iterator[list[Any]]:
    """Give the rows in the order of their key, so that the database only appends."""
    keys, owners = np.frombuffer(tokens, dtype=np.int64), np.frombuffer(entries, dtype=np.int64)
    loads = np.frombuffer(weights, dtype=np.int16)
    order = np.lexsort((owners, keys))
    for start in range(0, len(order), _PIECE):
        part = order[start : start + _PIECE]
        yield list(zip(keys[part].tolist(), owners[part].tolist(), loads[part].tolist(), strict=True))


def _write(cursor: Any, pieces: Iterator[list[Any]]) -> None:
    """Write postings the quickest way that the database has."""
    if connection.vendor == "postgresql":
        with cursor.copy("COPY resources_posting (token, entry, weight) FROM STDIN") as copy:
            for piece in pieces:
                copy.write("".join(f"{token}\t{entry}\t{weight}\n" for token, entry, weight in piece))
        cursor.execute("ANALYZE resources_posting")
        return
    for piece in pieces:
        # Django's own executemany would look for its placeholders in each of the rows.
        cursor.connection.executemany("INSERT INTO resources_posting (token, entry, weight) VALUES (?, ?, ?)", piece)
