"""One indicator with its history; one measurement with its evidence; measuring and verifying."""

from functools import partial
from typing import Any

from django.db.models import QuerySet
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.timezone import localdate
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from chengshu.kernel.accounts.models import User
from chengshu.kernel.accounts.queries import authenticated_user
from chengshu.kernel.files.facade import FileContentMissing, open_file
from chengshu.kernel.grants import facade as grants
from chengshu.kernel.indicators.contracts import IndicatorSpec, Verification
from chengshu.kernel.indicators.errors import IndicatorError, IndicatorUnknown, MeasurementNotFound
from chengshu.kernel.indicators.models import Measurement
from chengshu.kernel.indicators.operations import measure, verify_again
from chengshu.kernel.indicators.queries import MEASURE, SEE, get_measurement, list_measurements, may_measure
from chengshu.kernel.indicators.registry import get_spec
from chengshu.kernel.indicators.views.asking import Asked, blank, offer_scopes, read_asked
from chengshu.kernel.indicators.views.charts import draw_history
from chengshu.kernel.indicators.views.words import (
    name_aggregation,
    name_direction,
    read_sample,
    write_number,
    write_scope,
    write_value,
)
from chengshu.kernel.listing.facade import (
    Choice,
    Column,
    Filter,
    Kind,
    ListingSpec,
    open_listing,
    respond_with_listing,
)
from chengshu.kernel.organisations import facade as organisations

_DRAWN = 400  # measurements that the drawing looks at; it shows one a window


@require_http_methods(["GET", "HEAD", "POST"])
def show_indicator(request: HttpRequest, key: str) -> HttpResponseBase:
    """Show an indicator with everything that was measured of it in sight of the person."""
    viewer, today = authenticated_user(request), localdate(timezone.now())
    grants.require_anywhere(viewer, SEE, on=today)
    return _render_indicator(request, _spec(key), blank(viewer, today=today))


@require_POST
def measure_now(request: HttpRequest, key: str) -> HttpResponseBase:
    """Measure an indicator and go to the measurement."""
    viewer, now = authenticated_user(request), timezone.now()
    grants.require_anywhere(viewer, MEASURE, on=localdate(now))
    spec, asked = _spec(key), read_asked(request.POST)
    if asked.window is None:
        return _render_indicator(request, spec, asked)
    try:
        kept = measure(key, asked.window, asked.scope, actor=viewer, now=now)
    except IndicatorError as fault:
        return _render_indicator(request, spec, Asked(asked.values, errors={"scope": fault.message}))
    return HttpResponseRedirect(reverse("indicators:measurement", args=[kept.pk]))


def _render_indicator(request: HttpRequest, spec: IndicatorSpec, asked: Asked) -> HttpResponseBase:
    viewer, today = authenticated_user(request), localdate(timezone.now())
    named: dict[str, Any] = {"organisation_name": organisations.name_expression(today, of="organisation_id")}
    rows = list_measurements(viewer, on=today).filter(key=spec.key)
    listing = open_listing(_history_spec(rows), rows.annotate(**named), request)
    context = {
        "spec": spec,
        "direction": name_direction(spec),
        "aggregation": name_aggregation(spec),
        "chart": draw_history(_drawn(rows, request.GET.get("scope", ""))),
        "asked": asked,
        "scopes": offer_scopes(viewer, today=today),
        "may_measure": grants.is_permitted_anywhere(viewer, MEASURE, on=today),
    }
    answer = respond_with_listing(request, listing, "indicators/indicator.html", context)
    if asked.errors:
        answer.status_code = 422
    return answer


def _drawn(rows: QuerySet[Measurement], scope: str) -> list[Measurement]:
    """Read the measurements of one scope, newest first: the asked one, else that of the newest measurement."""
    newest = rows.order_by("-measured_at", "-pk")
    if scope:
        kind, _colon, code = scope.partition(":")
        return list(newest.filter(scope_kind=kind, scope_code=code)[:_DRAWN])
    first = newest.first()
    if first is None:
        return []
    return list(newest.filter(scope_kind=first.scope_kind, scope_code=first.scope_code)[:_DRAWN])


def _history_spec(rows: QuerySet[Measurement]) -> ListingSpec:
    return ListingSpec(
        key="measurements",
        columns=(
            Column("window", _("时间窗"), _window, order_by=("last_day", "first_day"), url=_page),
            Column("scope", _("范围"), lambda kept: write_scope(kept, kept.organisation_name or "")),
            Column("value", _("数值"), write_value, Kind.NUMBER, ("value",)),
            Column("unit", _("单位"), lambda kept: gettext(kept.unit) if kept.unit else ""),
            Column("numerator", _("分子"), lambda kept: write_number(kept.numerator), Kind.NUMBER),
            Column("denominator", _("分母"), lambda kept: write_number(kept.denominator), Kind.NUMBER),
            Column("counted", _("事实数"), lambda kept: kept.counted, Kind.NUMBER, ("counted",)),
            Column("measured", _("计量时间"), lambda kept: kept.measured_at, Kind.MOMENT, ("measured_at",)),
            Column("by", _("计量人"), _author),
            Column("digest", _("摘要"), lambda kept: kept.digest, is_shown=False),
        ),
        default_sort="-measured",
        filters=(Filter("scope", _("范围"), partial(_list_scopes, rows), _narrow_to_scopes),),
        empty=_("还没有计量过。"),
        file_name="指标计量",
    )


