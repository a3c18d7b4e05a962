"""Collection: sources with their promises, deliveries with their receipts, refused rows."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from chengshu.kernel.audit.facade import name_action
from chengshu.kernel.files.facade import FileError
from chengshu.kernel.grants import facade as grants
from chengshu.kernel.listing.facade import open_listing, respond_with_listing
from chengshu.resources.facade import catalogue, collection
from chengshu.resources.facade.catalogue import DataResource
from chengshu.resources.facade.collection import COLLECT, DataSource, DeliveryState, SourceKind
from chengshu.resources.facade.processing import SEE_PROCESSING
from chengshu.resources.ui.access import PersonRequest, for_people, note_look
from chengshu.resources.ui.forms.addresses import named_parts
from chengshu.resources.ui.forms.collection import KeyForm, PromiseForm
from chengshu.resources.ui.lists.collection import (
    CHANNELS,
    KINDS,
    LATENESS,
    MODES,
    deliveries_spec,
    refused_rows_spec,
    say_state,
    sources_spec,
)
from chengshu.resources.ui.words import CYCLES


class FileForm(forms.Form):
    """The file that is delivered."""

    file = forms.FileField(label=gettext_lazy("要交付的文件"))


@require_http_methods(["GET", "POST"])
@for_people
def list_sources(request: PersonRequest) -> HttpResponseBase:
    """Show the sources."""
    today = localdate()
    rows = collection.list_punctual_sources(request.user, now=timezone.now())
    listing = open_listing(sources_spec(request.user, today=today), rows, request)
    may = grants.is_permitted_anywhere(request.user, COLLECT, on=today)
    return respond_with_listing(request, listing, "resources/sources.html", {"may_collect": may})


@require_http_methods(["GET", "POST"])
@for_people
def show_source(request: PersonRequest, source_id: int) -> HttpResponseBase:
    """Show a source with its deliveries."""
    today = localdate()
    source = collection.get_source(source_id, viewer=request.user, on=today)
    rows = collection.list_deliveries(request.user, on=today, source_id=source.pk)
    listing = open_listing(deliveries_spec(of_one_source=True), rows, request)
    return respond_with_listing(request, listing, "resources/source.html", describe_source(request, source))


@require_POST
@for_people
def send(request: PersonRequest, source_id: int) -> HttpResponseBase:
    """Receive a file."""
    source = collection.get_source(source_id, viewer=request.user, on=localdate())
    form = FileForm(request.POST, request.FILES)
    grants.require(request.user, COLLECT, source.department_id, on=localdate())
    if not form.is_valid():
        messages.error(request, _("请选择要交付的文件。"))
        return redirect("resources:source", source.pk)
    file = form.cleaned_data["file"]
    try:
        delivery, is_new = collection.receive_file(source, file, name=file.name, actor=request.user, now=timezone.now())
    except (FileError, collection.SourceInvalid) as fault:
        messages.error(request, fault.message)
        return redirect("resources:source", source.pk)
    if not is_new:
        messages.info(request, _("这个文件的内容以前交付过，没有重复归集；这是当时的回执。"))
    return redirect("resources:delivery", delivery.pk)


@require_POST
@for_people
def pull(request: PersonRequest, source_id: int) -> HttpResponseBase:
    """Collect now."""
    source = collection.get_source(source_id, viewer=request.user, on=localdate())
    try:
        collection.ask_pull(source, actor=request.user, now=timezone.now())
        messages.success(request, _("已开始采集，完成后回执会列在下面。"))
    except collection.SourceInvalid as fault:
        messages.error(request, fault.message)
    return redirect("resources:source", source.pk)


@require_POST
@for_people
def promise(request: PersonRequest, source_id: int) -> HttpResponseBase:
    """Keep what a source promises."""
    source = collection.get_source(source_id, viewer=request.user, on=localdate())
    grants.require(request.user, COLLECT, source.department_id, on=localdate())
    form = PromiseForm(request.POST, auto_id="promise-%s")
    if form.is_valid():
        collection.keep_promise(source, form.content(), actor=request.user, now=timezone.now())
        return redirect("resources:source", source.pk)
    rows = collection.list_deliveries(request.user, on=localdate(), source_id=source.pk)
    listing = open_listing(deliveries_spec(of_one_source=True), rows, request)
    context = describe_source(request, source) | {"promise_form": form, "listing": listing}
    return render(request, "resources/source.html", context, status=422)


@require_http_methods(["GET", "POST"])
@for_people
def list_deliveries(request: PersonRequest) -> HttpResponseBase:
    """Show the deliveries."""
    listing = open_listing(deliveries_spec(), collection.list_deliveries(request.user, on=localdate()), request)
    return respond_with_listing(request, listing, "resources/deliveries.html")


@require_http_methods(["GET", "POST"])
@for_people
def show_delivery(request: PersonRequest, delivery_id: int) -> HttpResponseBase:
    """Show a delivery's receipt, with the rows that were refused."""
    today = localdate()
    delivery = collection.get_delivery(delivery_id, viewer=request.user, on=today)
    is_cut = delivery.refused > collection.LISTED_REFUSED and delivery.refused_file is not None
    if is_cut and request.GET.get("export"):
        return redirect("resources:delivery-refused-file", delivery.pk, request.GET["export"])
    if delivery.refused:
        note_look(request, f"delivery:{delivery.pk}", "refused_rows")
    sight = collection.sight_of_delivery(delivery, request.user, on=today)
    listing = open_listing(refused_rows_spec(delivery, sight), collection.list_refused_rows(delivery.pk), request)
    context = {
        "delivery": delivery,
        "is_whole": sight.is_whole,
        "drift": sight.show_drift(delivery.drift),
        "effect": collection.tell_effect(delivery) if delivery.state == DeliveryState.HELD.value else None,
        "state": say_state(delivery),
        "channel": CHANNELS[delivery.channel],
        "listed": f"{collection.LISTED_REFUSED:,}" if is_cut else "",
        "refused_text": f"{delivery.refused:,}",
        "may_collect": grants.is_permitted(request.user, COLLECT, delivery.department_id, on=today),
        "sees_versions": grants.is_permitted(request.user, SEE_PROCESSING, delivery.source.department_id, on=today),
    }
    return respond_with_listing(request, listing, "resources/delivery.html", context)


