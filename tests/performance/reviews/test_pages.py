"""The pages of reviews: nothing typed is lost, nobody's edit is overwritten, nobody sees more than he may."""

from decimal import Decimal

import pytest
from conftest import NOW
from django.test import Client
from performance.reviews.town import Town, add_evaluation

from chengshu.performance.facade import reviews
from chengshu.performance.facade.reviews import LineScore, Review, ReviewEdit
from chengshu.performance.models import EvaluatedIndicator, Evaluation, GoalIndicator, SpotCheck

pytestmark = pytest.mark.django_db


@pytest.fixture
def key(paper: Evaluation) -> str:
    return str(EvaluatedIndicator.objects.get(evaluation=paper, goal__name="办件提速").pk)


@pytest.fixture
def address(review: Review) -> str:
    return f"/performance/reviews/{review.pk}/"


class TestScoring:
    def test_what_cannot_be_kept_comes_back_as_it_was_typed(
        self, client: Client, town: Town, key: str, address: str
    ) -> None:
        client.force_login(town["finance"])
        typed = {"version": "1", f"score-{key}": "二十四", f"reason-{key}": "没有达到", "opinion": "再看一次"}
        answer = client.post(f"{address}save/", typed)
        html = answer.content.decode()
        assert answer.status_code == 422
        for said in ("请填数字", "二十四", "没有达到", "再看一次"):
            assert said in html

    def test_a_reason_without_a_score_is_not_dropped(self, client: Client, town: Town, key: str, address: str) -> None:
        client.force_login(town["finance"])
        answer = client.post(f"{address}save/", {"version": "1", f"reason-{key}": "没有达到"})
        assert answer.status_code == 422
        assert "还没有填复核分" in answer.content.decode()

    def test_who_comes_second_sees_what_stands_and_keeps_what_he_typed(
        self, client: Client, town: Town, review: Review, key: str, address: str
    ) -> None:
        edit = ReviewEdit(review.pk, 1, (LineScore(key, Decimal(22), "偏差大"),), "")
        reviews.save_review(edit, actor=town["colleague"], now=NOW)
        client.force_login(town["finance"])
        answer = client.post(f"{address}save/", {"version": "1", f"score-{key}": "24", f"reason-{key}": "按比例"})
        html = answer.content.decode()
        assert answer.status_code == 409
        assert "colleague的姓名 已先改动了这份复核" in html
        assert "现在保存的：22 偏差大" in html
        assert 'value="24"' in html

    def test_the_total_is_counted_while_one_types(
        self, client: Client, town: Town, review: Review, key: str, address: str
    ) -> None:
        client.force_login(town["finance"])
        html = client.post(f"{address}check/", {f"score-{key}": "24", f"reason-{key}": "按比例"}).content.decode()
        assert "94.00" in html
        assert "没有填好" not in html
        review.refresh_from_db()
        assert review.version == 1

    def test_a_review_is_shown_though_its_paper_was_changed_under_it(
        self, client: Client, town: Town, review: Review, key: str, address: str
    ) -> None:
        edit = ReviewEdit(review.pk, 1, (LineScore(key, Decimal(22), "偏差大"),), "")
        reviews.save_review(edit, actor=town["finance"], now=NOW)
        GoalIndicator.objects.filter(name="办件提速").update(weight=20)
        Evaluation.objects.update(version=9)
        client.force_login(town["finance"])
        answer = client.get(address)
        assert answer.status_code == 200
        assert "这份自评在复核之后又改过" in answer.content.decode()


class TestSteps:
    def test_the_unit_sees_a_review_only_once_it_is_issued(self, client: Client, town: Town, address: str) -> None:
        client.force_login(town["officer"])
        assert client.get(address).status_code == 404
        client.force_login(town["finance"])
        client.post(f"{address}step/", {"version": "1", "action": "issue"})
        client.force_login(town["officer"])
        assert client.get(address).status_code == 200
        client.force_login(town["stranger"])
        assert client.get(address).status_code == 404

    def test_an_objection_without_words_is_asked_for_them(self, client: Client, town: Town, address: str) -> None:
        client.force_login(town["finance"])
        client.post(f"{address}step/", {"version": "1", "action": "issue"})
        client.force_login(town["officer"])
        answer = client.post(f"{address}step/", {"version": "2", "action": "object", "words": " "})
        assert answer.status_code == 422
        assert "请写明理由" in answer.content.decode()

    @pytest.mark.parametrize("action", ["settle", "none", ""])
    def test_a_step_that_is_not_open_is_refused_in_words(
        self, client: Client, town: Town, address: str, action: str
    ) -> None:
        client.force_login(town["finance"])
        answer = client.post(f"{address}step/", {"version": "1", "action": action, "words": "定案"})
        assert answer.status_code == 409
        assert "这一步现在不能办" in answer.content.decode()


