"""The examples load once, whole, and are what they say."""

from datetime import datetime
from pathlib import Path

import pytest

from chengshu.kernel.accounts.facade import User
from chengshu.performance.facade import intake, load_examples
from chengshu.performance.models import Batch, FormRecord, SourceFile, Verdict

pytestmark = pytest.mark.django_db

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"


def _load(directory: Path, owner: User, now: datetime) -> Batch | None:
    return load_examples(directory, owner=owner, clock=lambda: now, reader=intake)


class TestLoadExamples:
    def test_loads_the_typed_forms_once(self, officer: User, now: datetime, tmp_path: Path) -> None:
        (tmp_path / "forms").symlink_to(EXAMPLES / "forms")
        first = _load(tmp_path, officer, now)
        assert first is not None
        assert FormRecord.objects.count() == 39
        assert FormRecord.objects.filter(duplicate_of__isnull=False).count() == 3
        assert not SourceFile.objects.exclude(verdict=Verdict.READ).exists()
        assert _load(tmp_path, officer, now) == first
        assert FormRecord.objects.count() == 39

    def test_an_empty_folder_gives_none(self, officer: User, now: datetime, tmp_path: Path) -> None:
        assert _load(tmp_path, officer, now) is None
        assert Batch.objects.count() == 0
