"""How often one address may ask for public pages, so that nobody alone keeps the machine busy."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.core.cache import cache
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render

from chengshu.kernel.audit.facade import current_origin

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponseBase]

PER_MINUTE = 300
"""Requests of one address in the minute that begins with its first; an office behind one address reads at ease, a harvester is slowed down."""
_MINUTE = 60


def limited(view: View[P]) -> View[P]:
    """Answer 429 to an address that has asked too often in this minute. Counted in each server process by itself."""

    @wraps(view)
    def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if _is_too_often(current_origin().address):
            answer = render(request, "performance/publications/busy.html", status=429)
            answer["Retry-After"] = str(_MINUTE)
            return answer
        return view(request, *args, **kwargs)

    return guarded


def _is_too_often(address: str) -> bool:
    if not address:
        return False  # nobody can be told apart
    key = f"public-requests:{address}"
    cache.add(key, 0, _MINUTE)
    try:
        return cache.incr(key) > PER_MINUTE
    except ValueError:  # the minute ended just now
        return False
