"""A house of its own for a bench: settings in a folder, nothing of the developer's own read or written."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from secrets import token_hex
from urllib.parse import urlsplit, urlunsplit

import django
import psycopg
from psycopg import sql

from chengshu.config import env


def enter_house(folder: Path, **settings: str) -> None:
    """Let this process and its children work in the folder's house, with more settings if need be; once a process."""
    house = {
        "CHENGSHU_VAR_DIR": str(folder),
        "CHENGSHU_LOG_LEVEL": "ERROR",
        "DJANGO_SETTINGS_MODULE": "chengshu.config.settings",
    }
    os.environ.update(house | settings)  # noqa: TID251 - of this process and its children
    django.setup()


@contextmanager
def open_empty_house() -> Iterator[Path]:
    """Enter an empty house in a folder that vanishes; on a server, in a database of its own that vanishes too."""
    given = env.read(env.DATABASE_URL)
    with tempfile.TemporaryDirectory() as folder:
        if not given.startswith("postgres"):
            enter_house(Path(folder))
            yield Path(folder)
            return
        with _own_database(given) as address:
            enter_house(Path(folder), DATABASE_URL=address)
            yield Path(folder)


@contextmanager
def _own_database(server: str) -> Iterator[str]:
    """Create a database on the server, so that one bench never finds what another left, and drop it afterwards."""
    name = f"chengshu_bench_{token_hex(4)}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        try:
            yield urlunsplit(urlsplit(server)._replace(path=f"/{name}"))
        finally:
            connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))
