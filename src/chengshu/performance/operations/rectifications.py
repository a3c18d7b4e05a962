"""Raising what is to be mended: a ticket of the unit, in working days, not closed before somebody looked again."""

from datetime import date, datetime

from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from chengshu.base.texts import drop_controls
from chengshu.kernel.accounts.facade import User
from chengshu.kernel.audit.facade import record
from chengshu.kernel.grants import facade as grants
from chengshu.kernel.tickets import facade as tickets
from chengshu.kernel.tickets.facade import (
    Action,
    Choice,
    ClockSpec,
    Effect,
    Input,
    Limit,
    Mode,
    NewTicket,
    Role,
    State,
    TicketKind,
    Verb,
)
from chengshu.performance.errors import ReasonMissing, SheetNotFound
from chengshu.performance.models import EvaluatedIndicator, Evaluation, Rectification, Review
from chengshu.performance.queries.rectifications import KIND
from chengshu.performance.queries.reviews import get_review

RECTIFY, MEND = "performance.rectify", "performance.evaluate"
PROBLEM_LENGTH = 2000
_TITLE_LENGTH = 200


def _effects(**verbs: Verb) -> tuple[Effect, ...]:
    return tuple(Effect(verb, clock) for clock, verb in verbs.items())


_START, _STOP = Verb.START, Verb.STOP

#: 整改: the unit mends, department or finance looks again; it is closed only after that look.
RECTIFICATION = TicketKind(
    key=KIND,
    label=gettext_lazy("绩效整改"),
    prefix="ZG",
    states=(
        State("new", gettext_lazy("待整改")),
        State("mending", gettext_lazy("整改中")),
        State("checking", gettext_lazy("待复查"), Role.FOLLOW_UP),
        State("closed", gettext_lazy("已整改"), Role.END),
        State("void", gettext_lazy("已撤销"), Role.VOID),
    ),
    actions=(
        Action(
            "accept",
            gettext_lazy("开始整改"),
            frozenset({"new"}),
            "mending",
            MEND,
            effects=_effects(accept=_STOP),
            sets_assignee=True,
        ),
        Action(
            "finish",
            gettext_lazy("报告整改情况"),
            frozenset({"mending"}),
            "checking",
            MEND,
            effects=_effects(mend=_STOP, check=_START),
            requires=frozenset({Input.NOTE}),
        ),
        Action(
            "confirm",
            gettext_lazy("复查：已整改"),
            frozenset({"checking"}),
            "closed",
            RECTIFY,
            ("by_another",),
            _effects(check=_STOP),
            frozenset({Input.OUTCOME}),
        ),
        Action(
            "send_back",
            gettext_lazy("复查：未到位，继续整改"),
            frozenset({"checking"}),
            "mending",
            RECTIFY,
            effects=_effects(check=_STOP, mend=_START),
            requires=frozenset({Input.OUTCOME, Input.NOTE}),
        ),
        Action(
            "reopen",
            gettext_lazy("问题重现，重新整改"),
            frozenset({"closed"}),
            "mending",
            RECTIFY,
            effects=_effects(mend=_START),
            requires=frozenset({Input.NOTE}),
        ),
        Action(
            "void",
            gettext_lazy("撤销"),
            frozenset({"new"}),
            "void",
            RECTIFY,
            effects=_effects(accept=_STOP, mend=_STOP),
            requires=frozenset({Input.NOTE}),
        ),
    ),
    clocks=(
        ClockSpec("accept", gettext_lazy("响应时限"), {"": Limit(Mode.WORKING_DAYS, 5)}, yellow_pct=60),
        ClockSpec(
            "mend",
            gettext_lazy("整改时限"),
            {"serious": Limit(Mode.WORKING_DAYS, 15), "": Limit(Mode.WORKING_DAYS, 30)},
        ),
        ClockSpec("check", gettext_lazy("复查时限"), {"": Limit(Mode.WORKING_DAYS, 10)}),
    ),
    opening=_effects(accept=_START, mend=_START),
    priorities=(Choice("normal", gettext_lazy("一般")), Choice("serious", gettext_lazy("严重"))),
    open_permission=RECTIFY,
    view_permission="performance.see_project",
    needs_rating=False,
    is_opened_by_hand=False,
    subject_page="performance:evaluation",
    subject_label=gettext_lazy("看这份自评"),
)


