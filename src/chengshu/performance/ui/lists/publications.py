"""The lists of what may be made public, and of what is public."""

from collections.abc import Sequence
from datetime import date
from functools import partial
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from chengshu.kernel.accounts.facade import User
from chengshu.kernel.listing.facade import Choice, Column, Filter, Kind, ListingSpec
from chengshu.performance.facade import publications
from chengshu.performance.facade.publications import Publication
from chengshu.performance.ui.lists.filters import narrow_in
from chengshu.performance.ui.wording import even_score

Rows = QuerySet[Any]
_YEAR, _UNIT = "project_year__year", "project_year__unit_id"
PUBLIC, WITHDRAWN, CLOSED, SECRET = "public", "withdrawn", "closed", "secret"
_STATES = {PUBLIC: _("已公开"), WITHDRAWN: _("已撤回"), CLOSED: _("未公开"), SECRET: _("涉密，不公开")}
_LOOKS = {PUBLIC: "state-done", WITHDRAWN: "state-failed", CLOSED: "state-queued", SECRET: "state-queued"}


def publishable_spec(viewer: User, *, on: date) -> ListingSpec:
    """Give the list of approved self-evaluations with what is public of them."""
    return ListingSpec(
        key="publications",
        columns=(
            Column(
                "project", _("项目名称"), lambda p: p.project_year.project.name,
                order_by=("project_year__project__name",), url=_page,
            ),
            Column("year", _("年度"), lambda p: str(p.project_year.year), order_by=(_YEAR,)),
            Column("unit", _("实施单位"), lambda p: p.unit_name, order_by=(_UNIT,)),
            Column("total", _("总分"), lambda p: even_score(p.total), Kind.NUMBER, ("total",)),
            Column("grade", _("等级"), lambda p: p.grade, order_by=("grade",)),
            Column("state", _("公开"), name_state, template="performance/publications/state.html"),
            Column("at", _("公开时间"), lambda p: p.public_at, Kind.MOMENT, ("public_at",)),
        ),
        default_sort="-year",
        filters=(
            Filter("year", _("年度"), partial(_year_choices, viewer, on), partial(narrow_in, _YEAR)),
            Filter("unit", _("实施单位"), partial(_unit_choices, viewer, on), partial(narrow_in, _UNIT)),
            Filter("state", _("公开"), _state_choices, _narrow_states),
        ),
        search=("project_year__project__name__icontains", "project_year__project__code__icontains"),
        search_hint=_("项目名称或编码"),
        empty=_("还没有审核通过的自评。审核通过以后会出现在这里。"),
        file_name=gettext("自评公开"),
    )  # fmt: skip


def public_spec() -> ListingSpec:
    """Give the public list."""
    return ListingSpec(
        key="public",
        columns=(
            Column("project", _("项目名称"), lambda p: p.project, order_by=("project",), url=_public_page),
            Column("year", _("年度"), lambda p: str(p.year), order_by=("year",)),
            Column("unit", _("实施单位"), lambda p: p.unit, order_by=("unit",)),
            Column("department", _("主管部门"), lambda p: p.department, order_by=("department",), is_shown=False),
            Column("budget", _("全年预算数"), lambda p: p.budget_yuan, Kind.MONEY, ("budget_yuan",)),
            Column("total", _("总分"), lambda p: even_score(p.total), Kind.NUMBER, ("total",)),
            Column("grade", _("等级"), lambda p: p.grade, order_by=("grade",)),
            Column("at", _("公开时间"), lambda p: p.published_at, Kind.MOMENT, ("published_at",), is_shown=False),
        ),
        default_sort="-year",
        filters=tuple(
            Filter(column, label, partial(_public_choices, column), partial(narrow_in, column))
            for column, label in (("year", _("年度")), ("grade", _("等级")), ("unit", _("实施单位")))
        ),
        search=("project__icontains", "unit__icontains", "department__icontains"),
        search_hint=_("项目、单位或部门的名称"),
        page_sizes=(20, 50, 100),
        empty=_("还没有公开的绩效自评。"),
        file_name=gettext("公开的绩效自评"),
    )


def state_of(paper: Any) -> str:
    """Give what is public of a self-evaluation of `publications.list_publishable`."""
    if paper.project_year.project.is_secret:
        return SECRET
    if paper.public_slug:
        return PUBLIC
    return WITHDRAWN if paper.was_withdrawn else CLOSED


def name_state(paper: Any) -> str:
    """Name what is public of a self-evaluation."""
    return str(_STATES[state_of(paper)])


def look_of_state(paper: Any) -> str:
    """Give the class that colours it; the word says it too."""
    return _LOOKS[state_of(paper)]


def _page(paper: Any) -> str:
    return reverse("performance:publication", args=[paper.pk])


def _public_page(publication: Publication) -> str:
    return reverse("performance:public-record", args=[publication.slug])


def _year_choices(viewer: User, on: date) -> list[Choice]:
    return [Choice(str(year), str(year)) for year in publications.list_publishable_years(viewer, on=on)]


def _unit_choices(viewer: User, on: date) -> list[Choice]:
    return [Choice(str(pk), name) for pk, name in publications.list_publishable_units(viewer, on=on)]


def _public_choices(column: str) -> list[Choice]:
    return [Choice(str(value), str(value)) for value in publications.list_public_values(column)]


def _state_choices() -> list[Choice]:
    return [Choice(key, name) for key, name in _STATES.items()]


def _narrow_states(rows: Rows, values: Sequence[str]) -> Rows:
    secret, public = Q(project_year__project__is_secret=True), Q(public_slug__isnull=False)
    conditions = {
        SECRET: secret,
        PUBLIC: ~secret & public,
        WITHDRAWN: ~secret & ~public & Q(was_withdrawn=True),
        CLOSED: ~secret & ~public & Q(was_withdrawn=False),
    }
    wanted = Q(pk__in=())
    for value in values:
        wanted |= conditions[value]
    return rows.filter(wanted)
