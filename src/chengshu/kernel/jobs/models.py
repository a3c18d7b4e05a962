"""Jobs: one row for each piece of long work."""

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models

from chengshu.kernel.jobs.contracts import ENDING_LABELS, FINAL_STATES, STATE_LABELS, Ending, State

_STATE_CHOICES = [(state.value, STATE_LABELS[state]) for state in State]
_ENDING_CHOICES = [(ending.value, ENDING_LABELS[ending]) for ending in Ending]
REASON_LENGTH = 256


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
    failures = models.PositiveIntegerField("连续失败次数", default=0, help_text="有人要它重试以来自动重试前失败的次数")
    next_attempt_at = models.DateTimeField("下次重试时间", null=True, blank=True, help_text="等待重试时为重试的时刻")
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
    dismissed_at = models.DateTimeField("搁置时间", null=True, blank=True, help_text="管理员决定不再重试的时刻")
    dismissed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="搁置人",
        help_text="决定不再重试的管理员",
    )
    dismiss_reason = models.CharField("搁置事由", max_length=REASON_LENGTH, blank=True, help_text="为什么不再重试")

    class Meta:
        verbose_name = "后台任务"
        verbose_name_plural = "后台任务"
        indexes: ClassVar = [
            models.Index(fields=["owner", "created_at"], name="jobs_job_owner_created"),
            models.Index(fields=["state", "next_attempt_at"], name="jobs_job_state_next"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(state__in=[state.value for state in State]), name="jobs_job_state_known"
            ),
            models.CheckConstraint(
                condition=~models.Q(state=State.WAITING.value) | models.Q(next_attempt_at__isnull=False),
                name="jobs_job_waiting_has_moment",
            ),
            models.CheckConstraint(
                condition=models.Q(dismissed_at__isnull=True) | ~models.Q(dismiss_reason=""),
                name="jobs_job_dismissed_has_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.state}"

    @property
    def is_final(self) -> bool:
        """Whether nothing more will happen by itself."""
        return self.state in FINAL_STATES


class Attempt(models.Model):
    """One attempt at a job and how it ended; rows are only added."""

    job = models.ForeignKey(
        Job, on_delete=models.CASCADE, related_name="attempts", verbose_name="任务", help_text="哪个任务"
    )
    number = models.PositiveIntegerField("第几次", help_text="第一次为 1")
    started_at = models.DateTimeField("开始时间", help_text="开始的时刻")
    ended_at = models.DateTimeField("结束时间", help_text="结束或发现中断的时刻")
    ending = models.CharField("结果", max_length=16, choices=_ENDING_CHOICES, help_text="怎样结束的")
    message = models.CharField("说明", max_length=500, blank=True, help_text="给人看的一句话")
    fault = models.CharField("错误类型", max_length=128, blank=True, help_text="程序错误的类名，不含其内容")

    class Meta:
        verbose_name = "任务的一次执行"
        verbose_name_plural = "任务的各次执行"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["job", "number"], name="jobs_attempt_once"),
            models.CheckConstraint(
                condition=models.Q(ending__in=[ending.value for ending in Ending]), name="jobs_attempt_ending_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.job_id} {self.number}"


class Slot(models.Model):
    """A moment at which a schedule was due, taken by the one worker that queued its job."""

    schedule = models.CharField("计划", max_length=64, help_text="登记过的计划，如 files.sweep")
    due_at = models.DateTimeField("应做时间", help_text="按计划应做的时刻")
    job = models.ForeignKey(
        Job, on_delete=models.CASCADE, related_name="+", verbose_name="任务", help_text="为这一时刻排的任务"
    )

    class Meta:
        verbose_name = "计划的一个时刻"
        verbose_name_plural = "计划的各个时刻"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["schedule", "due_at"], name="jobs_slot_once"),
        ]

    def __str__(self) -> str:
        return f"{self.schedule} {self.due_at:%Y-%m-%d %H:%M}"


class Pause(models.Model):
    """A stretch in which a schedule queues nothing by itself; it ends, and stays as the trace of who said so and why."""

    schedule = models.CharField("计划", max_length=64, db_index=True, help_text="登记过的计划，如 files.sweep")
    paused_at = models.DateTimeField("暂停时间", help_text="暂停的时刻")
    paused_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name="暂停人",
        help_text="暂停的管理员",
    )
    pause_reason = models.CharField("暂停事由", max_length=REASON_LENGTH, help_text="为什么暂停")
    resumed_at = models.DateTimeField("恢复时间", null=True, blank=True, help_text="恢复的时刻；仍暂停时为空")
    resumed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="恢复人",
        help_text="恢复的管理员",
    )
    resume_reason = models.CharField("恢复事由", max_length=REASON_LENGTH, blank=True, help_text="为什么恢复")

    class Meta:
        verbose_name = "计划的一次暂停"
        verbose_name_plural = "计划的各次暂停"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["schedule"], condition=models.Q(resumed_at__isnull=True), name="jobs_pause_open_once"
            ),
            models.CheckConstraint(condition=~models.Q(pause_reason=""), name="jobs_pause_has_reason"),
            models.CheckConstraint(
                condition=models.Q(resumed_at__isnull=True, resumed_by__isnull=True, resume_reason="")
                | (models.Q(resumed_at__isnull=False, resumed_by__isnull=False) & ~models.Q(resume_reason="")),
                name="jobs_pause_resumed_has_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.schedule} {self.paused_at:%Y-%m-%d %H:%M}"


class WorkerBeat(models.Model):
    """The last sign of life of one worker process."""

    worker = models.CharField("工作进程", max_length=64, unique=True, help_text="主机名和进程号")
    beat_at = models.DateTimeField("心跳时间", db_index=True, help_text="最近一次心跳的时刻")

    class Meta:
        verbose_name = "工作进程心跳"
        verbose_name_plural = "工作进程心跳"

    def __str__(self) -> str:
        return self.worker
