"""Lists: filters, exports, and as many questions to the database for 200 forms as for 10."""

import csv
import io
from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from chengshu.kernel.accounts.facade import User
from chengshu.performance.facade import Batch, FormRecord

pytestmark = pytest.mark.django_db

MakeBatch = Callable[..., Batch]


class TestQueries:
    @pytest.mark.parametrize("page", ["", "forms/", "findings/", "batches/", "forms/?code=REASON_MISSING&level=breach"])
    def test_do_not_grow_with_the_list(
        self, page: str, make_batch: MakeBatch, officer: User, as_officer: Client
    ) -> None:
        make_batch(officer, 10, "小")
        few = self._count(as_officer, page)
        make_batch(officer, 190, "大")
        assert self._count(as_officer, page) == few

    def _count(self, client: Client, page: str) -> int:
        client.get(f"/performance/{page}")
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert client.get(f"/performance/{page}").status_code == 200
        return len(queries)


class TestForms:
    @pytest.mark.usefixtures("batch")
    def test_search_and_filters_leave_what_was_asked_for(self, as_officer: Client) -> None:
        page = as_officer.get("/performance/forms/?q=项目1&year=2021").content.decode()
        assert "项目1" in page
        assert "项目0" not in page

    @pytest.mark.usefixtures("batch")
    def test_a_class_of_findings_leads_to_its_forms(self, as_officer: Client) -> None:
        listing = as_officer.get("/performance/forms/?code=TOTAL_WRONG&printing=first").context["listing"]
        assert listing.count == 2
        FormRecord.objects.get(project="项目1").findings.all().delete()
        assert as_officer.get("/performance/forms/?code=TOTAL_WRONG").context["listing"].count == 1

    @pytest.mark.usefixtures("batch")
    def test_exports_what_is_seen(self, as_officer: Client) -> None:
        answer = as_officer.get("/performance/forms/?q=项目1&export=csv")
        rows = list(csv.reader(io.StringIO(b"".join(answer).decode("utf-8-sig"))))
        assert len(rows) == 2
        assert rows[1][0] == "项目1"

    @pytest.mark.usefixtures("batch")
    def test_sorts_by_every_sortable_column(self, as_officer: Client) -> None:
        listing = as_officer.get("/performance/forms/").context["listing"]
        for column in listing.spec.columns:
            assert as_officer.get(f"/performance/forms/?sort=-{column.key}").status_code == 200


class TestFindings:
    @pytest.mark.usefixtures("batch")
    def test_gravest_first_and_each_leads_to_its_cell(self, as_officer: Client) -> None:
        listing = as_officer.get("/performance/findings/").context["listing"]
        rows = list(listing.rows())
        assert rows[0].cells[0].content == "总分不符"
        assert "cell=%2Ftotal%2Fscore#finding-" in (rows[0].cells[0].url or "")

    @pytest.mark.parametrize("query", ["level=error", "code=TOTAL_WRONG", "year=2020", "doubtful=no", "printing=first"])
    @pytest.mark.usefixtures("batch")
    def test_filters_narrow(self, query: str, as_officer: Client) -> None:
        everything = as_officer.get("/performance/findings/").context["listing"].count
        narrowed = as_officer.get(f"/performance/findings/?{query}").context["listing"].count
        assert 0 < narrowed <= everything

    @pytest.mark.usefixtures("batch")
    def test_sorts_by_every_sortable_column(self, as_officer: Client) -> None:
        listing = as_officer.get("/performance/findings/").context["listing"]
        for column in listing.spec.columns:
            assert as_officer.get(f"/performance/findings/?sort={column.key}&columns=basis").status_code == 200


class TestBatches:
    @pytest.mark.usefixtures("batch")
    def test_filters_by_progress(self, as_officer: Client) -> None:
        counts = {
            state: as_officer.get(f"/performance/batches/?state={state}").context["listing"].count
            for state in ("waiting", "failed", "done")
        }
        assert counts == {"waiting": 0, "failed": 0, "done": 1}

    def test_the_files_of_a_batch_can_be_filtered(self, batch: Batch, as_officer: Client) -> None:
        page = as_officer.get(f"/performance/batches/{batch.pk}/?verdict=error")
        assert page.context["listing"].count == 0
