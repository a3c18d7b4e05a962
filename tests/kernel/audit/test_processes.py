"""Several processes and dying ones: the chain neither forks nor loses a link."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.db import connection

from chengshu.kernel.accounts.facade import User
from chengshu.kernel.audit import facade as audit
from chengshu.kernel.audit.facade import Verification
from chengshu.kernel.audit.models import Entry, Link
from chengshu.kernel.audit.worker import Keeper

PROCESSES, WRITES = 4, 200
_START = """
import os, signal, sys, django
django.setup()
from datetime import UTC, datetime
from django.db import transaction
from chengshu.kernel.accounts.facade import User
from chengshu.kernel.audit import facade as audit
now = datetime(2024, 3, 15, 6, 5, tzinfo=UTC)
"""
_WRITE = """
actor = User.objects.get()
for number in range(int(sys.argv[1])):
    with transaction.atomic():
        audit.record(actor, "tests.write", f"process:{os.getpid()}", now=now, details={"number": number})
"""
_DIE_BEFORE_LINK = """
audit.record(None, "tests.write", "process:1", now=now)
with transaction.atomic():
    transaction.on_commit(lambda: os.kill(os.getpid(), signal.SIGKILL))
    audit.record(None, "tests.write", "process:2", now=now)
    audit.record(None, "tests.write", "process:3", now=now)
"""
_DIE_IN_LINKING = """
from chengshu.kernel.audit.operations import linking
class Dying:
    @staticmethod
    def bulk_create(links):
        linking_objects.bulk_create(links)
        os.kill(os.getpid(), signal.SIGKILL)
    def __getattr__(self, name):
        return getattr(linking_objects, name)
linking_objects = linking.Link.objects
audit.record(None, "tests.write", "process:1", now=now)
linking.Link.objects = Dying()
audit.record(None, "tests.write", "process:2", now=now)
"""
Start = Callable[..., "subprocess.Popen[str]"]


@pytest.fixture
def start(transactional_db: None, tmp_path: Path) -> Iterator[Start]:
    """Start a process of the program on the database of the test."""
    started = []

    def _start(script: str, *arguments: str) -> subprocess.Popen[str]:
        environment = {
            "PATH": os.defpath,
            "DATABASE_URL": _database_url(),
            "CHENGSHU_VAR_DIR": str(tmp_path / "var"),
            "DJANGO_SETTINGS_MODULE": "chengshu.config.settings",
        }
        command = [sys.executable, "-c", _START + script, *arguments]
        process = subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True)
        started.append(process)
        return process

    yield _start
    for process in started:
        if process.poll() is None:
            process.kill()
        process.communicate()


def _database_url() -> str:
    place = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{place['NAME']}"
    return "postgresql://{USER}:{PASSWORD}@{HOST}:{PORT}/{NAME}".format(**place)


def test_four_processes_make_one_chain(start: Start, officer: User, check: Callable[[], Verification]) -> None:
    processes = [start(_WRITE, str(WRITES)) for _ in range(PROCESSES)]
    faults = [process.communicate(timeout=300)[1] for process in processes]
    assert [process.returncode for process in processes] == [0] * PROCESSES, faults
    assert check() == Verification(entries=PROCESSES * WRITES, heads=0, pending=0, sealed=0, broken=None)
    assert Entry.objects.filter(actor=officer).values("subject").distinct().count() == PROCESSES


@pytest.mark.parametrize(("script", "kept", "linked"), [(_DIE_BEFORE_LINK, 3, 1), (_DIE_IN_LINKING, 2, 1)])
def test_a_killed_process_leaves_a_chain_that_the_next_worker_completes(
    start: Start, check: Callable[[], Verification], now: datetime, script: str, kept: int, linked: int
) -> None:
    process = start(script)
    process.communicate(timeout=120)
    assert process.returncode == -signal.SIGKILL
    assert (Entry.objects.count(), Link.objects.count()) == (kept, linked)
    assert check() == Verification(entries=kept, heads=0, pending=kept - linked, sealed=0, broken=None)
    Keeper()(now)
    audit.record(None, "tests.write", "process:4", now=now)
    assert check() == Verification(entries=kept + 1, heads=0, pending=0, sealed=0, broken=None)


def test_what_is_sealed_after_a_crash_holds(start: Start, check: Callable[[], Verification], now: datetime) -> None:
    start(_DIE_BEFORE_LINK).communicate(timeout=120)
    Keeper()(now + timedelta(days=1))
    assert check() == Verification(entries=3, heads=1, pending=0, sealed=3, broken=None)
