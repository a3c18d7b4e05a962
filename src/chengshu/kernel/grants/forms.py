"""The forms that give and end a grant, and those that change organisations."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from chengshu.kernel.grants.models import REASON_LENGTH
from chengshu.kernel.grants.registry import list_roles
from chengshu.kernel.organisations.facade import (
    CODE_LENGTH,
    KIND_LABELS,
    NAME_LENGTH,
    Organisation,
    OrganisationQuerySet,
    Part,
)

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


class ChangeForm(forms.Form):
    """The day from which a change of an organisation holds, and why it is made."""

    on = forms.DateField(label=gettext_lazy("生效日期"))
    reason = forms.CharField(label=gettext_lazy("事由"), max_length=REASON_LENGTH)

    def __init__(self, data: Any, *, places: OrganisationQuerySet, today: date, files: Any = None) -> None:
        super().__init__(data, files, initial={"on": today}, auto_id="change-%s")
        self._places = places
        self.order_fields([name for name in self.fields if name not in {"on", "reason"}])

    def offered(self) -> list[Organisation]:
        """Return the organisations to offer, by code."""
        return list(self._places.order_by("code")[:_OFFERED])

    def place(self, name: str) -> Organisation:
        """Find the organisation of a field by its code, among those that the actor manages."""
        code = str(self.cleaned_data[name]).strip().split(" ")[0]
        found = self._places.filter(code=code).first()
        if found is None:
            raise forms.ValidationError(_("没有这个组织，或者您不能在那里变动组织。请填代码。"))
        return found


class FoundForm(ChangeForm):
    """A new organisation: code, name, kind, and what it belongs to."""

    code = forms.CharField(label=gettext_lazy("代码"), max_length=CODE_LENGTH)
    name = forms.CharField(label=gettext_lazy("名称"), max_length=NAME_LENGTH)
    kind = forms.ChoiceField(label=gettext_lazy("类别"), choices=list(KIND_LABELS.items()))
    parent = forms.CharField(label=gettext_lazy("上级"), max_length=CODE_LENGTH)

    def clean_parent(self) -> Organisation:
        """Find the parent."""
        return self.place("parent")


class RenameForm(ChangeForm):
    """Another name."""

    name = forms.CharField(label=gettext_lazy("新名称"), max_length=NAME_LENGTH)


class MoveForm(ChangeForm):
    """Another parent."""

    parent = forms.CharField(label=gettext_lazy("新的上级"), max_length=CODE_LENGTH)

    def clean_parent(self) -> Organisation:
        """Find the parent."""
        return self.place("parent")


class MergeForm(ChangeForm):
    """The organisation that takes over."""

    into = forms.CharField(label=gettext_lazy("并入"), max_length=CODE_LENGTH)

    def clean_into(self) -> Organisation:
        """Find who takes over."""
        return self.place("into")


class SplitForm(ChangeForm):
    """The parts, and with which of them each of the organisations below goes."""

    PARTS = 4

    def __init__(self, data: Any, *, children: Sequence[Organisation], **more: Any) -> None:
        super().__init__(data, **more)
        self._children = children
        numbers = range(1, self.PARTS + 1)
        for number in numbers:
            label = {"number": number}
            self.fields[f"code{number}"] = forms.CharField(
                label=_("第 %(number)s 个的代码") % label, max_length=CODE_LENGTH, required=number <= 2
            )
            self.fields[f"name{number}"] = forms.CharField(
                label=_("第 %(number)s 个的名称") % label, max_length=NAME_LENGTH, required=number <= 2
            )
        for child in children:
            choices = [(str(number), _("归第 %(number)s 个") % {"number": number}) for number in numbers]
            self.fields[f"child{child.pk}"] = forms.ChoiceField(label=child.name, choices=choices, required=False)
        self.order_fields([name for name in self.fields if name not in {"on", "reason"}])

    def parts(self) -> list[Part]:
        """Return the parts that were named, with what goes with them."""
        found = []
        for number in range(1, self.PARTS + 1):
            code, name = self.cleaned_data[f"code{number}"], self.cleaned_data[f"name{number}"]
            with_it = [c.pk for c in self._children if self.cleaned_data.get(f"child{c.pk}") == str(number)]
            if code or name:
                found.append(Part(code, name, tuple(with_it)))
        return found


class TableForm(ChangeForm):
    """A file with the columns of an organisation table."""

    file = forms.FileField(label=gettext_lazy("组织表"))
