"""A paper is scored again beside the unit's own scores; the unit objects, and is answered."""

from datetime import timedelta
from decimal import Decimal

import pytest
from conftest import NOW
from performance.reviews.town import TODAY, Town, add_evaluation

from chengshu.kernel.audit.facade import list_all_entries
from chengshu.kernel.grants.facade import PermissionRefused
from chengshu.performance.facade import reviews
from chengshu.performance.facade.reviews import (
    LineScore,
    ReasonMissing,
    Review,
    ReviewEdit,
    ReviewInvalid,
    ReviewNotFound,
    ReviewStale,
    ReviewStepAsked,
    StepNotOpen,
)
from chengshu.performance.models import EvaluatedIndicator, Evaluation, Objection, ReviewedScore

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=1)


def _key(paper: Evaluation, name: str) -> str:
    return str(EvaluatedIndicator.objects.get(evaluation=paper, goal__name=name).pk)


def _save(town: Town, review: Review, *scores: LineScore, opinion: str = "", who: str = "finance") -> Review:
    edit = ReviewEdit(review.pk, review.version, scores, opinion)
    return reviews.save_review(edit, actor=town[who], now=LATER)


def _step(town: Town, review: Review, action: str, who: str, words: str = "") -> Review:
    asked = ReviewStepAsked(review.pk, action, review.version, words)
    return reviews.take_review_step(asked, actor=town[who], now=LATER)


class TestSaveReview:
    def test_scores_stand_beside_the_units_own(self, town: Town, paper: Evaluation, review: Review) -> None:
        key = _key(paper, "办件提速")
        saved = _save(town, review, LineScore(key, Decimal(24), "未达标，应按比例得分"), opinion="一处改动")
        assert (saved.total, saved.grade, saved.own_total, saved.own_grade) == (Decimal(94), "优", Decimal(97), "优")
        assert EvaluatedIndicator.objects.get(pk=key).score == 27
        kept = ReviewedScore.objects.get(review=review)
        assert [kept.score, kept.own_score, kept.rule_score] == [Decimal(24), Decimal(27), Decimal(24)]
        paper.refresh_from_db()
        assert paper.total == 97

    def test_a_lower_total_may_change_the_grade(self, town: Town, paper: Evaluation, review: Review) -> None:
        saved = _save(town, review, LineScore(_key(paper, "归集数据条数"), Decimal(40), "证据不足"))
        assert (saved.total, saved.grade) == (Decimal(87), "良")

    def test_the_execution_rate_is_scored_again_too(self, town: Town, review: Review) -> None:
        saved = _save(town, review, LineScore(reviews.EXECUTION, Decimal(9), "含预付款"))
        assert saved.total == 96

    def test_the_same_score_is_no_difference_and_needs_no_reason(
        self, town: Town, paper: Evaluation, review: Review
    ) -> None:
        saved = _save(town, review, LineScore(_key(paper, "办件提速"), Decimal(27)))
        assert saved.total == 97
        assert not ReviewedScore.objects.exists()

    @pytest.mark.parametrize(("score", "reason"), [("24", ""), ("24", "  "), ("-1", "理由"), ("30.01", "理由")])
    def test_what_cannot_stand_is_named_by_its_line(
        self, town: Town, paper: Evaluation, review: Review, score: str, reason: str
    ) -> None:
        key = _key(paper, "办件提速")
        with pytest.raises(ReviewInvalid) as fault:
            _save(town, review, LineScore(key, Decimal(score), reason), LineScore("0", Decimal(1), "别的表"))
        assert set(fault.value.lines) == {key, "0"}
        review.refresh_from_db()
        assert review.version == 1

    def test_two_reviewers_at_once_lose_nothing(self, town: Town, paper: Evaluation, review: Review) -> None:
        key = _key(paper, "办件提速")
        _save(town, review, LineScore(key, Decimal(24), "按比例"))
        with pytest.raises(ReviewStale, match="finance的姓名"):
            _save(town, review, LineScore(key, Decimal(20), "证据不足"), who="colleague")
        assert ReviewedScore.objects.get(review=review).score == 24

    @pytest.mark.parametrize("who", ["officer", "department", "auditor"])
    def test_others_do_not_score(self, town: Town, review: Review, who: str) -> None:
        with pytest.raises((PermissionRefused, ReviewNotFound)):
            _save(town, review, who=who)

    def test_leaves_its_trace_in_the_audit(self, town: Town, paper: Evaluation, review: Review) -> None:
        _save(town, review, LineScore(_key(paper, "办件提速"), Decimal(24), "按比例"))
        entry = list_all_entries().filter(action="performance.save_review").get()
        assert entry.after is not None
        assert Decimal(entry.after["total"]) == 94


