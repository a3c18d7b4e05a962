"""Background work: a queue in the same database, so that a job and its data are one transaction."""

from datetime import timedelta

from chengshu.config import env
from chengshu.config.engines import read_engine

TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": ["default"]}}
#: What checks of whole tables compute on.
ENGINE = read_engine()
JOB_HEARTBEAT_TIMEOUT = timedelta(seconds=env.read(env.WORKER_TIMEOUT_SECONDS))
