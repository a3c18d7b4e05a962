"""Database servers of departments, made for these tests and gone after them."""

import importlib.util
import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

SCRIPTS = Path(__file__).parents[3] / "scripts"
_STARTING_SECONDS = 30


def _say_missing(reason: str) -> None:
    """Without the server's programs nothing is tested, which is a failure in continuous integration only."""
    if os.environ.get("CI"):
        pytest.fail(reason)
    pytest.skip(reason)


def _load_script() -> ModuleType:
    found = importlib.util.spec_from_file_location("run_on_postgresql", SCRIPTS / "run_on_postgresql.py")
    assert found is not None
    assert found.loader is not None
    module = importlib.util.module_from_spec(found)
    found.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def postgresql_url() -> Iterator[str]:
    script = _load_script()
    programs = script.find_programs()
    if programs is None:
        _say_missing("PostgreSQL's server programs are not on this machine")
    with script.server(programs) as url:
        yield url


@pytest.fixture(scope="session")
def mysql_server() -> Iterator[tuple[str, Path]]:
    """A MariaDB server: its address, and the socket for its own client."""
    program = shutil.which("mariadbd", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
    if program is None or shutil.which("mariadb-install-db") is None:
        _say_missing("MariaDB's programs (mariadb-server-core, mariadb-client-core) are not on this machine")
    assert program is not None
    folder = Path(tempfile.mkdtemp(prefix="chengshu-mariadb-"))
    base = Path(program).parents[1]
    common = [f"--basedir={base}", f"--datadir={folder}/data", "--user=root"]
    install = ["mariadb-install-db", "--no-defaults", *common, "--auth-root-authentication-method=normal"]
    subprocess.run([*install, "--skip-test-db"], check=True, capture_output=True, timeout=120)
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    place = folder / "s"
    listening = ["--bind-address=127.0.0.1", f"--port={port}", f"--socket={place}", f"--pid-file={folder}/pid"]
    quick = ["--innodb-flush-log-at-trx-commit=0", "--innodb-buffer-pool-size=32M", "--skip-log-bin"]
    command = [program, "--no-defaults", *common, *listening, *quick]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as server:
        try:
            _create_city(place)
            yield f"mysql://clerk:p%40ss@127.0.0.1:{port}/city", place
        finally:
            server.kill()
    shutil.rmtree(folder, ignore_errors=True)


def _create_city(place: Path) -> None:
    statements = (
        "CREATE DATABASE city CHARACTER SET utf8mb4; CREATE USER clerk@'127.0.0.1' IDENTIFIED BY 'p@ss'; "
        "GRANT ALL ON city.* TO clerk@'127.0.0.1';"
    )
    command = ["mariadb", "--no-defaults", f"--socket={place}", "-e", statements]
    until = time.monotonic() + _STARTING_SECONDS
    while subprocess.run(command, check=False, capture_output=True).returncode:
        assert time.monotonic() < until, "the server did not start"
