"""The shell's own pages."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from chengshu.kernel.navigation import facade as navigation


def home(request: HttpRequest) -> HttpResponse:
    """Lead to the home page that a domain registered, or greet."""
    url_name = navigation.find_home()
    return redirect(url_name) if url_name else render(request, "web/home.html")


def about(request: HttpRequest) -> HttpResponse:
    """Say what this is, how it treats data, and where help is."""
    return render(request, "web/about.html")
