"""Clocks: their segments, the results at their stops, and the forecasts by which overdue ones are found."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q

from chengshu.kernel.tickets.contracts import Level, Mode, SegmentState
from chengshu.kernel.tickets.errors import TicketError
from chengshu.kernel.tickets.models.appending import AppendingManager, AppendingModel
from chengshu.kernel.tickets.models.tickets import KEY_LENGTH, Ticket

_STATES = [(state.value, state.value) for state in SegmentState]
_MODES = [(mode.value, mode.value) for mode in Mode]
_LEVELS = [(level.value, level.value) for level in (Level.YELLOW, Level.RED)]


class ClockSegment(AppendingModel):
    """From `started_at` on a clock runs, stands or is stopped, until the next segment; the limit holds from here on."""

    ticket = models.ForeignKey(
        Ticket, on_delete=models.PROTECT, related_name="segments", verbose_name="工单", help_text="所属的工单"
    )
    clock = models.CharField("时限", max_length=KEY_LENGTH, help_text="种类规定的时限")
    sequence = models.PositiveIntegerField("顺序", help_text="这张工单这个时限的第几段，从一开始")
    round = models.PositiveIntegerField("轮次", help_text="第几次办理，重新办理后加一")
    state = models.CharField("走停", max_length=8, choices=_STATES, help_text="走、暂停、停止，或本轮撤回")
    started_at = models.DateTimeField("起", help_text="这一段开始的时刻；撤回一步时是那一步的时刻")
    mode = models.CharField("计法", max_length=16, choices=_MODES, help_text="按分钟、小时或工作日计")
    limit = models.PositiveIntegerField("时限长度", help_text="计法单位的个数")
    reason = models.CharField("原因", max_length=200, blank=True, help_text="为什么暂停或改变时限")

    objects = AppendingManager()

    class Meta:
        verbose_name = "时限分段"
        verbose_name_plural = "时限分段"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["ticket", "clock", "sequence"], name="tickets_clocksegment_sequence_once"),
            models.CheckConstraint(condition=Q(limit__gte=1), name="tickets_clocksegment_limit_above_0"),
            models.CheckConstraint(
                condition=Q(state__in=[state.value for state in SegmentState]), name="tickets_clocksegment_state_known"
            ),
            models.CheckConstraint(
                condition=Q(mode__in=[mode.value for mode in Mode]), name="tickets_clocksegment_mode_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.ticket_id} {self.clock} {self.sequence} {self.state}"


class Settlement(models.Model):
    """What a clock showed when it stopped. It stays so whatever the calendar becomes; only a step taken back revokes it.

    Kind, category, priority and organisation are those of the moment, so that figures need no other table.
    """

    ticket = models.ForeignKey(
        Ticket, on_delete=models.PROTECT, related_name="settlements", verbose_name="工单", help_text="所属的工单"
    )
    kind = models.CharField("种类", max_length=KEY_LENGTH, help_text="当时的工单种类")
    category = models.CharField("类别", max_length=KEY_LENGTH, blank=True, help_text="当时的类别")
    priority = models.CharField("优先级", max_length=KEY_LENGTH, help_text="当时的优先级")
    organisation = models.ForeignKey(
        "organisations.Organisation",
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name="负责单位",
        help_text="当时负责的单位",
    )
    clock = models.CharField("时限", max_length=KEY_LENGTH, help_text="种类规定的时限")
    round = models.PositiveIntegerField("轮次", help_text="第几次办理")
    mode = models.CharField("计法", max_length=16, choices=_MODES, help_text="按分钟、小时或工作日计")
    limit = models.PositiveIntegerField("时限长度", help_text="计法单位的个数")
    elapsed_seconds = models.PositiveBigIntegerField("计入秒数", help_text="计入时限的秒数；工作日每日计 86400 秒")
    is_met = models.BooleanField("按时", help_text="停止时没有超过到期时刻")
    started_at = models.DateTimeField("起", help_text="本轮开始的时刻")
    stopped_at = models.DateTimeField("止", help_text="停止的时刻")
    due_at = models.DateTimeField("到期", null=True, blank=True, help_text="到期时刻；暂停中停止且未到期的为空")
    is_provisional = models.BooleanField("暂定", help_text="停止时到期日涉及尚未公布的年份")
    calendar_digest = models.CharField("日历摘要", max_length=64, help_text="所用工作日历的 SHA-256，十六进制")
    is_void = models.BooleanField("作废", default=False, help_text="是不是因工单作废而停止的")
    revoked_at = models.DateTimeField("撤回时间", null=True, blank=True, help_text="停止这一步被撤回的时刻；有效的为空")

    class Meta:
        verbose_name = "时限结果"
        verbose_name_plural = "时限结果"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["ticket", "clock", "round"],
                condition=Q(revoked_at__isnull=True),
                name="tickets_settlement_round_once",
            ),
            models.CheckConstraint(
                condition=Q(stopped_at__gte=models.F("started_at")), name="tickets_settlement_stops_after_start"
            ),
        ]
        indexes: ClassVar = [
            # Figures read nothing but these two: every column that they count or narrow by stands in them. What was
            # revoked stands in them too: it counts in windows that had ended by then.
            models.Index(
                fields=[
                    *("clock", "stopped_at", "elapsed_seconds", "revoked_at", "is_void"),
                    *("kind", "category", "organisation"),
                ],
                name="tickets_settlement_times",
            ),
            models.Index(
                fields=["stopped_at", "is_met", "revoked_at", "is_void", "kind", "category", "organisation"],
                name="tickets_settlement_met",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.ticket_id} {self.clock} {self.round}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Add the result, or revoke it.

        Raises:
            TicketError: anything but the revocation is to be changed.
        """
        if self.pk and set(kwargs.get("update_fields") or ()) != {"revoked_at"}:
            raise TicketError("时限结果已经固定，不能修改")
        super().save(*args, **kwargs)


