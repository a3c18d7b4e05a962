"""What is made public is frozen, holds nothing secret or personal, and leaves its trace when it is taken down."""

import hashlib
from datetime import timedelta

import pytest
from conftest import NOW
from django.db import IntegrityError, transaction
from performance.reviews.town import ROWS, TODAY, Town, add_evaluation

from chengshu.kernel.audit.facade import list_all_entries
from chengshu.kernel.grants.facade import PermissionRefused
from chengshu.kernel.jobs.facade import Job
from chengshu.performance.facade import publications
from chengshu.performance.facade.publications import (
    Publication,
    PublicationNotFound,
    PublicationRefused,
    ReasonMissing,
    SheetNotFound,
    SheetStale,
    StepNotOpen,
)
from chengshu.performance.models import Decision, EvaluatedIndicator, Evaluation, Project

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=1)


def _with_reason(reason: str) -> tuple[tuple[str, ...], ...]:
    return (*ROWS[:2], (*ROWS[2][:8], reason))


class TestPublish:
    def test_later_edits_change_nothing_of_what_is_public(self, paper: Evaluation, public: Publication) -> None:
        EvaluatedIndicator.objects.filter(evaluation=paper).update(actual="改过", score=0)
        Evaluation.objects.filter(pk=paper.pk).update(total=1)
        kept = publications.get_public(public.slug)
        assert kept.total == 97
        assert [item.actual for item in publications.form_of_publication(kept).indicators] == ["120条", "8%", "95%"]
        assert publications.is_intact(kept)

    def test_the_digest_is_that_of_the_open_file(self, public: Publication) -> None:
        assert hashlib.sha256(publications.content_of(public)).hexdigest() == public.digest

    def test_a_changed_record_is_noticed(self, public: Publication) -> None:
        Publication.objects.filter(pk=public.pk).update(record={**public.record, "grade": "差"})
        assert not publications.is_intact(publications.get_public(public.slug))

    def test_leaves_a_decision_and_an_entry(self, town: Town, paper: Evaluation, public: Publication) -> None:
        assert Decision.objects.filter(sheet_id=paper.pk, action="publish", actor=town["finance"]).count() == 1
        entry = list_all_entries().get(action="performance.publish")
        assert entry.details["digest"] == public.digest

    @pytest.mark.parametrize(
        ("more", "said"), [({"is_secret": True}, "涉密项目不公开"), ({"state": "submitted"}, "还没有审核通过")]
    )
    def test_refuses_what_is_secret_or_not_approved(self, town: Town, more: dict[str, object], said: str) -> None:
        paper = add_evaluation(town, **more)  # type: ignore[arg-type]  # what a case wants to be different
        with pytest.raises(PublicationRefused, match=said):
            publications.publish(paper.pk, None, actor=town["finance"], now=NOW)
        assert not Publication.objects.exists()

    @pytest.mark.parametrize("reason", ["请联系 13800138000", "身份证 11010519491231002X 的居民", "写信到 a@b.cn"])
    def test_refuses_personal_data(self, town: Town, reason: str) -> None:
        paper = add_evaluation(town, rows=_with_reason(reason))
        with pytest.raises(PublicationRefused, match="个人信息"):
            publications.publish(paper.pk, None, actor=town["finance"], now=NOW)

    def test_a_long_figure_is_no_identity_number(self, town: Town) -> None:
        paper = add_evaluation(town, rows=_with_reason("合同号 110105194912310021"))
        assert publications.publish(paper.pk, None, actor=town["finance"], now=NOW).slug

    def test_what_was_edited_since_it_was_seen_is_not_published(self, town: Town, paper: Evaluation) -> None:
        with pytest.raises(SheetStale):
            publications.publish(paper.pk, paper.version - 1, actor=town["finance"], now=NOW)

    def test_units_do_not_publish_and_strangers_do_not_see(self, town: Town, paper: Evaluation) -> None:
        with pytest.raises(PermissionRefused):
            publications.publish(paper.pk, None, actor=town["officer"], now=NOW)
        with pytest.raises(SheetNotFound):
            publications.publish(paper.pk, None, actor=town["stranger"], now=NOW)

    def test_nothing_is_public_twice_at_a_time(self, town: Town, paper: Evaluation, public: Publication) -> None:
        with pytest.raises(PublicationRefused, match="已经公开"):
            publications.publish(paper.pk, None, actor=town["finance"], now=LATER)
        public.pk, public.slug = None, "another"
        with pytest.raises(IntegrityError), transaction.atomic():
            public.save()


