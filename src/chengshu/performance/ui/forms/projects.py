"""The forms of projects and their years."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from chengshu.kernel.accounts.facade import User
from chengshu.kernel.grants import facade as grants
from chengshu.kernel.organisations import facade as organisations
from chengshu.kernel.organisations.facade import Organisation, OrganisationQuerySet
from chengshu.performance.facade import projects
from chengshu.performance.facade.projects import Project, ProjectFacts

_OFFERED = 500  # more than that are typed by code, not chosen


class ProjectForm(forms.Form):
    """What is kept of a project; organisations by their code."""

    code = forms.CharField(label=gettext_lazy("项目编码"), max_length=projects.CODE_LENGTH)
    name = forms.CharField(label=gettext_lazy("项目名称"), max_length=projects.NAME_LENGTH)
    unit = forms.CharField(label=gettext_lazy("实施单位"), max_length=64)
    department = forms.CharField(label=gettext_lazy("主管部门"), max_length=64, required=False)
    started_on = forms.DateField(label=gettext_lazy("开始日期"))
    is_secret = forms.BooleanField(label=gettext_lazy("涉密，任何时候都不公开"), required=False)
    description = forms.CharField(
        label=gettext_lazy("项目内容"), max_length=projects.DESCRIPTION_LENGTH, required=False, widget=forms.Textarea
    )

    def __init__(self, data: Any, *, viewer: User, today: date, project: Project | None = None) -> None:
        super().__init__(data, initial=_initial(project), auto_id="project-%s")
        self._today = today
        self._units = grants.list_permitted_organisations(viewer, projects.EDIT_PROJECT, on=today).existing_on(today)
        departments = organisations.list_organisations(on=today).existing_on(today)
        self._departments = departments.filter(kind=organisations.Kind.DEPARTMENT)

    def offered_units(self) -> list[Organisation]:
        """Return the units to offer, by code."""
        return list(self._units.order_by("code")[:_OFFERED])

    def offered_departments(self) -> list[Organisation]:
        """Return the departments to offer, by code."""
        return list(self._departments.order_by("code")[:_OFFERED])

    def clean_unit(self) -> Organisation:
        """Find the unit by its code, among those where the viewer may enter projects."""
        return _find(self._units, self.cleaned_data["unit"], _("没有这个单位，或者您不能为它登记项目。请填代码。"))

    def clean(self) -> dict[str, Any]:
        """Find the department by its code, or as what stands nearest above the unit."""
        cleaned: dict[str, Any] = super().clean() or {}
        unit, typed = cleaned.get("unit"), str(cleaned.get("department", "")).strip()
        if typed:
            try:
                cleaned["department"] = _find(self._departments, typed, _("没有这个部门。请填代码。"))
            except forms.ValidationError as fault:
                self.add_error("department", fault)
        elif unit is not None:
            above = [ancestor.id for ancestor in organisations.ancestors_on(unit.pk, self._today)]
            candidates = {found.pk: found for found in self._departments.filter(pk__in=[*above, unit.pk])}
            nearest = next((candidates[key] for key in (unit.pk, *reversed(above)) if key in candidates), None)
            if nearest is None:
                self.add_error("department", _("实施单位没有上级部门，请填主管部门的代码。"))
            cleaned["department"] = nearest
        return cleaned

    def facts(self) -> ProjectFacts:
        """Give what was typed; the form is valid."""
        typed = self.cleaned_data
        return ProjectFacts(
            code=typed["code"],
            name=typed["name"],
            department_id=typed["department"].pk,
            unit_id=typed["unit"].pk,
            started_on=typed["started_on"],
            is_secret=typed["is_secret"],
            description=typed["description"],
        )


class EndForm(forms.Form):
    """The last day of a project and why; an ended one asks for the reason alone."""

    ended_on = forms.DateField(label=gettext_lazy("最后一天"))
    reason = forms.CharField(label=gettext_lazy("事由"), max_length=256)

    def __init__(self, data: Any, *, is_ended: bool, today: date) -> None:
        super().__init__(data, initial={"ended_on": today}, auto_id="end-%s")
        if is_ended:
            del self.fields["ended_on"]


class YearForm(forms.Form):
    """The budget year to open."""

    year = forms.IntegerField(label=gettext_lazy("年度"), min_value=1990, max_value=2100)

    def __init__(self, data: Any, *, offered: int) -> None:
        super().__init__(data, initial={"year": offered}, auto_id="open-%s")


def _initial(project: Project | None) -> dict[str, Any]:
    if project is None:
        return {}
    return {
        "code": project.code,
        "name": project.name,
        "unit": project.unit.code,
        "department": project.department.code,
        "started_on": project.started_on,
        "is_secret": project.is_secret,
        "description": project.description,
    }


def _find(known: OrganisationQuerySet, typed: object, message: str) -> Organisation:
    """Find an organisation by its code, or by its name of today where one alone has it."""
    text = str(typed).strip()
    found = known.filter(code=text.split(" ")[0]).first()
    if found is not None:
        return found
    by_name: dict[str, Any] = {"name": text}  # the annotation of list_organisations
    named = list(known.filter(**by_name)[:2])
    if len(named) != 1:
        raise forms.ValidationError(message)
    return named[0]
