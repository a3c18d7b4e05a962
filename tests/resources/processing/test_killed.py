"""A `kill -9` in the middle of a run: its files are swept, and the run goes on with every row once."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from pytest_django import Settings
from resources.catalogue.town import Town
from resources.collection.test_cuts import database_url
from resources.processing.register import GOOD_ID, Register, open_register, work

from chengshu.dataplane.lake.reading import list_snapshots
from chengshu.resources.facade.deliveries import open_lake
from chengshu.resources.facade.lake import sweep_work
from chengshu.resources.facade.processing import PipelineRun, ProcessingState

KILLED = """
import os, signal, sys
import django
django.setup()
from chengshu.resources.facade.processing_work import carry_out
def tell(stage, done, total):
    if stage == sys.argv[2]:
        os.kill(os.getpid(), signal.SIGKILL)
carry_out(int(sys.argv[1]), tell=tell)
"""


@pytest.fixture
def register(transactional_db: None, town: Town) -> Register:
    return open_register(town)


def _kill(run: PipelineRun, stage: str, folder: Path) -> None:
    """Carry a run out in a process that dies when it tells of a stage."""
    environment = {
        **os.environ,
        "DATABASE_URL": database_url(),
        "CHENGSHU_VAR_DIR": str(folder),
        "CHENGSHU_SECRET_KEY": settings.SECRET_KEY,
        "DJANGO_SETTINGS_MODULE": "chengshu.config.settings",
    }
    command = [sys.executable, "-c", KILLED, str(run.pk), stage]
    ended = subprocess.run(command, check=False, env=environment, timeout=120, capture_output=True, text=True)
    assert ended.returncode == -signal.SIGKILL, ended.stderr


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("stage", ["标准", "未进入"])
def test_a_run_goes_on_and_nothing_is_left_lying(
    register: Register, settings: Settings, tmp_path: Path, stage: str
) -> None:
    settings.WORK_ROOT = tmp_path / "work"
    register.deliver(f"1,王五,{GOOD_ID},2024-01-31", f"2,李四,{GOOD_ID},2024-02-30")
    run = register.begin()
    _kill(run, stage, tmp_path)
    assert list(settings.WORK_ROOT.iterdir())
    sweep_work()
    assert list(settings.WORK_ROOT.iterdir()) == []
    run.refresh_from_db()
    assert (run.state, run.left_out) == (ProcessingState.RUNNING, None)
    done = work(run)
    assert (done.state, set(register.held()), done.left_out_rows.count()) == (ProcessingState.DONE, {"1"}, 1)
    assert len(list_snapshots(open_lake(), register.table)) == 1
