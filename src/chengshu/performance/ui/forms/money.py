"""The forms of budgets and of tables that are handed in."""

from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from chengshu.base.quantities import parse_amount
from chengshu.performance.facade.money import Adjustment, FundSource, TableKind
from chengshu.performance.ui.project_words import SOURCES, TABLES


class AmountField(forms.CharField):
    """An amount in 元 as people type it: thousands commas and full-width figures are read."""

    def clean(self, value: Any) -> Decimal | None:
        """Read the amount, exactly; None for an empty field that is not required."""
        text = str(super().clean(value)).strip()
        if not text:
            return None
        amount = parse_amount(text)
        if amount is None:
            raise forms.ValidationError(_("请填数字，如 1200000.00。"))
        return amount


class BudgetForm(forms.Form):
    """The initial budget by source, and why it is changed."""

    fiscal = AmountField(label=gettext_lazy("当年财政拨款"), max_length=40, required=False)
    carried_over = AmountField(label=gettext_lazy("上年结转资金"), max_length=40, required=False)
    other = AmountField(label=gettext_lazy("其他资金"), max_length=40, required=False)
    reason = forms.CharField(label=gettext_lazy("修改原因"), max_length=256, required=False)

    def __init__(self, data: Any, *, stands: dict[FundSource, Decimal]) -> None:
        initial = {source.value: f"{amount:.2f}" for source, amount in stands.items()}
        super().__init__(data, initial=initial, auto_id="budget-%s")
        self.is_change = bool(stands)
        if not stands:
            del self.fields["reason"]

    def amounts(self) -> dict[FundSource, Decimal]:
        """Give what was typed; the form is valid."""
        return {source: self.cleaned_data[source.value] or Decimal(0) for source in FundSource}


class AdjustForm(forms.Form):
    """One adjustment of the budget."""

    source = forms.ChoiceField(label=gettext_lazy("资金来源"), choices=[(s.value, SOURCES[s]) for s in FundSource])
    amount = AmountField(label=gettext_lazy("调整金额（元）"), max_length=40)
    adjusted_on = forms.DateField(label=gettext_lazy("调整日期"))
    reason = forms.CharField(label=gettext_lazy("调整原因"), max_length=300)
    document_number = forms.CharField(label=gettext_lazy("文号"), max_length=100, required=False)
    document = forms.FileField(label=gettext_lazy("调整文件"), required=False, max_length=255)

    def __init__(self, data: Any, files: Any, *, today: date) -> None:
        super().__init__(data, files, initial={"adjusted_on": today}, auto_id="adjust-%s")

    def adjustment(self) -> Adjustment:
        """Give what was typed; the form is valid."""
        typed = self.cleaned_data
        return Adjustment(
            FundSource(typed["source"]),
            typed["amount"],
            typed["adjusted_on"],
            typed["reason"],
            typed["document_number"],
        )


class UndoForm(forms.Form):
    """Why an adjustment is taken back."""

    reason = forms.CharField(label=gettext_lazy("撤销原因"), max_length=300)

    def __init__(self, data: Any) -> None:
        super().__init__(data, auto_id="undo-%s")


class TableForm(forms.Form):
    """A table and what its rows are."""

    kind = forms.ChoiceField(label=gettext_lazy("表格内容"), choices=[(k.value, TABLES[k]) for k in TableKind])
    table = forms.FileField(label=gettext_lazy("表格文件"), max_length=255)

    def __init__(self, data: Any, files: Any, *, kind: str) -> None:
        super().__init__(data, files, initial={"kind": kind}, auto_id="table-%s")
