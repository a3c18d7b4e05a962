"""Rename, put away and bring back batches."""

from datetime import datetime

from django.db import transaction
from django.utils.timezone import localdate

from chengshu.base.texts import drop_controls
from chengshu.kernel.accounts.facade import User
from chengshu.kernel.audit.facade import record
from chengshu.performance.errors import BatchNotFound
from chengshu.performance.models import Batch
from chengshu.performance.queries.records import require_editable


@transaction.atomic
def delete_batch(batch_id: int, *, actor: User, now: datetime) -> None:
    """Put a batch away with its files and forms; it can be restored. Raises BatchNotFound, PermissionRefused."""
    require_editable(batch_id, actor=actor, on=localdate(now))
    Batch.objects.filter(pk=batch_id).update(deleted_at=now)
    record(actor, "performance.delete_batch", f"batch:{batch_id}", now=now)


@transaction.atomic
def restore_batch(batch_id: int, *, actor: User, now: datetime) -> None:
    """Bring back a batch that was put away, for those who could put it away. Raises BatchNotFound."""
    if not Batch.objects.restorable_by(actor, on=localdate(now)).filter(pk=batch_id).update(deleted_at=None):
        raise BatchNotFound("没有可恢复的批次。", batch=batch_id)
    record(actor, "performance.restore_batch", f"batch:{batch_id}", now=now)


@transaction.atomic
def rename_batch(batch_id: int, name: str, *, actor: User, now: datetime) -> None:
    """Give a batch another name. Raises BatchNotFound, PermissionRefused."""
    require_editable(batch_id, actor=actor, on=localdate(now))
    named = drop_controls(name).strip()[:120]
    if not named:
        raise BatchNotFound("批次名称不能空着。", batch=batch_id)
    Batch.objects.filter(pk=batch_id).update(name=named)
    record(actor, "performance.rename_batch", f"batch:{batch_id}", now=now)
