"""The forms that give and end a grant."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from chengshu.kernel.grants.models import REASON_LENGTH
from chengshu.kernel.grants.registry import list_roles
from chengshu.kernel.organisations.facade import Organisation, OrganisationQuerySet

_OFFERED = 500  # more than that are typed by code, not chosen


class GiveForm(forms.Form):
    """Role, organisation by code, days, scope and reason of a new grant."""

    role = forms.ChoiceField(label=gettext_lazy("角色"))
    organisation = forms.CharField(label=gettext_lazy("组织"), max_length=64)
    since = forms.DateField(label=gettext_lazy("从"))
    until = forms.DateField(label=gettext_lazy("到"), required=False)
    scope = forms.CharField(label=gettext_lazy("范围"), max_length=64, required=False)
    reason = forms.CharField(label=gettext_lazy("事由"), max_length=REASON_LENGTH)

    def __init__(self, data: Any, *, organisations: OrganisationQuerySet, today: date) -> None:
        super().__init__(data, initial={"since": today}, auto_id="grant-%s")
        self._organisations = organisations
        role = self.fields["role"]
        role.choices = [(spec.key, spec.label) for spec in list_roles()]  # type: ignore[attr-defined]  # a ChoiceField

    def offered(self) -> list[Organisation]:
        """Return the organisations to offer, by code."""
        return list(self._organisations.order_by("code")[:_OFFERED])

    def clean_organisation(self) -> Organisation:
        """Find the organisation by its code, among those where the actor may give grants."""
        code = str(self.cleaned_data["organisation"]).strip().split(" ")[0]
        found = self._organisations.filter(code=code).first()
        if found is None:
            raise forms.ValidationError(_("没有这个组织，或者您不能在那里授权。请填代码。"))
        return found


class EndForm(forms.Form):
    """The reason for which a grant ends."""

    reason = forms.CharField(label=gettext_lazy("事由"), max_length=REASON_LENGTH)

    def __init__(self, data: Any) -> None:
        super().__init__(data, auto_id="end-%s")
