"""What the database itself refuses."""

from collections.abc import Callable
from datetime import datetime

import pytest
from conftest import HOUSE, HOUSE_UNIT, NOW, enter_account, found_house
from django.db import IntegrityError, transaction
from performance.fakes import FakeReader, a_record, as_bytes

from chengshu.kernel.accounts.facade import User
from chengshu.kernel.grants import facade as grants
from chengshu.kernel.grants.facade import HouseRole
from chengshu.performance.models import Batch, FindingRecord, FormRecord, SourceFile, Verdict
from chengshu.performance.operations.batches import delete_batch, rename_batch
from chengshu.performance.operations.imports import create_batch, retry_failed, run_import

pytestmark = pytest.mark.django_db

_TODAY = NOW.date()


@pytest.fixture
def auditor(db: None) -> User:
    return enter_account("auditor", HouseRole.AUDITOR)


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
    def test_officers_see_their_own_and_reviewers_those_of_the_units_below_them(
        self, batch: Batch, officer: User, reviewer: User
    ) -> None:
        create_batch([("乙.txt", b"")], name="别人的", owner=reviewer, now=NOW)
        assert list(Batch.objects.visible_to(officer, on=_TODAY)) == [batch]
        assert Batch.objects.visible_to(reviewer, on=_TODAY).count() == 2

    @pytest.mark.usefixtures("batch")
    def test_a_reviewer_of_another_unit_sees_nothing(self) -> None:
        elsewhere = enter_account("elsewhere", HouseRole.FINANCE_REVIEWER, code="HOUSE-2")
        assert not Batch.objects.visible_to(elsewhere, on=_TODAY).exists()

    @pytest.mark.usefixtures("batch")
    @pytest.mark.parametrize("model", [Batch, FormRecord, SourceFile, FindingRecord])
    def test_retired_accounts_see_nothing(self, model: type[Batch], officer: User) -> None:
        officer.is_active = False
        assert not model.objects.visible_to(officer, on=_TODAY).exists()

    def test_whose_grant_ended_sees_not_even_what_he_imported(self, batch: Batch, officer: User, now: datetime) -> None:
        grant = grants.Grant.objects.get(account=officer)
        grants.end_grant(grant.pk, actor=None, now=now, reason="调离")
        assert batch not in Batch.objects.visible_to(officer, on=_TODAY)

    def test_nobody_imports_without_a_grant_or_for_a_unit_that_is_not_his(self, officer: User, auditor: User) -> None:
        for owner, unit in ((auditor, None), (auditor, HOUSE), (officer, HOUSE)):
            place = found_house(unit).pk if unit else None
            with pytest.raises(grants.PermissionRefused):
                create_batch([], name="三月", owner=owner, now=NOW, organisation_id=place)

    def test_what_was_imported_before_there_were_units_is_its_importers_and_the_citys(
        self, batch: Batch, officer: User, reviewer: User
    ) -> None:
        Batch.objects.update(organisation=None)
        elsewhere = enter_account("elsewhere", HouseRole.FINANCE_REVIEWER, code=HOUSE_UNIT)
        seen = [batch in Batch.objects.visible_to(who, on=_TODAY) for who in (officer, reviewer, elsewhere)]
        assert seen == [True, True, False]

    def test_who_only_reads_changes_nothing(self, batch: Batch, auditor: User, now: datetime) -> None:
        assert batch in Batch.objects.visible_to(auditor, on=_TODAY)
        for change in (
            lambda: delete_batch(batch.pk, actor=auditor, now=now),
            lambda: rename_batch(batch.pk, "四月", actor=auditor, now=now),
            lambda: retry_failed(batch.pk, actor=auditor, now=now),
        ):
            with pytest.raises(grants.PermissionRefused):
                change()

    def test_batches_that_were_put_away_are_hidden_from_all(
        self, batch: Batch, officer: User, reviewer: User, now: datetime
    ) -> None:
        Batch.objects.update(deleted_at=now)
        assert not FormRecord.objects.visible_to(reviewer, on=_TODAY).exists()
        assert list(Batch.objects.restorable_by(officer, on=_TODAY)) == [batch]
        assert batch in Batch.objects.restorable_by(reviewer, on=_TODAY)

    def test_nobody_brings_back_a_batch_that_they_could_not_put_away(
        self, batch: Batch, officer: User, auditor: User, now: datetime
    ) -> None:
        Batch.objects.filter(pk=batch.pk).update(deleted_at=now)
        assert batch not in Batch.objects.restorable_by(auditor, on=_TODAY)
        officer.is_active = False
        assert batch not in Batch.objects.restorable_by(officer, on=_TODAY)
