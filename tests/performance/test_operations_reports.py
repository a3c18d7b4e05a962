"""The findings report of a large batch: made in the background, fetched by the one who asked."""

import io
import zipfile
from collections.abc import Callable
from datetime import datetime
from uuid import uuid4

import pytest
from django.test import Client
from performance.fakes import FakeReader, a_record, as_bytes

from chengshu.kernel.accounts.facade import User
from chengshu.kernel.files.facade import StoredFile, get_path
from chengshu.kernel.jobs.facade import Job, JobCancelled, State
from chengshu.performance.errors import BatchNotFound
from chengshu.performance.models import Batch
from chengshu.performance.operations.imports import create_batch, run_import
from chengshu.performance.operations.reports import (
    FORMS_A_VOLUME,
    FORMS_AT_ONCE,
    start_report,
    work_report,
)

pytestmark = pytest.mark.django_db


class HeardProgress:
    """A job's side that keeps what it hears, and stops when told to."""

    def __init__(self, batch: Batch, *, stop_at: int | None = None) -> None:
        self.payload = {"batch": batch.pk, "kind": "html", "title": "三月/报告", "language": "zh"}
        self.heard: list[tuple[int, int]] = []
        self.uuid = uuid4()
        self.owner_id = batch.owner_id
        self.attempt = 1
        self._stop_at = stop_at

    def report(self, _stage: str, *, done: int, total: int, message: str = "") -> None:  # noqa: ARG002 - as the port
        """Keep the report, or stop the work."""
        if done == self._stop_at:
            raise JobCancelled("停")
        self.heard.append((done, total))


@pytest.fixture
def clock(now: datetime) -> Callable[[], datetime]:
    return lambda: now


def _import(owner: User, now: datetime, forms: int) -> Batch:
    data = as_bytes(*(a_record(f"项目{number:04}") for number in range(forms)))
    batch = create_batch([("甲.txt", data)], name="三月", owner=owner, now=now)
    run_import(batch.pk, reader=FakeReader(), clock=lambda: now, report=lambda _: None)
    return batch


@pytest.fixture
def large(officer: User, now: datetime) -> Batch:
    return _import(officer, now, FORMS_A_VOLUME + 1)


class TestWorkReport:
    def test_keeps_every_form_once_in_volumes(self, large: Batch, clock: Callable[[], datetime]) -> None:
        progress = HeardProgress(large)
        result = work_report(progress, clock=clock, font_dir=None)
        stored = StoredFile.objects.get(pk=result["file"])
        assert stored.name == "三月-报告 html.zip"
        with zipfile.ZipFile(get_path(stored)) as archive:
            assert archive.namelist() == ["001.html", "002.html"]
            first, second = (archive.read(name).decode() for name in archive.namelist())
        assert ("项目0000" in first, "项目0499" in first, "项目0500" in first) == (True, True, False)
        assert ("项目0500" in second, "三月/报告 2/2" in second) == (True, True)
        assert progress.heard == [(0, 501), (500, 501), (501, 501)]

    def test_a_pdf_volume_is_set_apart(self, officer: User, now: datetime, clock: Callable[[], datetime]) -> None:
        progress = HeardProgress(_import(officer, now, 2))
        progress.payload["kind"] = "pdf"
        stored = StoredFile.objects.get(pk=work_report(progress, clock=clock, font_dir=None)["file"])
        with zipfile.ZipFile(get_path(stored)) as archive:
            assert archive.read("001.pdf").startswith(b"%PDF")

    def test_a_stopped_one_keeps_nothing(self, large: Batch, clock: Callable[[], datetime]) -> None:
        kept = StoredFile.objects.count()
        with pytest.raises(JobCancelled):
            work_report(HeardProgress(large, stop_at=500), clock=clock, font_dir=None)
        assert StoredFile.objects.count() == kept


class TestAsking:
    def test_is_refused_for_a_batch_out_of_sight(self, officer: User, now: datetime) -> None:
        with pytest.raises(BatchNotFound):
            start_report(404, "pdf", title="报告", language="zh", actor=officer, now=now)

    def test_the_page_of_a_large_batch_has_it_made_and_gives_it(
        self, officer: User, reviewer: User, client: Client, now: datetime
    ) -> None:
        batch = _import(officer, now, FORMS_AT_ONCE + 1)
        client.force_login(officer)
        page = client.get(f"/performance/batches/{batch.pk}/").content.decode()
        assert f'action="/performance/batches/{batch.pk}/report/"' in page
        client.post(f"/performance/batches/{batch.pk}/report/", {"kind": "xlsx"})
        job = Job.objects.get(kind="performance.print_report")
        assert job.state == State.DONE
        assert f'href="/performance/reports/{job.uuid}/"' in client.get(f"/jobs/{job.uuid}/").content.decode()
        answer = client.get(f"/performance/reports/{job.uuid}/")
        with zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content))) as archive:  # type: ignore[attr-defined]
            assert archive.namelist() == ["001.xlsx"]
        client.force_login(reviewer)
        assert client.get(f"/performance/reports/{job.uuid}/").status_code == 404

    def test_its_old_address_leads_back_to_the_page(self, officer: User, client: Client, now: datetime) -> None:
        batch = _import(officer, now, FORMS_AT_ONCE + 1)
        client.force_login(officer)
        answer = client.get(f"/performance/batches/{batch.pk}/report.pdf", follow=True)
        assert "报告要在后台生成" in answer.content.decode()

    def test_an_unknown_format_is_not_found(self, officer: User, client: Client, now: datetime) -> None:
        batch = _import(officer, now, 1)
        client.force_login(officer)
        assert client.post(f"/performance/batches/{batch.pk}/report/", {"kind": "exe"}).status_code == 404
