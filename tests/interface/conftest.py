"""The world that programs ask about."""

from pathlib import Path

import pytest
from django.core.cache import cache
from pytest_django import Settings
from web.world import World, build_world


@pytest.fixture(autouse=True)
def _own_lake(settings: Settings, tmp_path: Path) -> None:
    settings.LAKE_ROOT = tmp_path / "lake"


@pytest.fixture
def world(db: None) -> World:
    cache.clear()
    return build_world()
