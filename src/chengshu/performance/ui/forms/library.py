"""The form of a library indicator."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from chengshu.performance.facade import goals
from chengshu.performance.facade.goals import LibraryEntry, LibraryIndicator
from chengshu.performance.ui.goal_words import name_level


class EntryForm(forms.Form):
    """One indicator as people enter it; what is wrong with it the operation tells."""

    name = forms.CharField(label=gettext_lazy("指标名称"), max_length=200)
    category = forms.ChoiceField(label=gettext_lazy("类别"))
    domain = forms.CharField(label=gettext_lazy("工作领域"), max_length=40, required=False)
    sign = forms.ChoiceField(label=gettext_lazy("符号"), required=False)
    target = forms.CharField(label=gettext_lazy("常用指标值"), max_length=100, required=False)
    unit = forms.CharField(label=gettext_lazy("计量单位"), max_length=20, required=False)
    measured_by = forms.ChoiceField(label=gettext_lazy("由哪个登记指标测量"), required=False)
    basis = forms.CharField(label=gettext_lazy("指标值依据"), max_length=200, required=False)

    def __init__(self, data: Any, *, entry: LibraryIndicator | None = None) -> None:
        initial = {} if entry is None else {name: getattr(entry, name) for name in _PLAIN}
        if entry is not None:
            initial["category"] = f"{entry.level1}/{entry.level2}"
        super().__init__(data, initial=initial, auto_id="entry-%s")
        categories = [
            (name_level(level1), [(f"{level1}/{level2}", name_level(level2)) for level2 in parts])
            for level1, parts in goals.TREE
        ]
        self._offer("category", [("", _("请选择")), *categories])
        self._offer("sign", [("", _("文字，不用符号")), *((sign, sign) for sign in goals.SIGNS)])
        specs = [(spec.key, f"{spec.name}（{spec.unit or '—'}）") for spec in goals.list_offered()]
        self._offer("measured_by", [("", _("没有，凭材料填报")), *specs])

        for field in self.fields.values():
            is_choice = isinstance(field, forms.ChoiceField)
            field.widget.attrs |= {"class": "form-select" if is_choice else "form-control", "autocomplete": "off"}

    def _offer(self, name: str, choices: list[Any]) -> None:
        chooser = self.fields[name]
        chooser.choices = choices  # type: ignore[attr-defined]  # a ChoiceField

    def entry(self) -> LibraryEntry:
        """Give what was entered; only after `is_valid`."""
        level1, _slash, level2 = self.cleaned_data["category"].partition("/")
        return LibraryEntry(level1=level1, level2=level2, **{name: self.cleaned_data[name] for name in _PLAIN})


_PLAIN = ("name", "domain", "sign", "target", "unit", "measured_by", "basis")


class RetireForm(forms.Form):
    """Why an indicator is not offered any more."""

    reason = forms.CharField(label=gettext_lazy("理由"), max_length=200)
