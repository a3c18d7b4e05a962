"""The indicator library: list, one entry, add, change, retire, offer again, load what is delivered."""

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from chengshu.kernel.grants import facade as grants
from chengshu.kernel.listing.facade import open_listing, respond_with_listing
from chengshu.performance.facade import goals
from chengshu.performance.facade.goals import LibraryIndicator, LibraryInvalid, ReasonMissing
from chengshu.performance.ui.access import PersonRequest, for_people
from chengshu.performance.ui.forms.library import EntryForm, RetireForm
from chengshu.performance.ui.goal_words import name_level
from chengshu.performance.ui.lists.library import library_spec, target_text

_KEEP = "performance.edit_library"


@require_http_methods(["GET", "POST"])
@for_people
def list_library(request: PersonRequest) -> HttpResponseBase:
    """Show the library."""
    listing = open_listing(library_spec(), goals.list_library(), request)
    return respond_with_listing(request, listing, "performance/library/list.html", {"can_keep": _can_keep(request)})


@require_GET
@for_people
def show_entry(request: PersonRequest, entry_id: int) -> HttpResponseBase:
    """Show one indicator of the library."""
    return _show(request, goals.get_entry(entry_id))


@require_http_methods(["GET", "POST"])
@for_people
def add_entry(request: PersonRequest) -> HttpResponseBase:
    """Ask for a new indicator; on POST add it."""
    grants.require_anywhere(request.user, _KEEP, on=localdate())
    form = EntryForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            entry = goals.add_entry(form.entry(), actor=request.user, now=timezone.now())
        except LibraryInvalid as fault:
            _blame(form, fault)
        else:
            messages.success(request, _("已新增。"))
            return redirect("performance:library-entry", entry.pk)
    context = {"form": form, "entry": None}
    return render(request, "performance/library/edit.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@for_people
def change_entry(request: PersonRequest, entry_id: int) -> HttpResponseBase:
    """Show an indicator for changing; on POST change it."""
    grants.require_anywhere(request.user, _KEEP, on=localdate())
    entry = goals.get_entry(entry_id)
    form = EntryForm(request.POST if request.method == "POST" else None, entry=entry)
    if request.method == "POST" and form.is_valid():
        try:
            goals.change_entry(entry_id, form.entry(), actor=request.user, now=timezone.now())
        except LibraryInvalid as fault:
            _blame(form, fault)
        else:
            messages.success(request, _("已修改。已经采用它的目标不受影响。"))
            return redirect("performance:library-entry", entry_id)
    context = {"form": form, "entry": entry}
    return render(request, "performance/library/edit.html", context, status=422 if form.errors else 200)


@require_POST
@for_people
def retire_entry(request: PersonRequest, entry_id: int) -> HttpResponseBase:
    """Offer an indicator no more."""
    form = RetireForm(request.POST)
    reason = form.cleaned_data["reason"] if form.is_valid() else ""
    try:
        goals.retire_entry(entry_id, reason, actor=request.user, now=timezone.now())
    except ReasonMissing as fault:
        form.errors.pop("reason", None)
        form.add_error("reason", fault.message)
        return _show(request, goals.get_entry(entry_id), form)
    messages.success(request, _("已停用，编报目标时不再出现。"))
    return redirect("performance:library-entry", entry_id)


@require_POST
@for_people
def offer_entry(request: PersonRequest, entry_id: int) -> HttpResponseBase:
    """Offer a retired indicator again."""
    goals.offer_entry(entry_id, actor=request.user, now=timezone.now())
    messages.success(request, _("已恢复使用。"))
    return redirect("performance:library-entry", entry_id)


@require_POST
@for_people
def load_delivered(request: PersonRequest) -> HttpResponseBase:
    """Load the delivered indicators that are not there yet."""
    count = goals.load_library(actor=request.user, now=timezone.now())
    said = ngettext("已载入 %(count)s 项指标。", "已载入 %(count)s 项指标。", count) % {"count": count}
    messages.success(request, said if count else _("随附的指标都已在库里。"))
    return redirect("performance:library")


def _show(request: PersonRequest, entry: LibraryIndicator, form: RetireForm | None = None) -> HttpResponseBase:
    spec = next((spec for spec in goals.list_offered() if spec.key == entry.measured_by), None)
    context = {
        "entry": entry,
        "class_name": name_level(entry.level1),
        "category_name": name_level(entry.level2),
        "target": target_text(entry),
        "spec": spec,
        "uses": goals.count_uses(entry.pk),
        "can_keep": _can_keep(request),
        "form": form or RetireForm(None),
    }
    return render(request, "performance/library/entry.html", context, status=422 if form is not None else 200)


def _can_keep(request: PersonRequest) -> bool:
    return grants.is_permitted_anywhere(request.user, _KEEP, on=localdate())


def _blame(form: EntryForm, fault: LibraryInvalid) -> None:
    """Tell the fault at its field."""
    field = str(fault.details.get("field", ""))
    form.add_error({"level2": "category"}.get(field, field) or None, fault.message)
