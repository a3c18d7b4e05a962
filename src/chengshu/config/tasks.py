"""Background work: a queue in the same database, so that a job and its data are one transaction."""

from datetime import timedelta

from chengshu.config import env

TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": ["default"]}}
JOB_HEARTBEAT_TIMEOUT = timedelta(seconds=env.read(env.WORKER_TIMEOUT_SECONDS))
