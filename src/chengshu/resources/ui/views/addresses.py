"""The addresses that source databases may be read from, kept by the data centre."""

from django import forms
from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from chengshu.kernel.grants import facade as grants
from chengshu.resources.facade import addresses
from chengshu.resources.facade.catalogue import ResourceInvalid
from chengshu.resources.ui.access import PersonRequest, for_people

_SHOWN = 500


class AddressForm(forms.Form):
    """An address to allow."""

    host = forms.CharField(label=gettext_lazy("主机"), max_length=253)
    port = forms.IntegerField(label=gettext_lazy("端口"), min_value=1, max_value=65535, required=False)
    note = forms.CharField(label=gettext_lazy("谁的库、为什么许可"), max_length=200)


@require_http_methods(["GET", "POST"])
@for_people
def list_addresses(request: PersonRequest) -> HttpResponseBase:
    """Show the allowed addresses; on POST allow one more, or take one back."""
    now = timezone.now()
    grants.require_in_city(request.user, addresses.KEEP_ADDRESSES, on=localdate())
    gone = request.POST.get("forbid", "")
    if gone.isascii() and gone.isdigit() and len(gone) < 10:
        addresses.forbid_address(int(gone), actor=request.user, now=now)
        messages.success(request, _("已取消许可，下次扫描就连不上它。"))
        return redirect("resources:addresses")
    form = AddressForm(request.POST or None, auto_id="address-%s")
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        try:
            addresses.allow_address(typed["host"], typed["port"] or 0, typed["note"], actor=request.user, now=now)
        except ResourceInvalid as fault:
            field = str(fault.details.get("field"))
            form.add_error(field if field in form.fields else None, fault.message)
        else:
            messages.success(request, _("已许可。"))
            return redirect("resources:addresses")
    context = {"form": form, "addresses": addresses.list_addresses()[:_SHOWN]}
    return render(request, "resources/addresses.html", context, status=422 if form.errors else 200)
