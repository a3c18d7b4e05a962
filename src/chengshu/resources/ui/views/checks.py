"""Checks: the list with the month's plan, one with what the rules found, and the rules of a resource."""

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from chengshu.kernel.grants import facade as grants
from chengshu.kernel.listing.facade import open_listing, respond_with_listing
from chengshu.resources.facade import catalogue, quality
from chengshu.resources.facade.quality import CheckFailed
from chengshu.resources.ui.access import PersonRequest, for_people
from chengshu.resources.ui.lists.quality import RUN_KINDS, RUN_STATES, outcomes_spec, rules_spec, runs_spec


@require_http_methods(["GET", "POST"])
@for_people
def list_checks(request: PersonRequest) -> HttpResponseBase:
    """Show the checks under the coverage of this month's plan."""
    today = localdate()
    grants.require_anywhere(request.user, quality.SEE_QUALITY, on=today)
    listing = open_listing(runs_spec(request.user, today=today), quality.list_runs(request.user, on=today), request)
    coverage = quality.measure_coverage(request.user, today, on=today)
    missing = coverage.planned - coverage.checked
    context = {"coverage": coverage, "missing": missing, "month": today}
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
    if may_check:
        context["foreseen"] = quality.foresee_rules(resource).counts()
    return respond_with_listing(request, listing, "resources/quality/rules.html", context)
