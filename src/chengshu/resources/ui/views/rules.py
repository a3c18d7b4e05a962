"""One rule: written, tried on the rows that are there, changed. Filled in by its kind, or written as a definition."""

from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from chengshu.kernel.grants import facade as grants
from chengshu.resources.facade import catalogue, quality
from chengshu.resources.facade.catalogue import DataResource
from chengshu.resources.facade.quality import CheckFailed, QualityRule, ReasonMissing, RuleRefused
from chengshu.resources.ui.access import PersonRequest, for_people, note_look
from chengshu.resources.ui.forms.rule_contents import typed_of
from chengshu.resources.ui.forms.rules import OtherTables, RuleForm, TableColumn
from chengshu.resources.ui.lists.quality import SEVERITIES
from chengshu.resources.ui.rule_words import KIND_WORDS, PART_HELP, part_help

_STEPS = {"preview", "kind", "json", "fields"}


@require_http_methods(["GET", "POST"])
@for_people
def write_rule(request: PersonRequest, resource_id: int) -> HttpResponseBase:
    """Ask for a new rule of a resource; on POST keep it."""
    today = localdate()
    resource = catalogue.get_resource(resource_id, viewer=request.user, on=today)
    grants.require(request.user, quality.CHECK, resource.department_id, on=today)
    context: dict[str, Any] = {"resource": resource, "may_check": True}
    if request.POST.get("step") in _STEPS:
        return _go_on(request, context)
    context["form"] = form = _form(request, resource, request.POST or None)
    if request.method == "POST" and form.is_valid():
        told: dict[str, Any] = {"actor": request.user, "now": timezone.now(), "reason": form.cleaned_data["reason"]}
        try:
            rule = quality.write_rule(resource_id, form.draft(), **told)
        except RuleRefused as fault:
            form.tell(fault)
        else:
            messages.success(request, _("规则已保存，下次检查就会用到。"))
            return redirect("resources:quality-rule", rule.pk)
    return _show_form(request, context)


@require_http_methods(["GET", "POST"])
@for_people
def show_rule(request: PersonRequest, rule_id: int) -> HttpResponseBase:
    """Show a rule with its revisions; on POST change it, which releases rows that it no longer asks for."""
    today = localdate()
    rule = quality.get_rule(rule_id, viewer=request.user, on=today)
    resource = rule.resource
    may_check = grants.is_permitted(request.user, quality.CHECK, resource.department_id, on=today)
    revisions = rule.revisions.select_related("author").order_by("-number")
    context = {"rule": rule, "resource": resource, "may_check": may_check, "revisions": revisions}
    if request.method == "POST":
        grants.require(request.user, quality.CHECK, resource.department_id, on=today)
    if request.POST.get("step") in _STEPS:
        return _go_on(request, context)
    context["form"] = form = _form(request, resource, request.POST or None, rule)
    if request.method == "POST" and form.is_valid() and _amend(request, rule, form):
        changed = _("规则已改，下次检查按新的规则。")
        messages.success(request, changed if _is_changed(rule) else _("没有改动，规则照旧。"))
        return redirect("resources:quality-rule", rule.pk)
    return _show_form(request, context)


def _amend(request: PersonRequest, rule: QualityRule, form: RuleForm) -> bool:
    told: dict[str, Any] = {name: form.cleaned_data[name] for name in ("is_active", "reason")}
    try:
        quality.amend_rule(rule.pk, form.draft(), actor=request.user, now=timezone.now(), **told)
    except RuleRefused as fault:
        form.tell(fault)
    except (ReasonMissing, CheckFailed) as fault:
        form.add_error(None, fault.message)
    else:
        return True
    return False


def _is_changed(rule: QualityRule) -> bool:
    """Tell whether a rule has moved on from the one that was read."""
    return QualityRule.objects.get(pk=rule.pk).revision != rule.revision


