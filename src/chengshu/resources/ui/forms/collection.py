"""Forms of sources and promises."""

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from chengshu.kernel.accounts.facade import User
from chengshu.kernel.grants import facade as grants
from chengshu.kernel.organisations.facade import Organisation
from chengshu.resources.contracts.catalogue import Cycle, ValueType
from chengshu.resources.facade import collection
from chengshu.resources.facade.collection import (
    ColumnContent,
    DataSource,
    PromiseContent,
    SourceContent,
    SourceKind,
    WriteMode,
)
from chengshu.resources.ui.forms.addresses import PARTS, PREFIX, address_fields, kinds_with
from chengshu.resources.ui.lists.collection import KINDS, MODES
from chengshu.resources.ui.words import CYCLES

_TYPES = {
    "文字": ValueType.TEXT,
    "整数": ValueType.INTEGER,
    "小数": ValueType.DECIMAL,
    "是否": ValueType.BOOLEAN,
    "日期": ValueType.DATE,
    "时刻": ValueType.MOMENT,
}
_NEEDED = "必填"
_QUOTED = re.compile(r'"([^"]+)"(\s.*)?')
"""A name with blanks stands in quotation marks."""
_PROMISED = (Cycle.DAILY, Cycle.WEEKLY, Cycle.MONTHLY, Cycle.QUARTERLY, Cycle.HALF_YEARLY, Cycle.YEARLY)


class SourceForm(forms.Form):
    """All that is said of a source when it is registered."""

    name = forms.CharField(label=gettext_lazy("数据源名称"), max_length=200)
    department = forms.CharField(label=gettext_lazy("提供方"), max_length=64)
    kind = forms.ChoiceField(label=gettext_lazy("方式"), choices=list(KINDS.items()))
    table = forms.CharField(label=gettext_lazy("湖表名"), max_length=60)
    columns = forms.CharField(label=gettext_lazy("列"), max_length=100_000, widget=forms.Textarea)
    mode = forms.ChoiceField(label=gettext_lazy("写入方式"), choices=list(MODES.items()))
    key = forms.CharField(label=gettext_lazy("主键列"), max_length=400, required=False)

    def __init__(self, data: Any, *, viewer: User, today: date) -> None:
        super().__init__(data, auto_id="source-%s")
        self.fields.update(address_fields())
        self._departments = grants.list_permitted_organisations(viewer, collection.COLLECT, on=today)
        self._today = today

    def offered_departments(self) -> list[Organisation]:
        """Offer the departments that the person collects for."""
        return list(self._departments.existing_on(self._today).order_by("code")[:500])

    def clean_columns(self) -> tuple[ColumnContent, ...]:
        """Read a column a line: name, type, and 必填 where it may not be empty."""
        return tuple(
            _read_column(number, line)
            for number, line in enumerate(self.cleaned_data["columns"].splitlines(), start=1)
            if line.strip()
        )

    def parts(self) -> list[tuple[forms.BoundField, str]]:
        """Give the fields of the address, each with the kinds of source that have it, apart by blanks."""
        kind = self.offered_kind()
        told = ((self[f"{PREFIX}{name}"], kinds_with(name)) for name in PARTS)
        return [(field, kinds) for field, kinds in told if not kind or kind in kinds.split()]

    def offered_kind(self) -> str:
        """Give the kind where it stands; empty where it may be chosen."""
        return ""

    def content(self) -> SourceContent:
        """Give what was typed, after it was found valid."""
        typed, kind = self.cleaned_data, SourceKind(self.cleaned_data["kind"])
        address = {name: typed[f"{PREFIX}{name}"] for name in collection.ADDRESS_FIELDS[kind]}
        return SourceContent(
            name=typed["name"],
            department=typed["department"].strip().split(" ")[0],
            kind=kind,
            table=typed["table"].strip(),
            columns=typed["columns"],
            mode=WriteMode(typed["mode"]),
            key=tuple(typed["key"].replace("，", ",").replace("、", ",").replace(",", " ").split()),
            address={name: value for name, value in address.items() if value},
        )


