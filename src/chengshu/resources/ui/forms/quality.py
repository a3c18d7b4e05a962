"""What people type about corrected sheets."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

_LARGEST_MIB = 32


class SheetForm(forms.Form):
    """A corrected sheet."""

    sheet = forms.FileField(label=gettext_lazy("更正表（XLSX）"))

    def clean_sheet(self) -> Any:
        """Refuse what is too large to be read while somebody waits."""
        file = self.cleaned_data["sheet"]
        if file.size > _LARGEST_MIB * 1024 * 1024:
            raise forms.ValidationError(_("文件超过 %(most)s MB，请分开交回。") % {"most": _LARGEST_MIB})
        return file
