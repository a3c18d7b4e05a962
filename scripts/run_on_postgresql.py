"""Run a command with `DATABASE_URL` naming a PostgreSQL server that is made for it and vanishes after it.

    python scripts/run_on_postgresql.py python -m pytest tests/kernel

Needs PostgreSQL's server programs (Debian: `postgresql`). As root the server runs as the user `postgres`, because it
refuses to run as root.
"""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from chengshu.config import env

USER, PASSWORD, DATABASE = "chengshu", "chengshu", "postgres"  # of a server that only this machine reaches, for minutes
SERVER_OPTIONS = (
    "-c listen_addresses=127.0.0.1 -c fsync=off -c full_page_writes=off -c unix_socket_directories={folder} -p {port}"
)


def main() -> int:
    """Start the server, run the command, and return its exit code.

    Without PostgreSQL nothing is run, which is said, and is a failure in continuous integration only.
    """
    if len(sys.argv) < 2:
        print(__doc__, file=sys.stderr)
        return 2
    programs = find_programs()
    if programs is None:
        print(
            "PostgreSQL: NOT RUN, its server programs are not on this machine (Debian: apt-get install postgresql)",
            file=sys.stderr,
        )
        return 1 if env.read(env.CONTINUOUS_INTEGRATION) else 0
    with server(programs) as url:
        return subprocess.run(sys.argv[1:], check=False, env={**os.environ, "DATABASE_URL": url}).returncode


def find_programs() -> Path | None:
    """Return the folder of the newest server programs, or None."""
    initdb = shutil.which("initdb")
    if initdb:
        return Path(initdb).parent
    versions = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    return versions[-1].parent if versions else None


@contextmanager
def server(programs: Path) -> Iterator[str]:
    """Make a server in a folder of its own and give its address; end it and remove the folder afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="chengshu-postgresql-"))
    as_server = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
    if as_server:
        shutil.chown(folder, "postgres")
    data, secret = folder / "data", folder / "secret"
    control = [*as_server, str(programs / "pg_ctl"), "-D", str(data), "-s", "-w"]
    port = unused_port()
    try:
        secret.write_text(PASSWORD)
        secret.chmod(0o644)
        initialise = [
            "-D",
            str(data),
            "-U",
            USER,
            "-A",
            "scram-sha-256",
            "--pwfile",
            str(secret),
            "-E",
            "UTF8",
            "--no-sync",
        ]
        run([*as_server, str(programs / "initdb"), *initialise])
        run([*control, "-o", SERVER_OPTIONS.format(folder=folder, port=port), "-l", str(folder / "log"), "start"])
        yield f"postgresql://{USER}:{PASSWORD}@127.0.0.1:{port}/{DATABASE}"
    finally:
        subprocess.run([*control, "-m", "immediate", "stop"], check=False, cwd="/", capture_output=True)
        shutil.rmtree(folder, ignore_errors=True)


def run(command: list[str]) -> None:
    """Run one step in silence; a failure ends the script with what it said."""
    variables = {"PATH": f"{os.defpath}:/sbin:/usr/sbin", "LC_ALL": "C.UTF-8"}
    result = subprocess.run(command, check=False, cwd="/", env=variables, capture_output=True, text=True)
    if result.returncode != 0:
        sys.exit(f"{command[0]}: {result.stderr}")


def unused_port() -> int:
    """Return a port on which nothing listens now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


if __name__ == "__main__":
    sys.exit(main())