@transaction.atomic
def raise_rectification(  # noqa: PLR0913 - where, which line, what, how grave, from which review
    evaluation_id: int,
    problem: str,
    *,
    actor: User,
    now: datetime,
    indicator_id: int | None = None,
    review_id: int | None = None,
    is_serious: bool = False,
) -> Rectification:
    """Have the unit of a self-evaluation mend something; opens a ticket that the unit owes.

    Raises:
        SheetNotFound: there is no such self-evaluation or line of it in sight.
        ReviewNotFound: there is no such review of it in sight.
        PermissionRefused: the actor may not have it mended.
        ReasonMissing: the problem is empty or too long.
    """
    today = localdate(now)
    paper, line = _find_place(evaluation_id, indicator_id, viewer=actor, on=today)
    review = None if review_id is None else _find_review(review_id, paper, viewer=actor, on=today)
    year = paper.project_year
    grants.require(actor, RECTIFY, year.unit_id, on=today, scope=f"project:{year.project_id}")
    told = drop_controls(problem.replace("\r\n", "\n")).strip()
    if not 0 < len(told) <= PROBLEM_LENGTH:
        raise ReasonMissing(_("请用 1 至 %(most)s 个字写明要整改什么。") % {"most": PROBLEM_LENGTH}, field="problem")
    ticket = _open_ticket(paper, line, told, is_serious=is_serious, actor=actor, now=now)
    kept = Rectification.objects.create(
        evaluation=paper,
        indicator=line,
        review=review,
        problem=told,
        ticket_id=ticket.pk,
        raised_by=actor,
        raised_at=now,
    )
    facts = {"ticket": ticket.number, "indicator": None if line is None else line.pk}
    subject = f"evaluation:{paper.pk}"
    record(actor, "performance.raise_rectification", subject, now=now, reason=told[:256], details=facts)
    return kept


def _find_place(
    evaluation_id: int, indicator_id: int | None, *, viewer: User, on: date
) -> tuple[Evaluation, EvaluatedIndicator | None]:
    papers = Evaluation.objects.visible_to(viewer, on=on).select_related("project_year__project")
    paper: Evaluation | None = papers.filter(pk=evaluation_id).first()
    lines = EvaluatedIndicator.objects.select_related("goal").filter(evaluation=evaluation_id)
    line = lines.filter(pk=indicator_id or 0).first()
    if paper is None or (indicator_id is not None and line is None):
        raise SheetNotFound(_("没有这份自评，或您无权查看。"), sheet=evaluation_id)
    return paper, line


def _find_review(review_id: int, paper: Evaluation, *, viewer: User, on: date) -> Review:
    review = get_review(review_id, viewer=viewer, on=on)
    if review.evaluation_id != paper.pk:
        raise SheetNotFound(_("没有这份自评，或您无权查看。"), sheet=paper.pk)
    return review


def _open_ticket(
    paper: Evaluation, indicator: EvaluatedIndicator | None, told: str, *, is_serious: bool, actor: User, now: datetime
) -> tickets.Ticket:
    about = paper.project_year.project.name if indicator is None else indicator.goal.name
    line = " ".join(f"{about}：{told}".split())
    new = NewTicket(
        kind=KIND,
        title=line if len(line) <= _TITLE_LENGTH else f"{line[: _TITLE_LENGTH - 1]}…",
        organisation_id=paper.project_year.unit_id,
        description=told,
        priority="serious" if is_serious else "normal",
        subject=f"evaluation:{paper.pk}",
    )
    return tickets.open_ticket(new, actor=actor, now=now)