class TestSteps:
    def test_the_unit_sees_a_review_only_when_it_is_issued(self, town: Town, review: Review) -> None:
        assert not reviews.list_reviews(town["officer"], on=TODAY).exists()
        assert reviews.list_reviews(town["auditor"], on=TODAY).exists()
        _step(town, review, "issue", "finance")
        assert reviews.list_reviews(town["officer"], on=TODAY).get() == review
        assert not reviews.list_reviews(town["stranger"], on=TODAY).exists()

    def test_an_upheld_objection_opens_the_review_again(self, town: Town, review: Review) -> None:
        issued = _step(town, review, "issue", "finance")
        objected = _step(town, issued, "object", "officer", "佐证材料第三页有记录")
        opened = _step(town, objected, "uphold", "finance", "采纳，重新评分")
        assert opened.state == "open"
        kept = Objection.objects.get(review=review)
        assert (kept.text, kept.is_upheld, kept.answer) == ("佐证材料第三页有记录", True, "采纳，重新评分")
        again = _step(town, opened, "issue", "finance")
        assert _step(town, again, "accept", "officer").state == "settled"

    def test_a_rejected_objection_settles_it(self, town: Town, review: Review) -> None:
        objected = _step(town, _step(town, review, "issue", "finance"), "object", "officer", "不同意")
        assert _step(town, objected, "reject", "finance", "材料不足以证明").state == "settled"
        assert Objection.objects.get().is_upheld is False

    def test_an_objection_needs_words(self, town: Town, review: Review) -> None:
        issued = _step(town, review, "issue", "finance")
        with pytest.raises(ReasonMissing):
            _step(town, issued, "object", "officer", " ")

    def test_what_is_issued_is_not_scored_any_more(self, town: Town, review: Review) -> None:
        issued = _step(town, review, "issue", "finance")
        with pytest.raises(StepNotOpen):
            _save(town, issued)

    @pytest.mark.parametrize(
        ("action", "who"), [("issue", "officer"), ("issue", "auditor"), ("accept", "officer"), ("reject", "finance")]
    )
    def test_steps_of_others_and_of_other_states_are_refused(
        self, town: Town, review: Review, action: str, who: str
    ) -> None:
        with pytest.raises((PermissionRefused, ReviewNotFound, StepNotOpen)):
            _step(town, review, action, who)

    def test_finance_does_not_object_in_the_units_name(self, town: Town, review: Review) -> None:
        issued = _step(town, review, "issue", "finance")
        with pytest.raises(PermissionRefused):
            _step(town, issued, "object", "finance", "代填")


class TestOpenReview:
    def test_gives_the_one_that_is_not_settled(self, town: Town, paper: Evaluation, review: Review) -> None:
        assert reviews.open_review(paper.pk, actor=town["colleague"], now=LATER) == review

    def test_waits_for_the_approval(self, town: Town) -> None:
        draft = add_evaluation(town, state="submitted")
        with pytest.raises(StepNotOpen):
            reviews.open_review(draft.pk, actor=town["finance"], now=NOW)


class TestDifferences:
    @pytest.fixture
    def settled(self, town: Town, paper: Evaluation, review: Review) -> Review:
        saved = _save(
            town,
            review,
            LineScore(_key(paper, "办件提速"), Decimal(24), "按比例"),
            LineScore(_key(paper, "归集数据条数"), Decimal(45), "证据不足"),
        )
        return _step(town, saved, "issue", "finance")

    def test_by_unit(self, town: Town, settled: Review) -> None:
        other = reviews.open_review(add_evaluation(town, unit="U2").pk, actor=town["finance"], now=NOW)
        _step(town, _save(town, other), "issue", "finance")
        rows = reviews.count_by_unit(town["finance"], on=TODAY)
        assert [(row.name, row.reviewed, row.moved, row.points, row.most) for row in rows] == [
            ("政务局中心", 1, 1, Decimal(-8), Decimal(8)),
            ("民政局中心", 1, 0, Decimal(0), Decimal(0)),
        ]
        assert [row.name for row in reviews.count_by_unit(town["officer"], on=TODAY)] == ["政务局中心"]
        assert settled.grade == "良"

    @pytest.mark.usefixtures("settled")
    def test_by_class(self, town: Town) -> None:
        rows = {row.name: row for row in reviews.count_by_class(town["finance"], on=TODAY, year=2023)}
        assert {name: (row.reviewed, row.moved, row.points) for name, row in rows.items()} == {
            "产出指标": (1, 1, Decimal(-5)),
            "效益指标": (1, 1, Decimal(-3)),
            "满意度指标": (1, 0, Decimal(0)),
            "预算执行率": (1, 0, Decimal(0)),
        }

    @pytest.mark.usefixtures("settled")
    def test_by_rule(self, town: Town) -> None:
        rows = reviews.count_by_rule(town["finance"], on=TODAY)
        assert [(row.name, row.moved, row.points) for row in rows] == [
            ("复核人另有判断", 1, Decimal(-5)),
            ("改回按规则的得分", 1, Decimal(-3)),
        ]

    @pytest.mark.usefixtures("settled")
    def test_other_years_do_not_count(self, town: Town) -> None:
        assert reviews.count_by_unit(town["finance"], on=TODAY, year=2022) == ()
