"""What is gathered from many forms is remembered until their batches change."""

from datetime import datetime, timedelta
from itertools import count

import pytest
from conftest import NOW
from django.core.cache import cache

from chengshu.kernel.accounts.facade import User
from chengshu.performance.models import Batch
from chengshu.performance.queries.remembering import remember

pytestmark = pytest.mark.django_db


@pytest.fixture
def batch(officer: User, now: datetime) -> Batch:
    cache.clear()
    return Batch.objects.create(name="三月", owner=officer, created_at=now, checked_at=now)


class TestRemember:
    @pytest.mark.usefixtures("batch")
    def test_computes_once_while_nothing_changes(self, officer: User) -> None:
        numbers = count(1)
        assert [remember("n", officer, NOW.date(), lambda: next(numbers)) for _ in range(3)] == [1, 1, 1]

    def test_computes_anew_after_a_check(self, batch: Batch, officer: User, now: datetime) -> None:
        numbers = count(1)
        remember("n", officer, NOW.date(), lambda: next(numbers))
        Batch.objects.filter(pk=batch.pk).update(checked_at=now + timedelta(microseconds=1))
        assert remember("n", officer, NOW.date(), lambda: next(numbers)) == 2

    def test_computes_anew_when_a_batch_comes_or_goes(self, batch: Batch, officer: User, now: datetime) -> None:
        numbers = count(1)
        remember("n", officer, NOW.date(), lambda: next(numbers))
        Batch.objects.create(name="四月", owner=officer, created_at=now)
        assert remember("n", officer, NOW.date(), lambda: next(numbers)) == 2
        Batch.objects.filter(pk=batch.pk).update(deleted_at=now)
        assert remember("n", officer, NOW.date(), lambda: next(numbers)) == 3

    @pytest.mark.usefixtures("batch")
    def test_people_do_not_see_each_others_sums(self, officer: User, reviewer: User) -> None:
        numbers = count(1)
        assert remember("n", officer, NOW.date(), lambda: next(numbers)) == 1
        assert remember("n", reviewer, NOW.date(), lambda: next(numbers)) == 2
