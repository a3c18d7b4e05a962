"""A town with one approved self-evaluation, and its review."""

import pytest
from conftest import NOW
from performance.reviews.town import Town, add_evaluation, found_town

from chengshu.performance.facade import reviews
from chengshu.performance.facade.reviews import Review
from chengshu.performance.models import Evaluation


@pytest.fixture
def town(db: None) -> Town:
    return found_town()


@pytest.fixture
def paper(town: Town) -> Evaluation:
    return add_evaluation(town)


@pytest.fixture
def review(town: Town, paper: Evaluation) -> Review:
    return reviews.open_review(paper.pk, actor=town["finance"], now=NOW)
