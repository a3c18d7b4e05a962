"""A file is given to who stored it and to those whom its owners let have it; to nobody else."""

from collections.abc import Iterator
from datetime import date, datetime
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from chengshu.kernel.accounts.facade import User
from chengshu.kernel.audit import facade as audit
from chengshu.kernel.files.facade import OwnerTwice, StoredFile, register_owner, store_file

PERMITTED: set[tuple[int, str]] = set()


def _check(file_id: int, viewer: User, _on: date) -> bool | None:
    return (file_id, viewer.login_name) in PERMITTED or None


register_owner("tests.files", _check)


@pytest.fixture
def stored(officer: User, now: datetime) -> Iterator[StoredFile]:
    yield store_file("<script>数".encode(), name="说明 1.html", owner=officer, now=now)
    PERMITTED.clear()


def _status(client: Client, viewer: User, stored: StoredFile) -> int:
    client.force_login(viewer)
    answer = client.get(reverse("files:download", args=[stored.uuid]))
    if answer.streaming:
        b"".join(answer)  # a file is closed once it has been read to its end
    return answer.status_code


class TestDownload:
    def test_is_saved_and_never_shown(self, client: Client, officer: User, stored: StoredFile) -> None:
        client.force_login(officer)
        answer = client.get(reverse("files:download", args=[stored.uuid]))
        assert b"".join(answer) == "<script>数".encode()
        assert answer["Content-Disposition"].startswith("attachment;")
        assert answer["Content-Type"] == "application/octet-stream"
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert "no-store" in answer["Cache-Control"]
        assert audit.list_all_entries().filter(actor=officer, subject=f"file:{stored.uuid}").exists()

    def test_is_for_whom_an_owner_lets_have_it(self, client: Client, reviewer: User, stored: StoredFile) -> None:
        assert _status(client, reviewer, stored) == 404
        PERMITTED.add((stored.pk, "reviewer"))
        assert _status(client, reviewer, stored) == 200

    def test_is_not_for_administrators_as_such(self, client: Client, admin: User, stored: StoredFile) -> None:
        assert _status(client, admin, stored) == 404

    def test_does_not_tell_what_there_is(self, client: Client, reviewer: User, stored: StoredFile) -> None:
        client.force_login(reviewer)
        answers = [client.get(reverse("files:download", args=[uuid])) for uuid in (stored.uuid, uuid4())]
        assert answers[0].status_code == answers[1].status_code == 404
        assert "说明" not in answers[0].content.decode()


def test_an_owner_answers_once() -> None:
    with pytest.raises(OwnerTwice):
        register_owner("tests.files", lambda _file, _viewer, _on: True)
