"""Long work on batches: queued for the worker, followed, taken up again."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from chengshu.kernel.accounts.facade import User
from chengshu.kernel.jobs.facade import Progress, enqueue_job
from chengshu.performance.models import Batch, FormRecord
from chengshu.performance.operations.checks import check_batch
from chengshu.performance.operations.imports import ImportProgress, Reader, create_batch, retry_failed, run_import
from chengshu.performance.queries.records import require_editable

IMPORT_KIND = "performance.import_files"
CHECK_KIND = "performance.check_batch"
_READING = _("读取文件")
_CHECKING = _("检查")
_AT_ONCE = 300  # forms; about half a second


@transaction.atomic
def start_import(
    files: Iterable[tuple[str, bytes]],
    *,
    name: str,
    owner: User,
    now: datetime,
    rules: str = "",
    organisation_id: int | None = None,
) -> Batch:
    """Open a batch with the files, as `create_batch` does, and queue its reading."""
    batch = create_batch(files, name=name, owner=owner, now=now, rules=rules, organisation_id=organisation_id)
    return _queue(batch, IMPORT_KIND, actor=owner, now=now)


@transaction.atomic
def resume_import(batch_id: int, *, actor: User, now: datetime) -> Batch:
    """Let the failed files of a batch wait again and queue the reading of all that wait.

    Nothing is queued while a job still works on the batch. Raises BatchNotFound, PermissionRefused.
    """
    batch = _editable(batch_id, actor, now)
    if _is_at_work(batch):
        return batch
    retry_failed(batch_id, actor=actor, now=now)
    return _queue(batch, IMPORT_KIND, actor=actor, now=now)


@transaction.atomic
def start_recheck(batch_id: int, rules: str, *, actor: User, now: datetime) -> Batch:
    """Queue a check of the whole batch under a rule set (empty = by each form's year).

    While a job still works on the batch, its own check at the end will use the rule set.
    Raises BatchNotFound, PermissionRefused.
    """
    batch = _editable(batch_id, actor, now)
    batch.rules = rules
    batch.save(update_fields=["rules"])
    return batch if _is_at_work(batch) else _queue(batch, CHECK_KIND, actor=actor, now=now)


def recheck_after_change(batch_id: int, *, reader: Reader, actor: User, now: datetime) -> None:
    """Check a batch again after one of its forms changed: at once when that takes a blink, else by a job."""
    if FormRecord.objects.filter(batch_id=batch_id).count() <= _AT_ONCE:
        check_batch(batch_id, checker=reader, now=now)
        return
    batch = _editable(batch_id, actor, now)
    if not _is_at_work(batch):
        _queue(batch, CHECK_KIND, actor=actor, now=now)


def work_import(progress: Progress, *, reader: Reader, clock: Callable[[], datetime]) -> Mapping[str, Any]:
    """Do an import for the worker; a stopped or killed one goes on with the files that still wait."""
    batch_id = int(progress.payload["batch"])

    def report(stage: ImportProgress) -> None:
        page = f"{stage.file} 第 {stage.page}/{stage.pages} 页" if stage.pages and stage.pages > 1 else stage.file
        progress.report(str(_READING), done=stage.done, total=stage.total, message=page)

    run_import(batch_id, reader=reader, clock=clock, report=report)
    return {"batch": batch_id}


def work_check(progress: Progress, *, reader: Reader, clock: Callable[[], datetime]) -> Mapping[str, Any]:
    """Do a check for the worker."""
    batch_id = int(progress.payload["batch"])
    check_batch(
        batch_id,
        checker=reader,
        now=clock(),
        progress=lambda done, total: progress.report(str(_CHECKING), done=done, total=total),
    )
    return {"batch": batch_id}


def _editable(batch_id: int, actor: User, now: datetime) -> Batch:
    require_editable(batch_id, actor=actor, on=localdate(now))
    return Batch.objects.select_related("job").get(pk=batch_id)


def _is_at_work(batch: Batch) -> bool:
    return batch.job is not None and not batch.job.is_final


def _queue(batch: Batch, kind: str, *, actor: User, now: datetime) -> Batch:
    batch.job = enqueue_job(kind, payload={"batch": batch.pk}, owner=actor, now=now)
    batch.save(update_fields=["job"])
    return batch
