"""Fields of an entry one by one: put in, changed, taken out, moved, with what differs from the edition in force in sight."""

from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from chengshu.kernel.grants import facade as grants
from chengshu.resources.facade import catalogue, grading
from chengshu.resources.facade.catalogue import (
    DataResource,
    FieldContent,
    ReasonMissing,
    ResourceClosed,
    ResourceInvalid,
    ResourceStale,
)
from chengshu.resources.ui.access import PersonRequest, for_people
from chengshu.resources.ui.fault_words import word_differences
from chengshu.resources.ui.forms.fields import FieldForm
from chengshu.resources.ui.words import TYPES, WAYS

_PAGE = 200
_DATED = {catalogue.ValueType.DATE, catalogue.ValueType.MOMENT}
_MOVES = {"up": -1, "down": 1}
Fields = tuple[FieldContent, ...]


@require_http_methods(["GET", "POST"])
@for_people
def edit_fields(request: PersonRequest, resource_id: int) -> HttpResponseBase:
    """Show the fields of an entry as it is being worked on; on POST take one step with them."""
    today = localdate()
    resource = catalogue.get_resource(resource_id, viewer=request.user, on=today)
    grants.require(request.user, catalogue.EDIT, resource.department_id, on=today)
    fields = catalogue.open_content(resource).fields
    chosen = _find(fields, request.POST.get("instead_of") or request.GET.get("field", ""))
    context: dict[str, Any] = {"form": FieldForm(None, field=chosen)}
    if request.method == "POST":
        context = {"form": FieldForm(request.POST, field=chosen)} if "put" in request.POST else context
        try:
            if (done := _take_step(request, resource, fields, context["form"])) is not None:
                return done
        except (ResourceStale, ResourceClosed) as fault:
            context["stale"] = fault.message
        except ResourceInvalid as fault:
            context["form"] = FieldForm(request.POST, field=chosen)
            context["form"].is_valid()
            context["form"].tell(fault)
    is_wrong = bool(context["form"].errors or "stale" in context)
    context |= _lay_page(request, resource, fields, chosen)
    return render(request, "resources/fields_edit.html", context, status=422 if is_wrong else 200)


@require_POST
@for_people
def grade_field(request: PersonRequest, resource_id: int) -> HttpResponseBase:
    """Lower the grade of what is gathered up in a field, or no longer."""
    code, grade = request.POST.get("field", ""), request.POST.get("grade", "")
    told = int(grade) if grade in {"1", "2", "3", "4"} else None
    asked = grading.LoweringAsked(resource_id, code, told, request.POST.get("reason", ""))
    try:
        grading.lower_grade(asked, actor=request.user, now=timezone.now())
    except (ReasonMissing, ResourceInvalid) as fault:
        messages.error(request, fault.message)
    else:
        messages.success(request, _("已保存，分级按来源重新算过。"))
    return redirect(f"{reverse('resources:fields-edit', args=[resource_id])}?{urlencode({'field': code})}#grade")


def _take_step(
    request: PersonRequest, resource: DataResource, fields: Fields, form: FieldForm
) -> HttpResponseBase | None:
    """Carry out what was pressed; None when the form is not complete."""
    after, focus = fields, ""
    if "put" in request.POST:
        if not form.is_valid():
            return None
        field = form.content()
        instead_of = request.POST.get("instead_of", "")
        after = catalogue.put_field(fields, field, instead_of=instead_of, place=form.cleaned_data["place"] or 0)
        focus = field.code
    elif code := request.POST.get("remove", ""):
        after = catalogue.remove_field(fields, code)
    else:
        move = next((name for name in _MOVES if request.POST.get(name)), "")
        if move:
            focus = request.POST[move]
            after = catalogue.move_field(fields, focus, _MOVES[move])
    _keep(request, resource, after)
    messages.success(request, _("已保存。"))
    places = [field.code for field in after]
    page = places.index(focus) // _PAGE + 1 if focus in places else request.GET.get("page", "1")
    query = urlencode({"page": page, "at": focus})
    return redirect(f"{reverse('resources:fields-edit', args=[resource.pk])}?{query}#at")


def _keep(request: PersonRequest, resource: DataResource, fields: Fields) -> None:
    seen = request.POST.get("seen", "")
    catalogue.change_resource(
        resource.pk,
        replace(catalogue.open_content(resource), fields=fields),
        seen=int(seen) if seen.isascii() and seen.isdigit() and len(seen) < 10 else 0,
        actor=request.user,
        now=timezone.now(),
        reason=_("逐项修改信息项"),
    )


def _find(fields: Fields, code: str) -> FieldContent | None:
    return next((field for field in fields if field.code == code), None)


def _lay_page(
    request: PersonRequest, resource: DataResource, fields: Fields, chosen: FieldContent | None
) -> dict[str, Any]:
    page = Paginator([(number, field, TYPES[field.type]) for number, field in enumerate(fields, 1)], _PAGE)
    told = grading.explain_grades(resource, viewer=request.user, on=localdate())
    graded = told.get(chosen.code) if chosen else None
    return {
        "resource": resource,
        "seen": resource.revision,
        "count": len(fields),
        "page": page.get_page(request.GET.get("page", "1")),
        "chosen": chosen,
        "at": request.GET.get("at", ""),
        "differences": word_differences(catalogue.compare_open(resource)),
        "has_edition": resource.version > 0,
        "graded": graded,
        "origins": [(origin, WAYS[origin.way]) for origin in graded.origins] if graded else [],
        "dated": [(field.code, field.name) for field in fields if field.type in _DATED],
        "lower_grades": range(1, max((o.grade or 1 for o in graded.origins), default=1)) if graded else [],
    }
