"""What the tests of the invented city share."""

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import psycopg
import pytest
from django.db import connection
from pytest_django import Settings
from resources.catalogue.town import Town, found_town


@pytest.fixture(autouse=True)
def _own_lake(settings: Settings, tmp_path: Path) -> None:
    settings.LAKE_ROOT = tmp_path / "lake"
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}


@pytest.fixture
def town(db: None) -> Town:
    return found_town()


@pytest.fixture
def finance_url(db: None) -> Iterator[str]:
    """Where finance keeps its contracts: on the server of the tests where there is one; empty, in a file of its own."""
    if connection.vendor != "postgresql":
        yield ""
        return
    place = connection.settings_dict
    login = f"{quote(place['USER'], safe='')}:{quote(place['PASSWORD'], safe='')}"
    url = f"postgresql://{login}@{place['HOST']}:{place['PORT']}/{place['NAME']}"
    yield url
    with psycopg.connect(url) as server:
        server.execute("DROP TABLE IF EXISTS cght")
