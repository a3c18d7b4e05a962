"""Notices that were loaded, and the days that they name."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from chengshu.kernel.calendars.contracts import KIND_LABELS, DayKind

_KINDS = [(kind.value, KIND_LABELS[kind]) for kind in DayKind]


class Notice(models.Model):
    """The notice of one year as loaded; it stands before the one that comes with the program."""

    year = models.PositiveSmallIntegerField("年份", unique=True, help_text="通知安排的年份")
    title = models.CharField("标题", max_length=200, help_text="通知的标题")
    reference = models.CharField("文号", max_length=120, help_text="通知的文号，有补充通知时用分号隔开")
    digest = models.CharField("摘要", max_length=64, help_text="全部日期的 SHA-256，十六进制")
    loaded_at = models.DateTimeField("载入时间", help_text="最近一次载入的时刻")
    loaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="载入人",
        help_text="载入人；系统自己载入的为空",
    )

    class Meta:
        verbose_name = "节假日通知"
        verbose_name_plural = "节假日通知"

    def __str__(self) -> str:
        return self.title


class ExceptionalDay(models.Model):
    """One day that a loaded notice names: a holiday or an adjusted workday."""

    notice = models.ForeignKey(
        Notice, on_delete=models.CASCADE, related_name="days", verbose_name="通知", help_text="写明这一天的通知"
    )
    day = models.DateField("日期", unique=True, help_text="放假或上班的那一天")
    kind = models.CharField("安排", max_length=8, choices=_KINDS, help_text="放假或上班")
    name = models.CharField("节日", max_length=64, blank=True, help_text="节日的名称；调休上班的为空")

    class Meta:
        verbose_name = "节假日与调休"
        verbose_name_plural = "节假日与调休"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(kind__in=[kind.value for kind in DayKind]), name="calendars_exceptionalday_kind_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.kind}"
