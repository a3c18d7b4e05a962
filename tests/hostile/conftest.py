"""What hostile tests start from: a batch of records, and a second officer who should see nothing of it."""

from collections.abc import Callable
from datetime import datetime

import pytest
from conftest import HOUSE_UNIT, enter_account
from django.core.cache import cache
from django.test import Client

from chengshu.kernel.accounts.facade import User
from chengshu.kernel.grants.facade import HouseRole
from chengshu.performance import facade
from chengshu.performance.facade import Batch

Import = Callable[..., Batch]


@pytest.fixture(autouse=True)
def _forget() -> None:
    """Keep one test's sums from the next, whose batches have the same ids and moments."""
    cache.clear()


@pytest.fixture
def import_files(now: datetime, officer: User) -> Import:
    """Import files as one batch of an officer, with the readers and rules of the product."""

    def _import(*files: tuple[str, bytes], owner: User = officer, name: str = "批次") -> Batch:
        batch = facade.create_batch(files, name=name, owner=owner, now=now)
        facade.run_import(batch.pk, reader=facade.intake, clock=lambda: now, report=lambda _: None)
        return batch

    return _import


@pytest.fixture
def stranger(db: None) -> User:
    return enter_account("stranger", HouseRole.OFFICER, code=HOUSE_UNIT)


@pytest.fixture
def as_officer(client: Client, officer: User) -> Client:
    client.force_login(officer)
    return client
