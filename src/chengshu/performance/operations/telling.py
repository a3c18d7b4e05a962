"""Telling people of papers: what waits for their review, what came back, what was approved, what is behind."""

from collections.abc import Collection
from datetime import datetime

from django.urls import reverse
from django.utils.timezone import localdate

from chengshu.kernel.accounts.facade import User
from chengshu.kernel.notifications.facade import News, Template, Words, list_holders, notify
from chengshu.performance.contracts.monitoring import Behind, Warned
from chengshu.performance.contracts.year import SheetKind, SheetState
from chengshu.performance.models import Decision, ProjectYear
from chengshu.performance.operations.sheets import AnySheet

_SEE = "performance.see_project"
_NAMES = {
    SheetKind.GOAL: Words("绩效目标", "goals"),
    SheetKind.MONITORING: Words("绩效监控表", "monitoring report"),
    SheetKind.EVALUATION: Words("绩效自评", "self-evaluation"),
}
#: Where each kind of sheet is looked at, and who looks at it next in each state.
_PAGES = {
    SheetKind.GOAL: "performance:goal",
    SheetKind.MONITORING: "performance:monitoring-sheet",
    SheetKind.EVALUATION: "performance:evaluation",
}
_NEXT = {
    SheetState.SUBMITTED: "performance.review_department",
    SheetState.DEPARTMENT_APPROVED: "performance.review_finance",
}
_PROJECT = frozenset({"project", "year"})
_REASONS = {
    Behind.OVERDUE: Words("监控表逾期未报", "its monitoring report is overdue"),
    Behind.RED_LAMP: Words("最近一次监控亮红灯", "its last monitoring shows a red lamp"),
    Behind.SLOW_MONEY: Words("支付明显慢于时间进度", "its payments are far behind the time that has passed"),
}


def _waiting(kind: SheetKind, name: Words) -> Template:
    return Template(
        key=f"performance.{kind.value}_waits",
        label=Words(f"{name.zh}等我审核", f"{name.en.capitalize()} to be reviewed by me"),
        title=Words(f"{{project}}的{name.zh}等您审核", f"The {name.en} of {{project}} for your review"),
        body=Words(
            f"{{by}}已报送{{project}}（{{year}} 年）的{name.zh}。",
            f"{{by}} handed on the {name.en} of {{project}} ({{year}}).",
        ),
        fields=_PROJECT | {"by"},
        permission=_SEE,
    )


def _returned(kind: SheetKind, name: Words) -> Template:
    return Template(
        key=f"performance.{kind.value}_returned",
        label=Words(f"{name.zh}被退回", f"{name.en.capitalize()} returned"),
        title=Words(f"{{project}}的{name.zh}被退回", f"The {name.en} of {{project}} came back"),
        body=Words(
            f"{{by}}退回了{{project}}（{{year}} 年）的{name.zh}：{{reason}}",
            f"{{by}} returned the {name.en} of {{project}} ({{year}}): {{reason}}",
        ),
        fields=_PROJECT | {"by", "reason"},
        permission=_SEE,
    )


def _approved(kind: SheetKind, name: Words) -> Template:
    return Template(
        key=f"performance.{kind.value}_approved",
        label=Words(f"{name.zh}审核通过", f"{name.en.capitalize()} approved"),
        title=Words(f"{{project}}的{name.zh}已通过审核", f"The {name.en} of {{project}} approved"),
        body=Words(
            f"{{by}}通过了{{project}}（{{year}} 年）的{name.zh}。",
            f"{{by}} approved the {name.en} of {{project}} ({{year}}).",
        ),
        fields=_PROJECT | {"by"},
        permission=_SEE,
    )


def _behind(reason: Behind, words: Words) -> Template:
    return Template(
        key=f"performance.behind_{reason.value}",
        label=Words(f"项目预警：{words.zh}", f"Early warning: {words.en}"),
        title=Words(f"{{project}}：{words.zh}", f"{{project}}: {words.en}"),
        body=Words(
            f"{{project}}（{{year}} 年）：{words.zh}，请说明原因并采取措施。",
            f"{{project}} ({{year}}): {words.en}. Please say why and take measures.",
        ),
        fields=_PROJECT,
        permission=_SEE,
    )


_OF_STEP = {"waits": _waiting, "returned": _returned, "approved": _approved}
TEMPLATES = (
    *(make(kind, name) for kind, name in _NAMES.items() for make in _OF_STEP.values()),
    *(_behind(reason, words) for reason, words in _REASONS.items()),
)


def tell_step(sheet: AnySheet, decision: Decision, *, actor: User, now: datetime) -> None:
    """Tell whom a step concerns: who has to look at the sheet next, or who handed it in. Not who took the step."""
    target = SheetState(decision.to_state)
    year: ProjectYear = sheet.project_year
    fields = {"project": year.project.name, "year": str(year.year), "by": actor.display_name}
    if target in _NEXT:
        holders = list_holders(_NEXT[target], year.unit_id, on=localdate(now), project_id=year.project_id)
        _tell("waits", holders, decision, fields, sheet, now)
    if decision.action in {"return", "reopen"}:
        _tell("returned", _owners(decision), decision, fields | {"reason": decision.reason}, sheet, now)
    elif target is SheetState.APPROVED:
        _tell("approved", _owners(decision), decision, fields, sheet, now)


def tell_behind(account_ids: Collection[int], warned: Warned, now: datetime) -> None:
    """Tell the officers that a project's year fell behind."""
    year = ProjectYear.objects.select_related("project").get(pk=warned.project_year_id)
    news = News(
        f"performance.behind_{warned.reason.value}",
        {"project": warned.project, "year": str(warned.year)},
        key=f"behind:{year.pk}:{warned.reason.value}:{localdate(now).isoformat()}",
        url=reverse("performance:project-year", args=[year.pk]),
        organisation_id=year.unit_id,
        project_id=year.project_id,
    )
    notify(account_ids, news, now=now)


def _owners(decision: Decision) -> list[int]:
    """Return who handed the sheet in last."""
    handed_in = Decision.objects.filter(kind=decision.kind, sheet_id=decision.sheet_id, action="submit")
    return list(handed_in.order_by("-pk").values_list("actor", flat=True)[:1])


def _tell(
    happening: str,
    accounts: Collection[int],
    decision: Decision,
    fields: dict[str, str],
    sheet: AnySheet,
    now: datetime,
) -> None:
    kind, year = SheetKind(decision.kind), sheet.project_year
    news = News(
        f"performance.{kind.value}_{happening}",
        fields,
        key=f"decision:{decision.pk}:{happening}",
        url=reverse(_PAGES[kind], args=[sheet.pk]),
        organisation_id=year.unit_id,
        project_id=year.project_id,
    )
    notify([pk for pk in accounts if pk != decision.actor_id], news, now=now)
