"""The ticket of a quality issue: owed in working days, disputed while the clock stands, closed by checks alone."""

from datetime import datetime

from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from chengshu.kernel.notifications.facade import News, Template, Words, list_holders, notify
from chengshu.kernel.tickets import facade as tickets
from chengshu.kernel.tickets.facade import (
    Action,
    Choice,
    ClockSpec,
    Effect,
    Escalation,
    Given,
    GuardFacts,
    Input,
    Level,
    Limit,
    Mode,
    NewTicket,
    Role,
    State,
    TicketKind,
    Verb,
)
from chengshu.resources.models import CHECK, RECTIFY, SEE_QUALITY, IssueRow, QualityIssue
from chengshu.resources.rules.table_tests import is_of_table

KIND = "quality_issue"
_TITLE_LENGTH = 200
_AT_WORK, _DISPUTED = frozenset({"new", "mending"}), frozenset({"disputed"})


def _effects(**verbs: Verb) -> tuple[Effect, ...]:
    return tuple(Effect(verb, clock) for clock, verb in verbs.items())


def _by_house(facts: GuardFacts) -> str:
    return "" if facts.actor_id is None else _("这一步由复检自动完成：问题行全部更正或撤销后，工单自动办结。")


def _rows_settled(facts: GuardFacts) -> str:
    issue = int(facts.subject.rpartition(":")[2])
    owed = IssueRow.objects.filter(issue=issue, fate="owed").count()
    return _("还有 %(owed)s 行不合格，不能办结。") % {"owed": owed} if owed else ""


GUARDS = {"quality_by_house": _by_house, "quality_rows_settled": _rows_settled}
_SETTLED = ("quality_rows_settled", "quality_by_house")

#: 数据质量问题: nobody closes it by hand; it closes when a check finds no owed row failing, or its rows are void.
QUALITY_KIND = TicketKind(
    key=KIND,
    label=gettext_lazy("数据质量问题"),
    prefix="SJZL",
    states=(
        State("new", gettext_lazy("待整改")),
        State("mending", gettext_lazy("整改中")),
        State("disputed", gettext_lazy("异议待裁定")),
        State("closed", gettext_lazy("已整改"), Role.END),
        State("void", gettext_lazy("已撤销"), Role.VOID),
    ),
    actions=(
        Action("accept", gettext_lazy("开始整改"), frozenset({"new"}), "mending", RECTIFY, sets_assignee=True),
        Action(
            "dispute",
            gettext_lazy("提出异议"),
            _AT_WORK,
            "disputed",
            RECTIFY,
            effects=_effects(mend=Verb.PAUSE, settle=Verb.START),
            requires=frozenset({Input.NOTE}),
        ),
        Action(
            "go_on",
            gettext_lazy("裁定：继续整改"),
            _DISPUTED,
            "mending",
            CHECK,
            effects=_effects(settle=Verb.STOP, mend=Verb.RESUME),
            requires=frozenset({Input.NOTE}),
        ),
        Action("close", gettext_lazy("复检通过"), _AT_WORK, "closed", CHECK, _SETTLED, _effects(mend=Verb.STOP)),
        Action(
            "close_disputed",
            gettext_lazy("复检通过，异议不再裁定"),
            _DISPUTED,
            "closed",
            CHECK,
            _SETTLED,
            _effects(settle=Verb.STOP, mend=Verb.STOP),
        ),
        Action(
            "release",
            gettext_lazy("撤销"),
            _AT_WORK,
            "void",
            CHECK,
            _SETTLED,
            _effects(mend=Verb.STOP),
            frozenset({Input.NOTE}),
        ),
        Action(
            "uphold",
            gettext_lazy("裁定：异议成立"),
            _DISPUTED,
            "void",
            CHECK,
            _SETTLED,
            _effects(settle=Verb.STOP, mend=Verb.STOP),
            frozenset({Input.NOTE}),
        ),
    ),
    clocks=(
        ClockSpec(
            "mend",
            gettext_lazy("整改时限"),
            {
                "critical": Limit(Mode.WORKING_DAYS, 5),
                "major": Limit(Mode.WORKING_DAYS, 10),
                "minor": Limit(Mode.WORKING_DAYS, 20),
            },
        ),
        ClockSpec("settle", gettext_lazy("裁定时限"), {"": Limit(Mode.WORKING_DAYS, 5)}, yellow_pct=60),
    ),
    opening=_effects(mend=Verb.START),
    priorities=(
        Choice("major", gettext_lazy("一般")),
        Choice("critical", gettext_lazy("严重")),
        Choice("minor", gettext_lazy("轻微")),
    ),
    open_permission=CHECK,
    view_permission=SEE_QUALITY,
    needs_follow_up=False,
    needs_rating=False,
    is_opened_by_hand=False,
    subject_page="resources:quality-issue",
    subject_label=gettext_lazy("看问题行"),
)

