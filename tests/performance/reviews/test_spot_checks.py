"""Finance draws a spot check; what was drawn from is kept, and anybody can draw it again."""

from decimal import Decimal

import pytest
from conftest import NOW
from django.db import connection
from django.test.utils import CaptureQueriesContext
from performance.reviews.town import TODAY, Town, add_evaluation, add_year

from chengshu.kernel.grants.facade import PermissionRefused
from chengshu.performance.facade import reviews
from chengshu.performance.facade.reviews import Review, SpotCheckAsked, SpotCheckInvalid, StratumBy
from chengshu.performance.models import Evaluation

pytestmark = pytest.mark.django_db
_BY = (StratumBy.DEPARTMENT, StratumBy.GRADE)


def _asked(**changed: object) -> SpotCheckAsked:
    facts: dict[str, object] = {"year": 2023, "name": "2023 年度抽查", "size": 3, "seed": 20240315, "by": _BY}
    return SpotCheckAsked(**facts | changed)  # type: ignore[arg-type]  # the fields of what is asked


@pytest.fixture
def papers(town: Town) -> list[Evaluation]:
    """Six papers: three of the first department with 优, one with 良, two of the second department."""
    listed = [add_evaluation(town, name=f"项目{n}") for n in range(3)]
    listed.append(add_evaluation(town, name="项目良", grade="良", total="85"))
    return listed + [add_evaluation(town, unit="U2", name=f"乙项目{n}", budget="30000000") for n in range(2)]


class TestDrawSpotCheck:
    def test_opens_a_review_for_every_drawn_paper(self, town: Town, papers: list[Evaluation]) -> None:
        drawn = reviews.draw_spot_check(_asked(), actor=town["finance"], now=NOW)
        opened = Review.objects.filter(spot_check=drawn)
        assert opened.count() == 3
        assert set(opened.values_list("evaluation", flat=True)) == set(drawn.frame["drawn"])
        assert set(opened.values_list("stratum", flat=True)) <= {"政务局 · 优", "政务局 · 良", "民政局 · 优"}
        assert len(drawn.frame["papers"]) == len(papers)

    def test_can_be_drawn_again_from_what_is_kept(self, town: Town, papers: list[Evaluation]) -> None:
        drawn = reviews.draw_spot_check(_asked(size=len(papers) // 2), actor=town["finance"], now=NOW)
        Evaluation.objects.update(grade="差", error_count=9)  # later edits change nothing of it
        kept = reviews.get_spot_check(drawn.pk)
        drawing, same = reviews.draw_again(kept)
        assert same
        assert list(drawing.drawn) == kept.frame["drawn"]

    def test_a_touched_frame_is_found_out(self, town: Town, papers: list[Evaluation]) -> None:
        drawn = reviews.draw_spot_check(_asked(), actor=town["finance"], now=NOW)
        drawn.frame["papers"][0][2] += len(papers)
        assert reviews.draw_again(drawn)[1] is False

    def test_what_is_under_review_is_not_drawn_again(self, town: Town, papers: list[Evaluation]) -> None:
        reviews.draw_spot_check(_asked(size=4), actor=town["finance"], now=NOW)
        left = reviews.list_papers(2023, viewer=town["finance"], on=TODAY)
        assert len(left) == len(papers) - 4

    def test_only_approved_papers_of_the_year_are_drawn_from(self, town: Town) -> None:
        add_evaluation(town, state="department_approved")
        add_evaluation(town, year=2022)
        with pytest.raises(SpotCheckInvalid, match="没有可以抽查"):
            reviews.draw_spot_check(_asked(), actor=town["finance"], now=NOW)

    @pytest.mark.parametrize("changed", [{"name": " "}, {"size": 0}, {"size": 2001}, {"seed": 2**63}])
    def test_nonsense_is_refused_by_its_field(
        self, town: Town, papers: list[Evaluation], changed: dict[str, object]
    ) -> None:
        with pytest.raises(SpotCheckInvalid) as fault:
            reviews.draw_spot_check(_asked(**changed), actor=town["finance"], now=NOW)
        assert fault.value.details["field"] in changed
        assert Review.objects.count() == 0 < len(papers)

    @pytest.mark.parametrize("who", ["officer", "department", "auditor"])
    def test_others_do_not_draw(self, town: Town, who: str) -> None:
        with pytest.raises(PermissionRefused):
            reviews.draw_spot_check(_asked(), actor=town[who], now=NOW)


class TestListPapers:
    def test_an_earlier_difference_makes_a_paper_heavier(self, town: Town) -> None:
        paper = add_evaluation(town, year=2022)
        Review.objects.create(
            evaluation=paper, state="settled", total=Decimal(90), own_total=Decimal(97), edited_at=NOW
        )
        add_year(town, paper.project_year.project, year=2023, total="95", grade="优")
        found = reviews.list_papers(2023, viewer=town["finance"], on=TODAY)
        assert [one.difference for one in found] == [7]

    def test_asks_as_often_for_many_as_for_one(self, town: Town) -> None:
        add_evaluation(town)
        with CaptureQueriesContext(connection) as few:
            reviews.list_papers(2023, viewer=town["finance"], on=TODAY)
        for number in range(12):
            add_evaluation(town, name=f"项目{number}", unit=f"U{number % 2 + 1}")
        with CaptureQueriesContext(connection) as many:
            assert len(reviews.list_papers(2023, viewer=town["finance"], on=TODAY)) == 13
        assert len(many) == len(few)


def test_the_preview_tells_the_strata_and_draws_nothing(town: Town, papers: list[Evaluation]) -> None:
    found = reviews.list_papers(2023, viewer=town["finance"], on=TODAY)
    strata = reviews.preview_strata(found, _BY, 3)
    assert [(one.name, one.papers, one.share) for one in strata] == [
        ("政务局 · 优", 3, Decimal("1.50")),
        ("政务局 · 良", 1, Decimal("0.50")),
        ("民政局 · 优", 2, Decimal("1.00")),
    ]
    assert not Review.objects.exists()
    assert len(papers) == 6
