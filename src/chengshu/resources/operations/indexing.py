"""The search index: built whole in bulk, and kept in step by the transaction that writes an entry (ADR 0021)."""

from array import array
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from itertools import groupby, islice

import numpy as np
from django.db import transaction
from django.utils.timezone import localdate

from chengshu.kernel.accounts.facade import User
from chengshu.kernel.audit.facade import record
from chengshu.kernel.organisations import facade as organisations
from chengshu.resources.models import DataElement, DataResource, Field, IndexedResource, IndexSegment, Posting
from chengshu.resources.rules.postings import Packed, pack_all, place_of, put, take_out
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
_PIECE = 10_000
_FETCH = 20_000
_TOGETHER = 100
"""Entries whose words are held at once; they share many, which are then read and written once."""

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


def index_resources(entries: Iterable[DataResource], *, now: datetime) -> None:
    """Bring the index in step with entries and their fields, in the caller's transaction, as its last act.

    It locks segments of the index: who goes on to lock entries after this may wait for one who waits for him.
    """
    rows = sorted({entry.pk: entry for entry in entries}.values(), key=lambda entry: entry.pk)
    for segment in sorted({place_of(entry.pk)[0] for entry in rows}):
        _lock_segment(segment)
    for segment, grouped in groupby(rows, key=lambda entry: place_of(entry.pk)[0]):
        while piece := list(islice(grouped, _TOGETHER)):
            _index_piece(segment, piece, now=now)


def _index_piece(segment: int, entries: Iterable[DataResource], *, now: datetime) -> None:
    """Bring some entries of one segment in step, each word that they share being written once."""
    weights = {entry.pk: _weigh_one(entry, now=now) for entry in entries}
    kept = IndexedResource.objects.filter(resource__in=list(weights)).values_list("resource_id", "tokens")
    was = {pk: set(np.frombuffer(tokens, dtype="<i8").tolist()) for pk, tokens in kept}
    standing = _read_postings(segment, set[int]().union(*was.values(), *weights.values()))
    postings = dict(standing)
    for pk, weighed in weights.items():
        offset = place_of(pk)[1]
        for token in was.get(pk, set()) & postings.keys() - weighed.keys():
            postings[token] = take_out(postings[token], offset)
        for token, weight in weighed.items():
            postings[token] = put(postings.get(token, (b"", b"")), offset, weight)
    Posting.objects.bulk_create(
        (
            Posting(token=token, segment=segment, offsets=packed[0], weights=packed[1])
            for token, packed in postings.items()
            if packed != standing.get(token)
        ),
        batch_size=_CHUNK,
        update_conflicts=True,
        unique_fields=["token", "segment"],
        update_fields=["offsets", "weights"],
    )
    IndexedResource.objects.bulk_create(
        (
            IndexedResource(resource_id=pk, tokens=np.fromiter(weighed, dtype="<i8").tobytes(), rules=rules_mark())
            for pk, weighed in weights.items()
        ),
        update_conflicts=True,
        unique_fields=["resource"],
        update_fields=["tokens", "rules"],
    )


def _read_postings(segment: int, tokens: Iterable[int]) -> dict[int, Packed]:
    found: dict[int, Packed] = {}
    for piece in _pieces(sorted(tokens)):
        rows = Posting.objects.filter(segment=segment, token__in=piece).values_list("token", "offsets", "weights")
        found |= {token: (bytes(offsets), bytes(weights)) for token, offsets, weights in rows}
    return found


def _weigh_one(entry: DataResource, *, now: datetime) -> dict[int, int]:
    ids = entry.fields.exclude(element=None).values_list("element_id", flat=True)
    elements = dict(DataElement.objects.filter(pk__in=ids).values_list("pk", "name"))
    department = organisations.name_on(entry.department_id, localdate(now))
    return weigh(entry, department, entry.fields.values_list("code", "name", "element_id"), elements)


def _lock_segment(number: int) -> None:
    IndexSegment.objects.get_or_create(number=number)
    IndexSegment.objects.select_for_update().get(number=number)


@transaction.atomic
def rebuild_index(*, actor: User | None, now: datetime) -> tuple[int, int]:
    """Build the index of all entries anew; return how many entries it has, and how many words they have together.

    Searches go on with the old index until the transaction ends; who writes entries waits for it.
    """
    list(IndexSegment.objects.select_for_update().order_by("number"))
    tokens, entries, weights = array("q"), array("q"), array("B")
    indexed: list[IndexedResource] = []
    for entry_id, weighed in _weigh_all(now):
        tokens.extend(weighed)
        entries.extend([entry_id] * len(weighed))
        weights.extend(weighed.values())
        told = np.fromiter(weighed, dtype="<i8").tobytes()
        indexed.append(IndexedResource(resource_id=entry_id, tokens=told, rules=rules_mark()))
    Posting.objects.all().delete()
    IndexedResource.objects.all().delete()
    IndexedResource.objects.bulk_create(indexed, batch_size=_CHUNK)
    segments = {place_of(entry.resource_id)[0] for entry in indexed}
    IndexSegment.objects.bulk_create((IndexSegment(number=n) for n in sorted(segments)), ignore_conflicts=True)
    postings = (
        Posting(token=token, segment=segment, offsets=packed[0], weights=packed[1])
        for token, segment, packed in pack_all(tokens, entries, weights)
    )
    while piece := list(islice(postings, _PIECE)):
        Posting.objects.bulk_create(piece, batch_size=_CHUNK)
    facts = {"entries": len(indexed), "words": len(tokens)}
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
