"""Sweeping out contents that no row refers to, such as those of transactions that were undone."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path

import structlog
from django.conf import settings

from chengshu.kernel.files.contracts import Swept
from chengshu.kernel.files.models import StoredFile
from chengshu.kernel.files.stores import open_store
from chengshu.kernel.files.stores.local import LocalStore

log = structlog.get_logger(__name__)

#: What is younger may belong to a transaction that is still under way.
SETTLED = timedelta(days=1)
_AT_ONCE = 500


def sweep_orphans(*, now: datetime) -> Swept:
    """Take out contents that were put longer than a day ago and that no row refers to; return what was done."""
    store, removed, young = open_store(), 0, 0
    contents = store.list_contents()
    while batch := list(islice(contents, _AT_ONCE)):
        known = set(
            StoredFile.objects.filter(sha256__in=[digest for digest, _at in batch]).values_list("sha256", flat=True)
        )
        for digest, put_at in batch:
            if digest in known:
                continue
            if now - put_at < SETTLED:
                young += 1
            else:
                store.delete(digest)
                removed += 1
    for path in _list_leftovers(now):
        path.unlink(missing_ok=True)
        removed += 1
    log.info("files_swept", removed=removed, young=young)
    return Swept(removed=removed, young=young)


def _list_leftovers(now: datetime) -> Iterator[Path]:
    for path, written_at in LocalStore(Path(settings.FILES_ROOT)).list_leftovers():
        if now - written_at >= SETTLED:
            yield path
