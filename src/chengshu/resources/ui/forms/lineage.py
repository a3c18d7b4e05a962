"""The form by which scripts and reports are handed in."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from chengshu.kernel.accounts.facade import User
from chengshu.kernel.grants import facade as grants
from chengshu.kernel.organisations.facade import Organisation
from chengshu.resources.facade.lineage import KEEP_LINEAGE, ScriptGiven, ScriptsGiven, TellerKind
from chengshu.resources.ui.lists.lineage import TELLERS

_DIALECTS = (
    ("postgres", "PostgreSQL"),
    ("mysql", "MySQL"),
    ("hive", "Hive"),
    ("spark", "Spark SQL"),
    ("oracle", "Oracle"),
    ("duckdb", "DuckDB"),
    ("tsql", "SQL Server"),
)
_MOST_BYTES = 16 * 1024 * 1024


class ManyFilesInput(forms.ClearableFileInput):
    """Takes several files at once."""

    allow_multiple_selected = True


class ManyFilesField(forms.FileField):
    """Several files."""

    widget = ManyFilesInput

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        """Clean each file."""
        files = data if isinstance(data, list) else [data] if data else []
        return [super(ManyFilesField, self).clean(file, initial) for file in files] or [super().clean(None, initial)]


class ScriptsForm(forms.Form):
    """All scripts of one teller; what it said before is replaced."""

    title = forms.CharField(label=gettext_lazy("血缘来源的名称"), max_length=200)
    department = forms.CharField(label=gettext_lazy("责任部门"), max_length=64)
    kind = forms.ChoiceField(
        label=gettext_lazy("是什么"),
        choices=[(kind.value, TELLERS[kind]) for kind in (TellerKind.SCRIPTS, TellerKind.REPORTS)],
    )
    dialect = forms.ChoiceField(label=gettext_lazy("SQL 方言"), choices=_DIALECTS)
    scripts = ManyFilesField(label=gettext_lazy("SQL 文件"))

    def __init__(self, data: Any, files: Any, *, viewer: User, today: date, initial: Any = None) -> None:
        super().__init__(data, files, auto_id="scripts-%s", initial=initial)
        self._departments = grants.list_permitted_organisations(viewer, KEEP_LINEAGE, on=today)
        self._today = today
        self.unread: tuple[str, bytes] | None = None

    def offered_departments(self) -> list[Organisation]:
        """Offer the departments that the person keeps lineage for."""
        return list(self._departments.existing_on(self._today).order_by("code")[:500])

    def clean_scripts(self) -> tuple[ScriptGiven, ...]:
        """Read the files as text: UTF-8, UTF-16 or GB18030."""
        from chengshu.resources.facade.lineage_work import decode  # noqa: PLC0415 - heavy: imported where it runs

        files = self.cleaned_data["scripts"]
        if sum(file.size for file in files) > _MOST_BYTES:
            raise forms.ValidationError(
                _("这些文件合起来超过 %(most)s MB，请分成几个血缘来源。") % {"most": _MOST_BYTES >> 20}
            )
        scripts = []
        for file in files:
            content = file.read()
            text = decode(content)
            if text is None:
                self.unread = (file.name, content)
                raise forms.ValidationError(
                    _("“%(name)s”不是文本，或者编码既不是 UTF-8 也不是 GB18030。") % {"name": file.name}
                )
            scripts.append(ScriptGiven(file.name, text))
        return tuple(scripts)

    def content(self) -> ScriptsGiven:
        """Give what was handed in, after it was found valid."""
        typed = self.cleaned_data
        department = typed["department"].strip().split(" ")[0]
        return ScriptsGiven(typed["title"], department, typed["dialect"], typed["scripts"], TellerKind(typed["kind"]))
