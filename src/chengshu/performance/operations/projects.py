"""Projects: entered, changed, ended, and a budget year opened. One transaction and one audit entry each."""

from dataclasses import asdict, replace
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from chengshu.base.texts import drop_controls, tidy
from chengshu.kernel.accounts.facade import User
from chengshu.kernel.audit.facade import record
from chengshu.kernel.grants import facade as grants
from chengshu.kernel.organisations import facade as organisations
from chengshu.kernel.organisations.facade import OrganisationNotFound
from chengshu.performance.contracts.projects import ProjectFacts
from chengshu.performance.errors import ProjectInvalid, ProjectNotFound, ProjectStale, ReasonMissing
from chengshu.performance.models import Project, ProjectYear
from chengshu.performance.queries.projects import EDIT_PROJECT, facts_of
from chengshu.performance.rules.year.projects import CODE_LENGTH, DESCRIPTION_LENGTH, NAME_LENGTH, mark_facts

_REASON_LENGTH = 256
_FIRST_YEAR, _LAST_YEAR = 1990, 2100


@transaction.atomic
def create_project(facts: ProjectFacts, *, actor: User, now: datetime) -> Project:
    """Enter a project.

    Raises:
        PermissionRefused: the actor may not enter projects of the unit.
        ProjectInvalid: names the field: a text is missing or too long, the code is taken, an organisation is not there.
    """
    grants.require(actor, EDIT_PROJECT, facts.unit_id, on=localdate(now))
    facts = _clean(facts, on=localdate(now))
    project = Project(created_at=now, **asdict(facts))
    _keep(project)
    record(actor, "performance.create_project", subject_of(project), now=now, after=_plain(facts))
    return project


@transaction.atomic
def change_project(
    project_id: int, facts: ProjectFacts, *, seen: str, actor: User, now: datetime, reason: str = ""
) -> Project:
    """Change what is kept of a project; `seen` is the mark of the facts that the edit began from.

    The years keep the unit that they were opened under.

    Raises:
        ProjectNotFound: there is none in sight.
        PermissionRefused: the actor may not edit projects of the unit, the old or the new one.
        ProjectStale: somebody else changed it meanwhile.
        ProjectInvalid: names the field.
    """
    project = lock_project(project_id, actor=actor, now=now)
    today = localdate(now)
    if facts.unit_id != project.unit_id:
        grants.require(actor, EDIT_PROJECT, facts.unit_id, on=today)
    before = facts_of(project)
    if mark_facts(before) != seen:
        raise ProjectStale(_("别人已先修改了这个项目。您填的内容还在，请对照后再保存。"), project=project_id)
    facts = _clean(facts, on=today)
    if facts == before:
        return project
    if project.ended_on and facts.started_on > project.ended_on:
        raise ProjectInvalid(_("开始日期不能晚于结束日期 %(on)s。") % {"on": project.ended_on}, field="started_on")
    for name, value in asdict(facts).items():
        setattr(project, name, value)
    _keep(project)
    old, new = _plain(before), _plain(facts)
    changed = [name for name in new if old[name] != new[name]]
    record(
        actor,
        "performance.change_project",
        subject_of(project),
        now=now,
        reason=_told(reason),
        before={name: old[name] for name in changed},
        after={name: new[name] for name in changed},
    )
    return project


@transaction.atomic
def end_project(project_id: int, on: date | None, *, reason: str, actor: User, now: datetime) -> Project:
    """End a project with that day as its last; None lets an ended one go on.

    Raises:
        ProjectNotFound: there is none in sight.
        PermissionRefused: the actor may not edit projects of the unit.
        ReasonMissing: nobody ends a project without a word.
        ProjectInvalid: the day is before the first one, or before a year that is open already.
    """
    project = lock_project(project_id, actor=actor, now=now)
    told = _told(reason)
    if not told:
        raise ReasonMissing(_("请写明事由，它会留在记录里。"))
    if on is not None:
        _refuse_early_end(project, on)
    before, project.ended_on = project.ended_on, on
    project.save(update_fields=["ended_on"])
    action = "performance.end_project" if on else "performance.resume_project"
    states = {"before": {"ended_on": before}, "after": {"ended_on": on}}
    record(actor, action, subject_of(project), now=now, reason=told, **states)
    return project


