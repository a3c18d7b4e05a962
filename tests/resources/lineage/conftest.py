"""What the tests of saved lineage share."""

from pathlib import Path

import pytest
from pytest_django import Settings
from resources.catalogue.town import Town, found_town
from resources.lineage.land import Land, build_land


@pytest.fixture(autouse=True)
def _own_lake(settings: Settings, tmp_path: Path) -> None:
    settings.LAKE_ROOT = tmp_path / "lake"


@pytest.fixture
def town(db: None) -> Town:
    return found_town()


@pytest.fixture
def land(town: Town) -> Land:
    return build_land(town)
