"""The dashboard of all batches or of one: sentences that open their lists, and charts with their tables."""

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from chengshu.kernel.accounts.facade import User
from chengshu.kernel.listing.facade import guard_formula
from chengshu.performance import facade
from chengshu.performance.ui.access import PersonRequest, for_people
from chengshu.performance.ui.charts import CHARTS, Chart
from chengshu.performance.ui.wording import share_pct, write_wan


@dataclass(frozen=True, slots=True)
class Sentence:
    """One figure: a sentence, the list that it opens, and its tone (a level, or calm)."""

    text: str
    address: str
    tone: str = ""


@require_GET
@for_people
def show_dashboard(request: PersonRequest) -> HttpResponseBase:
    """Show what all visible batches say."""
    recent = facade.list_batches(request.user, on=localdate()).order_by("-created_at", "-pk")[:5]
    context = dashboard_context(request.user, None)
    return render(request, "performance/dashboard.html", {**context, "recent": recent})


@require_GET
@for_people
def give_chart(request: PersonRequest, name: str) -> HttpResponseBase:
    """Give a chart's series as JSON, or its table as CSV (`export=csv`); `batch` narrows it to one batch."""
    if name not in CHARTS:
        raise Http404
    batch = request.GET.get("batch", "")
    batch_id = int(batch) if batch.isascii() and batch.isdigit() and len(batch) < 18 else None
    if batch_id is not None:
        facade.get_batch(batch_id, viewer=request.user, on=localdate())
    chart = CHARTS[name](request.user, batch_id)
    if request.GET.get("export") == "csv":
        return as_csv(chart)
    return JsonResponse(chart.as_json())


def dashboard_context(viewer: User, batch_id: int | None) -> dict[str, Any]:
    """Gather sentences and charts."""
    figures = facade.count_figures(viewer, batch_id, on=localdate())
    scope = {} if batch_id is None else {"batch": str(batch_id)}
    return {
        "sentences": list(_sentences(figures, scope)) if figures.forms or figures.unread_files else [],
        "charts": [chart(viewer, batch_id) for chart in CHARTS.values()] if figures.forms else [],
        "chart_scope": "?" + urlencode(scope) if scope else "",
    }


def _sentences(figures: facade.Figures, scope: Mapping[str, str]) -> Iterable[Sentence]:
    """Word the figures; where no form was read, only what could not be read has something to say."""
    if figures.forms:
        yield from _form_sentences(figures, scope)
    unread = _("%(n)s 份文件未能读出") % {"n": f"{figures.unread_files:,}"}
    yield Sentence(unread, _files_list(scope), "error" if figures.unread_files else "")


def _form_sentences(figures: facade.Figures, scope: Mapping[str, str]) -> Iterable[Sentence]:
    total = {"all": f"{figures.forms:,}"}
    yield Sentence(_money_text(figures), _forms_list(scope))
    for count, text, narrowed, tone in (
        (figures.with_errors, _("%(all)s 张表中 %(n)s 张有算术错误"), {"level": "error"}, "error"),
        (figures.with_breaches, _("%(all)s 张表中 %(n)s 张有不合规之处"), {"level": "breach"}, "breach"),
        (figures.without_reason, _("%(all)s 张表中 %(n)s 张未说明扣分原因"), {"code": "REASON_MISSING"}, "breach"),
        (figures.grade_changed, _("%(n)s 张表按规则重算后等级有变"), {"mark": "grade_changed"}, "breach"),
        (figures.doubtful, _("%(n)s 张表有无法辨认的栏，待人工核对"), {"mark": "unreadable"}, "hint"),
    ):
        yield Sentence(text % {**total, "n": f"{count:,}"}, _forms_list({**scope, **narrowed}), tone if count else "")


def _money_text(figures: facade.Figures) -> str:
    repeated = _("（另有 %(n)s 张重复）") % {"n": f"{figures.repeated:,}"} if figures.repeated else ""
    rate = share_pct(figures.executed_yuan, figures.budget_yuan)
    return _("%(n)s 张自评表%(repeated)s，全年预算 %(budget)s 万元，执行率 %(rate)s%%") % {
        "n": f"{figures.forms:,}",
        "repeated": repeated,
        "budget": write_wan(figures.budget_yuan),
        "rate": "—" if rate is None else rate,
    }


def _forms_list(narrowed: Mapping[str, str]) -> str:
    return f"{reverse('performance:forms')}?{urlencode({'printing': 'first', **narrowed})}"


def _files_list(scope: Mapping[str, str]) -> str:
    if "batch" in scope:
        return f"{reverse('performance:batch', args=[int(scope['batch'])])}?verdict=error#files"
    return f"{reverse('performance:batches')}?state=failed"


def as_csv(chart: Chart) -> HttpResponse:
    """Give the table under a chart as a file for spreadsheets."""
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{chart.name}.csv"'
    response.write("\ufeff")  # spreadsheets read the file as UTF-8 only with this mark
    writer = csv.writer(response)
    writer.writerow(chart.head)
    writer.writerows([guard_formula(cell.text) for cell in row] for row in chart.rows)
    return response
