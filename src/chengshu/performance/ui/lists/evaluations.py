"""The list of self-evaluations: every year with approved goals, with those that nobody opened yet."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from chengshu.kernel.accounts.facade import User
from chengshu.kernel.listing.facade import Choice, Column, Filter, Kind, ListingSpec
from chengshu.performance.facade import evaluations
from chengshu.performance.facade.evaluations import Evaluation, ProjectYear
from chengshu.performance.ui.evaluation_words import NOT_OPENED, STATES, name_state
from chengshu.performance.ui.wording import even_score, share_pct

Rows = QuerySet[Any]


def evaluations_spec(viewer: User, *, on: date) -> ListingSpec:
    """Give the list; the filters offer what the viewer sees."""
    return ListingSpec(
        key="evaluations",
        columns=_COLUMNS,
        default_sort="-year",
        filters=(
            Filter("year", _("年度"), lambda: _year_choices(viewer, on), _narrow("year")),
            Filter("unit", _("实施单位"), lambda: _unit_choices(viewer, on), _narrow("unit_id")),
            Filter("state", _("状态"), lambda: [Choice(key, name) for key, name in STATES.items()], _narrow_states),
        ),
        search=("project__name__icontains", "project__code__icontains"),
        search_hint=_("项目名称、项目编码"),
        empty=_("还没有可以自评的项目年度。绩效目标批复以后会出现在这里。"),
        file_name="绩效自评",
    )


def evaluation_of(year: ProjectYear) -> Evaluation | None:
    """Give the self-evaluation of a year; None where nobody opened it."""
    return getattr(year, "evaluation", None)


def state_of(year: ProjectYear) -> str:
    """Give the state of a year's self-evaluation, "none" where nobody opened it."""
    evaluation = evaluation_of(year)
    return NOT_OPENED if evaluation is None else str(evaluation.state)


def _of(read: Callable[[Evaluation], object]) -> Callable[[ProjectYear], object]:
    def value(year: ProjectYear) -> object:
        evaluation = evaluation_of(year)
        return None if evaluation is None else read(evaluation)

    return value


def _page(year: ProjectYear) -> str:
    evaluation = evaluation_of(year)
    if evaluation is None:
        return reverse("performance:evaluation-open", args=[year.pk])
    return reverse("performance:evaluation", args=[evaluation.pk])


def _year_choices(viewer: User, on: date) -> list[Choice]:
    return [Choice(str(year), str(year)) for year in evaluations.list_goal_budget_years(viewer, on=on)]


def _unit_choices(viewer: User, on: date) -> list[Choice]:
    return [Choice(str(pk), name) for pk, name in evaluations.list_goal_units(viewer, on=on)]


def _narrow(lookup: str) -> Callable[[Rows, Sequence[str]], Rows]:
    return lambda rows, values: rows.filter(**{f"{lookup}__in": list(values)})


def _narrow_states(rows: Rows, values: Sequence[str]) -> Rows:
    wanted = Q(evaluation__state__in=list(values))
    return rows.filter(wanted | Q(evaluation__isnull=True) if NOT_OPENED in values else wanted)


_COLUMNS = (
    Column("project", _("项目名称"), lambda y: y.project.name, order_by=("project__name",), url=_page),
    Column("code", _("项目编码"), lambda y: y.project.code, order_by=("project__code",), is_shown=False),
    Column("year", _("年度"), lambda y: str(y.year), order_by=("year",)),
    Column("unit", _("实施单位"), lambda y: y.unit_name, order_by=("unit_id",)),
    Column(
        "state",
        _("状态"),
        lambda y: name_state(state_of(y)),
        order_by=("evaluation__state",),
        template="performance/evaluations/state.html",
    ),
    Column("rate", _("执行率"), lambda y: share_pct(y.executed_yuan, y.budget_yuan), Kind.PERCENT),
    Column("total", _("自评总分"), _of(lambda e: even_score(e.total)), Kind.NUMBER, ("evaluation__total",)),
    Column("grade", _("等级"), _of(lambda e: e.grade), order_by=("evaluation__grade",)),
    Column(
        "evidence",
        _("计量支撑的分值"),
        _of(lambda e: even_score(e.evidence_weight)),
        Kind.NUMBER,
        ("evaluation__evidence_weight",),
    ),
    Column("errors", _("错误"), _of(lambda e: e.error_count), Kind.NUMBER, ("evaluation__error_count",)),
    Column("breaches", _("不合规"), _of(lambda e: e.breach_count), Kind.NUMBER, is_shown=False),
    Column("edited", _("最后修改"), _of(lambda e: e.edited_at), Kind.MOMENT, ("evaluation__edited_at",)),
)
