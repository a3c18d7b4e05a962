"""Pages that change organisations: found, rename, move, merge, split, end; and import a table after a look at it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib import messages
from django.core import signing
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from chengshu.base.errors import ChengshuError
from chengshu.kernel.accounts.facade import User, authenticated_user
from chengshu.kernel.grants import queries
from chengshu.kernel.grants.errors import PermissionRefused
from chengshu.kernel.grants.forms import (
    ChangeForm,
    FoundForm,
    MergeForm,
    MoveForm,
    RenameForm,
    SplitForm,
    TableForm,
)
from chengshu.kernel.grants.operations import restructuring
from chengshu.kernel.grants.operations.restructuring import MANAGE
from chengshu.kernel.organisations import facade as organisations
from chengshu.kernel.organisations.facade import Kind, NewOrganisation, Organisation, OrganisationQuerySet

_TABLE_BYTES = 2 * 1024 * 1024
_SALT = "chengshu.organisations.import"
_SEEN_SECONDS = 3600


@dataclass(frozen=True, slots=True)
class _Change:
    """One kind of change: what it is called, what follows from it, its form, and the call it makes."""

    label: str | Promise
    consequence: str | Promise
    form: type[ChangeForm]
    make: Callable[[int, Any, dict[str, Any]], object]
    is_ending: bool = False


def _rename(organisation_id: int, form: ChangeForm, who: dict[str, Any]) -> None:
    restructuring.rename(organisation_id, form.cleaned_data["name"], **who)


def _move(organisation_id: int, form: ChangeForm, who: dict[str, Any]) -> None:
    restructuring.move(organisation_id, form.cleaned_data["parent"].pk, **who)


def _merge(organisation_id: int, form: ChangeForm, who: dict[str, Any]) -> None:
    restructuring.merge(organisation_id, form.cleaned_data["into"].pk, **who)


def _split(organisation_id: int, form: SplitForm, who: dict[str, Any]) -> None:
    restructuring.split(organisation_id, form.parts(), **who)


def _end(organisation_id: int, _form: ChangeForm, who: dict[str, Any]) -> None:
    restructuring.end(organisation_id, **who)


CHANGES = {
    "rename": _Change(
        gettext_lazy("更名"),
        gettext_lazy("此前的日期仍显示旧名称。"),
        RenameForm,
        _rename,
    ),
    "move": _Change(
        gettext_lazy("划转"),
        gettext_lazy("连同全部下级划到新的上级；按上级授权的人从这时起随之变动。"),
        MoveForm,
        _move,
    ),
    "merge": _Change(
        gettext_lazy("合并"),
        gettext_lazy("本组织撤销，下级和旧记录归并入的组织，由那里的人查看。"),
        MergeForm,
        _merge,
        is_ending=True,
    ),
    "split": _Change(
        gettext_lazy("分立"),
        gettext_lazy("本组织撤销，在原处设立新的组织；旧记录各新组织都能查看。"),
        SplitForm,
        _split,
        is_ending=True,
    ),
    "end": _Change(
        gettext_lazy("撤销"),
        gettext_lazy("本组织撤销，没有承接单位；旧记录由上级查看。还有下级时不能撤销。"),
        ChangeForm,
        _end,
        is_ending=True,
    ),
}


@require_http_methods(["GET", "HEAD", "POST"])
def found(request: HttpRequest) -> HttpResponseBase:
    """Ask for code, name, kind, parent, day and reason; on POST found the organisation and show it."""
    viewer = authenticated_user(request)
    form = FoundForm(request.POST or None, places=_places(viewer), today=localdate())
    if request.method == "POST" and form.is_valid():
        asked = form.cleaned_data
        new = NewOrganisation(asked["code"], Kind(asked["kind"]), asked["name"], asked["on"], asked["parent"].pk)
        founded = _attempt(
            form,
            lambda: restructuring.found_below(new, actor=viewer, now=timezone.now(), reason=asked["reason"]),
        )
        if founded is not None:
            messages.success(request, _("已设立“%(name)s”。") % {"name": asked["name"]})
            return redirect("organisations:organisation", founded.pk)
    form.initial.setdefault("parent", request.GET.get("parent", ""))
    context = {"form": form, "title": _("新设组织"), "consequence": _("从生效日期起在上级之下；代码以后不变。")}
    return render(request, "organisations/change.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, organisation_id: int, kind: str) -> HttpResponseBase:
    """Ask what one kind of change needs; on POST make it and show the organisation."""
    viewer, today = authenticated_user(request), localdate()
    queries.require(viewer, "organisations.view", organisation_id, on=today, is_hidden=True)
    if kind == "rename":
        queries.require(viewer, MANAGE, organisation_id, on=today)
    else:
        restructuring.require_structure(viewer, organisation_id, now=timezone.now())
    organisation = organisations.list_organisations(on=today).get(pk=organisation_id)
    spec = CHANGES[kind]
    form = _form_of(spec, request, viewer, organisation)
    if request.method == "POST" and form.is_valid():
        who = {"on": form.cleaned_data["on"], "reason": form.cleaned_data["reason"]}
        who |= {"actor": viewer, "now": timezone.now()}
        if _attempt(form, lambda: spec.make(organisation_id, form, who) or True):
            messages.success(request, _("已登记：%(change)s。") % {"change": spec.label})
            return redirect("organisations:organisation", organisation_id)
    context = {
        "form": form,
        "organisation": organisation,
        "title": spec.label,
        "consequence": spec.consequence,
        "is_ending": spec.is_ending,
    }
    return render(request, "organisations/change.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def take_table(request: HttpRequest) -> HttpResponseBase:
    """Take a table; show what it would do; on the second POST, which brings back exactly that table, do it."""
    viewer, today = authenticated_user(request), localdate()
    queries.require_in_city(viewer, MANAGE, on=today)
    if "seen" in request.POST:
        return _import_seen(request, viewer)
    form = TableForm(request.POST or None, files=request.FILES or None, places=_places(viewer), today=today)
    context: dict[str, Any] = {"form": form}
    if request.method == "POST" and form.is_valid():
        asked = form.cleaned_data
        table = _attempt(form, lambda: _read(asked["file"]))
        receipt = table and _attempt(
            form,
            lambda: restructuring.preview_import(table, on=asked["on"], actor=viewer, now=timezone.now()),
        )
        if receipt:
            told = {"table": table, "on": asked["on"].isoformat(), "reason": asked["reason"], "by": viewer.pk}
            context |= {"receipt": receipt, "seen": signing.dumps(told, salt=_SALT, compress=True)}
    return render(request, "organisations/import.html", context, status=422 if form.errors else 200)


def _import_seen(request: HttpRequest, viewer: User) -> HttpResponseBase:
    try:
        told = signing.loads(request.POST["seen"], salt=_SALT, max_age=_SEEN_SECONDS)
    except signing.BadSignature:
        told = {}
    if told.get("by") != viewer.pk:
        messages.error(request, _("没有导入：预览已过期，请重新选择文件。"))
        return redirect("organisations:import")
    on = date.fromisoformat(told["on"])
    receipt = restructuring.take_import(told["table"], on=on, actor=viewer, now=timezone.now(), reason=told["reason"])
    done = len(receipt.created) + len(receipt.renamed) + len(receipt.moved)
    messages.success(
        request,
        _("已导入：变动 %(done)s 个组织，未收 %(rejected)s 行。") % {"done": done, "rejected": len(receipt.rejected)},
    )
    return render(request, "organisations/import.html", {"receipt": receipt, "is_done": True})


def _read(upload: Any) -> list[list[str]]:
    if upload.size > _TABLE_BYTES:
        raise ChengshuError(_("文件太大，不是组织表。"))
    return organisations.read_organisation_table(upload.name or "", upload.read())


def _places(viewer: User) -> OrganisationQuerySet:
    """Return where the viewer manages organisations that are still there; refuse who does so nowhere."""
    today = localdate()
    queries.require_anywhere(viewer, MANAGE, on=today)
    return queries.list_permitted_organisations(viewer, MANAGE, on=today).existing_on(today)


def _form_of(spec: _Change, request: HttpRequest, viewer: User, organisation: Organisation) -> ChangeForm:
    today = localdate()
    more: dict[str, Any] = {"places": _places(viewer).exclude(pk=organisation.pk), "today": today}
    if spec.form is SplitForm:
        more["children"] = list(organisations.list_children(organisation.pk, on=today).order_by("code"))
    return spec.form(request.POST or None, **more)


def _attempt(form: ChangeForm, act: Callable[[], Any]) -> Any:
    """Do it; when it cannot be, tell why at the top of the form and give None."""
    try:
        return act()
    except PermissionRefused:
        raise
    except organisations.OrganisationNotFound as fault:
        raise Http404(fault.message) from fault
    except ChengshuError as fault:
        form.add_error(None, fault.message)
        return None
