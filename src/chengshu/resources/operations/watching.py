"""What collection does by itself: files in watched folders, and readings that are due by promise."""

import time
from datetime import datetime, timedelta
from pathlib import Path

import structlog
from django.db.models import Q
from django.urls import reverse
from django.utils.timezone import localdate

from chengshu.base.errors import ChengshuError
from chengshu.kernel.files import facade as files
from chengshu.kernel.jobs import facade as jobs
from chengshu.kernel.notifications.facade import News, Template, Words, list_holders, notify
from chengshu.resources.contracts.collection import Channel, DeliveryState, SourceKind
from chengshu.resources.models import COLLECT, DataSource, Delivery, DeliveryPromise
from chengshu.resources.operations.collection import ask_pull, receive_file
from chengshu.resources.queries.addresses import inbox_folder
from chengshu.resources.queries.collection import promise_content
from chengshu.resources.rules.promises import last_ended

log = structlog.get_logger(__name__)

SETTLED_SECONDS = 10
"""A file that was written to more recently may still be growing."""
PAUSE = timedelta(minutes=30)
"""So long after a reading that brought nothing the source is asked again."""
DONE = "done"
"""Folder inside a watched one where received files are moved to."""
REFUSED_FILES = "refused"
"""Folder inside a watched one where files are moved to that can never be received."""
_FOR_GOOD = (files.FileTooLarge, files.FileEmpty, files.FileTypeRefused, files.FileInfected)
_SHOWN, _LONGEST_KEY = 200, 150
FILE_REFUSED = Template(
    key="resources.folder_file_refused",
    label=Words("监视文件夹里的文件没有收下", "A file of a watched folder was refused"),
    title=Words("“{source}”的文件没有收下", "A file for {source} was refused"),
    body=Words(
        "{file}：{reason} 文件已移到文件夹 refused，请改正后重新放入。",
        "{file}: {reason} It was moved to the folder “refused”; please put a corrected one in its place.",
    ),
    fields=frozenset({"source", "file", "reason"}),
    permission=COLLECT,
)
_OPEN = (DeliveryState.WAITING.value, DeliveryState.TAKING.value, DeliveryState.HELD.value)


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
    """Read the databases and interfaces whose promised cycle has ended, and tell how many.

    Once the cycle is over; while nothing came, again after each pause; once more when the due moment has passed.
    """
    kinds = [SourceKind.DATABASE.value, SourceKind.INTERFACE.value]
    promises = DeliveryPromise.objects.filter(source__kind__in=kinds, source__is_active=True).select_related("source")
    due = []
    for promise in promises.order_by("pk"):
        found = last_ended(promise_content(promise), now=now, zone=jobs.house_zone())
        if found is not None and _is_wanted(promise.source, due_at=found[0], ended_at=found[1], now=now):
            due.append(promise.source)
    for source in due:
        DataSource.objects.filter(pk=source.pk).update(checked_at=now)
        ask_pull(source, actor=None, now=now)
    return len(due)


def _is_wanted(source: DataSource, *, due_at: datetime, ended_at: datetime, now: datetime) -> bool:
    asked = source.checked_at
    if asked is None or asked < ended_at:
        return True
    if asked >= due_at or (now < due_at and now - asked < PAUSE):
        return False
    came = Q(state=DeliveryState.TAKEN.value, received_at__gte=ended_at)
    return not Delivery.objects.filter(came | Q(state__in=_OPEN), source=source).exists()


def _receive(source: DataSource, path: Path, now: datetime) -> int:
    """Move a file out of the way once it is kept or refused for good; else it stays, and is tried again."""
    try:
        with path.open("rb") as content:
            _delivery, is_new = receive_file(
                source, content, name=path.name, actor=None, now=now, channel=Channel.FOLDER
            )
    except ChengshuError as fault:
        log.warning("folder_file_refused", source=source.pk, file=path.name, code=fault.code)
        if isinstance(fault, _FOR_GOOD):
            _set_aside(path, REFUSED_FILES, now)
            _tell_refused(source, path.name, fault.message, now)
        return 0
    _set_aside(path, DONE, now)
    return int(is_new)


def _set_aside(path: Path, name: str, now: datetime) -> None:
    folder = path.parent / name
    folder.mkdir(exist_ok=True)
    path.replace(folder / f"{now:%Y%m%dT%H%M%S}-{path.name}")


def _tell_refused(source: DataSource, name: str, reason: str, now: datetime) -> None:
    """Tell those who collect for the department; the file lies in the folder `refused`."""
    news = News(
        FILE_REFUSED.key,
        {"source": source.name, "file": name[:_SHOWN], "reason": reason[:_SHOWN]},
        key=f"source:{source.pk}:refused:{now:%Y%m%dT%H%M%S}:{name[:_SHOWN]}"[:_LONGEST_KEY],
        url=reverse("resources:source", args=[source.pk]),
        organisation_id=source.department_id,
    )
    notify(list_holders(COLLECT, source.department_id, on=localdate(now)), news, now=now)
