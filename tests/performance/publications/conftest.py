"""A town with an approved self-evaluation that may be made public."""

import pytest
from conftest import NOW
from django.core.cache import cache
from performance.reviews.town import Town, add_evaluation, found_town

from chengshu.performance.facade import publications
from chengshu.performance.facade.publications import Publication
from chengshu.performance.models import Evaluation


@pytest.fixture
def town(db: None) -> Town:
    cache.clear()
    return found_town()


@pytest.fixture
def paper(town: Town) -> Evaluation:
    return add_evaluation(town)


@pytest.fixture
def public(town: Town, paper: Evaluation) -> Publication:
    return publications.publish(paper.pk, paper.version, actor=town["finance"], now=NOW)
