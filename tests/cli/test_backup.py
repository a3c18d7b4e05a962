"""A restore drill: what was backed up comes back whole in an empty house, on both databases; damage is refused."""

import gzip
import hashlib
import io
import json
import os
import re
import secrets
import stat
import subprocess
import sys
import tarfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3  # type: ignore[import-untyped]  # it ships no types
import empty_database
import psycopg
import pytest
from django.db import connection
from moto.server import ThreadedMotoServer

CHENGSHU = [sys.executable, "-m", "chengshu"]
House = dict[str, str]
CONTENTS = (b"what somebody handed in", bytes(range(256)) * 40_000)


def _run(house: House, *arguments: str, code: int = 0) -> str:
    ended = subprocess.run([*CHENGSHU, *arguments], env=house, capture_output=True, text=True, check=False)
    assert ended.returncode == code, ended.stdout + ended.stderr
    return ended.stdout + ended.stderr


@pytest.fixture(scope="module")
def fresh_database() -> Iterator[str]:
    """The address of an empty database on the engine that the tests run on; empty for SQLite."""
    if connection.vendor != "postgresql":
        yield ""
        return
    here = connection.settings_dict
    login = f"{here['USER']}:{here['PASSWORD']}@{here['HOST']}:{here['PORT']}"
    name = f"drill_{secrets.token_hex(4)}"
    with psycopg.connect(f"postgresql://{login}/postgres", autocommit=True) as server:
        server.execute(f'CREATE DATABASE "{name}"')
        yield f"postgresql://{login}/{name}"
        server.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def _house(folder: Path, url: str) -> House:
    (folder / "examples").mkdir(parents=True)
    return {
        "PATH": os.defpath,
        "CHENGSHU_VAR_DIR": str(folder / "var"),
        "CHENGSHU_EXAMPLES_DIR": str(folder / "examples"),
    } | ({"DATABASE_URL": url} if url else {})


def _migrate(house: House) -> None:
    if "DATABASE_URL" not in house:
        empty_database.copy_kept(Path(house["CHENGSHU_VAR_DIR"]) / "chengshu.sqlite3")
    _run(house, "manage", "migrate", "--verbosity", "0")


@pytest.fixture(scope="module")
def lived_in(tmp_path_factory: pytest.TempPathFactory, fresh_database: str) -> House:
    """A house with an account and a kept file; every test leaves it as it was."""
    house = _house(tmp_path_factory.mktemp("old") / "house", fresh_database)
    _migrate(house)
    account = ("fuhe", "--display-name", "林复核", "--role", "reviewer")
    subprocess.run(
        [*CHENGSHU, "manage", "create_account", *account],
        env=house,
        input="correct-horse-battery\ncorrect-horse-battery\n",
        capture_output=True,
        text=True,
        check=True,
    )
    kept = Path(house["CHENGSHU_VAR_DIR"]) / "files" / "ab" / "cd" / ("abcd" + "0" * 60)
    kept.parent.mkdir(parents=True)
    kept.write_bytes(b"what somebody handed in")
    return house


