"""The one call that a domain's list page makes."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render

from chengshu.kernel.listing.contracts import BatchAction, ExportFormat, ListingSpec
from chengshu.kernel.listing.errors import ListTooLong
from chengshu.kernel.listing.export import export_listing
from chengshu.kernel.listing.page import Listing
from chengshu.kernel.listing.state import read_state

_EXPORTS = {file_format.value: file_format for file_format in ExportFormat}


def open_listing(
    spec: ListingSpec, rows: QuerySet[Any], request: HttpRequest, *, batch_actions: Sequence[BatchAction] = ()
) -> Listing:
    """Bind the list to its rows in the state of the request's address."""
    return Listing(spec, rows, read_state(spec, request.GET), batch_actions)


def respond_with_listing(
    request: HttpRequest,
    listing: Listing,
    template: str,
    context: Mapping[str, Any] | None = None,
) -> HttpResponseBase:
    """Answer with the page, or with the file when the address asks for an export.

    The template finds the list as `listing` and shows it by `{% include "listing/list.html" %}`.
    """
    file_format = _EXPORTS.get(request.GET.get("export", ""))
    page_context: dict[str, Any] = {**(context or {}), "listing": listing}
    if file_format is None:
        return render(request, template, page_context)
    try:
        return export_listing(listing, file_format)
    except ListTooLong as error:
        return render(request, template, {**page_context, "listing_error": error.message}, status=422)
