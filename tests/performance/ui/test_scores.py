"""Scores stand with two decimals wherever the program writes them; the paper stays as printed."""

from decimal import Decimal

import pytest
from django.test import Client

from chengshu.performance.facade import ComparedLine, FormRecord
from chengshu.performance.ui.wording import write_figure, write_score


@pytest.mark.parametrize(
    ("score", "even", "figure"),
    [
        ("94.8000", "94.80", "94.8"),
        ("100", "100.00", "100"),
        ("9.875", "9.875", "9.875"),
        ("0", "0.00", "0"),
        ("1E+1", "10.00", "10"),
    ],
)
def test_scores_have_two_decimals_and_more_only_where_they_need_them(score: str, even: str, figure: str) -> None:
    assert (write_score(Decimal(score)), write_figure(Decimal(score))) == (even, figure)


def test_no_score_is_a_dash() -> None:
    assert write_score(None) == write_figure(None) == "—"


def test_a_score_that_is_only_written_otherwise_does_not_differ() -> None:
    assert not ComparedLine("/total/score", "score", ("90", "90.00"), (Decimal("0.00"),)).differs
    assert ComparedLine("/total/score", "score", ("90", "91"), (Decimal(1),)).differs
    assert ComparedLine("/total/score", "score", ("90", None), (None,)).differs
    assert ComparedLine("target", "target", ("90", "90.00"), (Decimal("0.00"),)).differs


@pytest.mark.django_db
class TestPages:
    @pytest.mark.usefixtures("form")
    def test_lists_show_even_scores(self, as_officer: Client) -> None:
        listing = as_officer.get("/performance/forms/").context["listing"]
        scores = {cell.content for row in listing.rows() for cell in row.cells if cell.column.key == "score"}
        assert scores == {"95.00"}

    def test_the_head_is_even_and_the_paper_as_printed(self, form: FormRecord, as_officer: Client) -> None:
        page = as_officer.get(f"/performance/forms/{form.pk}/")
        assert page.context["printed_total"] == "95.00"
        assert ">95<" in page.content.decode()

    def test_the_comparison_is_even(self, form: FormRecord, as_officer: Client) -> None:
        assert "95.00" in as_officer.get(f"/performance/compare/?form={form.pk}").content.decode()
