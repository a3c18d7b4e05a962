"""Making self-evaluations public and taking them down: the record is frozen, and every trace stays."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from chengshu.base.texts import drop_controls
from chengshu.kernel.accounts.facade import User
from chengshu.kernel.audit.facade import record as audit
from chengshu.kernel.grants import facade as grants
from chengshu.kernel.grants.facade import PermissionRefused
from chengshu.kernel.jobs.facade import Job, Progress, enqueue_job
from chengshu.performance.contracts.year import SheetKind
from chengshu.performance.errors import (
    PerformanceError,
    PublicationNotFound,
    PublicationRefused,
    ReasonMissing,
    StepNotOpen,
)
from chengshu.performance.models import Decision, Evaluation, Publication
from chengshu.performance.operations.sheets import lock_sheet, refuse_stale, require_on
from chengshu.performance.queries.publications import PUBLISH, build_annex, build_record, list_hindrances
from chengshu.performance.rules.year.publications import digest_publication, find_personal_data

PUBLISH_KIND = "performance.publish_papers"
REASON_LENGTH = 300
MOST_AT_ONCE = 5000
_HOUSE_LANGUAGE = "zh-hans"
_PUBLISHING = gettext_lazy("公开")
_SHOWN_PLACES = 10


@transaction.atomic
def publish(evaluation_id: int, version: int | None, *, actor: User, now: datetime) -> Publication:
    """Make an approved self-evaluation public as it stands now; later edits change nothing of what is public.

    `version` is the one that was seen; None publishes what stands, for batches.

    Raises:
        SheetNotFound: there is none in sight.
        PermissionRefused: the actor may not publish it.
        SheetStale: it was edited since the version that was seen.
        PublicationRefused: it is secret, not approved, public already, or holds personal data; names every fault.
    """
    paper = lock_sheet(Evaluation, evaluation_id, actor=actor, now=now)
    require_on(paper, PUBLISH, actor=actor, now=now)
    if version is not None:
        refuse_stale(paper, version)
    year = paper.project_year
    earlier = Publication.objects.filter(evaluation=paper)
    _refuse_faults(paper, is_public=earlier.filter(withdrawn_at__isnull=True).exists())
    slug = f"{year.year}-{year.project_id}-{earlier.count() + 1}"
    record, annex = _build_contents(paper, slug)
    kept = Publication.objects.create(
        evaluation=paper,
        slug=slug,
        year=year.year,
        project=record["project"] or "",
        department=record["department"] or "",
        unit=record["unit"] or "",
        grade=record["grade"] or "",
        total=paper.total,
        budget_yuan=year.budget_yuan,
        record=record,
        annex=annex,
        digest=digest_publication(record, annex),
        published_by=actor,
        published_at=now,
    )
    _decide(paper, "publish", "", actor=actor, now=now)
    facts = {"slug": slug, "digest": kept.digest, "version": paper.version}
    audit(actor, "performance.publish", f"evaluation:{paper.pk}", now=now, details=facts)
    return kept


def _build_contents(paper: Evaluation, slug: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """Give record and annex as the public will read them; raises PublicationRefused where they hold personal data."""
    with override(_HOUSE_LANGUAGE):  # a public record does not depend on the language of who publishes it
        record, annex = build_record(paper, slug), build_annex(paper)
    if places := list(find_personal_data({"record": record, "annex": annex})):
        told = [f"{place}：{kind}" for place, kind in places[:_SHOWN_PLACES]]
        raise PublicationRefused(_("不能公开：内容里有个人信息，请先退回修改。"), told)
    return record, annex


def _refuse_faults(paper: Evaluation, *, is_public: bool) -> None:
    faults = list_hindrances(paper, is_public=is_public)
    if faults:
        raise PublicationRefused(_("不能公开：%(faults)s") % {"faults": "；".join(faults)}, faults)


@transaction.atomic
def withdraw(publication_id: int, reason: str, *, actor: User, now: datetime) -> Publication:
    """Take a publication down; its address keeps telling that, when and why.

    Raises:
        PublicationNotFound: there is none in sight.
        PermissionRefused: the actor may not take it down.
        StepNotOpen: it was taken down already.
        ReasonMissing: nobody is told why.
    """
    seen = Publication.objects.visible_to(actor, on=localdate(now)).filter(pk=publication_id).values("pk")
    rows = Publication.objects.select_for_update(of=("self",)).select_related("evaluation__project_year")
    kept: Publication | None = rows.filter(pk__in=seen).first()
    if kept is None:
        raise PublicationNotFound(_("没有这份公开的自评。"), publication=publication_id)
    year = kept.evaluation.project_year
    grants.require(actor, PUBLISH, year.unit_id, on=localdate(now), scope=f"project:{year.project_id}")
    if kept.withdrawn_at is not None:
        raise StepNotOpen(_("这份公开已经撤回。"), publication=publication_id)
    told = drop_controls(reason).strip()[:REASON_LENGTH]
    if not told:
        raise ReasonMissing(_("请写明为什么撤回，公众会看到这个理由。"), field="reason")
    kept.withdrawn_by, kept.withdrawn_at, kept.withdrawal_reason = actor, now, told
    kept.save(update_fields=["withdrawn_by", "withdrawn_at", "withdrawal_reason"])
    _decide(kept.evaluation, "withdraw_publication", told, actor=actor, now=now)
    facts = {"slug": kept.slug, "digest": kept.digest}
    subject = f"evaluation:{kept.evaluation_id}"
    audit(actor, "performance.withdraw_publication", subject, now=now, reason=told[:256], details=facts)
    return kept


def _decide(paper: Evaluation, action: str, reason: str, *, actor: User, now: datetime) -> None:
    Decision.objects.create(
        project_year_id=paper.project_year_id,
        kind=SheetKind.EVALUATION,
        sheet_id=paper.pk,
        action=action,
        from_state=paper.state,
        to_state=paper.state,
        version=paper.version,
        actor=actor,
        decided_at=now,
        reason=reason,
    )


def start_publishing(evaluation_ids: Iterable[int], *, actor: User, now: datetime) -> Job:
    """Queue the publication of many self-evaluations.

    Raises:
        PermissionRefused: the actor may publish nowhere.
        PublicationRefused: none is named, or too many.
    """
    grants.require_anywhere(actor, PUBLISH, on=localdate(now))
    wanted = sorted(set(evaluation_ids))
    if not 0 < len(wanted) <= MOST_AT_ONCE:
        message = _("请选择 1 至 %(most)s 份自评。") % {"most": MOST_AT_ONCE}
        raise PublicationRefused(message, [message])
    return enqueue_job(PUBLISH_KIND, payload={"evaluations": wanted}, owner=actor, now=now)


def work_publishing(progress: Progress, *, clock: Callable[[], datetime]) -> Mapping[str, Any]:
    """Publish one after the other for the worker, each in a transaction of its own, so that one fault stops no other.

    What is public already counts as done: an interrupted job goes on where it stopped.
    """
    actor = User.objects.get(pk=progress.owner_id or 0)
    wanted = [int(key) for key in progress.payload["evaluations"]]
    published, refused = 0, []
    for number, key in enumerate(wanted):
        progress.report(str(_PUBLISHING), done=number, total=len(wanted))
        if _is_public(key):
            published += 1
            continue
        try:
            publish(key, None, actor=actor, now=clock())
            published += 1
        except (PerformanceError, PermissionRefused) as fault:
            refused.append({"evaluation": key, "reason": fault.message})
    progress.report(str(_PUBLISHING), done=len(wanted), total=len(wanted))
    return {"job": str(progress.uuid), "published": published, "refused": refused}


def _is_public(evaluation_id: int) -> bool:
    return Publication.objects.filter(evaluation=evaluation_id, withdrawn_at__isnull=True).exists()