class SourceChangeForm(SourceForm):
    """What may be changed of a source, and why; its department and kind stay."""

    reason = forms.CharField(label=gettext_lazy("修改的理由"), max_length=256)
    seen = forms.IntegerField(min_value=1, widget=forms.HiddenInput)

    def __init__(self, data: Any, *, source: DataSource, viewer: User, today: date) -> None:
        super().__init__(data, viewer=viewer, today=today)
        self._source = source
        self.initial = _typed(source)
        for name in ("department", "kind"):
            del self.fields[name]

    def offered_kind(self) -> str:
        """Give the kind, which stays."""
        return self._source.kind

    def content(self) -> SourceContent:
        """Give what was typed with what stays."""
        self.cleaned_data |= {"department": self._source.department.code, "kind": self._source.kind}
        return super().content()


class EntryForm(forms.Form):
    """The words that an entry is looked for by."""

    q = forms.CharField(label=gettext_lazy("按名称或目录编码查找"), max_length=200, required=False)


class KeyForm(forms.Form):
    """Which system gets a token, and for how long."""

    name = forms.CharField(label=gettext_lazy("使用令牌的系统"), max_length=100)
    days = forms.IntegerField(label=gettext_lazy("有效天数"), min_value=1, max_value=collection.MOST_DAYS, initial=365)


class ReasonForm(forms.Form):
    """Why something is done to a source as the page showed it."""

    reason = forms.CharField(label=gettext_lazy("理由"), max_length=256)
    seen = forms.IntegerField(min_value=1)


class PromiseForm(forms.Form):
    """What a source promises."""

    cycle = forms.ChoiceField(label=gettext_lazy("交付周期"), choices=[(key.value, CYCLES[key]) for key in _PROMISED])
    due_hours = forms.IntegerField(label=gettext_lazy("周期结束后多少小时内"), min_value=0, max_value=24 * 366)
    since = forms.DateField(label=gettext_lazy("从哪天起"))

    def content(self) -> PromiseContent:
        """Give what was typed, after it was found valid."""
        typed = self.cleaned_data
        return PromiseContent(Cycle(typed["cycle"]), typed["due_hours"], typed["since"])


def _typed(source: DataSource) -> dict[str, Any]:
    """A source as its form shows it; secrets masked."""
    return {
        "name": source.name,
        "table": source.table,
        "columns": "\n".join(map(_write_column, source.columns)),
        "mode": source.mode,
        "key": " ".join(source.key),
        "seen": source.revision,
        **{f"{PREFIX}{name}": value for name, value in source.address.items()},
    }


def _write_column(column: Mapping[str, Any]) -> str:
    name: str = column["name"]
    kind = ValueType(column["type"])
    word = next(found for found, named in _TYPES.items() if named is kind)
    places = str(column.get("scale", 2)) if kind is ValueType.DECIMAL else ""
    quoted = f'"{name}"' if any(map(str.isspace, name)) else name
    return f"{quoted} {word}{places}{'' if column.get('is_nullable', True) else f' {_NEEDED}'}"


def _read_column(number: int, line: str) -> ColumnContent:
    quoted = _QUOTED.fullmatch(line.strip())
    name, *words = (quoted[1], *(quoted[2] or "").split()) if quoted else line.split()
    kind, scale, is_nullable = ValueType.TEXT, 2, True
    for word in words:
        head = word.rstrip("0123456789")
        if word == _NEEDED:
            is_nullable = False
        elif head in _TYPES and (head == word or (head == "小数" and int(word[len(head) :]) <= 18)):
            kind = _TYPES[head]
            scale = int(word[len(head) :] or 2)
        else:
            message = _(
                "第 %(line)s 行的“%(word)s”不认识：类型有 %(types)s，小数可写位数（小数4），不能为空的列写“必填”。"
            )
            raise forms.ValidationError(message % {"line": number, "word": word, "types": _("、").join(_TYPES)})
    return ColumnContent(name, kind, is_nullable, scale)
