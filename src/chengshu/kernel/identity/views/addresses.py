"""Addresses that a request names, and whether they may be followed."""

from django.http import HttpRequest
from django.shortcuts import resolve_url
from django.utils.http import url_has_allowed_host_and_scheme


def own_page_or(default: str, request: HttpRequest, page: str) -> str:
    """Return `page` if it is a path of ours, else the address of `default`: a link to us leads nobody elsewhere."""
    is_ours = page.startswith("/") and url_has_allowed_host_and_scheme(
        page, {request.get_host()}, require_https=request.is_secure()
    )
    return page if is_ours else resolve_url(default)
