"""Reads of jobs."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import QuerySet

from chengshu.kernel.accounts.models import User
from chengshu.kernel.jobs.contracts import State
from chengshu.kernel.jobs.errors import JobNotFound
from chengshu.kernel.jobs.models import Job


def get_job(uuid: UUID, *, actor: User) -> Job:
    """Return the job if the actor started it or administers the house.

    Raises:
        JobNotFound: there is none, or it is somebody else's.
    """
    visible = Job.objects.select_related("owner")
    if not actor.is_superuser:
        visible = visible.filter(owner=actor)
    try:
        return visible.get(uuid=uuid)
    except Job.DoesNotExist as error:
        raise JobNotFound("没有这个任务，或者它不是您发起的", uuid=str(uuid)) from error


def list_jobs(actor: User) -> QuerySet[Job]:
    """Return the actor's jobs, newest first."""
    return Job.objects.filter(owner=actor).order_by("-created_at", "-id")


def is_cancelled(uuid: UUID) -> bool:
    """Tell whether somebody asked the job to stop."""
    return Job.objects.filter(uuid=uuid, cancel_requested_at__isnull=False).exists()


def list_interrupted(now: datetime, *, timeout: timedelta) -> QuerySet[Job]:
    """Return the running jobs whose last sign of life is older than `timeout`: their worker died."""
    return Job.objects.filter(state=State.RUNNING, heartbeat_at__lt=now - timeout)
