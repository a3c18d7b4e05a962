"""What the tests of processing share: a town, a lake of its own, a queue worked by hand, the marriage register."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.test import override_settings
from pytest_django import Settings
from resources.catalogue.town import Town, found_town
from resources.processing.register import Register, open_register


@pytest.fixture(autouse=True)
def _own_lake(settings: Settings, tmp_path: Path) -> Iterator[None]:
    settings.LAKE_ROOT = tmp_path / "lake"
    with override_settings(TASKS={"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}):
        yield


@pytest.fixture
def town(db: None) -> Town:
    return found_town()


@pytest.fixture
def register(town: Town) -> Register:
    return open_register(town)
