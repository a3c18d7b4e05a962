"""Notifications, and how each person wants to be told."""

from typing import ClassVar

from django.conf import settings
from django.db import models

from chengshu.kernel.notifications.contracts import DIGEST_LABELS, Digest
from chengshu.kernel.organisations.facade import Organisation

_DIGESTS = [(digest.value, DIGEST_LABELS[digest]) for digest in Digest]


class Notification(models.Model):
    """One happening that one person was told of. Words are made when it is shown, in the reader's language."""

    account = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="收件人", help_text="告诉谁"
    )
    template = models.CharField("模板", max_length=64, help_text="登记过的模板，如 tickets.assigned")
    fields = models.JSONField("字段", default=dict, help_text="模板字段的文字")
    key = models.CharField("幂等键", max_length=150, help_text="同一件事对同一人只通知一次")
    url = models.CharField("页面", max_length=300, blank=True, help_text="说的是哪一页，站内地址")
    organisation = models.ForeignKey(
        Organisation,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="组织",
        help_text="按哪个组织的权限决定能不能看；不限为空",
    )
    project_id = models.BigIntegerField("项目", null=True, blank=True, help_text="只说一个项目时的编号")
    created_at = models.DateTimeField("时间", help_text="通知的时刻")
    read_at = models.DateTimeField("已读时间", null=True, blank=True, help_text="标为已读的时刻；未读为空")
    is_for_digest = models.BooleanField("待汇总", default=False, help_text="等待列入下一封汇总邮件")

    class Meta:
        verbose_name = "通知"
        verbose_name_plural = "通知"
        indexes: ClassVar = [
            models.Index(fields=["account", "read_at", "created_at"], name="notifications_account_read"),
            models.Index(fields=["account"], condition=models.Q(is_for_digest=True), name="notifications_for_digest"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["account", "key"], name="notifications_told_once"),
        ]

    def __str__(self) -> str:
        return f"{self.template} {self.pk}"


class PersonPreferences(models.Model):
    """How one person wants to be told; without a row the defaults hold."""

    account = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="账号", help_text="谁"
    )
    email = models.EmailField("邮箱", blank=True, help_text="通知邮件发到哪里；空为不发")
    language = models.CharField("语言", max_length=16, default="zh-hans", help_text="邮件和推送用的语言")
    quiet_from = models.TimeField("免打扰起", help_text="此刻起邮件和推送等待")
    quiet_until = models.TimeField("免打扰止", help_text="此刻起发送等待的邮件和推送；与起相同为不设")
    digest = models.CharField("邮件方式", max_length=16, choices=_DIGESTS, help_text="逐条或每日汇总")
    no_email = models.JSONField("不发邮件的模板", default=list, help_text="模板键，按字母排序")
    webhook = models.JSONField("推送的模板", default=list, help_text="模板键，按字母排序")

    class Meta:
        verbose_name = "通知设置"
        verbose_name_plural = "通知设置"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(digest__in=[digest.value for digest in Digest]),
                name="notifications_preferences_digest_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.account_id}"
