"""From an empty folder to a running site that ends when it is told to."""

import json
import os
import re
import shutil
import signal
import socket
import sqlite3
import stat
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing
from http.client import HTTPConnection
from pathlib import Path

import empty_database
import pytest

CHENGSHU = [sys.executable, "-m", "chengshu"]
PATIENCE_SECONDS = 150.0


def _run(house: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([*CHENGSHU, *arguments], env=house, capture_output=True, text=True, check=False)


def _wait(condition: Callable[[], bool], what: str) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not condition():
        assert time.monotonic() < deadline, f"waited in vain for {what}"
        time.sleep(0.2)  # a process is waited for, there is nothing to be told by


def _is_healthy(house: dict[str, str]) -> bool:
    return _run(house, "health").returncode == 0


def _children(pid: int, command: str) -> list[int]:
    """Return the processes below `pid` whose command line holds `command`."""
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            parent = int(re.search(r"PPid:\s+(\d+)", (entry / "status").read_text())[1])  # type: ignore[index]  # always there
            line = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode()
        except OSError:
            continue
        if parent == pid and command in line:
            found.append(int(entry.name))
    return found


def _count_papers(house: dict[str, str]) -> Counter[tuple[str, str]]:
    """Count papers, deliveries, checks and issues by table and state."""
    counted: Counter[tuple[str, str]] = Counter()
    with closing(sqlite3.connect(Path(house["CHENGSHU_VAR_DIR"]) / "chengshu.sqlite3")) as database:
        papers = [f"performance_{name}" for name in ("goalsheet", "monitoringsheet", "evaluation", "review")]
        data = [f"resources_{name}" for name in ("delivery", "checkrun", "qualityissue")]
        for table in (*papers, *data):
            counted.update((table, state) for (state,) in database.execute(f"SELECT state FROM {table}"))
        for _row in database.execute("SELECT 1 FROM performance_publication"):
            counted["performance_publication", ""] += 1
    return counted


@pytest.fixture(scope="session")
def first(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """Prepare the demonstration once, for the tests to copy: the folder, and what was printed."""
    folder, examples = tmp_path_factory.mktemp("first"), tmp_path_factory.mktemp("examples")
    house = {"PATH": os.defpath, "CHENGSHU_VAR_DIR": str(folder), "CHENGSHU_EXAMPLES_DIR": str(examples)}
    empty_database.copy_kept(folder / "chengshu.sqlite3")  # tests of the audit begin without any table
    result = _run(house, "demo", "--prepare-only")
    assert result.returncode == 0, result.stderr
    return folder, result.stdout


@pytest.fixture
def prepared(house: dict[str, str], first: tuple[Path, str]) -> dict[str, str]:
    shutil.copytree(first[0], house["CHENGSHU_VAR_DIR"], dirs_exist_ok=True)
    return house


@pytest.fixture
def server(prepared: dict[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen([*CHENGSHU, "serve"], env=prepared)
    try:
        _wait(lambda: _is_healthy(prepared), "a healthy server")
        yield process
    finally:
        process.terminate()
        process.wait(timeout=PATIENCE_SECONDS)


class TestDemo:
    def test_prints_the_same_accounts_each_time(self, prepared: dict[str, str], first: tuple[Path, str]) -> None:
        second = _run(prepared, "demo", "--prepare-only").stdout
        accounts = [re.findall(r"^  (\w+) +口令 (\w+)", said, re.MULTILINE) for said in (first[1], second)]
        assert len(accounts[0]) == 12
        assert accounts[0] == accounts[1]

    def test_leads_papers_through_their_years_once(self, prepared: dict[str, str]) -> None:
        before = _count_papers(prepared)
        assert _run(prepared, "demo", "--prepare-only").returncode == 0
        assert _count_papers(prepared) == before
        assert before["performance_goalsheet", "approved"] == 8
        assert before["performance_goalsheet", "submitted"] == 1
        assert before["performance_evaluation", "approved"] == 5
        assert before["performance_evaluation", "draft"] == 2
        assert before["performance_review", "issued"] == 1
        assert before["performance_publication", ""] >= 4
        assert before["resources_qualityissue", "rectified"] > before["resources_qualityissue", "open"] > 0
        assert before["resources_delivery", "taken"] >= 10
        assert {state for table, state in before if table == "resources_checkrun"} == {"done"}

    def test_leaves_an_audit_trail_that_verifies(self, prepared: dict[str, str]) -> None:
        verified = json.loads(_run(prepared, "audit", "verify", "--json").stdout)
        assert verified["broken"] is None
        assert verified["entries"] > 500

    def test_keeps_the_passwords_for_this_user_alone(self, prepared: dict[str, str]) -> None:
        path = Path(prepared["CHENGSHU_VAR_DIR"]) / "demo_accounts.json"
        assert stat.S_IMODE(path.stat().st_mode) == 0o600


@pytest.mark.skipif(not Path("/proc").is_dir(), reason="looks at processes through /proc")
class TestServe:
    @pytest.mark.usefixtures("server")
    def test_serves_pages_and_hashed_static_files(self, prepared: dict[str, str]) -> None:
        connection = HTTPConnection("127.0.0.1", int(prepared["CHENGSHU_PORT"]), timeout=10)
        connection.request("GET", "/login/")
        html = connection.getresponse().read().decode()
        styles = re.findall(r'href="(/static/[^"]+\.css)"', html)
        assert all(re.search(r"\.[0-9a-f]{12}\.css$", style) for style in styles)
        connection.request("GET", styles[0])
        response = connection.getresponse()
        assert response.status == 200
        assert "immutable" in response.headers["Cache-Control"]
        connection.close()

    def test_restarts_a_dead_worker_and_ends_both_on_request(
        self, server: subprocess.Popen[bytes], prepared: dict[str, str]
    ) -> None:
        (worker,) = _children(server.pid, "run_worker")
        os.kill(worker, signal.SIGKILL)
        _wait(lambda: _children(server.pid, "run_worker") not in ([], [worker]), "a new worker")
        server.send_signal(signal.SIGTERM)
        assert server.wait(timeout=PATIENCE_SECONDS) == 0
        assert not _is_healthy(prepared)


def test_serve_refuses_a_port_that_is_taken(house: dict[str, str]) -> None:
    with socket.create_server(("127.0.0.1", int(house["CHENGSHU_PORT"]))):
        result = _run(house, "serve")
    assert result.returncode == 1
    assert "--port" in result.stderr
