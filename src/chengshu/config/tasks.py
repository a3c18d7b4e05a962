"""Background work: a queue in the same database, so that a job and its data are one transaction."""

from dataclasses import replace
from datetime import timedelta

from chengshu.config import env
from chengshu.config.engines import read_engine
from chengshu.config.files import WORK_ROOT

TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": ["default"]}}
#: What checks of whole tables compute on.
ENGINE = replace(read_engine(), work=WORK_ROOT)
JOB_HEARTBEAT_TIMEOUT = timedelta(seconds=env.read(env.WORKER_TIMEOUT_SECONDS))
