"""Every page by every role: what is yours opens, what is not does not exist, nobody unknown comes in."""

import pytest
from django.test import Client
from django.urls import reverse

from chengshu.kernel.accounts.facade import User
from chengshu.performance.facade import Batch, FormRecord
from chengshu.performance.ui.urls.forms import urlpatterns

SHARED = ("dashboard", "upload", "batches", "forms", "findings", "rules")
OF_BATCH = {
    "batch": (),
    "batch-delete": (),
    "batch-report": ("html",),
}
OF_FORM = {
    "form": (),
    "form-compare": (),
    "form-download": ("json",),
    "form-report": ("html",),
}
OF_JOB = ("report",)  # only for the one who asked: test_operations_reports
POSTS = (
    "batch-report-make",
    "batch-resume",
    "batch-recheck",
    "batch-rename",
    "batch-restore",
    "form-correct",
    "correction-undo",
)


def _pages(form: FormRecord) -> dict[str, str]:
    pages = {name: reverse(f"performance:{name}") for name in SHARED}
    pages |= {name: reverse(f"performance:{name}", args=[form.batch_id, *rest]) for name, rest in OF_BATCH.items()}
    pages |= {name: reverse(f"performance:{name}", args=[form.pk, *rest]) for name, rest in OF_FORM.items()}
    pages["chart"] = f"{reverse('performance:chart', args=['codes'])}?batch={form.batch_id}"
    pages["file-original"] = reverse("performance:file-original", args=[form.source_file_id])
    pages["compare"] = f"{reverse('performance:compare')}?form={form.pk}"
    pages["rule-set"] = reverse("performance:rule-set", args=["shanghai-2020"])
    return pages


def _open(client: Client, address: str) -> int:
    answer = client.get(address, follow=True)
    b"".join(answer)  # a file is closed once it has been read to its end
    return answer.status_code


def test_the_matrix_covers_every_address(form: FormRecord) -> None:
    assert {pattern.name for pattern in urlpatterns} == {*_pages(form), *POSTS, *OF_JOB}


@pytest.mark.django_db
class TestPages:
    @pytest.mark.parametrize("role", ["officer", "reviewer", "admin"])
    def test_open_for_the_owner_and_for_those_who_see_all(
        self, role: str, form: FormRecord, client: Client, request: pytest.FixtureRequest
    ) -> None:
        client.force_login(request.getfixturevalue(role))
        answers = {name: _open(client, address) for name, address in _pages(form).items()}
        assert set(answers.values()) == {200}, answers

    def test_of_somebody_else_do_not_exist(self, form: FormRecord, reviewer: User, as_officer: Client) -> None:
        Batch.objects.filter(pk=form.batch_id).update(owner=reviewer)
        hidden = {*OF_BATCH, *OF_FORM, "chart", "compare", "file-original"}
        answers = {
            name: as_officer.get(address).status_code for name, address in _pages(form).items() if name in hidden
        }
        assert set(answers.values()) == {404}, answers

    def test_of_somebody_else_are_in_no_list(self, form: FormRecord, reviewer: User, as_officer: Client) -> None:
        Batch.objects.filter(pk=form.batch_id).update(owner=reviewer)
        for name in ("forms", "findings", "batches", "dashboard"):
            page = as_officer.get(reverse(f"performance:{name}"))
            assert form.project not in page.content.decode()

    def test_ask_for_a_login(self, form: FormRecord, client: Client) -> None:
        for address in _pages(form).values():
            answer = client.get(address)
            assert answer.status_code == 302
            assert answer["Location"].startswith("/login/")

    def test_that_change_something_take_no_get(self, form: FormRecord, as_officer: Client) -> None:
        for name in POSTS:
            args = [form.pk, 1] if name == "correction-undo" else [form.pk]
            assert as_officer.get(reverse(f"performance:{name}", args=args)).status_code == 405

    def test_that_change_something_do_not_exist_for_others(
        self, form: FormRecord, reviewer: User, as_officer: Client
    ) -> None:
        Batch.objects.filter(pk=form.batch_id).update(owner=reviewer)
        for name in ("batch-resume", "batch-recheck", "batch-rename", "batch-restore", "batch-delete"):
            address = reverse(f"performance:{name}", args=[form.batch_id])
            assert as_officer.post(address, {"name": "x"}).status_code == 404
        correction = {"cell": "/total/score", "value": "1", "seen": "95"}
        assert as_officer.post(reverse("performance:form-correct", args=[form.pk]), correction).status_code == 404

    @pytest.mark.parametrize("address", ["forms/999999999999999999999/", "batches/0/", "rules/none/", "charts/none/"])
    def test_unknown_ids_are_not_found(self, address: str, as_officer: Client) -> None:
        assert as_officer.get(f"/performance/{address}").status_code == 404
