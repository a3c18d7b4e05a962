"""Rename, put away and bring back batches."""

from datetime import datetime

from django.db import transaction

from chengshu.base.texts import drop_controls
from chengshu.kernel.accounts.facade import User
from chengshu.kernel.audit.facade import record
from chengshu.performance.errors import BatchNotFound
from chengshu.performance.models import Batch


@transaction.atomic
def delete_batch(batch_id: int, *, actor: User, now: datetime) -> None:
    """Put a batch away with its files and forms; it can be restored. Raises BatchNotFound."""
    if not Batch.objects.visible_to(actor).filter(pk=batch_id).update(deleted_at=now):
        raise BatchNotFound("没有这个批次，或您无权查看。", batch=batch_id)
    record(actor, "performance.delete_batch", f"batch:{batch_id}", now=now)


@transaction.atomic
def restore_batch(batch_id: int, *, actor: User, now: datetime) -> None:
    """Bring back a batch that was put away, for those who could put it away. Raises BatchNotFound."""
    if not Batch.objects.restorable_by(actor).filter(pk=batch_id).update(deleted_at=None):
        raise BatchNotFound("没有可恢复的批次。", batch=batch_id)
    record(actor, "performance.restore_batch", f"batch:{batch_id}", now=now)


@transaction.atomic
def rename_batch(batch_id: int, name: str, *, actor: User, now: datetime) -> None:
    """Give a batch another name. Raises BatchNotFound."""
    named = drop_controls(name).strip()[:120]
    if not named or not Batch.objects.visible_to(actor).filter(pk=batch_id).update(name=named):
        raise BatchNotFound("没有这个批次，或您无权查看。", batch=batch_id)
    record(actor, "performance.rename_batch", f"batch:{batch_id}", now=now)
