"""Pages without login: the public list, one record with its open files, and the map for search engines."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from types import MappingProxyType
from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.cache import get_conditional_response, patch_cache_control
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods, require_safe

from chengshu.kernel.listing.facade import open_listing, respond_with_listing
from chengshu.performance.facade import publications
from chengshu.performance.facade.publications import Publication, PublicationNotFound
from chengshu.performance.ui.limits import limited
from chengshu.performance.ui.lists.publications import public_spec
from chengshu.performance.ui.public_paper import draw_public_paper, name_basis, write_annex
from chengshu.performance.ui.wording import write_score

_SHARED_SECONDS = 60
_MOST_IN_MAP = 50_000  # as the sitemap protocol has it
_GONE = 410
_TYPES: Mapping[str, str] = MappingProxyType(
    {
        "html": "text/html; charset=utf-8",
        "pdf": "application/pdf",
        "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "json": "application/json",
    }
)


@require_http_methods(["GET", "HEAD", "POST"])
@limited
def list_public(request: HttpRequest) -> HttpResponseBase:
    """Show what is public now; who is logged in may keep a view of the list, as of any other."""
    listing = open_listing(public_spec(), publications.list_public(), request)
    context = {"shows_settings": _shows_settings(request)}
    return _cached(request, respond_with_listing(request, listing, "performance/publications/public.html", context))


@require_safe
@limited
def show_record(request: HttpRequest, slug: str) -> HttpResponseBase:
    """Show one record as it was frozen; one that was taken down tells when and why."""
    publication = _get(slug)
    context: dict[str, Any] = {
        "publication": publication,
        "editions": publications.list_editions(publication),
        "shows_settings": _shows_settings(request),
    }
    if publication.withdrawn_at is not None:
        page = render(request, "performance/publications/withdrawn.html", context, status=_GONE)
        return _cached(request, page)
    form = publications.form_of_publication(publication)
    context |= {
        "form": form,
        "total": write_score(publication.total),
        "budget": _write_amount(form.money.total.budget),
        "executed": _write_amount(form.money.total.executed),
        "sheet": draw_public_paper(form),
        "annex": [(row, name_basis(row)) for row in publications.annex_of(publication)],
        "is_intact": publications.is_intact(publication),
        "kinds": tuple(_TYPES),
    }
    return _cached(request, render(request, "performance/publications/record.html", context))


@require_safe
@limited
def give_file(request: HttpRequest, slug: str, kind: str) -> HttpResponseBase:
    """Give the official form as an open file; `json` is the very file of which the digest was taken."""
    if kind not in _TYPES:
        raise Http404
    return _give(request, slug, kind, _TYPES[kind], lambda found: _print(found, kind))


@require_safe
@limited
def give_annex(request: HttpRequest, slug: str) -> HttpResponseBase:
    """Give the evidence annex as a table."""
    kind = f"annex-{get_language()}"
    made = lambda found: write_annex(publications.annex_of(found)).encode()  # noqa: E731 - one expression
    return _give(request, slug, kind, "text/csv; charset=utf-8", made, ending="csv")


@require_safe
@limited
def give_sitemap(request: HttpRequest) -> HttpResponseBase:
    """Give the addresses of the newest public records to search engines."""
    rows = publications.list_public().order_by("-published_at", "-pk").values_list("slug", "published_at")
    context = {"rows": rows[:_MOST_IN_MAP], "site": f"{request.scheme}://{request.get_host()}"}
    page = render(request, "performance/publications/sitemap.xml", context, content_type="application/xml")
    return _cached(request, page)


def _write_amount(amount: Decimal | None) -> str:
    return "—" if amount is None else f"{amount:,}"


def _get(slug: str) -> Publication:
    try:
        return publications.get_public(slug)
    except PublicationNotFound as fault:
        raise Http404(fault.message) from fault


def _print(publication: Publication, kind: str) -> bytes:
    if kind == "json":
        return publications.content_of(publication)
    form = publications.form_of_publication(publication)
    return publications.render_form(form, kind=kind, font_dir=settings.FONT_DIR)  # type: ignore[arg-type]  # a FormKind


def _give(
    request: HttpRequest,
    slug: str,
    kind: str,
    content_type: str,
    make: Callable[[Publication], bytes],
    *,
    ending: str = "",
) -> HttpResponseBase:
    """Give a file of a record; to who has it already, only that nothing changed. One taken down is gone."""
    found = _get(slug)
    if found.withdrawn_at is not None:
        context = {"publication": found, "editions": publications.list_editions(found)}
        return _cached(request, render(request, "performance/publications/withdrawn.html", context, status=_GONE))
    etag = f'"{found.digest}-{kind}"'
    held: HttpResponseBase | None = get_conditional_response(request, etag=etag)
    if held is not None:
        return _cached(request, held)
    name = quote(f"{found.project}-{found.year}.{ending or kind}")
    headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{name}", "ETag": etag}
    return _cached(request, HttpResponse(make(found), content_type=content_type, headers=headers))


def _shows_settings(request: HttpRequest) -> bool:
    """Tell whether the page offers its settings; they need a key of their own, so such a page is nobody else's."""
    return "settings" in request.GET


def _cached(request: HttpRequest, answer: HttpResponseBase) -> HttpResponseBase:
    """Let shared caches keep for a minute what a visitor without a name is given; browsers ask again: it may be taken down."""
    if not request.user.is_authenticated and not _shows_settings(request):
        patch_cache_control(answer, public=True, max_age=0, s_maxage=_SHARED_SECONDS)
    return answer
