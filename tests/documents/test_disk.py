"""Files on the disk: odd names can be written, and what is no plain file is refused instead of waited for."""

import os
from pathlib import Path

import pytest

from chengshu.documents.disk import load_file, name_file
from chengshu.documents.errors import DocumentError, DocumentTooLarge
from chengshu.documents.limits import Limits


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ("表.txt".encode(), "表.txt"),
        ("表.txt".encode("gb18030"), "表.txt"),
        (b"a\xff\xff.txt", "a\\xff\\xff.txt"),
        ("甲\n乙\x1b.txt".encode(), "甲乙.txt"),
    ],
)
def test_every_name_can_be_written(raw: bytes, shown: str) -> None:
    name = name_file(Path(os.fsdecode(raw)))
    assert name == shown
    assert name.encode("utf-8")


def test_a_pipe_is_refused_at_once(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "管道.txt")
    with pytest.raises(DocumentError, match="不是普通文件"):
        load_file(tmp_path / "管道.txt", limits=Limits())


def test_a_folder_and_a_device_are_refused(tmp_path: Path) -> None:
    for path in (tmp_path, Path("/dev/zero")):
        with pytest.raises(DocumentError, match="不是普通文件"):
            load_file(path, limits=Limits())


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(DocumentError, match="不存在"):
        load_file(tmp_path / "无.txt", limits=Limits())


def test_a_large_file_is_refused_before_it_is_read(tmp_path: Path) -> None:
    (tmp_path / "大.txt").write_bytes(b"x" * 11)
    with pytest.raises(DocumentTooLarge):
        load_file(tmp_path / "大.txt", limits=Limits(file_bytes=10))


def test_a_plain_file_gives_its_bytes(tmp_path: Path) -> None:
    (tmp_path / "表.txt").write_bytes("表".encode())
    assert load_file(tmp_path / "表.txt", limits=Limits()).decode() == "表"