class TestWithdraw:
    def test_keeps_the_record_and_tells_when_and_why(self, town: Town, public: Publication) -> None:
        publications.withdraw(public.pk, " 数据有误 ", actor=town["finance"], now=LATER)
        kept = publications.get_public(public.slug)
        assert (kept.withdrawn_at, kept.withdrawal_reason, kept.record) == (LATER, "数据有误", public.record)
        assert not publications.list_public().exists()
        assert list_all_entries().get(action="performance.withdraw_publication").reason == "数据有误"

    def test_needs_a_reason_and_happens_once(self, town: Town, public: Publication) -> None:
        with pytest.raises(ReasonMissing):
            publications.withdraw(public.pk, " ", actor=town["finance"], now=LATER)
        publications.withdraw(public.pk, "数据有误", actor=town["finance"], now=LATER)
        with pytest.raises(StepNotOpen):
            publications.withdraw(public.pk, "再一次", actor=town["finance"], now=LATER)

    def test_is_finances_alone(self, town: Town, public: Publication) -> None:
        with pytest.raises(PermissionRefused):
            publications.withdraw(public.pk, "不想公开", actor=town["officer"], now=LATER)
        with pytest.raises(PublicationNotFound):
            publications.withdraw(public.pk, "不想公开", actor=town["stranger"], now=LATER)

    def test_what_is_published_again_has_an_address_of_its_own(
        self, town: Town, paper: Evaluation, public: Publication
    ) -> None:
        publications.withdraw(public.pk, "数据有误", actor=town["finance"], now=LATER)
        again = publications.publish(paper.pk, None, actor=town["finance"], now=LATER)
        assert again.slug != public.slug
        assert [one.slug for one in publications.list_editions(again)] == [again.slug, public.slug]

    def test_what_became_secret_is_gone(self, paper: Evaluation, public: Publication) -> None:
        Project.objects.filter(pk=paper.project_year.project_id).update(is_secret=True)
        assert not publications.list_public().exists()
        with pytest.raises(PublicationNotFound):
            publications.get_public(public.slug)


class TestPublishMany:
    def test_one_fault_stops_no_other(self, town: Town, paper: Evaluation) -> None:
        secret = add_evaluation(town, name="涉密项目", is_secret=True)
        other = add_evaluation(town, unit="U2", name="养老平台运维")
        wanted = [paper.pk, secret.pk, other.pk]
        job = Job.objects.get(uuid=publications.start_publishing(wanted, actor=town["finance"], now=NOW).uuid)
        assert job.result is not None
        assert job.result["published"] == 2
        assert [row["evaluation"] for row in job.result["refused"]] == [secret.pk]
        assert "涉密" in job.result["refused"][0]["reason"]
        assert publications.list_public().count() == 2

    def test_nobody_else_starts_it(self, town: Town, paper: Evaluation) -> None:
        with pytest.raises(PermissionRefused):
            publications.start_publishing([paper.pk], actor=town["officer"], now=NOW)
        with pytest.raises(PublicationRefused):
            publications.start_publishing([], actor=town["finance"], now=NOW)

    def test_the_list_offers_what_is_approved_secret_ones_too(self, town: Town, paper: Evaluation) -> None:
        secret = add_evaluation(town, name="涉密项目", is_secret=True)
        add_evaluation(town, name="草稿", state="draft")
        rows = publications.list_publishable(town["finance"], on=TODAY)
        assert {row.pk for row in rows} == {paper.pk, secret.pk}
