"""How quality goes month by month, and what a resource's table looks like version by version."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.http import Http404, HttpResponseBase
from django.shortcuts import render
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from chengshu.kernel.grants import facade as grants
from chengshu.resources.facade import catalogue, quality
from chengshu.resources.facade.quality import TableProfile, TrendScope
from chengshu.resources.ui.access import PersonRequest, for_people
from chengshu.resources.ui.charts import KINDS, column_charts, rows_chart, trend_charts

_FEW = 3
_MOST_LISTED = 200
"""Resources that the page lets choose from; the page of a resource leads to its own trend."""


@require_GET
@for_people
def show_trend(request: PersonRequest) -> HttpResponseBase:
    """Show the last twelve months of all in sight, of a department or of a resource."""
    today, viewer = localdate(), request.user
    grants.require_anywhere(viewer, quality.SEE_QUALITY, on=today)
    departments = quality.list_trend_departments(viewer, on=today)
    department = _chosen(request.GET.get("department"), {id_ for id_, _name in departments})
    checked = quality.list_trend_resources(viewer, on=today, department=department)
    chosen = checked.filter(pk=_number(request.GET.get("resource"))).first()
    resources = list(checked[:_MOST_LISTED])
    if chosen is not None and chosen not in resources:
        resources.append(chosen)
    scope = TrendScope(department, chosen.pk if chosen else None)
    months = quality.follow_months(viewer, on=today, scope=scope)
    named = chosen.name if chosen else ""
    context = {
        "scope": scope,
        "scope_name": named or dict(departments).get(department or 0, "") or _("有权查看的全部单位"),
        "departments": departments,
        "resources": resources,
        "months": months,
        "charts": trend_charts(months) if months else (),
    }
    return render(request, "resources/quality/trend.html", context)


@require_GET
@for_people
def show_profile(request: PersonRequest, resource_id: int) -> HttpResponseBase:
    """Show the columns of a resource's table as last profiled, or one of them over its versions."""
    today = localdate()
    resource = catalogue.get_resource(resource_id, viewer=request.user, on=today)
    grants.require(request.user, quality.SEE_QUALITY, resource.department_id, on=today)
    profiles = quality.list_profiles(resource)
    context: dict[str, Any] = {"resource": resource, "profile": None, "charts": ()}
    if profiles:
        facts = {code: (name, grade) for code, name, grade in resource.fields.values_list("code", "name", "grade")}
        newest = profiles[-1]
        columns = [_tell(one, newest, facts, resource.grade) for one in newest.columns]
        asked = request.GET.get("column")
        column = next((one for one in columns if one["name"] == asked), None)
        if asked and column is None:
            raise Http404
        charts = column_charts(profiles, asked) if column and asked else (rows_chart(profiles),)
        context |= {"profile": newest, "columns": columns, "column": column, "charts": charts}
    return render(request, "resources/quality/profile.html", context)


def _chosen(text: str | None, known: set[int]) -> int | None:
    """Read an id that is among those that may be chosen."""
    number = _number(text)
    return number if number in known else None


def _number(text: str | None) -> int:
    """Read an id; 0, which nothing has, for what is none."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 16 else 0


def _tell(
    column: Mapping[str, Any], profile: TableProfile, facts: Mapping[str, tuple[str, int]], grade: int
) -> dict[str, Any]:
    """Give a column's figures for the page."""
    name, own = facts.get(column["name"], ("", grade))
    bounds = [column[one] for one in ("min", "max") if column.get(one) is not None]
    return {
        "name": column["name"],
        "label": name or column["name"],
        "kind": KINDS.get(column["kind"], column["kind"]),
        "nulls": column["nulls"],
        "nulls_pct": round(100 * column["nulls"] / profile.rows, 2) if profile.rows else None,
        "distinct": column["distinct"],
        "is_estimate": column.get("is_estimate", False),
        "bounds": " … ".join(dict.fromkeys(bounds)),
        "lengths": _span(column.get("shortest"), column.get("longest")),
        "top": _list_top(column["top"]),
        "is_shown": own < quality.HIDDEN_GRADE,
    }


def _span(shortest: int | None, longest: int | None) -> str:
    if shortest is None or longest is None:
        return ""
    return str(shortest) if shortest == longest else f"{shortest}–{longest}"


def _list_top(top: Sequence[tuple[str, int]]) -> str:
    return _("，").join(f"{value or '—'} × {times:,}" for value, times in top[:_FEW])