FOUND = Template(
    key="resources.quality_issue",
    label=Words("数据质量问题待整改", "Data fail rules of quality"),
    title=Words("工单 {number}：{title}", "Ticket {number}: {title}"),
    body=Words(
        "{rows} 行数据没有通过质量检查，请在时限内更正，或提出异议。",
        "{rows} rows failed a check; please correct them in time, or dispute.",
    ),
    fields=frozenset({"number", "title", "rows"}),
    permission=RECTIFY,
)

FOUND_WHOLE = Template(
    key="resources.quality_table_issue",
    label=Words("数据表逾期或突变", "A table is late or has drifted"),
    title=Words("工单 {number}：{title}", "Ticket {number}: {title}"),
    body=Words(
        "{seen}。请在时限内重新交付，或提出异议。",
        "{seen}. Please deliver anew in time, or dispute.",
    ),
    fields=frozenset({"number", "title", "seen"}),
    permission=RECTIFY,
)

LATE = Template(
    key="resources.quality_issue_late",
    label=Words("数据质量问题临近或超过时限", "Rectification comes near its limit or over it"),
    title=Words("工单 {number} 的整改时限临近或已过", "Ticket {number} comes near its limit or is over it"),
    body=Words("“{title}”还没有整改完，请尽快更正。", "“{title}” is not rectified yet; please see to it."),
    fields=frozenset({"number", "title"}),
    permission=RECTIFY,
)

OVER = Template(
    key="resources.quality_issue_over",
    label=Words("各单位的数据质量问题超过时限", "A department's rectification is over its limit"),
    title=Words("工单 {number} 已过整改时限", "Ticket {number} is over its limit"),
    body=Words(
        "“{title}”到期没有整改完，请督促责任单位。", "“{title}” was not rectified in time; please press for it."
    ),
    fields=frozenset({"number", "title"}),
    permission=CHECK,
)


def tell_late(escalation: Escalation) -> None:
    """Tell those who rectify in the owing department that a clock came to yellow or red, at red those who check it too.

    Nobody is told twice of one clock and level: neither who heard of it as the ticket's handler, nor in two roles.
    """
    if escalation.kind != KIND:
        return
    now = escalation.at
    heard = set(escalation.told)
    tellings = [(LATE, RECTIFY), *([(OVER, CHECK)] if escalation.level is Level.RED else [])]
    for template, permission in tellings:
        news = News(
            template.key,
            {"number": escalation.number, "title": escalation.title},
            key=f"ticket:{escalation.ticket_id}:{template.key}:{escalation.clock}:{escalation.level}",
            url=reverse("tickets:record", args=[escalation.ticket_id]),
            organisation_id=escalation.organisation_id,
        )
        people = set(list_holders(permission, escalation.organisation_id, on=localdate(now))) - heard
        notify(sorted(people), news, now=now)
        heard |= people


def open_issue_ticket(issue: QualityIssue, *, now: datetime) -> tickets.Ticket:
    """Open the ticket that the owing department has, and tell those who rectify there."""
    rows = f"{issue.rows_total:,}"
    again = _("（问题重现）") if issue.recurrence_of_id else ""
    seen = _seen_of_table(issue)
    told = (
        _("%(resource)s：%(rule)s，%(seen)s%(again)s")
        if seen
        else _("%(resource)s：%(rule)s，%(rows)s 行不合格%(again)s")
    )
    line = told % {
        "resource": issue.resource.name,
        "rule": issue.rule.name,
        "rows": rows,
        "again": again,
        "seen": seen,
    }
    new = NewTicket(
        kind=KIND,
        title=line if len(line) <= _TITLE_LENGTH else f"{line[: _TITLE_LENGTH - 1]}…",
        organisation_id=issue.organisation_id,
        description=line,
        priority=issue.rule.severity,
        subject=f"quality_issue:{issue.pk}",
    )
    ticket = tickets.open_ticket(new, actor=None, now=now)
    people = list_holders(RECTIFY, issue.organisation_id, on=localdate(now))
    fields = {"number": ticket.number, "title": ticket.title}
    news = News(
        FOUND_WHOLE.key if seen else FOUND.key,
        fields | ({"seen": seen} if seen else {"rows": rows}),
        key=f"quality_issue:{issue.pk}:found",
        url=reverse("tickets:record", args=[ticket.pk]),
        organisation_id=issue.organisation_id,
    )
    notify(people, news, now=now)
    return ticket


def _seen_of_table(issue: QualityIssue) -> str:
    """Say what a check saw of a table that fails as a whole; empty for an issue of rows."""
    if not is_of_table(issue.rule.definition):
        return ""
    row = IssueRow.objects.filter(issue=issue).order_by("pk").first()
    return row.value if row else ""


def end_ticket(issue: QualityIssue, *, is_void: bool, note: str, now: datetime) -> None:
    """Take the ticket of an issue without owed rows to its closing state, as the system."""
    if issue.ticket is None:
        return
    disputed = issue.ticket.state == "disputed"
    step = ("uphold" if disputed else "release") if is_void else ("close_disputed" if disputed else "close")
    tickets.act(issue.ticket.pk, step, actor=None, now=now, expected_version=None, given=Given(note=note))
