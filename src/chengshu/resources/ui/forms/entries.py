"""The form of an entry: its texts, its places on the three lists, and its fields as rows that a table can paste."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from chengshu.kernel.accounts.facade import User
from chengshu.kernel.grants import facade as grants
from chengshu.kernel.organisations.facade import Organisation
from chengshu.resources.facade import catalogue
from chengshu.resources.facade.catalogue import (
    Access,
    Classification,
    Cycle,
    FieldContent,
    Group,
    ListContent,
    ListKind,
    ResourceContent,
    ResourceInvalid,
    ResourceKind,
)
from chengshu.resources.facade.intakes import FIELD_COLUMNS, read_field, write_fields
from chengshu.resources.ui.words import CLASSIFICATIONS, CYCLES, GROUPS, KINDS, OPENING, SHARING

_OFFERED = 500
_NAMED = 5
"""Departments that are named where a part of a name may mean several."""
_ALONE, _SHOWN = 2, 40
"""Cells of a line that was not parted into columns, with the one before it; signs of it that are shown."""
_COLUMNS = dict(enumerate(FIELD_COLUMNS))
_GRADES = [(str(grade), str(grade)) for grade in range(catalogue.LOWEST_GRADE, catalogue.HIGHEST_GRADE + 1)]


class EntryForm(forms.Form):
    """All that a department says of a resource."""

    code = forms.CharField(label=gettext_lazy("目录编码"), max_length=64)
    name = forms.CharField(label=gettext_lazy("资源名称"), max_length=200)
    department = forms.CharField(label=gettext_lazy("提供方"), max_length=64)
    summary = forms.CharField(label=gettext_lazy("资源摘要"), max_length=4000, required=False)
    group = forms.ChoiceField(label=gettext_lazy("资源分组"), choices=list(GROUPS.items()))
    category = forms.CharField(label=gettext_lazy("分类"), max_length=120, required=False)
    kind = forms.ChoiceField(label=gettext_lazy("类型"), choices=list(KINDS.items()))
    cycle = forms.ChoiceField(label=gettext_lazy("更新周期"), choices=list(CYCLES.items()))
    system = forms.CharField(label=gettext_lazy("信息系统"), max_length=120, required=False)
    sharing = forms.ChoiceField(label=gettext_lazy("共享类型"), choices=list(SHARING.items()))
    sharing_terms = forms.CharField(label=gettext_lazy("共享条件或不予共享的依据"), max_length=4000, required=False)
    sharing_mode = forms.CharField(label=gettext_lazy("共享方式"), max_length=120, required=False)
    opening = forms.ChoiceField(label=gettext_lazy("开放属性"), choices=list(OPENING.items()))
    opening_terms = forms.CharField(label=gettext_lazy("开放条件"), max_length=4000, required=False)
    classification = forms.ChoiceField(label=gettext_lazy("数据分类"), choices=list(CLASSIFICATIONS.items()))
    grade = forms.ChoiceField(label=gettext_lazy("分级"), choices=_GRADES)
    related = forms.CharField(label=gettext_lazy("关联资源的目录编码"), max_length=400, required=False)
    profile = forms.ChoiceField(label=gettext_lazy("元数据规范"))
    responsibility = forms.CharField(label=gettext_lazy("责任清单依据"), max_length=400, required=False)
    demand = forms.CharField(label=gettext_lazy("需求清单说明"), max_length=400, required=False)
    requester = forms.CharField(label=gettext_lazy("需求方"), max_length=120, required=False)
    contact = forms.CharField(label=gettext_lazy("需求联系人"), max_length=120, required=False)
    wanted_by = forms.DateField(label=gettext_lazy("需求时限"), required=False)
    negative = forms.CharField(label=gettext_lazy("负面清单依据"), max_length=400, required=False)
    responsibility_since = forms.DateField(label=gettext_lazy("责任清单依据的日期"), required=False)
    demand_since = forms.DateField(label=gettext_lazy("需求提出的日期"), required=False)
    negative_since = forms.DateField(label=gettext_lazy("负面清单依据的日期"), required=False)
    fields_table = forms.CharField(
        label=gettext_lazy("信息项"), max_length=2_000_000, required=False, strip=False, widget=forms.Textarea
    )

    def __init__(self, data: Any, *, viewer: User, today: date, content: ResourceContent | None = None) -> None:
        super().__init__(data, initial=_initial(content), auto_id="entry-%s")
        profiles = [(profile.name, profile.title) for profile in catalogue.list_profiles()]
        self.fields["profile"].choices = profiles  # type: ignore[attr-defined]  # a ChoiceField
        self._departments = grants.list_permitted_organisations(viewer, catalogue.EDIT, on=today).existing_on(today)

    def offered_departments(self) -> list[Organisation]:
        """Return the departments to offer, by code."""
        return list(self._departments.order_by("code")[:_OFFERED])

    def clean_department(self) -> str:
        """Take a code, a code with a name as it was offered, or a name, or a part of it that is one department's alone."""
        typed = str(self.cleaned_data["department"]).strip()
        if self._departments.filter(code=typed.split(" ")[0]).exists():
            return typed.split(" ")[0]
        departments: Any = self._departments  # with the name of the day
        named = departments.filter(name=typed) or departments.filter(name__contains=typed)
        found = list(named.order_by("code").values_list("code", "name")[:_NAMED])
        if len(found) > 1:
            told = _("、").join(f"{name}（{code}）" for code, name in found)
            raise forms.ValidationError(
                _("“%(typed)s”可能是%(told)s，请从列出的部门里选。") % {"typed": typed, "told": told}
            )
        return str(found[0][0]) if found else typed.split(" ")[0]

    def clean_fields_table(self) -> tuple[FieldContent, ...]:
        """Read the rows; the first fault names its line."""
        return tuple(_read_rows(self.cleaned_data["fields_table"]))

    def content(self) -> ResourceContent:
        """Give what was typed; the form is valid."""
        typed = self.cleaned_data
        texts = ("code", "name", "summary", "category", "system", "sharing_terms", "sharing_mode", "opening_terms")
        return ResourceContent(
            **{name: typed[name] for name in (*texts, "related", "profile")},
            department=typed["department"],
            group=Group(typed["group"]),
            kind=ResourceKind(typed["kind"]),
            cycle=Cycle(typed["cycle"]),
            sharing=Access(typed["sharing"]),
            opening=Access(typed["opening"]),
            classification=Classification(typed["classification"]),
            grade=int(typed["grade"]),
            fields=typed["fields_table"],
            lists=tuple(self._lists()),
        )

    def tell(self, fault: ResourceInvalid) -> None:
        """Show a fault at the place that it names, else above the form."""
        place = str(fault.details.get("field") or "")
        known = {"fields": "fields_table", "lists": "negative"}
        name = known.get(place.split("/", 1)[0], place)
        self.add_error(name if name in self.fields else None, fault.message)

    def _lists(self) -> Iterator[ListContent]:
        for kind in sorted(ListKind, key=lambda kind: kind.value):
            basis, since = self.cleaned_data[kind.value], self.cleaned_data[f"{kind.value}_since"]
            demanded = self._demanded() if kind is ListKind.DEMAND else {}
            if basis or since or any(demanded.values()):
                yield ListContent(kind, basis, since.isoformat() if since else "", **demanded)

    def _demanded(self) -> dict[str, str]:
        wanted = self.cleaned_data["wanted_by"]
        told = {name: self.cleaned_data[name] for name in ("requester", "contact")}
        return told | {"wanted_by": wanted.isoformat() if wanted else ""}


