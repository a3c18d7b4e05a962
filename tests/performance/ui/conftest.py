"""Batches of small forms, and people who have logged in."""

from collections.abc import Callable
from datetime import datetime

import pytest
from django.core.cache import cache
from django.test import Client
from performance.fakes import a_record, as_bytes

from chengshu.kernel.accounts.facade import User
from chengshu.performance import facade
from chengshu.performance.facade import Batch, FormRecord

MakeBatch = Callable[..., Batch]


@pytest.fixture(autouse=True)
def _forget() -> None:
    """Keep one test's sums from the next, whose batches have the same ids and moments."""
    cache.clear()


@pytest.fixture
def make_batch(now: datetime) -> MakeBatch:
    """Import `count` forms of different projects for an owner, through the records' door."""

    def _make(owner: User, count: int = 2, name: str = "三月") -> Batch:
        records = [
            a_record(f"项目{number}", total={"weight": "100", "score": "95"}, year=2020 + number % 3)
            for number in range(count)
        ]
        batch = facade.create_batch([(f"{name}.jsonl", as_bytes(*records))], name=name, owner=owner, now=now)
        facade.run_import(batch.pk, reader=facade.intake, clock=lambda: now, report=lambda _: None)
        return batch

    return _make


@pytest.fixture
def batch(make_batch: MakeBatch, officer: User) -> Batch:
    return make_batch(officer)


@pytest.fixture
def form(batch: Batch) -> FormRecord:
    return FormRecord.objects.filter(batch=batch).order_by("number")[0]


@pytest.fixture
def as_officer(client: Client, officer: User) -> Client:
    client.force_login(officer)
    return client
