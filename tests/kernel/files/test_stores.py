"""The same promises on the local disk and in an S3 store; and what nobody refers to is swept out."""

import os
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import boto3  # type: ignore[import-untyped]  # it ships no types
import pytest
from django.db import transaction
from moto.server import ThreadedMotoServer
from pytest_django import Settings

from chengshu.kernel.accounts.facade import User
from chengshu.kernel.files.facade import (
    FileContentMissing,
    StoredFile,
    StoreUnreachable,
    Swept,
    open_file,
    store_file,
    sweep_orphans,
)

DAY = timedelta(days=1)


@pytest.fixture(scope="module")
def s3_server() -> Iterator[str]:
    server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"{host}:{port}"
    server.stop()


@pytest.fixture
def bucket(s3_server: str, settings: Settings) -> Iterator[Any]:
    place = boto3.resource(
        "s3",
        endpoint_url=f"http://{s3_server}",
        region_name="us-east-1",
        aws_access_key_id="tests",
        aws_secret_access_key="a/b+c",  # noqa: S106 - of a server that lives for these tests
    )
    found = place.create_bucket(Bucket="chengshu")
    settings.FILES_S3 = f"http://tests:a%2Fb%2Bc@{s3_server}/chengshu/files?region=us-east-1"
    yield found
    found.objects.all().delete()


def _keys(bucket: Any) -> list[str]:
    return [found.key for found in bucket.objects.all()]


class TestS3:
    def test_keeps_equal_contents_once_under_their_digest(self, bucket: Any, officer: User, now: datetime) -> None:
        stored = [store_file(b"same", name=name, owner=officer, now=now) for name in ("a.txt", "b.txt")]
        assert _keys(bucket) == [f"files/{stored[0].sha256}"]

    @pytest.mark.usefixtures("bucket")
    def test_gives_the_content_back_when_this_machine_has_lost_it(
        self, officer: User, now: datetime, settings: Settings
    ) -> None:
        content = os.urandom(9_000_000)
        stored = store_file(content, name="a.bin", owner=officer, now=now)
        shutil.rmtree(settings.FILES_ROOT)
        with open_file(stored) as file:
            assert file.read() == content

    def test_says_when_the_content_is_gone(self, bucket: Any, officer: User, now: datetime, settings: Settings) -> None:
        stored = store_file(b"x", name="a.txt", owner=officer, now=now)
        shutil.rmtree(settings.FILES_ROOT)
        bucket.objects.all().delete()
        with pytest.raises(FileContentMissing):
            open_file(stored)

    def test_says_when_the_store_does_not_answer(self, officer: User, now: datetime, settings: Settings) -> None:
        settings.FILES_S3 = "http://a:b@127.0.0.1:1/chengshu"
        with pytest.raises(StoreUnreachable):
            store_file(b"x", name="a.txt", owner=officer, now=now)
        assert not StoredFile.objects.exists()

    def test_sweeps_out_what_nobody_refers_to(self, bucket: Any, officer: User, now: datetime) -> None:
        kept = store_file(b"kept", name="a.txt", owner=officer, now=now)
        _store_and_undo(officer, now)
        later = datetime.now(UTC)
        assert sweep_orphans(now=later) == Swept(removed=0, young=1)
        assert sweep_orphans(now=later + 2 * DAY) == Swept(removed=1, young=0)
        assert _keys(bucket) == [f"files/{kept.sha256}"]


class TestSweep:
    def test_takes_out_undone_contents_and_leftovers_once_they_are_a_day_old(
        self, officer: User, now: datetime, settings: Settings
    ) -> None:
        kept = store_file(b"kept", name="a.txt", owner=officer, now=now)
        _store_and_undo(officer, now)
        root = Path(settings.FILES_ROOT)
        (root / ".incoming-cut-off").write_bytes(b"half")
        later = datetime.now(UTC)
        assert sweep_orphans(now=later) == Swept(removed=0, young=1)
        assert sweep_orphans(now=later + 2 * DAY) == Swept(removed=2, young=0)
        assert [path.name for path in root.rglob("*") if path.is_file()] == [kept.sha256]

    def test_leaves_what_two_have_when_one_is_gone(self, officer: User, now: datetime) -> None:
        first, second = (store_file(b"same", name=name, owner=officer, now=now) for name in "ab")
        first.delete()
        assert sweep_orphans(now=datetime.now(UTC) + 2 * DAY) == Swept(removed=0, young=0)
        open_file(second).close()


def _store_and_undo(officer: User, now: datetime) -> None:
    with transaction.atomic():
        store_file(b"undone", name="b.txt", owner=officer, now=now)
        transaction.set_rollback(True)
