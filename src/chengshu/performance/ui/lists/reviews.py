"""The lists of reviews, spot checks and what is to be mended."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from functools import partial
from typing import Any

from django.db.models import F, QuerySet
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from chengshu.kernel.accounts.facade import User
from chengshu.kernel.listing.facade import Choice, Column, Filter, Kind, ListingSpec
from chengshu.performance.facade import reviews
from chengshu.performance.facade.reviews import Rectification, Review, SpotCheck
from chengshu.performance.ui.lists.filters import narrow_in
from chengshu.performance.ui.review_words import STATES, name_state
from chengshu.performance.ui.wording import even_score

Rows = QuerySet[Any]
_YEAR, _UNIT = "evaluation__project_year__year", "evaluation__project_year__unit_id"


def reviews_spec(viewer: User, *, on: date, key: str = "reviews") -> ListingSpec:
    """Give the list of reviews; the filters offer what the viewer sees."""
    return ListingSpec(
        key=key,
        columns=(
            Column(
                "project", _("项目名称"), _project, order_by=("evaluation__project_year__project__name",), url=_page
            ),
            Column("year", _("年度"), lambda r: str(r.evaluation.project_year.year), order_by=(_YEAR,)),
            Column("unit", _("实施单位"), lambda r: r.unit_name, order_by=(_UNIT,)),
            Column(
                "state",
                _("状态"),
                lambda r: name_state(r.state),
                order_by=("state",),
                template="performance/reviews/state.html",
            ),
            Column("own", _("自评总分"), lambda r: even_score(r.own_total), Kind.NUMBER, ("own_total",)),
            Column("total", _("复核总分"), lambda r: even_score(r.total), Kind.NUMBER, ("total",)),
            Column("moved", _("相差"), lambda r: even_score(r.moved), Kind.NUMBER, ("moved",)),
            Column("grade", _("等级"), _grade, order_by=("grade",)),
            Column("stratum", _("抽样层"), lambda r: r.stratum, order_by=("stratum",), is_shown=False),
            Column("reviewer", _("复核人"), _reviewer),
            Column("edited", _("最后改动"), lambda r: r.edited_at, Kind.MOMENT, ("edited_at",)),
        ),
        default_sort="-edited",
        filters=(
            Filter("year", _("年度"), partial(_year_choices, viewer, on), partial(narrow_in, _YEAR)),
            Filter("unit", _("实施单位"), partial(_unit_choices, viewer, on), partial(narrow_in, _UNIT)),
            Filter("state", _("状态"), _state_choices, partial(narrow_in, "state")),
            Filter("change", _("结果"), _change_choices, _narrow_to_changes),
        ),
        search=(
            "evaluation__project_year__project__name__icontains",
            "evaluation__project_year__project__code__icontains",
        ),
        search_hint=_("项目名称或编码"),
        empty=_("还没有复核。财政复核人员可以在“抽查”里抽取，或在自评页面上选定一份。"),
        file_name=gettext("抽查复核"),
    )


def spot_checks_spec() -> ListingSpec:
    """Give the list of spot checks."""
    return ListingSpec(
        key="spot-checks",
        columns=(
            Column("name", _("抽查名称"), lambda s: s.name, order_by=("name",), url=_spot_check_page),
            Column("year", _("年度"), lambda s: str(s.year), order_by=("year",)),
            Column("drawn", _("抽取份数"), lambda s: s.review_count, Kind.NUMBER),
            Column("settled", _("已定"), lambda s: s.settled_count, Kind.NUMBER),
            Column("seed", _("随机种子"), lambda s: str(s.seed)),
            Column("by", _("抽取人"), lambda s: s.drawn_by.display_name),
            Column("at", _("抽取时间"), lambda s: s.drawn_at, Kind.MOMENT, ("drawn_at",)),
        ),
        default_sort="-at",
        search=("name__icontains",),
        search_hint=_("抽查名称"),
        empty=_("还没有抽查。"),
        file_name=gettext("抽查"),
    )


def rectifications_spec() -> ListingSpec:
    """Give the list of what is to be mended."""
    return ListingSpec(
        key="rectifications",
        columns=(
            Column("problem", _("问题"), lambda r: r.problem, url=_ticket_page),
            Column("number", _("工单"), lambda r: r.ticket_number, order_by=("ticket_number",)),
            Column("project", _("项目名称"), _project, order_by=("evaluation__project_year__project__name",)),
            Column("year", _("年度"), lambda r: str(r.evaluation.project_year.year), order_by=(_YEAR,)),
            Column("unit", _("实施单位"), lambda r: r.unit_name, order_by=(_UNIT,)),
            Column("state", _("状态"), _ticket_state, order_by=("ticket_state",)),
            Column("due", _("到期"), lambda r: r.ticket_due, Kind.DEADLINE, ("ticket_due",)),
            Column("raised", _("下达时间"), lambda r: r.raised_at, Kind.MOMENT, ("raised_at",)),
            Column("closed", _("办结时间"), lambda r: r.ticket_closed, Kind.MOMENT, ("ticket_closed",), is_shown=False),
            Column("by", _("下达人"), lambda r: r.raised_by.display_name, is_shown=False),
        ),
        default_sort="-raised",
        filters=(Filter("state", _("状态"), _ticket_state_choices, partial(narrow_in, "ticket_state")),),
        search=("problem__icontains", "evaluation__project_year__project__name__icontains"),
        search_hint=_("问题、项目名称"),
        empty=_("没有需要整改的问题。"),
        file_name=gettext("绩效整改"),
    )


def _project(row: Review | Rectification) -> str:
    return row.evaluation.project_year.project.name


def _page(review: Review) -> str:
    return reverse("performance:review", args=[review.pk])


def _spot_check_page(spot_check: SpotCheck) -> str:
    return reverse("performance:spot-check", args=[spot_check.pk])


def _ticket_page(row: Rectification) -> str | None:
    return None if row.ticket_id is None else reverse("tickets:record", args=[row.ticket_id])


def _reviewer(review: Review) -> str:
    return review.reviewer.display_name if review.reviewer else ""


def _grade(review: Review) -> str:
    if review.grade == review.own_grade or not review.grade:
        return review.own_grade
    return gettext("%(own)s 改为 %(grade)s") % {"own": review.own_grade or "—", "grade": review.grade}


def _ticket_state(row: Any) -> str:
    return reviews.name_ticket_state(row.ticket_state or "")


def _year_choices(viewer: User, on: date) -> list[Choice]:
    return [Choice(str(year), str(year)) for year in reviews.list_review_years(viewer, on=on)]


def _unit_choices(viewer: User, on: date) -> list[Choice]:
    return [Choice(str(pk), name) for pk, name in reviews.list_review_units(viewer, on=on)]


def _state_choices() -> list[Choice]:
    return [Choice(state.value, name) for state, name in STATES.items()]


def _ticket_state_choices() -> list[Choice]:
    return [Choice(state.key, state.label) for state in reviews.RECTIFICATION.states]


def _change_choices() -> list[Choice]:
    return [Choice("grade", _("等级有变")), Choice("score", _("总分有变")), Choice("same", _("总分不变"))]


def _narrow_to_changes(rows: Rows, values: Sequence[str]) -> Rows:
    found = rows.none()
    for value in values:
        if value == "grade":
            found = found | rows.exclude(grade=F("own_grade"))
        elif value == "score":
            found = found | rows.exclude(moved=Decimal(0))
        else:
            found = found | rows.filter(moved=Decimal(0))
    return found
