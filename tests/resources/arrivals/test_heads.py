"""What is too large is refused with the limit and other ways; its head is kept of who may hand in there, of nobody else."""

import io
import json

import pytest
from conftest import NOW
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django import Settings
from resources.catalogue.town import Town, found_town
from resources.collection.sources import a_source

from chengshu.kernel.files.facade import StoredFile, get_path
from chengshu.kernel.grants.facade import PermissionRefused
from chengshu.resources.facade import collection
from chengshu.resources.facade.arrivals import HEAD_KEPT, RefusedArrival
from chengshu.resources.models import DataSource, Delivery

pytestmark = pytest.mark.django_db
LIMIT = 2 * HEAD_KEPT
LARGE = b"djbh,xm\n" + b"1,a\n" * (LIMIT // 4)
WAYS = ("CHENGSHU_MAX_FILE_MB", "直接读取来源库", "2 MB")


@pytest.fixture
def town() -> Town:
    return found_town()


@pytest.fixture
def source(town: Town) -> DataSource:
    return a_source(town)


@pytest.fixture(autouse=True)
def _small_limit(settings: Settings) -> None:
    settings.FILES_MAX_BYTES = LIMIT


def _only_head(kept: RefusedArrival, content: bytes, size: int) -> None:
    assert (kept.is_cut, kept.size, kept.not_kept) == (True, size, "")
    assert get_path(kept.file).read_bytes() == content[:HEAD_KEPT]


def _push(client: Client, source: DataSource, length: int | None = None) -> tuple[int, str]:
    more = {} if length is None else {"CONTENT_LENGTH": str(length)}
    page = f"/api/v1/sources/{source.pk}/deliveries"
    answer = client.post(page, LARGE, content_type="text/csv", **more)  # type: ignore[arg-type]
    return answer.status_code, answer.content.decode()


def test_an_upload_that_is_too_large_leaves_its_head(client: Client, town: Town, source: DataSource) -> None:
    client.force_login(town.operator)
    file = SimpleUploadedFile("登记.csv", LARGE + b"x" * 32 * HEAD_KEPT)
    page = client.post(f"/resources/sources/{source.pk}/send/", {"file": file}, follow=True).content.decode()
    assert all(way in page for way in WAYS)
    kept = RefusedArrival.objects.get()
    assert (kept.kind, kept.name, kept.subject) == ("file", "登记.csv", f"source:{source.pk}")
    _only_head(kept, LARGE, len(LARGE) + 32 * HEAD_KEPT)
    assert not Delivery.objects.exists()
    told = client.get("/resources/arrivals/").content.decode()
    assert all(word in told for word in ("只留了开头 1 MB", "交付的文件", "CHENGSHU_MAX_FILE_MB"))


def test_a_push_that_is_too_large_leaves_its_head_and_says_what_to_do(
    client: Client, town: Town, source: DataSource
) -> None:
    client.force_login(town.operator)
    push = collection.Push(io.BytesIO(LARGE).read, "text/csv", "", 40 * HEAD_KEPT)
    with pytest.raises(collection.PushTooLarge) as refused:
        collection.receive_push(source, push, actor=town.operator, now=NOW)
    assert all(way in refused.value.message for way in WAYS)
    _only_head(RefusedArrival.objects.get(), LARGE, 40 * HEAD_KEPT)


def test_of_who_may_not_deliver_nothing_is_read_and_nothing_kept(town: Town, source: DataSource) -> None:
    def read(_most: int) -> bytes:
        raise AssertionError("nothing is read")

    push = collection.Push(read, "text/csv", "", 40 * HEAD_KEPT)
    for stranger in (town.other, town.reader):
        with pytest.raises(PermissionRefused):
            collection.receive_push(source, push, actor=stranger, now=NOW)
        with pytest.raises(PermissionRefused):
            collection.receive_file(source, LARGE, name="登记.csv", actor=stranger, now=NOW)
    assert not RefusedArrival.objects.exists()
    assert not StoredFile.objects.exists()


def test_what_nobody_has_logged_in_for_leaves_nothing(client: Client, source: DataSource) -> None:
    assert _push(client, source)[0] == 401
    body = json.dumps({"x": "y" * 3 * HEAD_KEPT})
    assert client.post("/api/v1/lineage", body, content_type="application/json").status_code == 401
    assert not RefusedArrival.objects.exists()
    assert not StoredFile.objects.exists()


def test_events_that_are_too_large_to_be_read_leave_their_head(client: Client, town: Town, settings: Settings) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = LIMIT
    body = json.dumps({"x": "y" * 3 * HEAD_KEPT}).encode()
    for person, status, kept in ((town.reader, 413, 0), (town.operator, 413, 1)):
        client.force_login(person)
        answer = client.post("/api/v1/lineage", body, content_type="application/json")
        assert (answer.status_code, RefusedArrival.objects.count()) == (status, kept)
        assert "最多 2 MB" in answer.json()["detail"]
    _only_head(RefusedArrival.objects.get(), body, len(body))
