"""Addresses made up by hand: where a login may lead, ids and cells beyond every bound, methods that a page has not."""

import pytest
from django.test import Client
from hostile.conftest import Import
from performance.fakes import a_record, as_bytes

from chengshu.kernel.accounts.facade import User
from chengshu.performance.facade import FormRecord

pytestmark = pytest.mark.django_db

_PASSWORD = "correct-horse-battery"  # noqa: S105 - of accounts that live for one test
_ELSEWHERE = [
    "//evil.example",
    "https://evil.example",
    "http:///evil.example",
    "http:evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "/\t/evil.example",
    "javascript:alert(1)",
    "evil.example",
    "abc",
    "performance:batches",
]


class TestNext:
    @pytest.mark.parametrize("page", _ELSEWHERE)
    def test_preferences_lead_nowhere_else(self, client: Client, page: str) -> None:
        answer = client.post("/preferences/", {"theme": "dark", "next": page})
        assert (answer.status_code, answer["Location"]) == (302, "/")

    @pytest.mark.parametrize("page", _ELSEWHERE)
    def test_a_login_leads_nowhere_else(self, client: Client, officer: User, page: str) -> None:
        posted = {"login_name": officer.login_name, "password": _PASSWORD, "next": page}
        answer = client.post("/login/", posted)
        assert (answer.status_code, answer["Location"]) == (302, "/")

    def test_a_header_cannot_be_smuggled_in(self, client: Client) -> None:
        answer = client.post("/preferences/", {"next": "/performance/\r\nSet-Cookie: a=b"})
        assert answer["Location"] == "/performance/%0D%0ASet-Cookie:%20a=b"
        assert "a" not in answer.cookies


class TestBeyondBounds:
    @pytest.mark.parametrize(
        "address",
        [
            "/performance/batches/{n}/",
            "/performance/batches/{n}/report.pdf",
            "/performance/forms/{n}/",
            "/performance/forms/{n}/form.json",
            "/performance/files/{n}/original/",
            "/performance/compare/?form={n}",
            "/performance/rules/nothing/",
            "/performance/charts/nothing/",
        ],
    )
    @pytest.mark.parametrize("number", ["0", str(2**63), "9" * 40])
    def test_what_is_not_there_is_not_found(self, as_officer: Client, address: str, number: str) -> None:
        assert as_officer.get(address.format(n=number)).status_code == 404

    @pytest.mark.parametrize(
        "query",
        ["page=999999999", "page=-1", "page=" + "9" * 50, "q=%00", "sort=-nothing", "size=7", "columns=,", "year=%00"],
    )
    @pytest.mark.parametrize("listed", ["forms", "findings", "batches"])
    def test_lists_answer_any_state(self, as_officer: Client, import_files: Import, listed: str, query: str) -> None:
        import_files(("甲.jsonl", as_bytes(a_record())))
        assert as_officer.get(f"/performance/{listed}/?{query}").status_code == 200


class TestMethods:
    @pytest.mark.parametrize("action", ["resume", "recheck", "rename", "restore"])
    def test_a_link_changes_no_batch(self, as_officer: Client, import_files: Import, action: str) -> None:
        batch = import_files(("甲.jsonl", as_bytes(a_record())))
        assert as_officer.get(f"/performance/batches/{batch.pk}/{action}/").status_code == 405

    def test_a_link_changes_no_cell(self, as_officer: Client, import_files: Import) -> None:
        form = FormRecord.objects.get(batch=import_files(("甲.jsonl", as_bytes(a_record()))))
        for action in ("correct", "undo/1"):
            assert as_officer.get(f"/performance/forms/{form.pk}/{action}/").status_code == 405

    def test_nothing_is_changed_without_the_forms_key(self, officer: User, import_files: Import) -> None:
        batch = import_files(("甲.jsonl", as_bytes(a_record())), name="原名")
        client = Client(enforce_csrf_checks=True)
        client.force_login(officer)
        for action in ("rename", "delete", "recheck"):
            answer = client.post(f"/performance/batches/{batch.pk}/{action}/", {"name": "改名"})
            assert answer.status_code == 403
        batch.refresh_from_db()
        assert (batch.name, batch.deleted_at) == ("原名", None)
