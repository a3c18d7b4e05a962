"""What the tests of quality share."""

from pathlib import Path

import pytest
from pytest_django import Settings
from resources.catalogue.town import Town, found_town
from resources.quality.lake import register

from chengshu.resources.models import DataResource


@pytest.fixture(autouse=True)
def _own_lake(settings: Settings, tmp_path: Path) -> None:
    settings.LAKE_ROOT = tmp_path / "lake"


@pytest.fixture
def town(db: None) -> Town:
    return found_town()


@pytest.fixture
def resource(town: Town) -> DataResource:
    return register(town)
