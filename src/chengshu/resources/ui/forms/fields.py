"""The form of one field of an entry."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from chengshu.resources.facade import catalogue
from chengshu.resources.facade.catalogue import FieldContent, ResourceInvalid, ValueType
from chengshu.resources.ui.words import TYPES

_GRADES = [(str(grade), str(grade)) for grade in range(catalogue.LOWEST_GRADE, catalogue.HIGHEST_GRADE + 1)]
_TEXTS = ("code", "name", "unit", "element", "description", "derived_from", "not_before", "refers_to")
_YES_NO = [("1", gettext_lazy("是")), ("", gettext_lazy("否"))]


class FieldForm(forms.Form):
    """All that a department says of one field, and its place among the others."""

    code = forms.CharField(label=gettext_lazy("信息项代码"), max_length=120)
    name = forms.CharField(label=gettext_lazy("信息项名称"), max_length=200)
    type = forms.ChoiceField(label=gettext_lazy("数据类型"), choices=list(TYPES.items()))
    length = forms.IntegerField(label=gettext_lazy("长度"), min_value=1, max_value=2_000_000_000, required=False)
    unit = forms.CharField(label=gettext_lazy("计量单位"), max_length=32, required=False)
    element = forms.CharField(label=gettext_lazy("数据元的标识符"), max_length=64, required=False)
    grade = forms.ChoiceField(label=gettext_lazy("分级"), choices=_GRADES)
    is_key = forms.ChoiceField(label=gettext_lazy("主键"), choices=_YES_NO, required=False)
    is_nullable = forms.ChoiceField(label=gettext_lazy("可为空"), choices=_YES_NO, required=False)
    description = forms.CharField(label=gettext_lazy("说明"), max_length=4000, required=False)
    derived_from = forms.CharField(label=gettext_lazy("来源信息项"), max_length=4000, required=False)
    not_before = forms.CharField(label=gettext_lazy("不早于"), max_length=120, required=False)
    refers_to = forms.CharField(label=gettext_lazy("引用"), max_length=200, required=False)
    place = forms.IntegerField(label=gettext_lazy("次序"), min_value=1, max_value=catalogue.MOST_FIELDS, required=False)

    def __init__(self, data: Any, *, field: FieldContent | None = None) -> None:
        super().__init__(data, initial=_initial(field), auto_id="one-%s")

    def content(self) -> FieldContent:
        """Give what was typed; the form is valid."""
        typed = self.cleaned_data
        return FieldContent(
            **{name: typed[name] for name in _TEXTS},
            type=ValueType(typed["type"]),
            length=typed["length"],
            grade=int(typed["grade"]),
            is_key=bool(typed["is_key"]),
            is_nullable=bool(typed["is_nullable"]),
        )

    def is_tied(self) -> bool:
        """Tell whether anything is said, or wrong, of what ties the field to others."""
        return any(self[name].value() or self[name].errors for name in ("not_before", "refers_to"))

    def tell(self, fault: ResourceInvalid) -> None:
        """Show a fault above the form."""
        self.add_error(None, fault.message)


def _initial(field: FieldContent | None) -> dict[str, Any]:
    if field is None:
        return {"grade": "1", "is_key": "", "is_nullable": "1", "type": ValueType.TEXT.value}
    told: dict[str, Any] = {name: getattr(field, name) for name in FieldForm.base_fields if hasattr(field, name)}
    flags = {name: "1" if told[name] else "" for name in ("is_key", "is_nullable")}
    return told | flags | {"grade": str(field.grade), "type": field.type.value}
