"""Writing entries: registered, changed, led on step by step, disputed."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from chengshu.kernel.grants import facade as grants
from chengshu.resources.facade import catalogue, disputes
from chengshu.resources.facade.catalogue import (
    EntryIncomplete,
    ReasonMissing,
    ResourceClosed,
    ResourceInvalid,
    ResourcesError,
    ResourceStale,
    Step,
    StepAsked,
)
from chengshu.resources.ui.access import PersonRequest, for_people
from chengshu.resources.ui.fault_words import word_faults
from chengshu.resources.ui.forms.entries import EntryForm
from chengshu.resources.ui.views.resources import lay_resource

_FORM = "resources/form.html"
_STEPS = {step.value: step for step in Step}


@require_http_methods(["GET", "POST"])
@for_people
def register(request: PersonRequest) -> HttpResponseBase:
    """Ask for a new entry; on POST keep it as a draft."""
    today = localdate()
    grants.require_anywhere(request.user, catalogue.EDIT, on=today)
    form = EntryForm(request.POST or None, viewer=request.user, today=today)
    if request.method == "POST" and form.is_valid():
        try:
            resource = catalogue.register_resource(form.content(), actor=request.user, now=timezone.now())
        except ResourceInvalid as fault:
            form.tell(fault)
        else:
            messages.success(request, _("已登记为草稿。未达标的地方列在下面，补齐后就可以提交审核。"))
            return redirect("resources:resource", resource.pk)
    return render(request, _FORM, {"form": form}, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@for_people
def edit(request: PersonRequest, resource_id: int) -> HttpResponseBase:
    """Show an entry to be changed, its change under way if there is one; on POST keep it."""
    today = localdate()
    resource = catalogue.get_resource(resource_id, viewer=request.user, on=today)
    grants.require(request.user, catalogue.EDIT, resource.department_id, on=today)
    content = catalogue.open_content(resource)
    form = EntryForm(request.POST or None, viewer=request.user, today=today, content=content)
    context: dict[str, Any] = {"form": form, "resource": resource, "seen": resource.revision}
    if request.method == "POST" and form.is_valid():
        try:
            catalogue.change_resource(
                resource.pk,
                form.content(),
                seen=_number(request.POST.get("seen", "")),
                actor=request.user,
                now=timezone.now(),
                reason=request.POST.get("why", ""),
            )
        except (ResourceStale, ResourceClosed) as fault:
            context["stale"] = fault.message
        except ResourceInvalid as fault:
            form.tell(fault)
        else:
            messages.success(request, _("已保存。"))
            return redirect("resources:resource", resource.pk)
    is_wrong = bool(form.errors or "stale" in context)
    return render(request, _FORM, context, status=422 if is_wrong else 200)


@require_POST
@for_people
def take_step(request: PersonRequest, resource_id: int) -> HttpResponseBase:
    """Lead an entry on; what stands in the way is told on its page."""
    resource = catalogue.get_resource(resource_id, viewer=request.user, on=localdate())
    step = _STEPS.get(request.POST.get("step", ""))
    context: dict[str, Any] = {}
    if step is None:
        context["refused"] = _("请选择要做的一步。")
    else:
        asked = StepAsked(resource.pk, step, _number(request.POST.get("seen", "")), request.POST.get("reason", ""))
        try:
            catalogue.take_step(asked, actor=request.user, now=timezone.now())
        except EntryIncomplete as fault:
            context = {"refused": fault.message, "faults": word_faults(fault.faults)}  # type: ignore[arg-type]  # EntryFault
        except ResourcesError as fault:
            context["refused"] = fault.message
        else:
            messages.success(request, _("已办理。"))
            return redirect("resources:resource", resource.pk)
    resource = catalogue.get_resource(resource_id, viewer=request.user, on=localdate())
    return render(request, "resources/resource.html", lay_resource(request, resource) | context, status=422)


@require_POST
@for_people
def dispute(request: PersonRequest, resource_id: int) -> HttpResponseBase:
    """Take what somebody says is wrong."""
    resource = catalogue.get_resource(resource_id, viewer=request.user, on=localdate())
    problem, field = request.POST.get("problem", ""), request.POST.get("field", "").strip()
    try:
        raised = disputes.raise_dispute(resource.pk, problem, field=field, actor=request.user, now=timezone.now())
    except ReasonMissing as fault:
        context = lay_resource(request, resource) | {"dispute_fault": fault.message, "problem": problem}
        return render(request, "resources/resource.html", context, status=422)
    number = raised.ticket.number
    messages.success(request, _("已提出异议，工单 %(number)s。提供方应在 5 个工作日内答复。") % {"number": number})
    return redirect("resources:resource", resource.pk)


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0
