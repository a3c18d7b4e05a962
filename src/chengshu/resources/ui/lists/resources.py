"""The list of resources."""

from collections.abc import Mapping, Sequence
from datetime import date
from functools import partial
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from chengshu.kernel.accounts.facade import User
from chengshu.kernel.listing.facade import Choice, Column, Filter, Kind, ListingSpec
from chengshu.resources.facade import catalogue
from chengshu.resources.facade.catalogue import DataResource, ListItem
from chengshu.resources.ui.words import CYCLES, KINDS, LISTS, SHARING, STATES, by_words


def resources_spec(viewer: User, *, today: date) -> ListingSpec:
    """Give the list of resources; the departments offered are those of the entries in sight."""
    return ListingSpec(
        key="resources",
        columns=(
            Column("name", _("资源名称"), lambda r: r.name, order_by=("name",), url=resource_page),
            Column("code", _("目录编码"), lambda r: r.code, order_by=("code",)),
            Column("department", _("提供方"), lambda r: r.department_name, order_by=("department_id", "name")),
            Column("kind", _("类型"), lambda r: KINDS[r.kind]),
            Column("cycle", _("更新周期"), lambda r: CYCLES[r.cycle]),
            Column("sharing", _("共享类型"), lambda r: SHARING[r.sharing]),
            Column("grade", _("分级"), lambda r: r.grade, Kind.NUMBER),
            Column("fields", _("信息项"), lambda r: r.field_count, Kind.NUMBER),
            Column("state", _("状态"), lambda r: STATES[r.state], order_by=("state", "name")),
            *(Column(f"list_{key}", label, partial(_basis, key), is_shown=False) for key, label in LISTS.items()),
            Column("requester", _("需求方"), _requester, is_shown=False),
            Column("wanted_by", _("需求时限"), _wanted_by, Kind.DATE, is_shown=False),
            Column("edited", _("最近改动"), lambda r: r.edited_at, Kind.MOMENT, ("edited_at",), is_shown=False),
        ),
        default_sort="name",
        filters=(
            Filter(
                "department", _("提供方"), partial(_departments, viewer, today), partial(narrow, "department__code")
            ),
            *(by_words(key, label, words, narrow) for key, label, words in _FILTERS),
            Filter("grade", _("分级"), grade_choices, partial(narrow, "grade")),
            Filter("list", _("三清单"), lambda: [Choice(key, label) for key, label in LISTS.items()], _on_lists),
            Filter("requester", _("需求方"), partial(_requesters, viewer, today), _asked_by),
        ),
        search=("name__icontains", "code__icontains"),
        search_hint=_("资源名称或目录编码"),
        empty=_("还没有数据资源。部门数据专员可以登记、导入编目表或扫描来源库。"),
        file_name=_now("数据资源目录"),
    )


_FILTERS: tuple[tuple[str, Promise, Mapping[str, Promise]], ...] = (
    ("kind", _("类型"), KINDS),
    ("cycle", _("更新周期"), CYCLES),
    ("sharing", _("共享类型"), SHARING),
    ("state", _("状态"), STATES),
)


def narrow(path: str, rows: QuerySet[Any], values: Sequence[str]) -> QuerySet[Any]:
    """Leave the rows whose column has one of the values."""
    return rows.filter(**{f"{path}__in": list(values)})


def _on_lists(rows: QuerySet[Any], values: Sequence[str]) -> QuerySet[Any]:
    """Leave the entries that stand on one of the lists."""
    return rows.filter(pk__in=catalogue.ListItem.objects.filter(kind__in=list(values)).values("resource"))


def _basis(kind: str, resource: DataResource) -> str:
    """Say why an entry stands on a list, and since when; empty when it does not."""
    found = next((item for item in resource.lists.all() if item.kind == kind), None)
    if found is None:
        return ""
    told = found.basis or _now("在清单上")
    return f"{told}（{found.since_on:%Y-%m-%d}）" if found.since_on else told


def _demand(resource: DataResource) -> ListItem | None:
    return next((item for item in resource.lists.all() if item.kind == catalogue.ListKind.DEMAND.value), None)


def _requester(resource: DataResource) -> str:
    found = _demand(resource)
    return found.requester if found else ""


def _wanted_by(resource: DataResource) -> date | None:
    found = _demand(resource)
    return found.wanted_on if found else None


def _requesters(viewer: User, today: date) -> list[Choice]:
    return [Choice(name, name) for name in catalogue.list_requesters(viewer, on=today)]


def _asked_by(rows: QuerySet[Any], values: Sequence[str]) -> QuerySet[Any]:
    """Leave the entries that one of these asks for."""
    return rows.filter(pk__in=catalogue.ListItem.objects.filter(requester__in=list(values)).values("resource"))


def resource_page(resource: DataResource) -> str:
    """Give the address of a resource's page."""
    return reverse("resources:resource", args=[resource.pk])


def department_filter(viewer: User, today: date, *, path: str = "department__code") -> Filter:
    """Filter by the departments of the entries in sight."""
    return Filter("department", _("提供方"), partial(_departments, viewer, today), partial(narrow, path))


def _departments(viewer: User, today: date) -> list[Choice]:
    return [Choice(found.code, found.name) for found in catalogue.list_departments(viewer, on=today)]


def grade_choices() -> list[Choice]:
    """Offer the grades."""
    return [Choice(str(grade), str(grade)) for grade in range(1, 6)]