class Forecast(models.Model):
    """When a running clock will come to its marks, by the calendar of that digest. An index for the sweep, no record."""

    ticket = models.ForeignKey(
        Ticket, on_delete=models.CASCADE, related_name="forecasts", verbose_name="工单", help_text="所属的工单"
    )
    clock = models.CharField("时限", max_length=KEY_LENGTH, help_text="种类规定的时限")
    round = models.PositiveIntegerField("轮次", help_text="第几次办理")
    due_at = models.DateTimeField("到期", help_text="不再暂停时的到期时刻")
    alert_at = models.DateTimeField("提醒", null=True, blank=True, help_text="下一次升级提醒的时刻；都提醒过的为空")
    is_provisional = models.BooleanField("暂定", help_text="到期日涉及尚未公布的年份")
    calendar_digest = models.CharField(
        "日历摘要", max_length=64, db_index=True, help_text="所用工作日历的 SHA-256，十六进制"
    )

    class Meta:
        verbose_name = "到期预计"
        verbose_name_plural = "到期预计"
        constraints: ClassVar = [models.UniqueConstraint(fields=["ticket", "clock"], name="tickets_forecast_once")]
        indexes: ClassVar = [models.Index(fields=["alert_at"], name="tickets_forecast_alert")]

    def __str__(self) -> str:
        return f"{self.ticket_id} {self.clock}"


class RaisedLevel(AppendingModel):
    """That a clock came to yellow or red; each once a round, however often the sweep looks."""

    ticket = models.ForeignKey(
        Ticket, on_delete=models.PROTECT, related_name="raised_levels", verbose_name="工单", help_text="所属的工单"
    )
    clock = models.CharField("时限", max_length=KEY_LENGTH, help_text="种类规定的时限")
    round = models.PositiveIntegerField("轮次", help_text="第几次办理")
    level = models.CharField("等级", max_length=8, choices=_LEVELS, help_text="黄色或红色")
    at = models.DateTimeField("时间", help_text="升级的时刻")
    due_at = models.DateTimeField("到期", null=True, blank=True, help_text="当时的到期时刻")

    objects = AppendingManager()

    class Meta:
        verbose_name = "时限升级"
        verbose_name_plural = "时限升级"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["ticket", "clock", "round", "level"], name="tickets_raisedlevel_once"),
            models.CheckConstraint(
                condition=Q(level__in=[Level.YELLOW.value, Level.RED.value]), name="tickets_raisedlevel_level_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.ticket_id} {self.clock} {self.level}"
