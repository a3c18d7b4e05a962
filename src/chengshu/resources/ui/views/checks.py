"""Checks: the list with the month's plan, one with what the rules found, and the rules of a resource."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from chengshu.kernel.grants import facade as grants
from chengshu.kernel.listing.facade import open_listing, respond_with_listing
from chengshu.resources.facade import catalogue, quality
from chengshu.resources.facade.quality import CheckFailed, ReasonMissing, RuleRefused
from chengshu.resources.ui.access import PersonRequest, for_people, note_look
from chengshu.resources.ui.forms.quality import RuleForm
from chengshu.resources.ui.lists.quality import RUN_KINDS, RUN_STATES, outcomes_spec, rules_spec, runs_spec


@require_http_methods(["GET", "POST"])
@for_people
def list_checks(request: PersonRequest) -> HttpResponseBase:
    """Show the checks under the coverage of this month's plan."""
    today = localdate()
    grants.require_anywhere(request.user, quality.SEE_QUALITY, on=today)
    listing = open_listing(runs_spec(request.user, today=today), quality.list_runs(request.user, on=today), request)
    context = {
        "coverage": quality.measure_coverage(request.user, today, on=today),
        "month": today,
    }
    return respond_with_listing(request, listing, "resources/quality/checks.html", context)


@require_http_methods(["GET", "POST"])
@for_people
def show_check(request: PersonRequest, run_id: int) -> HttpResponseBase:
    """Show a check with what each rule found."""
    run = quality.get_run(run_id, viewer=request.user, on=localdate())
    listing = open_listing(outcomes_spec(), quality.list_outcomes(run), request)
    context = {"run": run, "kind": RUN_KINDS[run.kind], "state": RUN_STATES[run.state]}
    return respond_with_listing(request, listing, "resources/quality/check.html", context)


@require_http_methods(["GET", "POST"])
@for_people
def list_rules(request: PersonRequest, resource_id: int) -> HttpResponseBase:
    """Show the rules of a resource; on POST make them from the catalogue, or have the table checked."""
    now, today = timezone.now(), localdate()
    resource = catalogue.get_resource(resource_id, viewer=request.user, on=today)
    step = request.POST.get("step")
    if step == "make":
        try:
            made = quality.remake_rules(resource_id, actor=request.user, now=now)
        except CheckFailed as fault:
            messages.error(request, fault.message)
        else:
            told = _("新增 %(created)s 条，变动 %(changed)s 条，停用 %(retired)s 条，不变 %(unchanged)s 条。")
            messages.success(request, told % {name: getattr(made, name) for name in made.__slots__})
        return redirect("resources:quality-rules", resource_id)
    if step == "check":
        quality.order_check(resource_id, actor=request.user, now=now)
        messages.success(request, _("检查已排入后台任务，完成后结果列在这里。"))
        return redirect("resources:quality-checks")
    listing = open_listing(rules_spec(), quality.list_rules(resource), request)
    may_check = grants.is_permitted(request.user, quality.CHECK, resource.department_id, on=today)
    sees = grants.is_permitted(request.user, quality.SEE_QUALITY, resource.department_id, on=today)
    context = {"resource": resource, "may_check": may_check, "may_see_quality": sees}
    return respond_with_listing(request, listing, "resources/quality/rules.html", context)


@require_http_methods(["GET", "POST"])
@for_people
def write_rule(request: PersonRequest, resource_id: int) -> HttpResponseBase:
    """Ask for a new rule of a resource; on POST keep it."""
    today = localdate()
    resource = catalogue.get_resource(resource_id, viewer=request.user, on=today)
    grants.require(request.user, quality.CHECK, resource.department_id, on=today)
    if request.POST.get("step") == "preview":
        return _preview(request, {"resource": resource, "may_check": True})
    form = RuleForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        told: dict[str, Any] = {"actor": request.user, "now": timezone.now(), "reason": form.cleaned_data["reason"]}
        try:
            rule = quality.write_rule(resource_id, form.draft(), **told)
        except RuleRefused as fault:
            form.add_error(None, form.tell_place(fault.message))
        else:
            return redirect("resources:quality-rule", rule.pk)
    return _show_form(request, {"form": form, "resource": resource, "may_check": True})


@require_http_methods(["GET", "POST"])
@for_people
def show_rule(request: PersonRequest, rule_id: int) -> HttpResponseBase:
    """Show a rule with its revisions; on POST change it, which releases rows that it no longer asks for."""
    today = localdate()
    rule = quality.get_rule(rule_id, viewer=request.user, on=today)
    if request.POST.get("step") == "preview":
        revisions = rule.revisions.select_related("author").order_by("-number")
        context = {"rule": rule, "resource": rule.resource, "may_check": True, "revisions": revisions}
        return _preview(request, context)
    form = RuleForm(request.POST or None, rule)
    if request.method == "POST":
        grants.require(request.user, quality.CHECK, rule.resource.department_id, on=today)
        if form.is_valid():
            typed = form.cleaned_data
            told: dict[str, Any] = {"is_active": typed["is_active"], "reason": typed["reason"]}
            try:
                quality.amend_rule(rule.pk, form.draft(), actor=request.user, now=timezone.now(), **told)
            except RuleRefused as fault:
                form.add_error(None, form.tell_place(fault.message))
            except (ReasonMissing, CheckFailed) as fault:
                form.add_error(None, fault.message)
            else:
                messages.success(request, _("规则已改，下次检查按新的规则。"))
                return redirect("resources:quality-rule", rule.pk)
    may_check = grants.is_permitted(request.user, quality.CHECK, rule.resource.department_id, on=today)
    revisions = rule.revisions.select_related("author").order_by("-number")
    context = {"form": form, "rule": rule, "resource": rule.resource, "revisions": revisions, "may_check": may_check}
    return _show_form(request, context)


def _preview(request: PersonRequest, context: dict[str, Any]) -> HttpResponseBase:
    """Show what the rule that is typed would find; the page stays as it was typed."""
    typed, rule = request.POST.dict(), context.get("rule")
    probe = RuleForm(request.POST, rule)
    draft = probe.probe()
    grants.require(request.user, quality.CHECK, context["resource"].department_id, on=localdate())
    if draft is None:
        context["preview_refused"] = probe.faults_of_rule()
    else:
        try:
            now = timezone.now()
            context["preview"] = quality.preview_rule(context["resource"], draft, viewer=request.user, now=now)
            note_look(request, f"resource:{context['resource'].pk}", "failing_rows")
        except RuleRefused as fault:
            context["preview_refused"] = probe.tell_place(fault.message)
        except CheckFailed as fault:
            context["preview_refused"] = fault.message
    context["form"] = RuleForm(None, rule, typed)
    return _show_form(request, context)


def _show_form(request: PersonRequest, context: dict[str, Any]) -> HttpResponseBase:
    context["fields"] = catalogue.list_fields(context["resource"].pk).order_by("number")
    status = 422 if context["form"].errors else 200
    return render(request, "resources/quality/rule.html", context, status=status)