def _list_scopes(rows: QuerySet[Measurement]) -> list[Choice]:
    pairs = rows.order_by("scope_kind", "scope_code").values_list("scope_kind", "scope_code").distinct()[:_DRAWN]
    return [Choice(f"{kind}:{code}" if kind else ":", code or gettext("全市")) for kind, code in pairs]


def _narrow_to_scopes(rows: QuerySet[Any], values: Any) -> QuerySet[Any]:
    wanted = rows.none()
    for value in values:
        kind, _colon, code = value.partition(":")
        wanted = wanted | rows.filter(scope_kind=kind, scope_code=code)
    return wanted


def _window(kept: Measurement) -> str:
    return gettext("%(first)s 至 %(last)s") % {"first": kept.first_day, "last": kept.last_day}


def _page(kept: Measurement) -> str:
    return reverse("indicators:measurement", args=[kept.pk])


def _author(kept: Measurement) -> str:
    return kept.measured_by.display_name if kept.measured_by else gettext("系统")


@require_safe
def show_measurement(request: HttpRequest, measurement_id: int) -> HttpResponse:
    """Show a measurement with everything that its value rests on."""
    return _render_measurement(request, _measurement(request, measurement_id))


@require_POST
def verify_measurement(request: HttpRequest, measurement_id: int) -> HttpResponse:
    """Run the kept query over today's facts and show what changed."""
    kept = _measurement(request, measurement_id)
    try:
        found = verify_again(kept, actor=authenticated_user(request), now=timezone.now())
    except IndicatorError as fault:
        return _render_measurement(request, kept, error=fault.message)
    return _render_measurement(request, kept, found=found)


@require_POST
def measure_again(request: HttpRequest, measurement_id: int) -> HttpResponse:
    """Measure the same window and scope once more with the indicator as it is registered today."""
    kept = _measurement(request, measurement_id)
    window = read_asked({"from": kept.first_day.isoformat(), "until": kept.last_day.isoformat()}).window
    try:
        if window is None:
            raise IndicatorUnknown(gettext("时间窗不完整，不能重新计量。"))
        again = measure(kept.key, window, kept.scope, actor=authenticated_user(request), now=timezone.now())
    except IndicatorError as fault:
        return _render_measurement(request, kept, error=fault.message)
    return HttpResponseRedirect(reverse("indicators:measurement", args=[again.pk]))


@require_safe
def download_rows(request: HttpRequest, measurement_id: int) -> FileResponse:
    """Give the counted rows, one a line, packed: what the digest is the root of."""
    kept = _measurement(request, measurement_id)
    if kept.evidence is None:
        raise Http404(gettext("这次计量没有留下明细。"))
    try:
        stream = open_file(kept.evidence)
    except FileContentMissing as missing:
        raise Http404(missing.message) from missing
    return FileResponse(stream, as_attachment=True, filename=kept.evidence.name, content_type="application/gzip")


def _measurement(request: HttpRequest, measurement_id: int) -> Measurement:
    try:
        return get_measurement(measurement_id, authenticated_user(request), on=localdate(timezone.now()))
    except MeasurementNotFound as error:
        raise Http404(error.message) from error


def _render_measurement(
    request: HttpRequest, kept: Measurement, *, found: Verification | None = None, error: str = ""
) -> HttpResponse:
    viewer: User = authenticated_user(request)
    today = localdate(timezone.now())
    spec = _find_spec(kept.key)
    names = organisations.names_on([kept.organisation_id] if kept.organisation_id else [], today)
    context = {
        "kept": kept,
        "spec": spec,
        "aggregation": name_aggregation(spec) if spec else "",
        "value": write_value(kept),
        "numerator": write_number(kept.numerator),
        "denominator": write_number(kept.denominator),
        "scope": write_scope(kept, names.get(kept.organisation_id or 0, "")),
        "author": _author(kept),
        "parameters": sorted((name, "—" if value is None else value) for name, value in kept.parameters.items()),
        "sample": read_sample(kept, spec),
        "found": found,
        "changes": _changes(found) if found else [],
        "error": error,
        "may_measure": spec is not None and may_measure(viewer, kept.organisation_id, on=today),
    }
    return render(request, "indicators/measurement.html", context, status=422 if error else 200)


def _changes(found: Verification) -> list[tuple[str, tuple[str, ...]]]:
    sides = (
        (gettext("新增的事实"), found.added),
        (gettext("减少的事实"), found.removed),
        (gettext("改动的事实"), found.altered),
    )
    return [(label, keys) for label, keys in sides if keys]


def _spec(key: str) -> IndicatorSpec:
    spec = _find_spec(key)
    if spec is None:
        raise Http404(gettext("没有登记过这个指标。"))
    return spec


def _find_spec(key: str) -> IndicatorSpec | None:
    try:
        return get_spec(key)
    except IndicatorUnknown:
        return None