def _initial(content: ResourceContent | None) -> dict[str, Any]:
    if content is None:
        return {"cycle": Cycle.DAILY.value, "sharing": Access.CONDITIONAL.value, "opening": Access.REFUSED.value}
    told: dict[str, Any] = {name: getattr(content, name) for name in EntryForm.base_fields if hasattr(content, name)}
    told |= {item.kind.value: item.basis for item in content.lists}
    told |= {f"{item.kind.value}_since": item.since for item in content.lists}
    for item in content.lists:
        if item.kind is ListKind.DEMAND:
            told |= {"requester": item.requester, "contact": item.contact, "wanted_by": item.wanted_by}
    told["grade"] = str(content.grade)  # as the choices are written
    told["fields_table"] = "\n".join("\t".join(_flat(cell) for cell in row[1:]) for row in write_fields(content))
    return told


def _flat(cell: str) -> str:
    return " ".join(cell.split())


def _read_rows(text: str) -> Iterator[FieldContent]:
    for number, line in enumerate(text.replace("\r\n", "\n").split("\n"), start=1):
        if not line.strip():
            continue
        cells = ("-", *line.split("\t"))
        try:
            _resource, field = read_field(cells, _COLUMNS)
        except ResourceInvalid as fault:
            raise forms.ValidationError(
                _("第 %(line)s 行：%(fault)s") % {"line": number, "fault": fault.message}
            ) from fault
        if not field.name and (len(cells) == _ALONE or len(field.code.split()) > 1):
            message = _(
                "第 %(line)s 行“%(text)s”没有分成列，读不出信息项名称。各列之间用制表符隔开，可从电子表格整块粘贴。"
            )
            raise forms.ValidationError(message % {"line": number, "text": line.strip()[:_SHOWN]})
        yield field


class ScanForm(forms.Form):
    """What is to be scanned: a file of SQLite, or the address of a PostgreSQL or MySQL database."""

    department = forms.CharField(label=gettext_lazy("提供方"), max_length=64)
    system = forms.CharField(label=gettext_lazy("信息系统"), max_length=120)
    code_head = forms.CharField(label=gettext_lazy("目录编码的开头"), max_length=40)
    file = forms.FileField(label=gettext_lazy("SQLite 数据库文件"), required=False)
    address = forms.CharField(label=gettext_lazy("或 PostgreSQL、MySQL 地址"), max_length=400, required=False)

    def __init__(self, data: Any, files: Any, *, viewer: User, today: date) -> None:
        super().__init__(data, files, auto_id="scan-%s")
        self._departments = grants.list_permitted_organisations(viewer, catalogue.EDIT, on=today).existing_on(today)

    def offered_departments(self) -> list[Organisation]:
        """Return the departments to offer, by code."""
        return list(self._departments.order_by("code")[:_OFFERED])

    def clean(self) -> dict[str, Any]:
        """Ask for one source."""
        cleaned: dict[str, Any] = super().clean() or {}
        address = cleaned.get("address", "")
        if address and not address.startswith(("postgresql://", "postgres://", "mysql://")):
            self.add_error("address", _("地址请写成 postgresql://用户:口令@主机:端口/库名，或 mysql:// 开头。"))
        if bool(cleaned.get("file")) == bool(address) and not self.errors:
            self.add_error("file", _("请选一个文件，或填一个地址。"))
        return cleaned
