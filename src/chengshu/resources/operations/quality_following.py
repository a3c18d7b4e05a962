"""Rules follow the catalogue by themselves: a new edition that is approved has a job remake those made from it before."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy

from chengshu.kernel.jobs.facade import Job, JobKind, Progress, enqueue_job
from chengshu.kernel.notifications.facade import News, Template, Words, list_holders, notify
from chengshu.resources.contracts.quality import RowFate, RuleOrigin, RulesMade
from chengshu.resources.errors import CheckFailed
from chengshu.resources.models import CHECK, DataResource, IssueRow, QualityRule
from chengshu.resources.operations.quality_amending import remake_rules

FOLLOW_JOB = "resources.follow_catalogue"

FOLLOWED = Template(
    key="resources.rules_followed",
    label=Words("质量规则随编目更新", "Rules of quality followed the catalogue"),
    title=Words("“{resource}”的质量规则已随编目更新", "The rules of {resource} followed its entry"),
    body=Words(
        "编目第 {version} 版发布后，质量规则新增 {created} 条，变动 {changed} 条，停用 {retired} 条；"
        "不再要求整改的问题行 {released} 行。人写的和改过的规则没有动。",
        "With edition {version} of the entry {created} rules were added, {changed} changed and {retired} switched off; "
        "{released} rows need no rectification any more. Rules that people wrote or changed stay.",
    ),
    fields=frozenset({"resource", "version", "created", "changed", "retired", "released"}),
    permission=CHECK,
)
BEHIND = Template(
    key="resources.rules_behind",
    label=Words("质量规则没能随编目更新", "Rules of quality could not follow the catalogue"),
    title=Words("“{resource}”的质量规则没能随编目更新", "The rules of {resource} could not follow its entry"),
    body=Words(
        "编目第 {version} 版发布后，规则还是原来的：{words}请处理后在规则页点“由编目生成规则”。",
        "With edition {version} of the entry the rules stayed as they were: {words} Please see to it, then remake the "
        "rules on their page.",
    ),
    fields=frozenset({"resource", "version", "words"}),
    permission=CHECK,
)


def order_following(resource: DataResource, *, now: datetime) -> Job | None:
    """Have the rules of an entry follow the edition that was just approved; None where none were made from it before.

    To be called in the transaction of the approval: the job begins once that stands.
    """
    if not QualityRule.objects.filter(resource=resource, origin=RuleOrigin.CATALOGUE).exists():
        return None
    payload = {"resource": resource.pk, "version": resource.version}
    return enqueue_job(FOLLOW_JOB, payload=payload, owner=None, now=now)


def follow_catalogue(resource_id: int, version: int, *, now: datetime) -> RulesMade:
    """Remake the rules as an edition of the entry asks, and tell those who check there what became of them.

    Where the rows that are owed cannot be looked at, the rules stay as they are, and that is told too.

    Raises:
        ResourceNotFound: the entry is there no more.
        CheckFailed: the owed rows cannot be looked at.
    """
    resource = DataResource.objects.filter(pk=resource_id).first()
    released = _count_released(resource_id)
    try:
        made = remake_rules(resource_id, actor=None, now=now, edition=version)
    except CheckFailed as fault:
        if resource is not None:
            _tell(resource, version, BEHIND, {"words": fault.message}, now=now)
        raise
    if resource is not None and (made.created or made.changed or made.retired):
        counts = {"created": made.created, "changed": made.changed, "retired": made.retired}
        counts["released"] = _count_released(resource_id) - released
        _tell(resource, version, FOLLOWED, {name: f"{count:,}" for name, count in counts.items()}, now=now)
    return made


def _count_released(resource_id: int) -> int:
    return IssueRow.objects.filter(issue__resource=resource_id, fate=RowFate.VOID).count()


def _tell(resource: DataResource, version: int, template: Template, said: Mapping[str, str], *, now: datetime) -> None:
    news = News(
        template.key,
        {"resource": resource.name, "version": str(version), **said},
        key=f"{template.key}:{resource.pk}:{version}",
        url=reverse("resources:quality-rules", args=[resource.pk]),
        organisation_id=resource.department_id,
    )
    notify(list_holders(CHECK, resource.department_id, on=localdate(now)), news, now=now)


def _run_following(progress: Progress) -> Mapping[str, Any]:
    asked = progress.payload
    made = follow_catalogue(asked["resource"], asked["version"], now=timezone.now())
    return {"resource": asked["resource"], **{name: getattr(made, name) for name in made.__slots__}}


JOB = JobKind(FOLLOW_JOB, gettext_lazy("质量规则随编目更新"), _run_following)