def _go_on(request: PersonRequest, context: dict[str, Any]) -> HttpResponseBase:
    """Show the page as it was typed: tried on the rows, asking for another kind, or with the definition itself."""
    step, resource, rule = request.POST["step"], context["resource"], context.get("rule")
    typed = typed_of(request.POST, is_other_kind=step == "kind")
    if step == "json":
        form = _form(request, resource, request.POST, rule)
        written = form.as_definition()
        if written is None:
            return _show_form(request, context | {"form": form})
        typed |= written
    elif step == "fields":
        parts = _form(request, resource, request.POST, rule).as_parts()
        typed |= parts or {}
        context["unsayable"] = parts is None
    elif step == "preview":
        _try(request, context)
    context["form"] = _form(request, resource, None, rule, typed)
    context["shown_definition"] = context.get("tried", "")
    return _show_form(request, context)


def _try(request: PersonRequest, context: dict[str, Any]) -> None:
    """Put into the context what the rule that is typed would find."""
    resource = context["resource"]
    probe = _form(request, resource, request.POST, context.get("rule"))
    draft = probe.probe()
    if draft is None:
        context["preview_refused"] = probe.faults_of_rule()
        return
    context["tried"] = probe.shown_definition()
    try:
        context["preview"] = quality.preview_rule(resource, draft, viewer=request.user, now=timezone.now())
        note_look(request, f"resource:{resource.pk}", "failing_rows")
    except RuleRefused as fault:
        context["preview_refused"] = probe.tell_place(fault.message)
    except CheckFailed as fault:
        context["preview_refused"] = fault.message


def _form(
    request: PersonRequest,
    resource: DataResource,
    data: Any,
    rule: QualityRule | None = None,
    typed: dict[str, Any] | None = None,
) -> RuleForm:
    columns = [
        TableColumn(*told)
        for told in catalogue.list_fields(resource.pk).order_by("number").values_list("code", "name", "type")
    ]
    tables = _tables(request, data if data is not None else typed or {}, rule)
    return RuleForm(data, columns=columns, tables=tables, rule=rule, typed=typed)


def _tables(request: PersonRequest, told: Any, rule: QualityRule | None) -> OtherTables:
    """Give what a rule of references may look into; nothing is asked for with other kinds."""
    found = quality.parts_of(rule.definition) if rule is not None else None
    kind, code = told.get("kind"), told.get("table")
    if kind is None and found is not None:
        kind, code = found[0], found[1].get("table")
    if kind != "references":
        return OtherTables()
    today = localdate()
    columns = quality.list_lookup_columns(str(code or ""), viewer=request.user, on=today)
    return OtherTables(quality.list_lookup_tables(request.user, on=today), columns)


def _show_form(request: PersonRequest, context: dict[str, Any]) -> HttpResponseBase:
    form: RuleForm = context["form"]
    if not context.get("shown_definition"):
        context["shown_definition"] = form.shown_definition()
    context["where_help"] = PART_HELP["where"]
    context["parts"] = [(field, part_help(form.kind_now, field.name)) for field in form.part_fields()]
    context["fields"] = catalogue.list_fields(context["resource"].pk).order_by("number")
    if not context["may_check"]:
        context |= _say_rule(context["rule"], context["fields"])
    status = 422 if form.errors else 200
    return render(request, "resources/quality/rule.html", context, status=status)


def _say_rule(rule: QualityRule, fields: Iterable[Any]) -> dict[str, Any]:
    """Give a rule in words, for who reads it and does not write it."""
    found = quality.parts_of(rule.definition)
    names = {field.code: field.name for field in fields}
    is_said_by_name = found is None or found[0] == "matches"  # a pattern says nothing to most people
    return {
        "said": rule.name if found is None or is_said_by_name else quality.title_of(*found, names),
        "said_kind": KIND_WORDS.get(str(rule.definition.get("kind", "")), ""),
        "severity": SEVERITIES[rule.severity],
        "threshold": f"{(rule.threshold * 100).normalize():f}%",
    }
