"""The rule sets, every number with its source."""

from django.http import Http404, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_GET

from chengshu.performance import facade
from chengshu.performance.ui.access import PersonRequest, for_people


@require_GET
@for_people
def list_rules(request: PersonRequest) -> HttpResponseBase:
    """Show the rule sets."""
    return render(request, "performance/rules.html", {"rule_sets": facade.list_rule_sets()})


@require_GET
@for_people
def show_rule_set(request: PersonRequest, name: str) -> HttpResponseBase:
    """Show one rule set with every setting."""
    try:
        rule_set = facade.get_rule_set(name)
    except facade.RuleSetUnknown as fault:
        raise Http404(fault.message) from fault
    settings = facade.list_settings(rule_set)
    return render(request, "performance/rule_set.html", {"rule_set": rule_set, "settings": settings})
