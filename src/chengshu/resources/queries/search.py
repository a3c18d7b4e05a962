"""Finding resources by words: the index gives candidates by weight, their texts decide the order of the first ones."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from django.db.models import Q, QuerySet

from chengshu.resources.models import DataElement, DataResource, Field, Posting
from chengshu.resources.rules.postings import Ids, intersect
from chengshu.resources.rules.tokens import Wording, fold, read_query

MOST_FOUND = 1000
"""So many are ranked and leafed through; who finds more should say more."""
_WEIGHED_AGAIN = 300
_SYNONYM_PCT = 70
_SAME_CODE, _SAME_NAME, _NAME_BEGINS, _NAME_HOLDS = 4000, 2000, 800, 400
_MOST_PLACES = 5


@dataclass(frozen=True, slots=True)
class Found:
    """What a search gives: ids in their order, whether there are more, and the wordings that found something."""

    ids: tuple[int, ...]
    is_more: bool
    wordings: tuple[Wording, ...]


@dataclass(frozen=True, slots=True)
class FoundField:
    """A field that the words stand in."""

    code: str
    name: str
    element: str


def find_resources(text: str, rows: QuerySet[DataResource]) -> Found:
    """Find the resources among `rows` in which all words stand, the best first; at most a thousand.

    Words of synonyms count seven tenths. A resource of that very code comes first, then those of that very name.
    """
    scores: dict[int, int] = {}
    used: list[Wording] = []
    seen = _Sight(rows)
    for wording in read_query(text):
        found = _candidates(wording, seen)
        for entry, score in found:
            told = score if wording.is_own else score * _SYNONYM_PCT // 100
            scores[entry] = max(scores.get(entry, 0), told)
        if found:
            used.append(wording)
    ranked = sorted(scores, key=lambda entry: (-scores[entry], entry))[: MOST_FOUND + 1]
    head = _weigh_again(ranked[:_WEIGHED_AGAIN], scores, used)
    ids = (*head, *ranked[_WEIGHED_AGAIN:MOST_FOUND])
    return Found(ids[:MOST_FOUND], len(ranked) > MOST_FOUND, tuple(used))


def find_fields(found: Found, shown: Sequence[int]) -> Mapping[int, list[FoundField]]:
    """Tell for the resources that are shown in which fields the words stand, at most five each, in their order."""
    terms = {term for wording in found.wordings for term in wording.terms}
    holds = Q(pk__in=())
    for term in terms:
        holds |= Q(name__icontains=term) | Q(code__icontains=term) | Q(element__name__icontains=term)
    rows = Field.objects.filter(holds, resource__in=list(shown)).order_by("resource_id", "number")
    placed: dict[int, list[FoundField]] = {}
    for entry, code, name, element in rows.values_list("resource_id", "code", "name", "element__name"):
        places = placed.setdefault(entry, [])
        if len(places) < _MOST_PLACES:
            places.append(FoundField(code, name, element or ""))
    return placed


def suggest(text: str, rows: QuerySet[DataResource], *, most: int = 8) -> tuple[list[DataResource], list[str]]:
    """Give the first resources that a search would, and names of data elements that hold the words."""
    found = find_resources(text, rows)
    kept = rows.in_bulk(found.ids[:most])
    word = fold(text).strip()
    elements = DataElement.objects.filter(name__icontains=word).order_by("name").values_list("name", flat=True)
    return [kept[entry] for entry in found.ids[:most] if entry in kept], list(elements[:4]) if word else []


class _Sight:
    """Tells which of some ids are among the rows; asks for all rows once, when it has been asked about many ids."""

    def __init__(self, rows: QuerySet[DataResource]) -> None:
        self._rows = rows.order_by()
        self._all: Ids | None = None

    def holds(self, ids: Ids) -> npt.NDArray[np.bool_]:
        """Tell of each id whether it is among the rows."""
        if self._all is None and len(ids) <= MOST_FOUND:
            return np.isin(ids, self._ask(self._rows.filter(pk__in=ids.tolist())))
        if self._all is None:
            self._all = self._ask(self._rows)
        return np.isin(ids, self._all)

    def _ask(self, rows: QuerySet[DataResource]) -> Ids:
        return np.fromiter(rows.values_list("pk", flat=True), dtype=np.int64)


def _candidates(wording: Wording, sight: _Sight) -> list[tuple[int, int]]:
    """Give ids and weights of the resources that hold all tokens, the heaviest first."""
    postings = Posting.objects.filter(token__in=wording.tokens).values_list("segment", "offsets", "weights")
    ids, scores = intersect(postings, len(wording.tokens))
    seen = sight.holds(ids)
    ids, scores = ids[seen], scores[seen]
    first = np.lexsort((ids, -scores))[: MOST_FOUND + 1]
    return list(zip(ids[first].tolist(), scores[first].tolist(), strict=True))


def _weigh_again(ids: Sequence[int], scores: Mapping[int, int], wordings: Iterable[Wording]) -> list[int]:
    """Put the first candidates in order by what their codes and names say."""
    said = [("".join(wording.terms), wording.terms, wording.is_own) for wording in wordings]
    texts = DataResource.objects.filter(pk__in=ids).values_list("pk", "code", "name")
    weighed = {}
    for entry, code, name in texts:
        best = max((_bonus(fold(code), fold(name), whole, terms, is_own) for whole, terms, is_own in said), default=0)
        weighed[entry] = (-(scores[entry] + best), len(name), entry)
    return sorted(weighed, key=weighed.__getitem__)


def _bonus(code: str, name: str, whole: str, terms: Sequence[str], is_own: bool) -> int:  # noqa: FBT001 - of the row
    if code == whole:
        return _SAME_CODE
    if name == whole:
        bonus = _SAME_NAME
    elif name.startswith(whole):
        bonus = _NAME_BEGINS
    else:
        bonus = _NAME_HOLDS if all(term in name for term in terms) else 0
    return bonus if is_own else bonus * _SYNONYM_PCT // 100
