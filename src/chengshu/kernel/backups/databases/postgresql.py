"""PostgreSQL: pg_dump and pg_restore, which know everything that a database of theirs holds."""

import os
import shutil
import subprocess
from pathlib import Path

from django.db import connection

from chengshu.kernel.backups.errors import DatabaseToolFailed

_TOLD = 500


class PostgresqlDatabase:
    """A PostgreSQL database; satisfies `contracts.Database`. The password goes by the environment, never by argument."""

    engine = "postgresql"

    def dump(self, target: Path) -> None:
        """Write a dump in the custom format.

        Raises:
            DatabaseToolFailed: pg_dump is missing or failed.
        """
        _run("pg_dump", ["--format=custom", "--no-owner", "--no-privileges", f"--file={target}"])

    def load(self, source: Path) -> None:
        """Replace the tables by those of the dump, in one transaction.

        Raises:
            DatabaseToolFailed: pg_restore is missing or failed; the tables are as they were.
        """
        connection.close()  # our own session would hold locks that the restore waits for
        options = ["--clean", "--if-exists", "--no-owner", "--no-privileges", "--single-transaction"]
        _run("pg_restore", [*options, "--exit-on-error", f"--dbname={connection.settings_dict['NAME']}", str(source)])


def _run(tool: str, arguments: list[str]) -> None:
    found = shutil.which(tool)
    if found is None:
        raise DatabaseToolFailed(
            f"找不到 {tool}。请安装 PostgreSQL 的客户端工具（Debian：postgresql-client）。", tool=tool
        )
    finished = subprocess.run(  # noqa: S603 - the database's own tool, with our arguments
        [found, *arguments], env=_environment(), capture_output=True, text=True, check=False
    )
    if finished.returncode:
        message = finished.stderr.strip()[-_TOLD:]
        raise DatabaseToolFailed(f"{tool} 没有做成：{message}", tool=tool)


def _environment() -> dict[str, str]:
    """Return this process's environment with the settings of the connection as libpq reads them."""
    settings = connection.settings_dict
    given = {
        "PGHOST": settings["HOST"],
        "PGPORT": settings["PORT"],
        "PGUSER": settings["USER"],
        "PGPASSWORD": settings["PASSWORD"],
        "PGDATABASE": settings["NAME"],
        "PGSSLMODE": settings.get("OPTIONS", {}).get("sslmode"),
    }
    inherited = dict(os.environ)  # noqa: TID251 - handed on to a child, not read as settings
    return inherited | {name: str(value) for name, value in given.items() if value}
