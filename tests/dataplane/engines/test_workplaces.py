"""Folders of work: gone with the work, swept after a `kill -9`, left alone while their process lives."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from chengshu.dataplane.engines.choosing import EngineChoice
from chengshu.dataplane.engines.workplaces import sweep_work, work_folder

WORKING = """
import sys
from pathlib import Path
from chengshu.dataplane.engines.workplaces import work_folder
with work_folder(Path(sys.argv[1])) as folder:
    (folder / "rows").mkdir()
    (folder / "rows" / "1.parquet").write_bytes(b"x")
    print(folder, flush=True)
    sys.stdin.read()
"""
SWEEPING = """
import sys
from pathlib import Path
from chengshu.dataplane.engines.workplaces import sweep_work
print(sweep_work(Path(sys.argv[1])))
"""


@contextmanager
def _working(place: Path) -> Iterator[tuple["subprocess.Popen[str]", Path]]:
    """Have a process work in a folder until it is told to end."""
    command = [sys.executable, "-c", WORKING, str(place)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield process, Path(process.stdout.readline().strip())
        finally:
            process.kill()


def test_what_a_killed_process_left_is_swept(tmp_path: Path) -> None:
    with _working(tmp_path) as (process, folder):
        assert (folder / "rows" / "1.parquet").exists()
        process.send_signal(signal.SIGKILL)
        process.wait(60)
        assert folder.exists()
    assert (sweep_work(tmp_path), list(tmp_path.iterdir())) == (1, [])


def test_what_lives_is_left_alone_by_every_process(tmp_path: Path) -> None:
    with _working(tmp_path) as (process, folder), work_folder(tmp_path) as ours:
        assert sweep_work(tmp_path) == 0
        other = subprocess.run(
            [sys.executable, "-c", SWEEPING, str(tmp_path)], check=True, capture_output=True, text=True
        )
        assert (other.stdout.strip(), folder.is_dir(), ours.is_dir()) == ("0", True, True)
        process.communicate("", timeout=60)
        assert not folder.exists()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("hours", "swept"), [(1, 0), (25, 1)])
def test_another_machine_s_is_left_until_it_was_quiet_for_a_day(tmp_path: Path, hours: int, swept: int) -> None:
    mark, folder = tmp_path / "chengshu-elsewhere.1.lock", tmp_path / "chengshu-elsewhere.1"
    folder.mkdir()
    file = folder / "spill.tmp"
    for one in (mark, file):
        one.touch()
        at = one.stat().st_mtime - hours * 3600
        os.utime(one, (at, at))
    assert (sweep_work(tmp_path), folder.exists()) == (swept, not swept)


def test_what_is_no_folder_of_work_stays(tmp_path: Path) -> None:
    (tmp_path / "chengshu-mine").mkdir()
    (tmp_path / "notes.lock").touch()
    assert (sweep_work(tmp_path), len(list(tmp_path.iterdir()))) == (0, 2)
    assert sweep_work(tmp_path / "nowhere") == 0


def test_an_engine_works_in_its_place_and_leaves_nothing(tmp_path: Path) -> None:
    with EngineChoice(work=tmp_path / "work").opened() as engine:
        assert engine.work is not None
        assert engine.work.parent == tmp_path / "work"
    assert list((tmp_path / "work").iterdir()) == []


def test_a_work_that_fails_leaves_nothing(tmp_path: Path) -> None:
    def fail() -> None:
        with work_folder(tmp_path) as folder:
            (folder / "x").touch()
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert list(tmp_path.iterdir()) == []
