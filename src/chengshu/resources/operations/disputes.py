"""异议: somebody says that an entry is wrong. A ticket carries it: the department answers, the centre settles."""

from datetime import datetime

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
from chengshu.resources.errors import ReasonMissing, ResourceNotFound
from chengshu.resources.models import APPROVE, DISPUTE, EDIT, SEE, DataResource, Dispute
from chengshu.resources.operations.entries import subject_of
from chengshu.resources.operations.telling import tell_dispute

KIND = "catalogue_dispute"
PROBLEM_LENGTH = 1000
_TITLE_LENGTH = 200


def _effects(**verbs: Verb) -> tuple[Effect, ...]:
    return tuple(Effect(verb, clock) for clock, verb in verbs.items())


#: 编目异议: answered by the department within five working days, settled by the centre within five more.
DISPUTE_KIND = TicketKind(
    key=KIND,
    label=gettext_lazy("编目异议"),
    prefix="BMYY",
    states=(
        State("new", gettext_lazy("待答复")),
        State("answered", gettext_lazy("待裁定")),
        State("upheld", gettext_lazy("异议成立，已更正"), Role.END),
        State("rejected", gettext_lazy("异议不成立"), Role.END),
        State("void", gettext_lazy("已撤销"), Role.VOID),
    ),
    actions=(
        Action(
            "answer",
            gettext_lazy("答复异议"),
            frozenset({"new"}),
            "answered",
            EDIT,
            effects=_effects(answer=Verb.STOP, settle=Verb.START),
            requires=frozenset({Input.NOTE}),
            sets_assignee=True,
        ),
        Action(
            "uphold",
            gettext_lazy("裁定：异议成立，已更正"),
            frozenset({"answered"}),
            "upheld",
            APPROVE,
            ("by_another",),
            _effects(settle=Verb.STOP),
            frozenset({Input.NOTE}),
        ),
        Action(
            "reject",
            gettext_lazy("裁定：异议不成立"),
            frozenset({"answered"}),
            "rejected",
            APPROVE,
            ("by_another",),
            _effects(settle=Verb.STOP),
            frozenset({Input.NOTE}),
        ),
        Action(
            "send_back",
            gettext_lazy("要求重新答复"),
            frozenset({"answered"}),
            "new",
            APPROVE,
            effects=_effects(settle=Verb.STOP, answer=Verb.START),
            requires=frozenset({Input.NOTE}),
        ),
        Action(
            "void",
            gettext_lazy("撤销"),
            frozenset({"new"}),
            "void",
            APPROVE,
            effects=_effects(answer=Verb.STOP),
            requires=frozenset({Input.NOTE}),
        ),
    ),
    clocks=(
        ClockSpec("answer", gettext_lazy("答复时限"), {"": Limit(Mode.WORKING_DAYS, 5)}, yellow_pct=60),
        ClockSpec("settle", gettext_lazy("裁定时限"), {"": Limit(Mode.WORKING_DAYS, 5)}, yellow_pct=60),
    ),
    opening=_effects(answer=Verb.START),
    priorities=(Choice("normal", gettext_lazy("一般")),),
    open_permission=DISPUTE,
    view_permission=SEE,
    needs_follow_up=False,
    needs_rating=False,
    is_opened_by_hand=False,
    subject_page="resources:resource",
    subject_label=gettext_lazy("看这条目录"),
)


@transaction.atomic
def raise_dispute(resource_id: int, problem: str, *, actor: User, now: datetime, field: str = "") -> Dispute:
    """Say what is wrong with an entry, or with one field of it; opens a ticket that its department owes.

    The same words of the same person are one dispute as long as it is open.

    Raises:
        ResourceNotFound: there is no such entry or field in sight.
        PermissionRefused: the actor may raise disputes nowhere.
        ReasonMissing: the problem is empty or too long.
    """
    today, field = localdate(now), drop_controls(field)
    grants.require_anywhere(actor, DISPUTE, on=today)
    resource = DataResource.objects.visible_to(actor, on=today).filter(pk=resource_id).first()
    if resource is None or (field and not resource.fields.filter(code=field).exists()):
        raise ResourceNotFound(_("没有这项数据资源，或您无权查看。"), resource=resource_id)
    told = drop_controls(problem.replace("\r\n", "\n")).strip()
    if not 0 < len(told) <= PROBLEM_LENGTH:
        raise ReasonMissing(_("请用 1 至 %(most)s 个字写明哪里不对。") % {"most": PROBLEM_LENGTH}, field="problem")
    said = Dispute.objects.filter(resource=resource, place=field, problem=told, raised_by=actor)
    if (again := said.filter(ticket__closed_at=None).select_related("ticket").first()) is not None:
        return again
    line = " ".join(f"{resource.name}{f'·{field}' if field else ''}：{told}".split())
    new = NewTicket(
        kind=KIND,
        title=line if len(line) <= _TITLE_LENGTH else f"{line[: _TITLE_LENGTH - 1]}…",
        organisation_id=resource.department_id,
        description=told,
        subject=subject_of(resource),
    )
    # The person's right is asked for above: it need not be held at the department that the ticket goes to.
    ticket = tickets.open_ticket(new, actor=None, now=now)
    dispute = Dispute.objects.create(
        resource=resource, place=field, problem=told, ticket_id=ticket.pk, raised_by=actor, raised_at=now
    )
    details = {"ticket": ticket.number, "field": field}
    record(actor, "resources.dispute", subject_of(resource), now=now, reason=told[:256], details=details)
    tell_dispute(dispute, actor=actor, now=now)
    return dispute
