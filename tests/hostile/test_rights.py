"""One officer's records against another who guesses ids: in addresses, posted fields, filters, exports and jobs."""

from collections.abc import Callable
from datetime import datetime

import pytest
from django.http import HttpResponseBase
from django.test import Client
from hostile.conftest import Import
from performance.fakes import a_record, as_bytes

from chengshu.kernel.accounts.facade import User
from chengshu.performance import facade
from chengshu.performance.facade import Batch, Correction, FormRecord, SourceFile

pytestmark = pytest.mark.django_db

_PROJECT = "只有甲知道的项目"
Address = Callable[[Batch], str]


def _form(batch: Batch) -> FormRecord:
    return FormRecord.objects.filter(batch=batch).earliest("pk")


_PAGES: tuple[Address, ...] = (
    lambda b: f"/performance/batches/{b.pk}/",
    lambda b: f"/performance/batches/{b.pk}/?export=csv",
    lambda b: f"/performance/batches/{b.pk}/delete/",
    *(lambda b, kind=kind: f"/performance/batches/{b.pk}/report.{kind}" for kind in facade.REPORT_KINDS),
    *(lambda b, kind=kind: f"/performance/forms/{_form(b).pk}/report.{kind}" for kind in facade.REPORT_KINDS),
    *(lambda b, kind=kind: f"/performance/forms/{_form(b).pk}/form.{kind}" for kind in (*facade.FORM_KINDS, "json")),
    lambda b: f"/performance/files/{SourceFile.objects.filter(batch=b).earliest('pk').pk}/original/",
    lambda b: f"/performance/forms/{_form(b).pk}/",
    lambda b: f"/performance/forms/{_form(b).pk}/?cell=/total/score",
    lambda b: f"/performance/forms/{_form(b).pk}/compare/",
    lambda b: f"/performance/compare/?form={_form(b).pk}",
    *(
        lambda b, name=name: f"/performance/charts/{name}/?batch={b.pk}"
        for name in ("codes", "scores", "years", "units")
    ),
    *(lambda b, name=name: f"/performance/charts/{name}/?batch={b.pk}&export=csv" for name in ("scores", "units")),
)
_LISTS: tuple[Address, ...] = (
    lambda _: "/performance/",
    lambda _: "/performance/batches/",
    lambda b: f"/performance/forms/?batch={b.pk}",
    lambda b: f"/performance/forms/?batch={b.pk}&export=csv",
    lambda b: f"/performance/findings/?batch={b.pk}&export=csv",
    lambda _: f"/performance/findings/?q={_PROJECT}&export=csv",
    lambda _: "/performance/charts/scores/",
    lambda _: "/performance/charts/units/?export=csv",
    lambda _: "/jobs/",
)
_POSTS: tuple[tuple[Address, dict[str, str]], ...] = (
    *((lambda b, what=what: f"/performance/batches/{b.pk}/{what}/", {"name": "抢"}) for what in ("resume", "recheck")),
    *((lambda b, what=what: f"/performance/batches/{b.pk}/{what}/", {"name": "抢"}) for what in ("rename", "delete")),
    (lambda b: f"/performance/forms/{_form(b).pk}/correct/", {"cell": "/total/score", "value": "1", "seen": "89.50"}),
)


@pytest.fixture
def batch(import_files: Import) -> Batch:
    return import_files((f"{_PROJECT}.jsonl", as_bytes(a_record(_PROJECT, unit=_PROJECT))), name=_PROJECT)


@pytest.fixture
def as_stranger(stranger: User) -> Client:
    client = Client()
    client.force_login(stranger)
    return client


def _text(answer: HttpResponseBase) -> str:
    return answer.getvalue().decode()


class TestStranger:
    @pytest.mark.parametrize("address", _PAGES)
    def test_pages_and_downloads_do_not_exist(self, as_stranger: Client, batch: Batch, address: Address) -> None:
        assert as_stranger.get(address(batch)).status_code == 404

    @pytest.mark.parametrize("address", _LISTS)
    def test_lists_do_not_tell(self, as_stranger: Client, batch: Batch, address: Address) -> None:
        answer = as_stranger.get(address(batch))
        assert answer.status_code == 200
        assert _PROJECT not in _text(answer).replace(f'value="{_PROJECT}"', "")

    @pytest.mark.parametrize(("address", "posted"), _POSTS)
    def test_nothing_can_be_changed(
        self, as_stranger: Client, batch: Batch, address: Address, posted: dict[str, str]
    ) -> None:
        assert as_stranger.post(address(batch), posted).status_code == 404
        batch.refresh_from_db()
        assert (batch.name, batch.deleted_at, Correction.objects.count()) == (_PROJECT, None, 0)

    def test_a_correction_cannot_be_undone_through_ones_own_form(
        self, as_stranger: Client, batch: Batch, stranger: User, officer: User, import_files: Import, now: datetime
    ) -> None:
        own = import_files(("我的.jsonl", as_bytes(a_record("我的"))), owner=stranger)
        correction = facade.correct_value(
            _form(batch).pk,
            field="/total/score",
            value="90",
            actor=officer,
            now=now,
            seen="89.50",
            recheck=lambda _: None,
        )
        assert correction is not None
        assert as_stranger.post(f"/performance/forms/{_form(own).pk}/undo/{correction.pk}/").status_code == 404
        assert Correction.objects.count() == 1

    def test_forms_are_not_compared_with_foreign_ones(
        self, as_stranger: Client, batch: Batch, stranger: User, import_files: Import
    ) -> None:
        own = import_files(("我的.jsonl", as_bytes(a_record("我的"))), owner=stranger)
        query = {"form": [_form(own).pk, _form(batch).pk]}
        assert as_stranger.get("/performance/compare/", query).status_code == 404

    def test_jobs_are_their_owners(self, as_stranger: Client, officer: User, now: datetime) -> None:
        batch = facade.start_import([("甲.jsonl", as_bytes(a_record(_PROJECT)))], name="甲", owner=officer, now=now)
        job = batch.job
        assert job is not None
        for action in ("", "status/"):
            assert as_stranger.get(f"/jobs/{job.uuid}/{action}").status_code == 404
        for action in ("cancel/", "retry/"):
            assert as_stranger.post(f"/jobs/{job.uuid}/{action}").status_code == 404


class TestNobody:
    @pytest.mark.parametrize("address", [*_PAGES, *_LISTS])
    def test_is_led_to_the_login(self, client: Client, batch: Batch, address: Address) -> None:
        answer = client.get(address(batch))
        assert answer.status_code == 302
        assert answer["Location"].startswith("/login/")

    @pytest.mark.parametrize(("address", "posted"), _POSTS)
    def test_changes_nothing(self, client: Client, batch: Batch, address: Address, posted: dict[str, str]) -> None:
        assert client.post(address(batch), posted)["Location"].startswith("/login/")
        batch.refresh_from_db()
        assert (batch.name, batch.deleted_at) == (_PROJECT, None)
