"""What collection does by itself: files in watched folders, and readings that are due by promise."""

import time
from datetime import datetime
from pathlib import Path

import structlog

from chengshu.base.errors import ChengshuError
from chengshu.kernel.jobs import facade as jobs
from chengshu.resources.contracts.collection import Channel, SourceKind
from chengshu.resources.models import DataSource, DeliveryPromise
from chengshu.resources.operations.collection import ask_pull, receive_file
from chengshu.resources.queries.addresses import inbox_folder
from chengshu.resources.queries.collection import promise_content
from chengshu.resources.rules.promises import last_due

log = structlog.get_logger(__name__)

SETTLED_SECONDS = 10
"""A file that was written to more recently may still be growing."""
DONE = "done"
"""Folder inside a watched one where received files are moved to."""


def watch_folders(now: datetime) -> int:
    """Receive the files that lie in watched folders and are no longer written to; return how many."""
    count = 0
    for source in DataSource.objects.filter(kind=SourceKind.FOLDER.value, is_active=True).order_by("pk"):
        folder = inbox_folder() / source.address["folder"]
        folder.mkdir(parents=True, exist_ok=True)
        for path in sorted(path for path in folder.iterdir() if path.is_file() and not path.name.startswith(".")):
            if time.time() - path.stat().st_mtime >= SETTLED_SECONDS:
                count += _receive(source, path, now)
    return count


def pull_due(now: datetime) -> int:
    """Read the databases and interfaces whose promised cycle has ended since they were read last; return how many."""
    kinds = [SourceKind.DATABASE.value, SourceKind.INTERFACE.value]
    promises = DeliveryPromise.objects.filter(source__kind__in=kinds, source__is_active=True).select_related("source")
    due = []
    for promise in promises.order_by("pk"):
        found = last_due(promise_content(promise), now=now, zone=jobs.house_zone())
        checked = promise.source.checked_at
        if found is not None and (checked is None or checked < found[1]):
            due.append(promise.source)
    for source in due:
        DataSource.objects.filter(pk=source.pk).update(checked_at=now)
        ask_pull(source, actor=None, now=now)
    return len(due)


def _receive(source: DataSource, path: Path, now: datetime) -> int:
    """Move a file out of the way once it is kept; one that is refused stays, and is told of in the log."""
    try:
        with path.open("rb") as content:
            _delivery, is_new = receive_file(
                source, content, name=path.name, actor=None, now=now, channel=Channel.FOLDER
            )
    except ChengshuError as fault:
        log.warning("folder_file_refused", source=source.pk, file=path.name, code=fault.code)
        return 0
    done = path.parent / DONE
    done.mkdir(exist_ok=True)
    path.replace(done / f"{now:%Y%m%dT%H%M%S}-{path.name}")
    return int(is_new)