@transaction.atomic
def open_year(project_id: int, year: int, *, actor: User, now: datetime) -> ProjectYear:
    """Open a budget year of a project; it carries the unit that the project has now.

    Raises:
        ProjectNotFound: there is none in sight.
        PermissionRefused: the actor may not edit projects of the unit.
        ProjectInvalid: the year is open already, or the project does not run in it.
    """
    project = lock_project(project_id, actor=actor, now=now)
    last = project.ended_on.year if project.ended_on else _LAST_YEAR
    if not max(project.started_on.year, _FIRST_YEAR) <= year <= last:
        raise ProjectInvalid(_("项目在 %(year)s 年度不实施，不能开设这个年度。") % {"year": year}, field="year")
    if ProjectYear.objects.filter(project=project, year=year).exists():
        raise ProjectInvalid(_("%(year)s 年度已经开设。") % {"year": year}, field="year")
    opened = ProjectYear.objects.create(project=project, unit_id=project.unit_id, year=year, created_at=now)
    facts = {"year": year, "unit_id": project.unit_id}
    record(actor, "performance.open_year", subject_of(project), now=now, after=facts)
    return opened


def lock_project(project_id: int, *, actor: User, now: datetime) -> Project:
    """Return a project that the actor may edit, locked to the end of the transaction.

    Raises:
        ProjectNotFound: there is none in sight.
        PermissionRefused: the actor may not edit it.
    """
    today = localdate(now)
    seen = Project.objects.visible_to(actor, on=today).filter(pk=project_id).values("pk")
    project: Project | None = Project.objects.select_for_update().filter(pk__in=seen).first()
    if project is None:
        raise ProjectNotFound(_("没有这个项目，或您无权查看。"), project=project_id)
    grants.require(actor, EDIT_PROJECT, project.unit_id, on=today, scope=f"project:{project.pk}")
    return project


def subject_of(project: Project) -> str:
    """Give the name under which the audit keeps what happened to a project and to its years."""
    return f"project:{project.pk}"


def _clean(facts: ProjectFacts, *, on: date) -> ProjectFacts:
    cleaned = replace(
        facts,
        code=drop_controls(facts.code).strip(),
        name=tidy(drop_controls(facts.name)),
        description=drop_controls(facts.description).strip(),
    )
    for field, text, limit in (("code", cleaned.code, CODE_LENGTH), ("name", cleaned.name, NAME_LENGTH)):
        if not text or len(text) > limit:
            raise ProjectInvalid(_("不能为空，最长 %(n)s 个字。") % {"n": limit}, field=field)
    if len(cleaned.description) > DESCRIPTION_LENGTH:
        raise ProjectInvalid(_("最长 %(n)s 个字。") % {"n": DESCRIPTION_LENGTH}, field="description")
    for field, organisation_id in (("unit", facts.unit_id), ("department", facts.department_id)):
        _refuse_ended(field, organisation_id, on=on)
    if not _FIRST_YEAR <= facts.started_on.year <= _LAST_YEAR:
        raise ProjectInvalid(_("开始日期要在 1990 年到 2100 年之间。"), field="started_on")
    return cleaned


def _refuse_ended(field: str, organisation_id: int, *, on: date) -> None:
    try:
        found = organisations.get_organisation(organisation_id)
    except OrganisationNotFound as fault:
        raise ProjectInvalid(fault.message, field=field) from fault
    if found.ended_on is not None and found.ended_on <= on:
        raise ProjectInvalid(_("“%(code)s”已撤销，请填承接它的单位。") % {"code": found.code}, field=field)


def _refuse_early_end(project: Project, on: date) -> None:
    if on < project.started_on:
        raise ProjectInvalid(_("结束日期不能早于开始日期 %(on)s。") % {"on": project.started_on}, field="ended_on")
    newest = project.years.order_by("-year").values_list("year", flat=True).first()
    if newest is not None and on.year < newest:
        message = _("%(year)s 年度已经开设，结束日期不能早于这一年。") % {"year": newest}
        raise ProjectInvalid(message, field="ended_on")


def _keep(project: Project) -> None:
    """Write the row; a code that somebody else has is told as such."""
    try:
        with transaction.atomic():
            project.save()
    except IntegrityError as fault:
        if not Project.objects.filter(code=project.code).exclude(pk=project.pk).exists():
            raise
        message = _("项目编码“%(code)s”已有别的项目在用。") % {"code": project.code}
        raise ProjectInvalid(message, field="code") from fault


def _plain(facts: ProjectFacts) -> dict[str, Any]:
    return asdict(facts)


def _told(reason: str) -> str:
    return drop_controls(reason).strip()[:_REASON_LENGTH]
