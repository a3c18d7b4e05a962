"""The shell's own pages."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.views.decorators.http import require_safe

from chengshu.kernel.navigation import facade as navigation


def home(request: HttpRequest) -> HttpResponse:
    """Lead to the home page that a domain registered, or greet."""
    url_name = navigation.find_home(request.user.has_perm)
    return redirect(url_name) if url_name else render(request, "web/home.html")


def about(request: HttpRequest) -> HttpResponse:
    """Say what this is, how it treats data, and where help is."""
    return render(request, "web/about.html")


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """Tell search engines what they may read: what a domain makes public, and nothing else (RFC 9309)."""
    lines = ["User-agent: *", "Disallow: /"]
    try:
        lines.insert(1, f"Allow: {reverse('performance:public')}")
        lines.append(f"Sitemap: {request.build_absolute_uri(reverse('performance:public-sitemap'))}")
    except NoReverseMatch:  # a house without this domain makes nothing public
        pass
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")
