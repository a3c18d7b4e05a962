"""What the tests of collection share: a town, a lake that vanishes, and a queue that is worked by hand."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.test import override_settings
from pytest_django import Settings
from resources.catalogue.town import Town, found_town


@pytest.fixture(autouse=True)
def _own_lake(settings: Settings, tmp_path: Path) -> Iterator[None]:
    settings.LAKE_ROOT = tmp_path / "lake"
    with override_settings(TASKS={"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}):
        yield


@pytest.fixture
def town(db: None) -> Town:
    return found_town()
