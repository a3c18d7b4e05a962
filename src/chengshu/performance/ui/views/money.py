"""A project's year: its money block, execution over time, adjustments and payments; the forms that change them."""

import csv
from typing import Any

from django.contrib import messages
from django.http import FileResponse, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from chengshu.kernel.files.facade import FileError
from chengshu.kernel.grants import facade as grants
from chengshu.kernel.listing.facade import guard_formula, open_listing, respond_with_listing
from chengshu.performance.facade import money, projects
from chengshu.performance.facade.money import MoneyInvalid
from chengshu.performance.facade.projects import ProjectYear, ReasonMissing
from chengshu.performance.ui.access import PersonRequest, for_people
from chengshu.performance.ui.forms.money import AdjustForm, BudgetForm, UndoForm
from chengshu.performance.ui.lists.money import payments_spec
from chengshu.performance.ui.money_charts import execution_chart, lay_block, lay_moves
from chengshu.performance.ui.views.projects import tell_fault


@require_http_methods(["GET", "POST"])
@for_people
def show_year(request: PersonRequest, year_id: int) -> HttpResponseBase:
    """Show the money of a year; its payments are a list that can be searched and taken away."""
    today = localdate()
    year = projects.get_year(year_id, viewer=request.user, on=today)
    listing = open_listing(payments_spec(), money.list_payments(year.pk), request)
    acts = projects.permitted_acts(request.user, unit_id=year.unit_id, project_id=year.project_id, on=today)
    context = {
        "year": year,
        "money_rows": lay_block(money.get_money_block(year)),
        "chart": execution_chart(year, money.get_execution(year, today=today)),
        "moves": lay_moves(money.list_adjustments(year.pk)),
        "is_over": year.executed_yuan > year.budget_yuan,
        "may_enter": projects.EDIT_MONEY in acts,
    }
    return respond_with_listing(request, listing, "performance/projects/year.html", context)


@require_GET
@for_people
def give_execution(request: PersonRequest, year_id: int) -> HttpResponseBase:
    """Give the execution over time as JSON for the chart, or its table as CSV (`export=csv`)."""
    today = localdate()
    year = projects.get_year(year_id, viewer=request.user, on=today)
    chart = execution_chart(year, money.get_execution(year, today=today))
    if request.GET.get("export") != "csv":
        return JsonResponse(chart.as_json())
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="execution-{year.year}.csv"'
    response.write("\ufeff")  # spreadsheets read the file as UTF-8 only with this mark
    writer = csv.writer(response)
    writer.writerow(chart.head)
    writer.writerows([guard_formula(cell.text) for cell in row] for row in chart.rows)
    return response


@require_http_methods(["GET", "POST"])
@for_people
def set_budget(request: PersonRequest, year_id: int) -> HttpResponseBase:
    """Ask for the initial budget by source; on POST set it."""
    year = _writable(request, year_id)
    form = BudgetForm(request.POST or None, stands=money.initial_of(year.pk))
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data.get("reason", "")
        try:
            money.set_budget(year.pk, form.amounts(), actor=request.user, now=timezone.now(), reason=reason)
        except ReasonMissing as fault:
            form.add_error("reason" if form.is_change else None, fault.message)
        except MoneyInvalid as fault:
            tell_fault(form, fault)
        else:
            messages.success(request, _("已登记年初预算。"))
            return redirect("performance:project-year", year.pk)
    return _answer(request, "budget", {"form": form, "year": year})


@require_http_methods(["GET", "POST"])
@for_people
def adjust_budget(request: PersonRequest, year_id: int) -> HttpResponseBase:
    """Ask for one adjustment with its document; on POST keep it."""
    year = _writable(request, year_id)
    form = AdjustForm(request.POST or None, request.FILES or None, today=localdate())
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["document"]
        document = (file.name, file) if file else None
        try:
            money.adjust_budget(year.pk, form.adjustment(), actor=request.user, now=timezone.now(), document=document)
        except FileError as fault:
            form.add_error("document", fault.message)
        except (MoneyInvalid, ReasonMissing) as fault:
            tell_fault(form, fault)
        else:
            messages.success(request, _("已登记预算调整。"))
            return redirect("performance:project-year", year.pk)
    return _answer(request, "adjust", {"form": form, "year": year})


@require_http_methods(["GET", "POST"])
@for_people
def undo_adjustment(request: PersonRequest, adjustment_id: int) -> HttpResponseBase:
    """Ask why an adjustment is taken back, naming it; on POST enter its counter-entry."""
    today = localdate()
    wrong = money.get_adjustment(adjustment_id, viewer=request.user, on=today)
    year = _writable(request, wrong.project_year_id)
    form = UndoForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        try:
            money.undo_adjustment(wrong.pk, reason=reason, actor=request.user, now=timezone.now())
        except (MoneyInvalid, ReasonMissing) as fault:
            tell_fault(form, fault)
        else:
            messages.success(request, _("已登记一笔相反的调整，原来的一笔保留。"))
            return redirect("performance:project-year", year.pk)
    return _answer(request, "undo", {"form": form, "year": year, "move": lay_moves([wrong])[0]})


@require_GET
@for_people
def download_document(request: PersonRequest, adjustment_id: int) -> HttpResponseBase:
    """Give the document of an adjustment, never to be shown as a page of this site."""
    name, stream = money.open_document(adjustment_id, viewer=request.user, on=localdate())
    return FileResponse(stream, as_attachment=True, filename=name, content_type="application/octet-stream")


def _answer(request: PersonRequest, page: str, context: dict[str, Any]) -> HttpResponse:
    status = 422 if context["form"].errors else 200
    return render(request, f"performance/projects/{page}.html", context, status=status)


def _writable(request: PersonRequest, year_id: int) -> ProjectYear:
    """Give a year whose money the person may enter; out of sight is not found, in sight without the right is refused."""
    today = localdate()
    year = projects.get_year(year_id, viewer=request.user, on=today)
    scope = f"project:{year.project_id}"
    grants.require(request.user, projects.EDIT_MONEY, year.unit_id, on=today, scope=scope)
    return year
