"""Finding data: what people type, suggestions while they type, and what narrows the answer."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.http import HttpResponseBase, QueryDict
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from chengshu.base.texts import drop_controls
from chengshu.resources.facade import catalogue
from chengshu.resources.facade.catalogue import DataResource, Found
from chengshu.resources.ui.access import PersonRequest, for_people
from chengshu.resources.ui.words import CYCLES, KINDS, SHARING, STATES

_PAGE = 20
_LONGEST = 200
_GRADES: Mapping[str, str] = {str(grade): str(grade) for grade in range(1, 6)}
_VOCABULARIES: tuple[tuple[str, Promise, Mapping[str, Any]], ...] = (
    ("kind", _("类型"), KINDS),
    ("cycle", _("更新周期"), CYCLES),
    ("sharing", _("共享类型"), SHARING),
    ("grade", _("分级"), _GRADES),
)


@dataclass(frozen=True, slots=True)
class Narrowing:
    """One filter of the search: its name in the address, its label, what may be chosen, and what is."""

    key: str
    label: object
    choices: list[tuple[str, object]]
    chosen: str


@dataclass(frozen=True, slots=True)
class Hit:
    """One resource found, with the fields that the words stand in."""

    resource: DataResource
    kind: object
    cycle: object
    sharing: object
    state: object
    fields: list[catalogue.FoundField]


@require_GET
@for_people
def search(request: PersonRequest) -> HttpResponseBase:
    """Show the box, and under it what was found, the best first."""
    today = localdate()
    text = _read_text(request)
    narrowings = _narrowings(request, today)
    context: dict[str, Any] = {"text": text, "narrowings": narrowings}
    if text:
        rows = _narrow(catalogue.list_resources(request.user, on=today), narrowings)
        found = catalogue.find_resources(text, rows)
        context |= _lay_page(found, rows, request.GET)
    elif any(narrowing.chosen for narrowing in narrowings):
        rows = _narrow(catalogue.list_resources(request.user, on=today), narrowings)
        ids = tuple(rows.order_by("name").values_list("pk", flat=True)[: catalogue.MOST_FOUND + 1])
        context |= _lay_page(Found(ids[: catalogue.MOST_FOUND], len(ids) > catalogue.MOST_FOUND, ()), rows, request.GET)
    else:
        seen = catalogue.list_resources(request.user, on=today)
        published = seen.filter(state=catalogue.ResourceState.PUBLISHED)
        context |= {"held": f"{published.count():,}", "newest": published.order_by("-published_at")[:8]}
    return render(request, "resources/search.html", context)


@require_GET
@for_people
def suggest(request: PersonRequest) -> HttpResponseBase:
    """Give the first resources and data elements that hold what is being typed."""
    text = _read_text(request)
    rows = catalogue.list_resources(request.user, on=localdate())
    resources, elements = catalogue.suggest(text, rows) if text else ([], [])
    return render(request, "resources/suggestions.html", {"text": text, "resources": resources, "elements": elements})


def _read_text(request: PersonRequest) -> str:
    return drop_controls(request.GET.get("q", "")).strip()[:_LONGEST]


def _narrowings(request: PersonRequest, today: date) -> list[Narrowing]:
    departments = [(found.code, found.name) for found in catalogue.list_departments(request.user, on=today)]
    offered: Sequence[tuple[str, object, list[tuple[str, object]]]] = (
        ("department", _("提供方"), [(code, name) for code, name in departments]),
        *((key, label, [(value, shown) for value, shown in words.items()]) for key, label, words in _VOCABULARIES),
    )
    told = []
    for key, label, choices in offered:
        given = request.GET.get(key, "")
        told.append(Narrowing(key, label, choices, given if given in {value for value, _shown in choices} else ""))
    return told


def _narrow(rows: QuerySet[DataResource], narrowings: list[Narrowing]) -> QuerySet[DataResource]:
    for narrowing in narrowings:
        if narrowing.chosen:
            path = "department__code" if narrowing.key == "department" else narrowing.key
            rows = rows.filter(**{path: narrowing.chosen})
    return rows


def _lay_page(found: Found, rows: QuerySet[DataResource], asked: QueryDict) -> dict[str, Any]:
    """Lay out one page of what was found; a page that is not there is the last one."""
    pages = max(1, -(-len(found.ids) // _PAGE))
    typed = asked.get("page", "")
    number = min(max(1, int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 6 else 1), pages)
    shown = found.ids[(number - 1) * _PAGE : number * _PAGE]
    kept = rows.in_bulk(shown)
    fields = catalogue.find_fields(found, shown) if found.wordings else {}
    others = [(key, value) for key, value in asked.items() if key != "page"]
    return {
        "is_asked": True,
        "hits": [_lay_hit(kept[entry], fields.get(entry, [])) for entry in shown if entry in kept],
        "count": f"{len(found.ids):,}",
        "is_more": found.is_more,
        "is_short": len(asked.get("q", "").strip()) == 1,
        "also": [" ".join(wording.terms) for wording in found.wordings if not wording.is_own],
        "page": number,
        "pages": pages,
        "previous": "?" + urlencode([*others, ("page", number - 1)]) if number > 1 else "",
        "next": "?" + urlencode([*others, ("page", number + 1)]) if number < pages else "",
    }


def _lay_hit(resource: DataResource, fields: list[catalogue.FoundField]) -> Hit:
    return Hit(
        resource,
        KINDS[resource.kind],
        CYCLES[resource.cycle],
        SHARING[resource.sharing],
        STATES[resource.state],
        fields,
    )
