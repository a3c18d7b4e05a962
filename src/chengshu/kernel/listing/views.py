"""The one call that a domain's list page makes."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext

from chengshu.kernel.accounts.models import User
from chengshu.kernel.listing.contracts import BatchAction, ExportFormat, ListingSpec
from chengshu.kernel.listing.errors import ListTooLong, SavedViewError, ViewNotFound
from chengshu.kernel.listing.export import export_listing
from chengshu.kernel.listing.operations import delete_view, save_view
from chengshu.kernel.listing.page import Listing
from chengshu.kernel.listing.state import read_state

_EXPORTS = {file_format.value: file_format for file_format in ExportFormat}
_SAVE = "save_view"
_DELETE = "delete_view"


def open_listing(
    spec: ListingSpec,
    rows: QuerySet[Any],
    request: HttpRequest,
    *,
    batch_actions: Sequence[BatchAction] = (),
    total: int | None = None,
) -> Listing:
    """Bind the list to its rows in the state of the request's address.

    `total` is how many rows there are without search and filters, where the page has counted them already.
    """
    user = getattr(request, "user", None)
    viewer = user if isinstance(user, User) else None
    return Listing(spec, rows, read_state(spec, request.GET), batch_actions, viewer, total)


def respond_with_listing(
    request: HttpRequest,
    listing: Listing,
    template: str,
    context: Mapping[str, Any] | None = None,
) -> HttpResponseBase:
    """Answer with the page, or with the file when the address asks for an export.

    The template finds the list as `listing` and shows it by `{% include "listing/list.html" %}`. The page's own address
    takes what people post to keep and to remove their views of the list.
    """
    page_context: dict[str, Any] = {**(context or {}), "listing": listing}
    if request.method == "POST" and listing.viewer is not None and {_SAVE, _DELETE} & set(request.POST):
        return _change_views(request, listing, listing.viewer, template, page_context)
    file_format = _EXPORTS.get(request.GET.get("export", ""))
    if file_format is None:
        return render(request, template, page_context)
    try:
        return export_listing(listing, file_format)
    except ListTooLong as error:
        return render(request, template, {**page_context, "listing_error": error.message}, status=422)


def _change_views(
    request: HttpRequest, listing: Listing, viewer: User, template: str, context: dict[str, Any]
) -> HttpResponseBase:
    """Keep or remove a view and lead back to the list; show the list with the typed name when it cannot be kept."""
    key = listing.spec.key
    try:
        if _SAVE in request.POST:
            view = save_view(viewer, key, request.POST[_SAVE], listing.query_to_save, now=timezone.now())
            done = gettext("已保存视图“%(name)s”。") % {"name": view.name}
        else:
            view = delete_view(_read_id(request.POST[_DELETE]), key, actor=viewer)
            done = gettext("已删除视图“%(name)s”。") % {"name": view.name}
    except ViewNotFound as error:
        raise Http404(error.message) from error
    except SavedViewError as error:
        refused = {"view_error": error.message, "view_name": request.POST[_SAVE]}
        return render(request, template, context | refused, status=422)
    messages.success(request, done)
    return HttpResponseRedirect(request.path + listing.address)


def _read_id(text: str) -> int:
    """Read a row's id; what is none is 0, which no row has."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else 0
