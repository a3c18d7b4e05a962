"""Database servers of departments, made for these tests and gone after them."""

import importlib.util
import os
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import mariadb
import pytest

SCRIPTS = Path(__file__).parents[3] / "scripts"


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
    if not mariadb.has_programs():
        _say_missing("MariaDB's programs (mariadb-server-core, mariadb-client-core) are not on this machine")
    with mariadb.server() as told:
        yield told
