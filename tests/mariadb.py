"""A MariaDB or MySQL server made for tests and gone after them: a department's database `city` that its clerk may read.

It is MariaDB, unless CHENGSHU_TEST_MYSQLD names the program of a MySQL server.
"""

import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_STARTING_SECONDS = 30


def has_programs() -> bool:
    """Tell whether the server's programs (mariadb-server-core, mariadb-client-core) are on this machine."""
    return shutil.which("mariadb") is not None and (
        is_mysql() or (_find_program() is not None and shutil.which("mariadb-install-db") is not None)
    )


def is_mysql() -> bool:
    """Tell whether the server is MySQL."""
    return "CHENGSHU_TEST_MYSQLD" in os.environ


def _find_program() -> str | None:
    if is_mysql():
        return os.environ["CHENGSHU_TEST_MYSQLD"]
    return shutil.which("mariadbd", path=f"{os.environ.get('PATH', '')}:/usr/sbin")


@contextmanager
def server() -> Iterator[tuple[str, Path]]:
    """Run one: its address, and the socket for its own client."""
    program = _find_program()
    assert program is not None
    folder = Path(tempfile.mkdtemp(prefix="chengshu-mariadb-"))
    common = [f"--datadir={folder}/data", "--user=root"]
    if is_mysql():
        common += ["--secure-file-priv="]
        install = [program, "--no-defaults", *common, "--initialize-insecure"]
    else:
        common += [f"--basedir={Path(program).parents[1]}"]
        install = ["mariadb-install-db", "--no-defaults", *common, "--auth-root-authentication-method=normal"]
        install += ["--skip-test-db"]
    subprocess.run(install, check=True, capture_output=True, timeout=120)
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    place = folder / "s"
    listening = ["--bind-address=127.0.0.1", f"--port={port}", f"--socket={place}", f"--pid-file={folder}/pid"]
    quick = ["--innodb-flush-log-at-trx-commit=0", "--innodb-buffer-pool-size=32M", "--skip-log-bin"]
    quick += ["--mysqlx=OFF"] if is_mysql() else []
    command = [program, "--no-defaults", *common, *listening, *quick]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as server:
        try:
            _create_city(place)
            yield f"mysql://clerk:p%40ss@127.0.0.1:{port}/city", place
        finally:
            server.kill()
    shutil.rmtree(folder, ignore_errors=True)


def run_statements(place: Path, statements: str, *, database: str = "") -> bytes:
    """Have statements done by the server's own client, as its master; give what it answers, without column names."""
    command = ["mariadb", "--no-defaults", f"--socket={place}", "--default-character-set=utf8mb4", "-N", database]
    told = [part for part in command if part]
    return subprocess.run(told, check=True, input=statements.encode(), capture_output=True).stdout


def kill_clerk(place: Path) -> None:
    """Cut all connections of the clerk."""
    kills = "SELECT concat('KILL ', id, ';') FROM information_schema.processlist WHERE user = 'clerk'"
    run_statements(place, run_statements(place, kills).decode())


def _create_city(place: Path) -> None:
    statements = (
        "CREATE DATABASE city CHARACTER SET utf8mb4; CREATE USER clerk@'127.0.0.1' IDENTIFIED BY 'p@ss'; "
        "GRANT ALL ON city.* TO clerk@'127.0.0.1';"
    )
    command = ["mariadb", "--no-defaults", f"--socket={place}", "-e", statements]
    until = time.monotonic() + _STARTING_SECONDS
    while subprocess.run(command, check=False, capture_output=True).returncode:
        assert time.monotonic() < until, "the server did not start"