@pytest.fixture(scope="module")
def backup(lived_in: House, tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("kept") / "backup.tar.gz"
    said = _run(lived_in, "backup", str(target))
    found = re.search(r"SHA-256 ([0-9a-f]{64})", said)
    assert found, said
    assert found[1] == hashlib.sha256(target.read_bytes()).hexdigest()
    return target


def _who(house: House) -> str:
    code = (
        "from chengshu.kernel.accounts.models import User;"
        "print('|'.join(f'{u.login_name}:{u.display_name}:{u.password}' for u in User.objects.all()))"
    )
    return _run(house, "manage", "shell", "--no-imports", "-c", code).strip()


@pytest.mark.database
def test_what_was_backed_up_comes_back_whole(lived_in: House, backup: Path, tmp_path: Path) -> None:
    """The same accounts, files and keys in a house where there was nothing before."""
    before = _who(lived_in)
    assert "fuhe:林复核:" in before
    url = lived_in.get("DATABASE_URL", "")
    if url:
        with psycopg.connect(url, autocommit=True) as server:
            server.execute("DROP SCHEMA public CASCADE")
            server.execute("CREATE SCHEMA public")
    new = _house(tmp_path / "new", url)
    _run(new, "restore", str(backup))
    assert _who(new) == before
    old_files, new_files = (Path(house["CHENGSHU_VAR_DIR"]) for house in (lived_in, new))
    for kept in ("secret_key", "files/ab/cd/abcd" + "0" * 60):
        assert (new_files / kept).read_bytes() == (old_files / kept).read_bytes()


@pytest.mark.database
def test_a_lake_in_a_store_is_said_to_be_left_out(lived_in: House, tmp_path: Path) -> None:
    house = {**lived_in, "CHENGSHU_LAKE_S3": "https://key:secret@s3.city/lake"}
    assert "表不在备份中" in _run(house, "backup", str(tmp_path / "house.tar.gz"))
    assert "表不在备份中" not in _run(lived_in, "backup", str(tmp_path / "again.tar.gz"))


def test_records_in_use_are_replaced_only_when_told(lived_in: House, backup: Path) -> None:
    said = _run(lived_in, "restore", str(backup), code=1)
    assert "--replace" in said
    code = "from chengshu.kernel.accounts.models import User; User.objects.update(display_name='改过的')"
    _run(lived_in, "manage", "shell", "--no-imports", "-c", code)
    _run(lived_in, "restore", str(backup), "--replace")
    assert "fuhe:林复核:" in _who(lived_in)


def test_a_backup_is_readable_by_its_owner_alone_and_never_written_over(lived_in: House, backup: Path) -> None:
    assert stat.S_IMODE(backup.stat().st_mode) == 0o600
    before = backup.read_bytes()
    assert "已存在" in _run(lived_in, "backup", str(backup), code=1)
    assert backup.read_bytes() == before
    assert not [path for path in backup.parent.iterdir() if path.name.endswith(".part")]


def _repack(source: Path, target: Path, change: dict[str, bytes | None]) -> None:
    """Write the archive anew with some members changed (bytes) or left out (None)."""
    with tarfile.open(source) as old, tarfile.open(target, "w:gz") as new:
        for member in old:
            stream = old.extractfile(member)
            assert stream
            data = change.get(member.name, stream.read())
            if data is not None:
                member.size = len(data)
                new.addfile(member, io.BytesIO(data))
        for name in change.keys() - set(old.getnames()):
            added = tarfile.TarInfo(name)
            added.size = len(change[name] or b"")
            new.addfile(added, io.BytesIO(change[name] or b""))


def test_a_damaged_backup_is_refused_by_the_place_of_its_damage(lived_in: House, backup: Path, tmp_path: Path) -> None:
    kept = "files/ab/cd/abcd" + "0" * 60
    before = _who(lived_in)
    damages: dict[str, dict[str, bytes | None]] = {
        kept: {kept: b"something else altogether"},
        "database/dump": {"database/dump": None},
        "manifest.json": {"manifest.json": None},
        "files/extra": {"files/extra": b"smuggled in"},
        "../outside": {"../outside": b"smuggled out"},
    }
    for number, (place, change) in enumerate(damages.items()):
        damaged = tmp_path / f"damaged-{number}.tar.gz"
        _repack(backup, damaged, change)
        assert place in _run(lived_in, "restore", str(damaged), "--replace", code=1)
    cut = tmp_path / "cut.tar.gz"
    cut.write_bytes(backup.read_bytes()[:-2000])
    assert "备份" in _run(lived_in, "restore", str(cut), "--replace", code=1)
    (tmp_path / "noise.tar.gz").write_bytes(gzip.compress(secrets.token_bytes(5000)))
    _run(lived_in, "restore", str(tmp_path / "noise.tar.gz"), "--check-only", code=1)
    assert _who(lived_in) == before


def test_a_backup_of_a_newer_program_is_refused(lived_in: House, backup: Path, tmp_path: Path) -> None:
    with tarfile.open(backup) as archive:
        stream = archive.extractfile("manifest.json")
        assert stream
        manifest = json.load(stream)
    manifest["migrations"]["accounts"] = "9999_from_the_future"
    newer = tmp_path / "newer.tar.gz"
    _repack(backup, newer, {"manifest.json": json.dumps(manifest).encode()})
    assert "升级程序" in _run(lived_in, "restore", str(newer), "--replace", code=1)


def test_a_sound_backup_can_be_checked_without_restoring(lived_in: House, backup: Path) -> None:
    assert "备份完整" in _run(lived_in, "restore", str(backup), "--check-only")


@pytest.fixture
def bucket() -> Iterator[Any]:
    """A bucket of an S3 store, with two contents that this machine has never read."""
    server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    place = boto3.resource(
        "s3",
        endpoint_url=f"http://{host}:{port}",
        region_name="us-east-1",
        aws_access_key_id="tests",
        aws_secret_access_key="tests",  # noqa: S106 - of a server that lives for this test
    )
    found = place.create_bucket(Bucket="chengshu")
    for content in CONTENTS:
        found.put_object(Key=f"files/{hashlib.sha256(content).hexdigest()}", Body=content)
    yield found
    server.stop()


class TestFilesInAnS3Store:
    def test_are_in_the_backup_and_come_back_to_the_store_that_is_set_up(self, bucket: Any, tmp_path: Path) -> None:
        house, target = _house(tmp_path / "house", "") | {"CHENGSHU_FILES_S3": _address(bucket)}, tmp_path / "backup"
        _migrate(house)
        _run(house, "backup", str(target))
        assert not list(Path(house["CHENGSHU_VAR_DIR"]).glob("files/??"))  # the cache was left alone
        assert "备份完整" in _run(house, "restore", str(target), "--check-only")
        bucket.objects.all().delete()
        _run(house, "restore", str(target))
        back = {found.key.removeprefix("files/"): found.get()["Body"].read() for found in bucket.objects.all()}
        assert back == {hashlib.sha256(content).hexdigest(): content for content in CONTENTS}
        self._comes_back_to_the_disk_of_a_house_without_one(target, _house(tmp_path / "plain", ""))

    def _comes_back_to_the_disk_of_a_house_without_one(self, target: Path, plain: House) -> None:
        _run(plain, "restore", str(target))
        for content in CONTENTS:
            digest = hashlib.sha256(content).hexdigest()
            kept = Path(plain["CHENGSHU_VAR_DIR"]) / "files" / digest[:2] / digest[2:4] / digest
            assert kept.read_bytes() == content

    def test_are_not_left_out_in_silence(self, lived_in: House, tmp_path: Path) -> None:
        nowhere = lived_in | {"CHENGSHU_FILES_S3": "http://tests:tests@127.0.0.1:9/chengshu/files?region=us-east-1"}
        assert "没有响应" in _run(nowhere, "backup", str(tmp_path / "backup.tar.gz"), code=1)
        assert list(tmp_path.iterdir()) == []


def _address(bucket: Any) -> str:
    host = str(bucket.meta.client.meta.endpoint_url).removeprefix("http://")
    return f"http://tests:tests@{host}/chengshu/files?region=us-east-1"
