"""Jobs: one row for each piece of long work."""

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models

from chengshu.kernel.jobs.contracts import FINAL_STATES, STATE_LABELS, State

_STATE_CHOICES = [(state.value, STATE_LABELS[state]) for state in State]


class Job(models.Model):
    """Long work: what was asked, by whom, how far it is, and what came out."""

    uuid = models.UUIDField("编号", default=uuid.uuid4, unique=True, editable=False, help_text="对外的编号")
    kind = models.CharField(
        "种类", max_length=64, db_index=True, help_text="登记过的任务种类，如 performance.import_files"
    )
    state = models.CharField(
        "状态", max_length=16, choices=_STATE_CHOICES, default=State.QUEUED.value, help_text="任务所处的状态"
    )
    stage = models.CharField("阶段", max_length=64, blank=True, help_text="正在做哪一步")
    done = models.PositiveIntegerField("已完成数", default=0, help_text="本阶段已完成的件数")
    total = models.PositiveIntegerField("总数", default=0, help_text="本阶段的总件数；未知为 0")
    message = models.CharField("说明", max_length=500, blank=True, help_text="给人看的一句话；失败时为原因")
    payload = models.JSONField("输入", default=dict, help_text="任务所需的数据")
    result = models.JSONField("结果", null=True, blank=True, help_text="任务的结果；未完成为空")
    attempt = models.PositiveIntegerField("第几次", default=1, help_text="第一次为 1，重试加 1")
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="发起人",
        help_text="发起人；系统自己发起的为空",
    )
    created_at = models.DateTimeField("提交时间", help_text="提交的时刻")
    started_at = models.DateTimeField("开始时间", null=True, blank=True, help_text="本次开始的时刻")
    stage_started_at = models.DateTimeField("阶段开始时间", null=True, blank=True, help_text="本阶段开始的时刻")
    finished_at = models.DateTimeField("结束时间", null=True, blank=True, help_text="结束的时刻")
    heartbeat_at = models.DateTimeField("心跳时间", null=True, blank=True, help_text="最近一次报告进度的时刻")
    cancel_requested_at = models.DateTimeField("要求取消时间", null=True, blank=True, help_text="有人要求取消的时刻")

    class Meta:
        verbose_name = "后台任务"
        verbose_name_plural = "后台任务"
        indexes: ClassVar = [models.Index(fields=["owner", "created_at"], name="jobs_job_owner_created")]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(state__in=[state.value for state in State]), name="jobs_job_state_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.state}"

    @property
    def is_final(self) -> bool:
        """Whether nothing more will happen by itself."""
        return self.state in FINAL_STATES


class WorkerBeat(models.Model):
    """The last sign of life of one worker process."""

    worker = models.CharField("工作进程", max_length=64, unique=True, help_text="主机名和进程号")
    beat_at = models.DateTimeField("心跳时间", db_index=True, help_text="最近一次心跳的时刻")

    class Meta:
        verbose_name = "工作进程心跳"
        verbose_name_plural = "工作进程心跳"

    def __str__(self) -> str:
        return self.worker
