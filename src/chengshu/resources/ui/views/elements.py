"""Data elements and value domains: lists, one, and the forms that keep them."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from chengshu.kernel.accounts.facade import User
from chengshu.kernel.grants import facade as grants
from chengshu.kernel.listing.facade import open_listing, respond_with_listing
from chengshu.resources.facade import elements
from chengshu.resources.facade.catalogue import ValueType
from chengshu.resources.facade.elements import DataElement, DomainContent, ElementContent, ElementInvalid, ValueDomain
from chengshu.resources.ui.access import PersonRequest, for_people
from chengshu.resources.ui.lists.fields import codes_spec, domains_spec, elements_spec
from chengshu.resources.ui.words import CHECK_WORDS, TYPES

_GRADES = [(str(grade), str(grade)) for grade in range(1, 6)]


class ElementForm(forms.Form):
    """A data element."""

    code = forms.CharField(label=gettext_lazy("标识符"), max_length=64)
    name = forms.CharField(label=gettext_lazy("名称"), max_length=120)
    definition = forms.CharField(label=gettext_lazy("定义"), max_length=2000, required=False)
    type = forms.ChoiceField(label=gettext_lazy("数据类型"), choices=list(TYPES.items()))
    format = forms.CharField(label=gettext_lazy("表示格式"), max_length=64, required=False)
    length = forms.IntegerField(label=gettext_lazy("最大长度"), min_value=1, max_value=2_000_000_000, required=False)
    unit = forms.CharField(label=gettext_lazy("计量单位"), max_length=32, required=False)
    least = forms.CharField(label=gettext_lazy("最小值"), max_length=40, required=False)
    most = forms.CharField(label=gettext_lazy("最大值"), max_length=40, required=False)
    domain = forms.CharField(label=gettext_lazy("值域的标识符"), max_length=64, required=False)
    check_name = forms.ChoiceField(label=gettext_lazy("校验"), choices=list(CHECK_WORDS.items()), required=False)
    grade = forms.ChoiceField(label=gettext_lazy("分级"), choices=_GRADES)

    def __init__(self, data: Any, element: DataElement | None = None) -> None:
        super().__init__(data, initial=_initial(element), auto_id="element-%s")

    def content(self) -> ElementContent:
        """Give what was typed; the form is valid."""
        typed = self.cleaned_data
        texts = ("code", "name", "definition", "format", "length", "unit", "domain", "least", "most")
        return ElementContent(
            **{name: typed[name] for name in texts},
            type=ValueType(typed["type"]),
            check=typed["check_name"],
            grade=int(typed["grade"]),
        )


class DomainForm(forms.Form):
    """A value domain with its codes, one a line: code, a blank or tab, and what it stands for."""

    code = forms.CharField(label=gettext_lazy("标识符"), max_length=64)
    name = forms.CharField(label=gettext_lazy("名称"), max_length=120)
    source = forms.CharField(label=gettext_lazy("采用的标准"), max_length=200, required=False)
    description = forms.CharField(label=gettext_lazy("说明"), max_length=2000, required=False)
    codes = forms.CharField(label=gettext_lazy("代码表"), max_length=1_000_000, required=False, widget=forms.Textarea)

    def __init__(self, data: Any, domain: ValueDomain | None = None) -> None:
        initial: dict[str, Any] = {}
        if domain is not None:
            initial = {name: getattr(domain, name) for name in ("code", "name", "source", "description")}
            initial["codes"] = "\n".join(f"{code.code}\t{code.label}" for code in domain.codes.order_by("number"))
        super().__init__(data, initial=initial, auto_id="domain-%s")

    def content(self) -> DomainContent:
        """Give what was typed; the form is valid."""
        typed = self.cleaned_data
        lines = [line.split(maxsplit=1) for line in typed["codes"].splitlines() if line.strip()]
        codes = tuple((line[0], line[1] if len(line) > 1 else "") for line in lines)
        return DomainContent(typed["code"], typed["name"], typed["source"], typed["description"], codes)


@require_http_methods(["GET", "POST"])
@for_people
def list_elements(request: PersonRequest) -> HttpResponseBase:
    """Show the data elements."""
    listing = open_listing(elements_spec(), elements.list_elements(), request)
    return respond_with_listing(request, listing, "resources/elements.html", {"may_keep": _may_keep(request.user)})


@require_GET
@for_people
def show_element(request: PersonRequest, element_id: int) -> HttpResponseBase:
    """Show a data element and the resources that use it."""
    element = elements.get_element(element_id)
    context = {
        "element": element,
        "type": TYPES[element.type],
        "check": CHECK_WORDS.get(element.check_name, ""),
        "uses": elements.list_uses(element, viewer=request.user, on=localdate()),
        "may_keep": _may_keep(request.user),
    }
    return render(request, "resources/element.html", context)


@require_http_methods(["GET", "POST"])
@for_people
def keep_element(request: PersonRequest, element_id: int | None = None) -> HttpResponseBase:
    """Ask for a data element; on POST keep it."""
    grants.require_in_city(request.user, elements.KEEP_ELEMENTS, on=localdate())
    element = None if element_id is None else elements.get_element(element_id)
    form = ElementForm(request.POST or None, element)
    if request.method == "POST" and form.is_valid():
        try:
            kept = elements.keep_element(form.content(), actor=request.user, now=timezone.now())
        except ElementInvalid as fault:
            _tell(form, fault)
        else:
            messages.success(request, _("已保存。"))
            return redirect("resources:element", kept.pk)
    context = {"form": form, "thing": element, "is_element": True}
    return render(request, "resources/keep.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@for_people
def list_domains(request: PersonRequest) -> HttpResponseBase:
    """Show the value domains."""
    listing = open_listing(domains_spec(), elements.list_domains(), request)
    return respond_with_listing(request, listing, "resources/domains.html", {"may_keep": _may_keep(request.user)})


@require_http_methods(["GET", "POST"])
@for_people
def show_domain(request: PersonRequest, domain_id: int) -> HttpResponseBase:
    """Show a value domain with its codes."""
    domain = elements.get_domain(domain_id)
    listing = open_listing(codes_spec(domain.name), domain.codes.all(), request)
    context = {"domain": domain, "may_keep": _may_keep(request.user)}
    return respond_with_listing(request, listing, "resources/domain.html", context)


@require_http_methods(["GET", "POST"])
@for_people
def keep_domain(request: PersonRequest, domain_id: int | None = None) -> HttpResponseBase:
    """Ask for a value domain; on POST keep it."""
    grants.require_in_city(request.user, elements.KEEP_ELEMENTS, on=localdate())
    domain = None if domain_id is None else elements.get_domain(domain_id)
    form = DomainForm(request.POST or None, domain)
    if request.method == "POST" and form.is_valid():
        try:
            kept = elements.keep_domain(form.content(), actor=request.user, now=timezone.now())
        except ElementInvalid as fault:
            _tell(form, fault)
        else:
            messages.success(request, _("已保存。"))
            return redirect("resources:domain", kept.pk)
    context = {"form": form, "thing": domain, "is_element": False}
    return render(request, "resources/keep.html", context, status=422 if form.errors else 200)


def _may_keep(viewer: User) -> bool:
    return grants.is_permitted_anywhere(viewer, elements.KEEP_ELEMENTS, on=localdate())


def _tell(form: forms.Form, fault: ElementInvalid) -> None:
    field = {"check": "check_name"}.get(str(fault.details.get("field")), fault.details.get("field"))
    form.add_error(str(field) if field in form.fields else None, fault.message)


def _initial(element: DataElement | None) -> dict[str, Any]:
    if element is None:
        return {}
    told: dict[str, Any] = {name: getattr(element, name) for name in ElementForm.base_fields if name != "domain"}
    return told | {"domain": element.domain.code if element.domain else "", "grade": str(element.grade)}
