"""Sources: registered, changed, switched, deleted, tied to an entry, and the tokens with which rows are pushed."""

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from chengshu.kernel.grants import facade as grants
from chengshu.resources.facade import catalogue, collection
from chengshu.resources.facade.collection import COLLECT, DataSource
from chengshu.resources.ui.access import PersonRequest, for_people
from chengshu.resources.ui.forms.addresses import PREFIX
from chengshu.resources.ui.forms.collection import EntryForm, KeyForm, ReasonForm, SourceChangeForm, SourceForm

_REFUSED = (collection.SourceInvalid, collection.SourceStale, collection.ReasonMissing)


@require_http_methods(["GET", "POST"])
@for_people
def register_source(request: PersonRequest) -> HttpResponseBase:
    """Ask what a source is; on POST register it."""
    today = localdate()
    grants.require_anywhere(request.user, COLLECT, on=today)
    form = SourceForm(request.POST or None, viewer=request.user, today=today)
    if request.method == "POST" and form.is_valid():
        try:
            source = collection.register_source(form.content(), actor=request.user, now=timezone.now())
        except collection.SourceInvalid as fault:
            _tell(form, fault)
        else:
            return redirect("resources:source", source.pk)
    return render(request, "resources/source_new.html", {"form": form}, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@for_people
def change_source(request: PersonRequest, source_id: int) -> HttpResponseBase:
    """Show what is declared of a source; on POST change it."""
    source, today = _source_to_change(request, source_id), localdate()
    form = SourceChangeForm(request.POST or None, source=source, viewer=request.user, today=today)
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        try:
            collection.change_source(
                source,
                form.content(),
                seen=typed["seen"],
                reason=typed["reason"],
                actor=request.user,
                now=timezone.now(),
            )
        except _REFUSED as fault:
            _tell(form, fault)
        else:
            return redirect("resources:source", source.pk)
    context = {"form": form, "source": source}
    return render(request, "resources/source_new.html", context, status=422 if form.errors else 200)


@require_POST
@for_people
def switch_source(request: PersonRequest, source_id: int) -> HttpResponseBase:
    """Switch a source off, or on again."""
    source, form = _source_to_change(request, source_id), ReasonForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("请写明理由。"))
        return redirect("resources:source", source.pk)
    try:
        collection.switch_source(
            source,
            is_active=request.POST.get("is_active") == "1",
            seen=form.cleaned_data["seen"],
            reason=form.cleaned_data["reason"],
            actor=request.user,
            now=timezone.now(),
        )
    except _REFUSED as fault:
        messages.error(request, fault.message)
    return redirect("resources:source", source.pk)


@require_POST
@for_people
def delete_source(request: PersonRequest, source_id: int) -> HttpResponseBase:
    """Delete a source to which nothing was ever delivered."""
    source = _source_to_change(request, source_id)
    try:
        collection.delete_source(source, reason=request.POST.get("reason", ""), actor=request.user, now=timezone.now())
    except _REFUSED as fault:
        messages.error(request, fault.message)
        return redirect("resources:source", source.pk)
    messages.success(request, _("已删除数据源“%(name)s”。") % {"name": source.name})
    return redirect("resources:sources")


@require_http_methods(["GET", "POST"])
@for_people
def link_source(request: PersonRequest, source_id: int) -> HttpResponseBase:
    """Look for the entry that a source fills; on POST choose it, or none."""
    source = _source_to_change(request, source_id)
    form, refused = EntryForm(request.GET, auto_id="entry-%s"), ""
    words = form.cleaned_data["q"] if form.is_valid() else ""
    if request.method == "POST":
        chosen = request.POST.get("resource", "none")
        offered = {str(found.pk): found for found in _offer(request, source, words)}
        if chosen and chosen not in offered:
            refused = _("请从列出的目录中选择一条。")
        else:
            try:
                collection.link_source(source, offered.get(chosen), actor=request.user, now=timezone.now())
            except collection.SourceInvalid as fault:
                refused = fault.message
            else:
                return redirect("resources:source", source.pk)
    context = {"source": source, "form": form, "offered": _offer(request, source, words), "refused": refused}
    return render(request, "resources/source_entry.html", context, status=422 if refused else 200)


@require_POST
@for_people
def issue_key(request: PersonRequest, source_id: int) -> HttpResponseBase:
    """Issue a token and show it, this once."""
    source, form = _source_to_change(request, source_id), KeyForm(request.POST, auto_id="key-%s")
    if form.is_valid():
        typed = form.cleaned_data
        try:
            key, token = collection.issue_key(
                source, name=typed["name"], days=typed["days"], actor=request.user, now=timezone.now()
            )
        except collection.SourceInvalid as fault:
            form.add_error("name", fault.message)
        else:
            answer = render(request, "resources/source_key.html", {"source": source, "key": key, "token": token})
            answer["Cache-Control"] = "no-store"
            return answer
    return render(request, "resources/source_key.html", {"source": source, "form": form}, status=422)


@require_POST
@for_people
def revoke_key(request: PersonRequest, source_id: int, key_id: int) -> HttpResponse:
    """Take a token back."""
    source = _source_to_change(request, source_id)
    collection.revoke_key(source, key_id, actor=request.user, now=timezone.now())
    messages.success(request, _("已收回令牌。"))
    return redirect("resources:source", source.pk)


def _source_to_change(request: PersonRequest, source_id: int) -> DataSource:
    source = collection.get_source(source_id, viewer=request.user, on=localdate())
    grants.require(request.user, COLLECT, source.department_id, on=localdate())
    return source


def _offer(request: PersonRequest, source: DataSource, words: str) -> list[catalogue.DataResource]:
    return collection.list_fillable(source, request.user, words=words, on=localdate())


def _tell(
    form: SourceForm, fault: collection.SourceInvalid | collection.SourceStale | collection.ReasonMissing
) -> None:
    field = str(fault.details.get("field", ""))
    field = f"{PREFIX}url" if field == "address" else field.replace("address.", PREFIX)
    form.add_error(field if field in form.fields else None, fault.message)
