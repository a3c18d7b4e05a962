"""Projects: the lists, a project with its history and years, and the forms that change it."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from chengshu.base.errors import ChengshuError
from chengshu.kernel.grants import facade as grants
from chengshu.kernel.listing.facade import open_listing, respond_with_listing
from chengshu.performance.facade import projects
from chengshu.performance.facade.projects import Project, ProjectInvalid, ProjectStale, ReasonMissing
from chengshu.performance.facade.years import list_earlier_years
from chengshu.performance.ui.access import PersonRequest, for_people
from chengshu.performance.ui.forms.projects import EndForm, ProjectForm, YearForm
from chengshu.performance.ui.lists.projects import projects_spec, years_spec
from chengshu.performance.ui.money_charts import lay_year
from chengshu.performance.ui.project_words import word_history

_FORM = "performance/projects/form.html"


@require_http_methods(["GET", "POST"])
@for_people
def list_projects(request: PersonRequest) -> HttpResponseBase:
    """Show the projects."""
    today = localdate()
    rows = projects.list_projects(request.user, on=today)
    listing = open_listing(projects_spec(request.user, today=today), rows, request)
    context = {
        "may_enter": grants.is_permitted_anywhere(request.user, projects.EDIT_PROJECT, on=today),
        "may_hand_in": grants.is_permitted_anywhere(request.user, projects.EDIT_MONEY, on=today),
    }
    return respond_with_listing(request, listing, "performance/projects/list.html", context)


@require_http_methods(["GET", "POST"])
@for_people
def list_years(request: PersonRequest) -> HttpResponseBase:
    """Show the years of projects with their money."""
    today = localdate()
    rows = projects.list_years(request.user, on=today)
    listing = open_listing(years_spec(request.user, today=today), rows, request)
    return respond_with_listing(request, listing, "performance/projects/years.html")


@require_GET
@for_people
def show_project(request: PersonRequest, project_id: int) -> HttpResponseBase:
    """Show a project: its facts, its years with their money, what happened to it."""
    today = localdate()
    project = projects.get_project(project_id, viewer=request.user, on=today)
    years = projects.list_years(request.user, on=today).filter(project=project).order_by("-year")
    acts = projects.permitted_acts(request.user, unit_id=project.unit_id, project_id=project.pk, on=today)
    context = {
        "project": project,
        "is_ended": project.ended_on is not None and project.ended_on < today,
        "years": [lay_year(year) for year in years],
        "earlier": list_earlier_years(project, request.user, on=today),
        "history": word_history(projects.list_history(project.pk)),
        "may_edit": projects.EDIT_PROJECT in acts,
    }
    return render(request, "performance/projects/project.html", context)


@require_http_methods(["GET", "POST"])
@for_people
def enter_project(request: PersonRequest) -> HttpResponseBase:
    """Ask for what is kept of a new project; on POST enter it."""
    today = localdate()
    grants.require_anywhere(request.user, projects.EDIT_PROJECT, on=today)
    form = ProjectForm(request.POST or None, viewer=request.user, today=today)
    if request.method == "POST" and form.is_valid():
        try:
            project = projects.create_project(form.facts(), actor=request.user, now=timezone.now())
        except ProjectInvalid as fault:
            tell_fault(form, fault)
        else:
            messages.success(request, _("已登记项目。接着可以开设年度、登记预算。"))
            return redirect("performance:project", project.pk)
    return render(request, _FORM, {"form": form}, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@for_people
def edit_project(request: PersonRequest, project_id: int) -> HttpResponseBase:
    """Show what is kept of a project to be changed; on POST change it, unless somebody else did so meanwhile."""
    today = localdate()
    project = _editable(request, project_id)
    standing = projects.facts_of(project)
    form = ProjectForm(request.POST or None, viewer=request.user, today=today, project=project)
    context: dict[str, Any] = {"form": form, "project": project, "mark": projects.mark_facts(standing)}
    if request.method == "POST" and form.is_valid():
        try:
            projects.change_project(
                project_id,
                form.facts(),
                seen=request.POST.get("seen", ""),
                actor=request.user,
                now=timezone.now(),
                reason=request.POST.get("why", ""),
            )
        except ProjectStale as fault:
            context["stale"] = fault.message
            context["history"] = word_history(projects.list_history(project_id)[:1])
        except ProjectInvalid as fault:
            tell_fault(form, fault)
        else:
            messages.success(request, _("已保存。"))
            return redirect("performance:project", project_id)
    is_wrong = bool(form.errors or "stale" in context)
    return render(request, _FORM, context, status=422 if is_wrong else 200)


@require_http_methods(["GET", "POST"])
@for_people
def end_project(request: PersonRequest, project_id: int) -> HttpResponseBase:
    """Ask for the last day and the reason, naming the project; on POST end it, or let an ended one go on."""
    project = _editable(request, project_id)
    is_ended = project.ended_on is not None
    form = EndForm(request.POST or None, is_ended=is_ended, today=localdate())
    if request.method == "POST" and form.is_valid():
        try:
            day = form.cleaned_data.get("ended_on")
            reason = form.cleaned_data["reason"]
            projects.end_project(project_id, day, reason=reason, actor=request.user, now=timezone.now())
        except (ProjectInvalid, ReasonMissing) as fault:
            tell_fault(form, fault)
        else:
            messages.success(request, _("已结束项目。") if day else _("项目继续实施。"))
            return redirect("performance:project", project_id)
    context = {"form": form, "project": project, "is_ended": is_ended}
    return render(request, "performance/projects/end.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@for_people
def open_year(request: PersonRequest, project_id: int) -> HttpResponseBase:
    """Ask which budget year to open; on POST open it and go on to its budget."""
    project = _editable(request, project_id)
    offered = (project.newest_year or max(project.started_on.year, localdate().year) - 1) + 1  # type: ignore[attr-defined]  # of list_projects
    form = YearForm(request.POST or None, offered=offered)
    if request.method == "POST" and form.is_valid():
        try:
            year = projects.open_year(project_id, form.cleaned_data["year"], actor=request.user, now=timezone.now())
        except ProjectInvalid as fault:
            tell_fault(form, fault)
        else:
            messages.success(request, _("已开设 %(year)s 年度。") % {"year": year.year})
            return redirect("performance:project-year", year.pk)
    context = {"form": form, "project": project}
    return render(request, "performance/projects/open_year.html", context, status=422 if form.errors else 200)


def tell_fault(form: forms.Form, fault: ChengshuError) -> None:
    """Show a fault at the field that it names, else above the form."""
    field = fault.details.get("field")
    form.add_error(field if field in form.fields else None, fault.message)


def _editable(request: PersonRequest, project_id: int) -> Project:
    """Give a project that the person may edit; out of sight is not found, in sight without the right is refused."""
    today = localdate()
    project = projects.get_project(project_id, viewer=request.user, on=today)
    scope = f"project:{project.pk}"
    grants.require(request.user, projects.EDIT_PROJECT, project.unit_id, on=today, scope=scope)
    return project
