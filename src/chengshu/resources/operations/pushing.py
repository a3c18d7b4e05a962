"""Rows that a department's system pushes: received whole or not at all, then taken like every other delivery."""

import tempfile
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from typing import BinaryIO, cast

from django.conf import settings
from django.db import transaction
from django.utils.timezone import localtime

from chengshu.kernel.accounts.facade import User
from chengshu.kernel.grants import facade as grants
from chengshu.resources.contracts.arrivals import HEAD_KEPT, MOST_KEPT, Arrival, ArrivalKind
from chengshu.resources.contracts.collection import Channel
from chengshu.resources.errors import PushRefused
from chengshu.resources.models import COLLECT, DataSource, Delivery, SourceKey
from chengshu.resources.operations.arrivals import Sender, keeping_refused
from chengshu.resources.operations.collection import receive_file
from chengshu.resources.rules.pushes import KINDS, ending_of, unpack

_CHUNK = 256 * 1024


@dataclass(frozen=True, slots=True)
class Push:
    """What comes: how to read its bytes, and what its header lines say of them."""

    read: Callable[[int], bytes]
    content_type: str
    encoding: str
    length: int
    key: str = ""


def receive_push(
    source: DataSource, push: Push, *, actor: User, now: datetime, token: SourceKey | None = None
) -> tuple[Delivery, bool]:
    """Keep pushed rows as a delivery; the same key or the same content again is the delivery that is there (False).

    Whatever is refused, or cut off on its way, leaves no delivery; what came of it is kept with the refusal.

    Raises:
        PermissionRefused: the actor does not collect for the department.
        SourceInvalid: the source is not collected from, or is no source of files.
        PushRefused: it did not come whole, is too large, of an unknown kind, or has the key of another push.
        FileError: the file cannot be kept.
    """
    grants.require(actor, COLLECT, source.department_id, on=localtime(now).date())
    with tempfile.SpooledTemporaryFile(max_size=_CHUNK) as copy:
        watched = _Watched(push, cast("BinaryIO", copy))

        def came() -> Arrival:
            return watched.tell(source, now)

        with keeping_refused(came, PushRefused, Sender(actor, COLLECT, now)):
            return _receive(source, replace(push, read=watched.read), actor=actor, now=now, token=token)


class _Watched:
    """Reads a push, and remembers its bytes as they came, up to what is kept of a refused one."""

    def __init__(self, push: Push, copy: BinaryIO) -> None:
        self._push, self._copy = push, copy
        self._size = 0
        self._is_cut = False

    def read(self, most: int) -> bytes:
        """Read on."""
        chunk = self._push.read(most)
        self._size += len(chunk)
        self._is_cut = self._is_cut or self._size > MOST_KEPT
        if self._size <= MOST_KEPT:
            self._copy.write(chunk)
        return chunk

    def tell(self, source: DataSource, now: datetime) -> Arrival:
        """Give what came; where it was refused by its header lines alone, its body is read now, or its head if it is long."""
        self._is_cut = self._is_cut or self._push.length > MOST_KEPT
        with suppress(OSError):  # the other side is gone
            while self._size < (HEAD_KEPT if self._is_cut else MOST_KEPT + 1) and self.read(_CHUNK):
                pass
        ending = KINDS.get(self._push.content_type.partition(";")[0].strip().lower(), ".bin")
        packed = ".gz" if self._push.encoding.strip().lower() == "gzip" else ""
        name = f"推送-{localtime(now):%Y%m%dT%H%M%S}{ending}{packed}"
        place, subject, length = source.department_id, f"source:{source.pk}", max(self._push.length, self._size)
        if self._is_cut:
            return Arrival(ArrivalKind.PUSH, name, self._copy, place, subject, is_cut=True, length=length)
        return Arrival(ArrivalKind.PUSH, name, self._copy, place, subject)


def _receive(
    source: DataSource, push: Push, *, actor: User, now: datetime, token: SourceKey | None
) -> tuple[Delivery, bool]:
    ending = ending_of(push.content_type)
    with tempfile.TemporaryFile() as content:
        try:
            unpack(
                push.read,
                content,
                encoding=push.encoding.strip().lower(),
                announced=push.length,
                most=settings.FILES_MAX_BYTES,
            )
        except OSError:  # the other side is gone
            raise PushRefused("内容没有收全，请重新推送。") from None
        content.seek(0)
        name = f"推送-{localtime(now):%Y%m%dT%H%M%S}{ending}"
        with transaction.atomic():
            received = receive_file(
                source, content, name=name, actor=actor, now=now, channel=Channel.PUSH, push_key=push.key
            )
            if token is not None:
                SourceKey.objects.filter(pk=token.pk).update(used_at=now)
    return received
