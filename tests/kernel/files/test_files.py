"""Files are kept by their content, once, whole or not at all."""

import io
from datetime import datetime
from pathlib import Path

import pytest
from pytest_django import Settings

from chengshu.kernel.accounts.facade import User
from chengshu.kernel.files.facade import (
    FileContentMissing,
    FileEmpty,
    FileTooLarge,
    StoredFile,
    get_path,
    open_file,
    store_file,
)


def _kept(root: Path) -> list[Path]:
    return [path for path in root.rglob("*") if path.is_file()]


class TestStoreFile:
    def test_gives_back_the_same_bytes(self, officer: User, now: datetime) -> None:
        stored = store_file(b"\x00self-evaluation", name="a.pdf", owner=officer, now=now)
        with open_file(stored) as file:
            assert file.read() == b"\x00self-evaluation"

    def test_takes_a_stream(self, officer: User, now: datetime) -> None:
        stored = store_file(io.BytesIO(b"x" * 3_000_000), name="a.pdf", owner=officer, now=now)
        assert stored.size == get_path(stored).stat().st_size == 3_000_000

    def test_keeps_equal_contents_once(self, officer: User, now: datetime, settings: Settings) -> None:
        for name in ("a.pdf", "b.pdf"):
            store_file(b"same", name=name, owner=officer, now=now)
        assert len(_kept(settings.FILES_ROOT)) == 1
        assert StoredFile.objects.count() == 2

    @pytest.mark.parametrize("name", ["../../etc/passwd", "C:\\forms\\passwd", "/passwd"])
    def test_drops_folders_from_the_name(self, officer: User, now: datetime, name: str) -> None:
        assert store_file(b"x", name=name, owner=officer, now=now).name == "passwd"

    def test_refuses_too_many_bytes_and_leaves_nothing(self, officer: User, now: datetime, settings: Settings) -> None:
        settings.FILES_MAX_BYTES = 10
        with pytest.raises(FileTooLarge):
            store_file(b"x" * 11, name="a.pdf", owner=officer, now=now)
        assert _kept(settings.FILES_ROOT) == []
        assert not StoredFile.objects.exists()

    def test_refuses_an_empty_file(self, officer: User, now: datetime) -> None:
        with pytest.raises(FileEmpty):
            store_file(b"", name="a.pdf", owner=officer, now=now)


class TestOpenFile:
    def test_says_when_the_content_is_gone(self, officer: User, now: datetime) -> None:
        stored = store_file(b"x", name="a.pdf", owner=officer, now=now)
        get_path(stored).unlink()
        with pytest.raises(FileContentMissing):
            open_file(stored)
