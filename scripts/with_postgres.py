"""Run a command against a throw-away PostgreSQL: `with_postgres.py COMMAND...`.

Starts a server of its own in a temporary folder on a free loopback port, sets DATABASE_URL, runs the command, stops
the server and removes the folder. Exit code: the command's; 0 with a plain sentence where the machine has no server,
but 1 in CI, where nothing may be skipped.
"""

import os
import pwd
import shutil
import socket
import subprocess
import sys
import tempfile
from pathlib import Path


def find_server_binaries() -> Path | None:
    """Give the folder of the newest installed `postgres`, or None."""
    on_path = shutil.which("postgres")
    if on_path:
        return Path(on_path).parent
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"), key=lambda path: float(path.parts[4]))
    return debian[-1].parent if debian else None


def find_free_port() -> int:
    """Give a loopback port that nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def as_server_user(command: list[str]) -> list[str]:
    """Prefix a command so that it runs as `postgres` when we are root: the server refuses to run as root."""
    return ["runuser", "-u", "postgres", "--", *command] if os.geteuid() == 0 else command


def run_with_server(binaries: Path, folder: Path, command: list[str]) -> int:
    """Start a server in `folder`, run `command` with DATABASE_URL set, stop the server; give the exit code."""
    port = find_free_port()
    data = folder / "data"
    user = "postgres" if os.geteuid() == 0 else pwd.getpwuid(os.geteuid()).pw_name
    control = str(binaries / "pg_ctl")
    options = f"-p {port} -k {folder} -c listen_addresses=127.0.0.1 -c fsync=off -c max_connections=50"
    subprocess.run(
        as_server_user(
            [str(binaries / "initdb"), "-D", str(data), "-A", "trust", "-U", user, "-E", "UTF8", "--locale=C.UTF-8"]
        ),
        check=True,
        stdout=subprocess.DEVNULL,
    )
    subprocess.run(
        as_server_user([control, "-D", str(data), "-l", str(folder / "log"), "-o", options, "-w", "start"]),
        check=True,
        stdout=subprocess.DEVNULL,
    )
    try:
        url = f"postgres://{user}@127.0.0.1:{port}/postgres"
        environment = {**os.environ, "DATABASE_URL": url}
        return subprocess.run(command, check=False, env=environment).returncode
    finally:
        subprocess.run(
            as_server_user([control, "-D", str(data), "-m", "immediate", "stop"]),
            check=False,
            stdout=subprocess.DEVNULL,
        )


def main(command: list[str]) -> int:
    """Run `command` against a temporary server; say plainly when there is none to start."""
    binaries = find_server_binaries()
    if binaries is None:
        print(
            "没有找到 PostgreSQL 服务器，本次只在 SQLite 上测试。安装 Debian 的 postgresql 软件包后可在两种库上测试。"
        )
        return 1 if os.environ.get("CI") == "true" else 0
    with tempfile.TemporaryDirectory(prefix="chengshu-pg-") as name:
        folder = Path(name)
        if os.geteuid() == 0:
            shutil.chown(folder, "postgres")
        return run_with_server(binaries, folder, command)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
