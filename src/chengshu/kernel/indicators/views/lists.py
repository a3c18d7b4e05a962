"""The registered indicators, and measuring several of them at once."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.timezone import localdate
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from chengshu.kernel.accounts.queries import authenticated_user
from chengshu.kernel.grants import facade as grants
from chengshu.kernel.indicators.contracts import IndicatorSpec
from chengshu.kernel.indicators.errors import IndicatorError
from chengshu.kernel.indicators.operations import start_measuring
from chengshu.kernel.indicators.queries import MEASURE, SEE, newest_by_key
from chengshu.kernel.indicators.registry import list_specs
from chengshu.kernel.indicators.views.asking import Asked, blank, offer_scopes, read_asked
from chengshu.kernel.indicators.views.words import name_direction, write_value


@require_safe
def show_indicators(request: HttpRequest) -> HttpResponse:
    """Show what is registered, with the last value in sight of the person."""
    viewer, today = authenticated_user(request), localdate(timezone.now())
    grants.require_anywhere(viewer, SEE, on=today)
    return _render(request, blank(viewer, today=today))


@require_POST
def measure_many(request: HttpRequest) -> HttpResponse:
    """Measure the chosen indicators in the background, and go to where the progress is seen."""
    viewer, now = authenticated_user(request), timezone.now()
    grants.require_anywhere(viewer, MEASURE, on=localdate(now))
    asked, keys = read_asked(request.POST), request.POST.getlist("selected")
    error = "" if keys else gettext("请先选择要计量的指标。")
    if asked.window is not None and not error:
        try:
            job = start_measuring(keys, asked.window, asked.scope, actor=viewer, now=now)
        except IndicatorError as fault:
            error = fault.message
        else:
            return HttpResponseRedirect(reverse("job", args=[job.uuid]))
    return _render(request, asked, error=error, chosen=keys)


def _render(request: HttpRequest, asked: Asked, *, error: str = "", chosen: list[str] | None = None) -> HttpResponse:
    viewer, today = authenticated_user(request), localdate(timezone.now())
    searched = request.GET.get("q", "").strip()
    newest = newest_by_key(viewer, on=today)
    rows: list[dict[str, Any]] = []
    for spec in list_specs():
        if not _matches(spec, searched):
            continue
        kept = newest.get(spec.key)
        value = write_value(kept) if kept else ""
        rows.append({"spec": spec, "kept": kept, "value": value, "direction": name_direction(spec)})
    context = {
        "rows": rows,
        "searched": searched,
        "asked": asked,
        "scopes": offer_scopes(viewer, today=today),
        "may_measure": grants.is_permitted_anywhere(viewer, MEASURE, on=today),
        "error": error,
        "chosen": chosen or [],
    }
    return render(request, "indicators/list.html", context, status=422 if error or asked.errors else 200)


def _matches(spec: IndicatorSpec, searched: str) -> bool:
    told = f"{spec.key} {spec.name} {spec.definition}".lower()
    return all(word in told for word in searched.lower().split())
