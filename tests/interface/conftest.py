"""The world that programs ask about."""

import pytest
from django.core.cache import cache
from web.world import World, build_world


@pytest.fixture
def world(db: None) -> World:
    cache.clear()
    return build_world()
