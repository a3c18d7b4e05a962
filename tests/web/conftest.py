"""One world for all tests of a file: made once, and every test leaves it as it was."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.cache import cache
from django.db import transaction
from django.test import override_settings
from pytest_django import DjangoDbBlocker, Settings
from web.world import World, build_world


@pytest.fixture(scope="module")
def founded(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[World, Path]]:
    """Build the world within a transaction that ends with the file; each test's own lies within it."""
    files = tmp_path_factory.mktemp("files")
    keys = {name: tmp_path_factory.mktemp("keys") for name in ("AUDIT_KEYS_DIR", "OIDC_KEYS_DIR")}
    with django_db_blocker.unblock():
        around = transaction.atomic()
        around.__enter__()
        with override_settings(FILES_ROOT=files, **keys):
            built = build_world()
    try:
        yield built, files
    finally:
        with django_db_blocker.unblock():
            transaction.set_rollback(True)
            around.__exit__(None, None, None)


@pytest.fixture
def world(founded: tuple[World, Path], db: None, settings: Settings) -> World:
    built, files = founded
    settings.FILES_ROOT = files
    cache.clear()
    return built