@require_POST
@for_people
def accept_drift(request: PersonRequest, delivery_id: int) -> HttpResponseBase:
    """Take a held delivery nevertheless."""
    delivery = collection.get_delivery(delivery_id, viewer=request.user, on=localdate())
    reason = request.POST.get("reason", "")
    try:
        collection.accept_drift(delivery, reason=reason, actor=request.user, now=timezone.now())
    except (collection.DeliveryClosed, collection.ReasonMissing, collection.SourceInvalid) as fault:
        messages.error(request, fault.message)
    return redirect("resources:delivery", delivery.pk)


@require_POST
@for_people
def retry_delivery(request: PersonRequest, delivery_id: int) -> HttpResponseBase:
    """Try a failed delivery again."""
    delivery = collection.get_delivery(delivery_id, viewer=request.user, on=localdate())
    try:
        collection.retry_delivery(delivery, actor=request.user, now=timezone.now())
        messages.success(request, _("已重新开始归集，稍后刷新本页看结果。"))
    except (collection.DeliveryClosed, collection.SourceInvalid) as fault:
        messages.error(request, fault.message)
    return redirect("resources:delivery", delivery.pk)


@require_POST
@for_people
def waive_delivery(request: PersonRequest, delivery_id: int) -> HttpResponseBase:
    """Do nothing more about a failed delivery."""
    delivery = collection.get_delivery(delivery_id, viewer=request.user, on=localdate())
    reason = request.POST.get("reason", "")
    try:
        collection.waive_delivery(delivery, reason=reason, actor=request.user, now=timezone.now())
        messages.success(request, _("这次交付不再处理，已离开今日待办。"))
    except (collection.DeliveryClosed, collection.ReasonMissing) as fault:
        messages.error(request, fault.message)
    return redirect("resources:delivery", delivery.pk)


def describe_source(request: PersonRequest, source: DataSource) -> dict[str, Any]:
    """Give all that the page of a source shows beside its deliveries."""
    promised = collection.DeliveryPromise.objects.filter(source=source).first()
    found = collection.find_punctuality(promised, now=timezone.now()) if promised else None
    return {
        "source": source,
        "kind": KINDS[source.kind],
        "mode": MODES[source.mode],
        "address": named_parts(source.address),
        "promise": promised,
        "promise_cycle": CYCLES[promised.cycle] if promised else "",
        "promise_form": PromiseForm(auto_id="promise-%s"),
        "punctuality": found,
        "lateness": LATENESS[found.lateness] if found else "",
        "file_form": FileForm(auto_id="delivery-%s"),
        "takes_files": source.kind in {SourceKind.FILE.value, SourceKind.FOLDER.value},
        "resource": _find_entry(request, source),
        "keys": collection.list_keys(source),
        "key_form": KeyForm(auto_id="key-%s"),
        "now": timezone.now(),
        "history": [(name_action(entry.action), entry) for entry in collection.list_history(source)],
        "may_collect": grants.is_permitted(request.user, COLLECT, source.department_id, on=localdate()),
        "sees_versions": grants.is_permitted(request.user, SEE_PROCESSING, source.department_id, on=localdate()),
    }


def _find_entry(request: PersonRequest, source: DataSource) -> DataResource | None:
    if source.resource_id is None:
        return None
    try:
        return catalogue.get_resource(source.resource_id, viewer=request.user, on=localdate())
    except catalogue.ResourceNotFound:
        return None
