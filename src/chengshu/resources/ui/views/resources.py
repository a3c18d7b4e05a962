"""Resources: the list, and one with all that is known of it, its fields and its versions."""

from typing import Any

from django.http import HttpResponseBase
from django.shortcuts import render
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from chengshu.kernel.grants import facade as grants
from chengshu.kernel.listing.facade import open_listing, respond_with_listing
from chengshu.resources.facade import catalogue, disputes, sections
from chengshu.resources.facade.catalogue import DataResource
from chengshu.resources.facade.sections import SectionKey
from chengshu.resources.ui.access import PersonRequest, for_people
from chengshu.resources.ui.fault_words import word_differences, word_faults
from chengshu.resources.ui.lists.fields import fields_spec
from chengshu.resources.ui.lists.resources import resources_spec
from chengshu.resources.ui.words import (
    CLASSIFICATIONS,
    CYCLES,
    GROUPS,
    KINDS,
    LISTS,
    OPENING,
    SHARING,
    STATES,
    STEPS,
    TYPES,
)

_FIRST_FIELDS = 12


@require_http_methods(["GET", "POST"])
@for_people
def list_resources(request: PersonRequest) -> HttpResponseBase:
    """Show the catalogue."""
    today = localdate()
    rows = catalogue.list_resources(request.user, on=today).prefetch_related("lists")
    listing = open_listing(resources_spec(request.user, today=today), rows, request)
    may_edit = grants.is_permitted_anywhere(request.user, catalogue.EDIT, on=today)
    return respond_with_listing(request, listing, "resources/catalogue.html", {"may_edit": may_edit})


@require_GET
@for_people
def show_resource(request: PersonRequest, resource_id: int) -> HttpResponseBase:
    """Show a resource: what it is, who owes it, how fresh, how good, who uses it, and what is to be done with it."""
    resource = catalogue.get_resource(resource_id, viewer=request.user, on=localdate())
    return render(request, "resources/resource.html", lay_resource(request, resource))


def lay_resource(request: PersonRequest, resource: DataResource) -> dict[str, Any]:
    """Give all that the page of a resource shows."""
    today = localdate()
    may_edit = grants.is_permitted(request.user, catalogue.EDIT, resource.department_id, on=today)
    may_see = grants.is_permitted(request.user, catalogue.SEE, resource.department_id, on=today)
    change = catalogue.find_change(resource) if may_see else None
    fields = list(catalogue.list_fields(resource.pk).order_by("number")[:_FIRST_FIELDS])
    told = sections.tell_sections(resource, viewer=request.user, on=today)
    return {
        "resource": resource,
        "words": _word(resource),
        "lists": [(LISTS[item.kind], item) for item in resource.lists.order_by("kind")],
        "fields": [(field, TYPES[field.type]) for field in fields],
        "profile": catalogue.get_profile(resource.profile),
        "faults": word_faults(catalogue.check_content(catalogue.open_content(resource))) if may_see else [],
        "change": change,
        "differences": word_differences(catalogue.compare_open(resource)) if change else [],
        "steps": _offer(request, resource),
        "may_edit": may_edit and _is_open(resource, change),
        "may_see": may_see,
        "may_dispute": grants.is_permitted_anywhere(request.user, disputes.DISPUTE, on=today),
        "disputes": disputes.list_disputes(resource) if may_see else [],
        "decisions": _decisions(resource) if may_see else [],
        "freshness": told[SectionKey.FRESHNESS],
        "quality": told[SectionKey.QUALITY],
        "users": told[SectionKey.USERS],
        "samples": told[SectionKey.SAMPLE],
    }


@require_http_methods(["GET", "POST"])
@for_people
def list_fields(request: PersonRequest, resource_id: int) -> HttpResponseBase:
    """Show the fields of a resource, however many there are."""
    resource = catalogue.get_resource(resource_id, viewer=request.user, on=localdate())
    listing = open_listing(fields_spec(), catalogue.list_fields(resource.pk), request)
    may_edit = grants.is_permitted(request.user, catalogue.EDIT, resource.department_id, on=localdate())
    return respond_with_listing(request, listing, "resources/fields.html", {"resource": resource, "may_edit": may_edit})


@require_GET
@for_people
def list_editions(request: PersonRequest, resource_id: int) -> HttpResponseBase:
    """Show the versions of a resource, each with what it changed."""
    resource = catalogue.get_resource(resource_id, viewer=request.user, on=localdate())
    shown = resource.editions.select_related("author").order_by("-number")[:20]
    editions = [(edition, word_differences(catalogue.compare_editions(edition))) for edition in shown]
    return render(request, "resources/editions.html", {"resource": resource, "editions": editions})


def _word(resource: DataResource) -> dict[str, object]:
    return {
        "group": GROUPS[resource.group],
        "kind": KINDS[resource.kind],
        "cycle": CYCLES[resource.cycle],
        "sharing": SHARING[resource.sharing],
        "opening": OPENING[resource.opening],
        "classification": CLASSIFICATIONS[resource.classification],
        "state": STATES[resource.state],
    }


def _offer(request: PersonRequest, resource: DataResource) -> list[tuple[str, object, bool]]:
    """Give the steps on offer: key, words, whether a reason is asked for."""
    steps = catalogue.offer_steps(resource, viewer=request.user, on=localdate())
    return [(step.value, STEPS[step], catalogue.STEPS[step].needs_reason) for step in steps]


def _is_open(resource: DataResource, change: catalogue.Change | None) -> bool:
    is_submitted = change is not None and change.is_submitted
    return not is_submitted and resource.state in {"draft", "published"}


def _decisions(resource: DataResource) -> list[tuple[object, Any]]:
    shown = resource.decisions.select_related("author").order_by("-decided_at", "-pk")[:20]
    return [(STEPS.get(decision.step, _("其他步骤")), decision) for decision in shown]
