"""Load the example forms, once."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from chengshu.kernel.accounts.facade import User
from chengshu.performance.models import Batch, SourceFile
from chengshu.performance.operations.imports import Reader, create_batch, run_import

BATCH_NAME = "示例：已公开的自评表"


def load_examples(directory: Path, *, owner: User, clock: Callable[[], datetime], reader: Reader) -> Batch | None:
    """Import the example files as one batch; None when there are none, the batch as it stands when it is loaded.

    The printed files (`files/`) are taken where there are any, else the records (`forms/`).
    """
    printed = [path for path in sorted((directory / "files").rglob("*")) if path.is_file()]
    typed = sorted((directory / "forms").glob("[0-9]*.json"))
    files = [(path.name, path.read_bytes()) for path in printed or typed]
    if not files:
        return None
    batch = Batch.objects.filter(name=BATCH_NAME, owner=owner, deleted_at__isnull=True).order_by("pk").first()
    if batch is None:
        batch = create_batch(files, name=BATCH_NAME, owner=owner, now=clock())
    if SourceFile.objects.filter(batch=batch, read_at__isnull=True).exists():
        run_import(batch.pk, reader=reader, clock=clock, report=lambda _: None)
    return batch
