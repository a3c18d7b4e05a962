"""What the tests of the invented city share."""

from pathlib import Path

import pytest
from pytest_django import Settings
from resources.catalogue.town import Town, found_town


@pytest.fixture(autouse=True)
def _own_lake(settings: Settings, tmp_path: Path) -> None:
    settings.LAKE_ROOT = tmp_path / "lake"
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}


@pytest.fixture
def town(db: None) -> Town:
    return found_town()
