"""Where the tree stands, for the tests that read it as text."""

from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session")
def root() -> Path:
    return ROOT


@pytest.fixture(scope="session")
def source_files(root: Path) -> list[Path]:
    return [path for path in sorted((root / "src" / "chengshu").rglob("*.py")) if "migrations" not in path.parts]


@pytest.fixture(scope="session")
def test_files(root: Path) -> list[Path]:
    return sorted((root / "tests").rglob("*.py"))
