"""Telling people of entries: what waits for their approval, what came back or was approved, disputes and their answers."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils import timezone
from django.utils.timezone import localdate

from chengshu.kernel.accounts.facade import User
from chengshu.kernel.notifications.facade import News, Template, Words, list_holders, notify
from chengshu.kernel.tickets.facade import Acted
from chengshu.resources.contracts.catalogue import Step
from chengshu.resources.models import APPROVE, EDIT, DataResource, Decision, Dispute

_ENTRY = frozenset({"resource", "by"})
_WHY = frozenset({"resource", "by", "words"})
_LONGEST = 200

WAITS = Template(
    key="resources.entry_waits",
    label=Words("编目等我审核", "An entry to be approved by me"),
    title=Words("“{resource}”的编目等您审核", "The entry of {resource} for your approval"),
    body=Words("{by}提交了“{resource}”的编目。", "{by} handed in the entry of {resource}."),
    fields=_ENTRY,
    permission=APPROVE,
)
RETURNED = Template(
    key="resources.entry_returned",
    label=Words("编目被退回", "An entry returned"),
    title=Words("“{resource}”的编目被退回", "The entry of {resource} came back"),
    body=Words("{by}退回了“{resource}”的编目：{words}", "{by} returned the entry of {resource}: {words}"),
    fields=_WHY,
    permission=EDIT,
)
APPROVED = Template(
    key="resources.entry_approved",
    label=Words("编目审核通过", "An entry approved"),
    title=Words("“{resource}”的编目已通过审核", "The entry of {resource} approved"),
    body=Words("{by}通过了“{resource}”的编目，已发布。", "{by} approved the entry of {resource}; it is published."),
    fields=_ENTRY,
    permission=EDIT,
)
WITHDRAWN = Template(
    key="resources.entry_withdrawn",
    label=Words("数据资源被下架", "A resource withdrawn"),
    title=Words("“{resource}”已下架", "{resource} is withdrawn"),
    body=Words("{by}下架了“{resource}”：{words}", "{by} withdrew {resource}: {words}"),
    fields=_WHY,
    permission=EDIT,
)
DISPUTED = Template(
    key="resources.dispute_raised",
    label=Words("有编目异议待答复", "A dispute about an entry to be answered"),
    title=Words("“{resource}”有异议待答复", "A dispute about {resource} for your answer"),
    body=Words("{by}：{words} 请在 5 个工作日内答复。", "{by}: {words} Please answer within 5 working days."),
    fields=_WHY,
    permission=EDIT,
)
TO_SETTLE = Template(
    key="resources.dispute_to_settle",
    label=Words("有编目异议待裁定", "A dispute about an entry to be settled"),
    title=Words("“{resource}”的异议等您裁定", "The dispute about {resource} for your decision"),
    body=Words("{by}已答复：{words}", "{by} answered: {words}"),
    fields=_WHY,
    permission=APPROVE,
)
ANSWERED = Template(
    key="resources.dispute_answered",
    label=Words("我的编目异议有答复", "My dispute was answered"),
    title=Words("您对“{resource}”的异议有了答复", "Your dispute about {resource} was answered"),
    body=Words("{by}：{words}", "{by}: {words}"),
    fields=_WHY,
)
UPHELD = Template(
    key="resources.dispute_upheld",
    label=Words("编目异议成立", "A dispute upheld"),
    title=Words("对“{resource}”的异议成立，已更正", "The dispute about {resource} is upheld and put right"),
    body=Words("{by}裁定：{words}", "{by} decided: {words}"),
    fields=_WHY,
)
REJECTED = Template(
    key="resources.dispute_rejected",
    label=Words("编目异议不成立", "A dispute rejected"),
    title=Words("对“{resource}”的异议不成立", "The dispute about {resource} is rejected"),
    body=Words("{by}裁定：{words}", "{by} decided: {words}"),
    fields=_WHY,
)
TEMPLATES = (WAITS, RETURNED, APPROVED, WITHDRAWN, DISPUTED, TO_SETTLE, ANSWERED, UPHELD, REJECTED)
_OF_STEP = {
    Step.SUBMIT.value: WAITS,
    Step.RETURN.value: RETURNED,
    Step.APPROVE.value: APPROVED,
    Step.WITHDRAW.value: WITHDRAWN,
}


@dataclass(frozen=True, slots=True)
class _Happening:
    """What is told: by which template, in whose words, and under which key."""

    template: Template
    words: str
    key: str


_SETTLED = {"uphold": UPHELD, "reject": REJECTED, "void": REJECTED}


def tell_step(resource: DataResource, decision: Decision, *, actor: User, now: datetime) -> None:
    """Tell whom a step concerns: who approves, who handed in, or who keeps the department's entries. Not who took it."""
    template = _OF_STEP.get(decision.step)
    if template is None:
        return
    people: Collection[int | None]
    if template is WAITS:
        people = list_holders(APPROVE, resource.department_id, on=localdate(now))
    elif template is WITHDRAWN:
        people = list_holders(EDIT, resource.department_id, on=localdate(now))
    else:
        people = _handed_in(resource)
    happening = _Happening(template, decision.reason, f"resource_decision:{decision.pk}")
    _tell(happening, people, resource, actor=actor, now=now)


