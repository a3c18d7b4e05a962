"""What the database itself refuses."""

from collections.abc import Callable
from datetime import datetime

import pytest
from django.db import IntegrityError, transaction
from performance.fakes import FakeReader, a_record, as_bytes

from chengshu.kernel.accounts.facade import User
from chengshu.performance.models import Batch, FindingRecord, FormRecord, SourceFile, Verdict
from chengshu.performance.operations.imports import create_batch, run_import

pytestmark = pytest.mark.django_db


@pytest.fixture
def batch(officer: User, now: datetime) -> Batch:
    batch = create_batch([("甲.txt", as_bytes(a_record()))], name="三月", owner=officer, now=now)
    run_import(batch.pk, reader=FakeReader(), clock=lambda: now, report=lambda _: None)
    return batch


def _unnamed(_batch: Batch) -> None:
    Batch.objects.update(name="")


def _unknown_verdict(_batch: Batch) -> None:
    SourceFile.objects.update(verdict="lost")


def _fault_without_words(_batch: Batch) -> None:
    SourceFile.objects.update(verdict=Verdict.ERROR)


def _same_bytes_twice(batch: Batch) -> None:
    file = batch.files.get()
    SourceFile.objects.create(batch=batch, stored=file.stored, digest=file.digest, name="又.txt")


def _repeated_of_nothing(_batch: Batch) -> None:
    SourceFile.objects.update(verdict=Verdict.REPEATED)


def _same_place_twice(batch: Batch) -> None:
    form = batch.forms.get()
    FormRecord.objects.create(batch=batch, source_file=form.source_file, number=1, template="")


def _impossible_year(_batch: Batch) -> None:
    FormRecord.objects.update(year=20)


def _own_copy(batch: Batch) -> None:
    form = batch.forms.get()
    FormRecord.objects.update(duplicate_of=form)


def _unknown_level(_batch: Batch) -> None:
    FindingRecord.objects.update(level="grave")


@pytest.mark.parametrize(
    "harm",
    [
        _unnamed,
        _unknown_verdict,
        _fault_without_words,
        _same_bytes_twice,
        _repeated_of_nothing,
        _same_place_twice,
        _impossible_year,
        _own_copy,
        _unknown_level,
    ],
)
def test_the_database_refuses(harm: Callable[[Batch], None], batch: Batch) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        harm(batch)


def test_a_batch_in_use_is_not_removed(batch: Batch) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        batch.delete()


class TestVisibility:
    def test_officers_see_their_own_and_reviewers_all(self, batch: Batch, officer: User, reviewer: User) -> None:
        Batch.objects.create(name="别人的", owner=reviewer, created_at=batch.created_at)
        assert list(Batch.objects.visible_to(officer)) == [batch]
        assert Batch.objects.visible_to(reviewer).count() == 2

    @pytest.mark.usefixtures("batch")
    def test_retired_accounts_see_nothing(self, officer: User) -> None:
        officer.is_active = False
        assert not FormRecord.objects.visible_to(officer).exists()
        assert not SourceFile.objects.visible_to(officer).exists()
        assert not FindingRecord.objects.visible_to(officer).exists()

    def test_batches_that_were_put_away_are_hidden_from_all(
        self, batch: Batch, officer: User, reviewer: User, now: datetime
    ) -> None:
        Batch.objects.update(deleted_at=now)
        assert not FormRecord.objects.visible_to(reviewer).exists()
        assert list(Batch.objects.restorable_by(officer)) == [batch]
        assert batch in Batch.objects.restorable_by(reviewer)

    def test_nobody_brings_back_a_batch_that_they_could_not_put_away(
        self, batch: Batch, officer: User, reviewer: User, now: datetime
    ) -> None:
        Batch.objects.filter(pk=batch.pk).update(deleted_at=now)
        reviewer.role = officer.role
        assert batch not in Batch.objects.restorable_by(reviewer)
        officer.is_active = False
        assert batch not in Batch.objects.restorable_by(officer)
