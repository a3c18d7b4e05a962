"""What people type about rules, disputes and corrected sheets."""

import json
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from chengshu.resources.facade.quality import QualityRule, RuleDraft, RuleSeverity
from chengshu.resources.ui.lists.quality import SEVERITIES

_LARGEST_MIB = 32


class RuleForm(forms.Form):
    """A rule: its definition is what a rule file says beside key, name, severity and threshold."""

    key = forms.CharField(label=gettext_lazy("编号"), max_length=60)
    name = forms.CharField(label=gettext_lazy("规则（写给人看）"), max_length=300)
    definition = forms.CharField(label=gettext_lazy("定义（JSON）"), max_length=20_000)
    severity = forms.ChoiceField(label=gettext_lazy("程度"), choices=list(SEVERITIES.items()))
    threshold = forms.DecimalField(
        label=gettext_lazy("允许不合格的占比（0 至 1）"), min_value=0, max_value=1, max_digits=7, decimal_places=6
    )
    is_active = forms.BooleanField(label=gettext_lazy("启用"), required=False)
    reason = forms.CharField(label=gettext_lazy("事由"), max_length=400)

    def __init__(self, data: Any, rule: QualityRule | None = None) -> None:
        super().__init__(data, initial=_initial(rule), auto_id="rule-%s")
        if rule is not None:
            self.fields["key"].disabled = True

    def clean_definition(self) -> Any:
        """Read the JSON."""
        try:
            told = json.loads(self.cleaned_data["definition"], parse_constant=_refuse_constant)
        except (ValueError, RecursionError) as error:
            raise forms.ValidationError(_("定义不是 JSON：%(why)s") % {"why": error}) from error
        if not isinstance(told, dict):
            raise forms.ValidationError(_("定义请写成一个 JSON 对象，如 {“kind”: “not_null”, “columns”: [“xm”]}。"))
        return told

    def draft(self) -> RuleDraft:
        """Give what was typed; the form is valid."""
        typed = self.cleaned_data
        return RuleDraft(
            typed["key"], typed["name"], typed["definition"], RuleSeverity(typed["severity"]), typed["threshold"]
        )


class SheetForm(forms.Form):
    """A corrected sheet."""

    sheet = forms.FileField(label=gettext_lazy("更正表（XLSX）"))

    def clean_sheet(self) -> Any:
        """Refuse what is too large to be read while somebody waits."""
        file = self.cleaned_data["sheet"]
        if file.size > _LARGEST_MIB * 1024 * 1024:
            raise forms.ValidationError(_("文件超过 %(most)s MB，请分开交回。") % {"most": _LARGEST_MIB})
        return file


def _initial(rule: QualityRule | None) -> dict[str, Any]:
    if rule is None:
        return {"threshold": Decimal(0), "severity": RuleSeverity.MAJOR, "is_active": True}
    return {
        "key": rule.key,
        "name": rule.name,
        "definition": json.dumps(rule.definition, ensure_ascii=False, indent=2),
        "severity": rule.severity,
        "threshold": rule.threshold.normalize() if rule.threshold else Decimal(0),
        "is_active": rule.is_active,
    }


def _refuse_constant(text: str) -> None:
    raise ValueError(text)