def tell_dispute(dispute: Dispute, *, actor: User, now: datetime) -> None:
    """Tell those who keep the department's entries that somebody says that one is wrong."""
    people = list_holders(EDIT, dispute.resource.department_id, on=localdate(now))
    happening = _Happening(DISPUTED, dispute.problem, f"dispute:{dispute.pk}:raised")
    _tell(happening, people, dispute.resource, actor=actor, now=now)


def tell_answer(acted: Acted) -> None:
    """Tell of a step with a dispute's ticket: who raised it, who settles it, or who is to answer anew."""
    dispute = Dispute.objects.select_related("resource", "ticket").filter(ticket=acted.ticket_id).first()
    if dispute is None:
        return
    now, department = timezone.now(), dispute.resource.department_id
    actor = User.objects.filter(pk=acted.actor_id or 0).first()
    told: list[tuple[Template, Collection[int | None]]] = []
    if acted.action == "answer":
        told = [(ANSWERED, [dispute.raised_by_id]), (TO_SETTLE, list_holders(APPROVE, department, on=localdate(now)))]
    elif acted.action == "send_back":
        told = [(DISPUTED, list_holders(EDIT, department, on=localdate(now)))]
    elif acted.action in _SETTLED:
        told = [(_SETTLED[acted.action], [dispute.raised_by_id, dispute.ticket.assignee_id])]
    for template, people in told:
        key = f"dispute:{dispute.pk}:{template.key.rpartition('.')[2]}:{acted.version}"
        _tell(_Happening(template, acted.note, key), people, dispute.resource, actor=actor, now=now)


def _handed_in(resource: DataResource) -> list[int | None]:
    """Give who handed the entry in last, and who wrote it."""
    last = Decision.objects.filter(resource=resource, step=Step.SUBMIT.value).order_by("-pk").first()
    return [last.author_id if last else None, resource.edited_by_id]


def _tell(
    happening: _Happening,
    people: Collection[int | None],
    resource: DataResource,
    *,
    actor: User | None,
    now: datetime,
) -> None:
    line = " ".join(happening.words.split())
    said = {
        "resource": resource.name,
        "by": actor.display_name if actor else "—",
        "words": line if len(line) <= _LONGEST else f"{line[: _LONGEST - 1]}…",
    }
    template = happening.template
    news = News(
        template.key,
        {name: said[name] for name in template.fields},
        key=happening.key,
        url=reverse("resources:resource", args=[resource.pk]),
        organisation_id=resource.department_id if template.permission else None,
    )
    concerned = {pk for pk in people if pk is not None and (actor is None or pk != actor.pk)}
    notify(concerned, news, now=now)
