"""What people type about rules, disputes and corrected sheets."""

import json
import re
from collections.abc import Mapping
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

    def __init__(self, data: Any, rule: QualityRule | None = None, typed: Mapping[str, Any] | None = None) -> None:
        super().__init__(data, initial=_initial(rule) | dict(typed or {}), auto_id="rule-%s")
        if rule is not None:
            self.fields["key"].disabled = True

    def clean_definition(self) -> Any:
        """Read the JSON."""
        try:
            told = json.loads(self.cleaned_data["definition"], parse_constant=_refuse_constant)
        except (ValueError, RecursionError) as error:
            raise forms.ValidationError(_("定义不是 JSON：%(why)s") % {"why": _place(error)}) from error
        if not isinstance(told, dict):
            raise forms.ValidationError(_("定义请写成一个 JSON 对象，如 {“kind”: “not_null”, “columns”: [“xm”]}。"))
        return told

    def draft(self) -> RuleDraft:
        """Give what was typed; the form is valid."""
        typed = self.cleaned_data
        return RuleDraft(
            typed["key"], typed["name"], typed["definition"], RuleSeverity(typed["severity"]), typed["threshold"]
        )

    def probe(self) -> RuleDraft | None:
        """Give what is typed of the rule itself, whatever else is missing; None when that cannot be read."""
        self.is_valid()
        typed = self.cleaned_data
        if "definition" not in typed or "threshold" not in typed:
            return None
        severity = RuleSeverity(typed.get("severity", RuleSeverity.MAJOR))
        return RuleDraft("preview", _("试查"), typed["definition"], severity, typed["threshold"])

    def faults_of_rule(self) -> str:
        """Say what of the rule itself cannot be read."""
        return " ".join(str(fault) for name in ("definition", "threshold") for fault in self.errors.get(name, ()))

    def tell_place(self, message: str) -> str:
        """Add to what is wrong with a definition the line where it stands."""
        text, definition = self.data.get("definition", ""), self.cleaned_data.get("definition", {})
        for name, value in definition.items():
            said = isinstance(value, str) and len(value) > 2 and f"“{value}”" in message
            if said or re.search(rf"(?<![A-Za-z_]){re.escape(name)}(?![A-Za-z_])", message):
                line = text.count("\n", 0, max(text.find(f'"{name}"'), 0)) + 1
                return _("定义第 %(line)s 行的 %(name)s：%(why)s") % {"line": line, "name": name, "why": message}
        return message


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


def _place(error: Exception) -> str:
    """Say where the JSON breaks off."""
    if isinstance(error, json.JSONDecodeError):
        return _("第 %(line)s 行第 %(column)s 个字起读不懂") % {"line": error.lineno, "column": error.colno}
    return str(error)


def _refuse_constant(text: str) -> None:
    raise ValueError(text)
