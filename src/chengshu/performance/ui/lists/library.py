"""The list of library indicators."""

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from chengshu.kernel.listing.facade import Choice, Column, Filter, ListingSpec
from chengshu.performance.facade import goals
from chengshu.performance.facade.goals import LibraryEntry, LibraryIndicator
from chengshu.performance.ui.goal_words import name_level

Rows = QuerySet[Any]
_COMMON = "-"
_STATES = {"offered": _("在用"), "retired": _("已停用")}


def library_spec() -> ListingSpec:
    """Give the list of the indicator library."""
    return ListingSpec(
        key="library",
        columns=(
            Column("name", _("指标名称"), lambda e: e.name, order_by=("name",), url=_page),
            Column("level1", _("一级指标"), lambda e: name_level(e.level1), order_by=("level1", "level2", "name")),
            Column("level2", _("二级指标"), lambda e: name_level(e.level2), order_by=("level2", "name")),
            Column("target", _("常用指标值"), target_text),
            Column("domain", _("工作领域"), lambda e: e.domain or gettext("通用"), order_by=("domain", "name")),
            Column("measured", _("测量方式"), lambda e: e.measured_by or gettext("凭材料"), order_by=("measured_by",)),
            Column("state", _("状态"), lambda e: str(_STATES["retired" if e.is_retired else "offered"])),
            Column("code", _("编号"), lambda e: e.code, order_by=("code",), is_shown=False),
        ),
        default_sort="domain",
        filters=(
            Filter("class", _("一级指标"), _classes, _narrow("level1")),
            Filter("category", _("二级指标"), _categories, _narrow("level2")),
            Filter("domain", _("工作领域"), _domains, _narrow_domains),
            Filter("state", _("状态"), lambda: [Choice(key, name) for key, name in _STATES.items()], _narrow_states),
        ),
        search=("name__icontains", "domain__icontains", "level2__icontains"),
        search_hint=_("指标名称、类别、领域"),
        empty=_("指标库还是空的。可以载入随附的指标，或逐项新增。"),
        file_name="指标库",
    )


def target_text(entry: LibraryIndicator) -> str:
    """Write the usual target as on a form."""
    return goals.write_target(
        LibraryEntry(entry.level1, entry.level2, entry.name, sign=entry.sign, target=entry.target, unit=entry.unit)
    )


def _page(entry: LibraryIndicator) -> str:
    return reverse("performance:library-entry", args=[entry.pk])


def _classes() -> list[Choice]:
    return [Choice(level1, name_level(level1)) for level1, _parts in goals.TREE]


def _categories() -> list[Choice]:
    names = dict.fromkeys(level2 for _level1, parts in goals.TREE for level2 in parts)
    return [Choice(level2, name_level(level2)) for level2 in names]


def _domains() -> list[Choice]:
    return [Choice(domain or _COMMON, domain or gettext("通用")) for domain in goals.list_domains()]


def _narrow(column: str) -> Any:
    def narrow(rows: Rows, values: Sequence[str]) -> Rows:
        return rows.filter(**{f"{column}__in": list(values)})

    return narrow


def _narrow_domains(rows: Rows, values: Sequence[str]) -> Rows:
    return rows.filter(domain__in=["" if value == _COMMON else value for value in values])


def _narrow_states(rows: Rows, values: Sequence[str]) -> Rows:
    return rows.filter(is_retired__in=[value == "retired" for value in values])