class TestChoosing:
    @pytest.mark.parametrize(("who", "is_offered"), [("finance", True), ("officer", False), ("department", False)])
    def test_a_review_is_offered_on_the_paper_to_whom_it_is_allowed(
        self, client: Client, town: Town, paper: Evaluation, who: str, *, is_offered: bool
    ) -> None:
        client.force_login(town[who])
        address = f"/performance/reviews/open/{paper.pk}/"
        assert (address in client.get(f"/performance/evaluations/{paper.pk}/").content.decode()) is is_offered
        if is_offered:
            assert client.post(address)["Location"] == f"/performance/reviews/{Review.objects.get().pk}/"

    def test_a_paper_that_is_not_approved_offers_none(self, client: Client, town: Town, paper: Evaluation) -> None:
        Evaluation.objects.filter(pk=paper.pk).update(state="submitted")
        client.force_login(town["finance"])
        assert "reviews/open" not in client.get(f"/performance/evaluations/{paper.pk}/").content.decode()


class TestDrawing:
    @pytest.mark.usefixtures("paper")
    def test_the_preview_draws_nothing(self, client: Client, town: Town) -> None:
        client.force_login(town["finance"])
        asked = {"year": "2023", "name": "抽查", "size": "1", "seed": "7", "by": ["grade"]}
        html = client.post("/performance/reviews/spot-checks/new/", asked | {"preview": "1"}).content.decode()
        assert "可抽 1 份" in html
        assert not SpotCheck.objects.exists()
        answer = client.post("/performance/reviews/spot-checks/new/", asked | {"draw": "1"})
        assert answer["Location"] == f"/performance/reviews/spot-checks/{SpotCheck.objects.get().pk}/"

    @pytest.mark.usefixtures("paper")
    @pytest.mark.parametrize(
        "wrong", [{"size": "0"}, {"seed": "1" * 19}, {"name": ""}, {"year": "1899"}, {"size": "多"}, {"by": ["colour"]}]
    )
    def test_what_cannot_be_drawn_is_told_at_its_field(
        self, client: Client, town: Town, wrong: dict[str, object]
    ) -> None:
        client.force_login(town["finance"])
        asked = {"year": "2023", "name": "抽查", "size": "1", "seed": "7", "draw": "1"}
        assert client.post("/performance/reviews/spot-checks/new/", asked | wrong).status_code == 422
        assert not SpotCheck.objects.exists()

    @pytest.mark.usefixtures("paper")
    def test_a_year_without_papers_says_so(self, client: Client, town: Town) -> None:
        client.force_login(town["finance"])
        asked = {"year": "2020", "name": "抽查", "size": "1", "seed": "7"}
        assert (
            "没有可以抽的自评"
            in client.post("/performance/reviews/spot-checks/new/", asked | {"preview": "1"}).content.decode()
        )
        assert client.post("/performance/reviews/spot-checks/new/", asked | {"draw": "1"}).status_code == 422


class TestLists:
    @pytest.mark.parametrize(("change", "count"), [("grade", 0), ("score", 1), ("same", 1)])
    def test_are_filtered_by_what_the_review_changed(
        self, client: Client, town: Town, review: Review, key: str, change: str, count: int
    ) -> None:
        other = add_evaluation(town, unit="U2", name="养老平台运维")
        reviews.open_review(other.pk, actor=town["finance"], now=NOW)
        edit = ReviewEdit(review.pk, 1, (LineScore(key, Decimal(24), "按比例"),), "")
        reviews.save_review(edit, actor=town["finance"], now=NOW)
        client.force_login(town["finance"])
        assert client.get(f"/performance/reviews/?change={change}").context["listing"].count == count

    def test_differences_of_a_year_without_reviews_are_empty_and_not_wrong(self, client: Client, town: Town) -> None:
        client.force_login(town["finance"])
        for address in ("/performance/reviews/differences/", "/performance/reviews/differences/?year=x"):
            assert "还没有下达过复核" in client.get(address).content.decode()
