"""Messages on their way out, the attempts at each, and the endpoints that webhooks are posted to."""

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models

from chengshu.kernel.outbox.contracts import CHANNEL_LABELS, STATE_LABELS, Channel, State

_CHANNELS = [(channel.value, CHANNEL_LABELS[channel]) for channel in Channel]
_STATES = [(state.value, STATE_LABELS[state]) for state in State]
NAME_LENGTH = 64
REASON_LENGTH = 256


class Endpoint(models.Model):
    """Where webhooks are posted to; registered by administrators, switched off rather than deleted."""

    uuid = models.UUIDField("编号", default=uuid.uuid4, unique=True, editable=False, help_text="对外的编号")
    name = models.CharField("名称", max_length=NAME_LENGTH, unique=True, help_text="给人看的名称，如 政务微信")
    url = models.CharField("地址", max_length=500, help_text="推送到的 https 地址")
    topics = models.JSONField("主题", default=list, help_text="订阅的主题，按字母排序")
    is_active = models.BooleanField("启用", default=True, help_text="停用后不再推送，记录保留")
    secret_box = models.CharField("密钥", max_length=300, help_text="用系统密钥封好的签名密钥")
    old_secret_box = models.CharField(
        "旧密钥", max_length=300, blank=True, help_text="更换后一段时间内并用的旧密钥，封好的"
    )
    old_until = models.DateTimeField("旧密钥至", null=True, blank=True, help_text="此刻之前新旧密钥同时签名")
    created_at = models.DateTimeField("登记时间", help_text="登记的时刻")
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name="登记人",
        help_text="登记的管理员",
    )

    class Meta:
        verbose_name = "推送地址"
        verbose_name_plural = "推送地址"

    def __str__(self) -> str:
        return self.name


class Message(models.Model):
    """One e-mail or one webhook: what, to whom, how often it was tried, and what became of it."""

    uuid = models.UUIDField("编号", default=uuid.uuid4, unique=True, editable=False, help_text="对外的编号，重发不变")
    channel = models.CharField("渠道", max_length=16, choices=_CHANNELS, help_text="邮件或推送")
    key = models.CharField("幂等键", max_length=200, unique=True, help_text="同一件事只排一次，由业务给出")
    topic = models.CharField("主题", max_length=64, blank=True, help_text="推送的主题；邮件为空")
    endpoint = models.ForeignKey(
        Endpoint,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="推送地址",
        help_text="推送到哪里；邮件为空",
    )
    payload = models.JSONField("内容", default=dict, help_text="收件人和正文；送达一段时间后清空")
    state = models.CharField(
        "状态", max_length=16, choices=_STATES, default=State.PENDING.value, help_text="所处的状态"
    )
    attempts = models.PositiveIntegerField("次数", default=0, help_text="本轮试过的次数")
    due_at = models.DateTimeField("应发时间", help_text="此刻起可以发送")
    leased_until = models.DateTimeField("占用至", null=True, blank=True, help_text="正在发送时，过了此刻视为中断")
    created_at = models.DateTimeField("排入时间", help_text="排入的时刻")
    sent_at = models.DateTimeField("送达时间", null=True, blank=True, help_text="对方收下的时刻")
    reason = models.CharField("说明", max_length=REASON_LENGTH, blank=True, help_text="最近一次没有送达的原因")
    dismissed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="搁置人",
        help_text="决定不再发送的管理员",
    )
    dismiss_reason = models.CharField("搁置事由", max_length=REASON_LENGTH, blank=True, help_text="为什么不再发送")

    class Meta:
        verbose_name = "待发消息"
        verbose_name_plural = "待发消息"
        indexes: ClassVar = [
            models.Index(fields=["state", "due_at"], name="outbox_message_state_due"),
            models.Index(fields=["endpoint", "created_at"], name="outbox_message_endpoint"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(state__in=[state.value for state in State]), name="outbox_message_state_known"
            ),
            models.CheckConstraint(
                condition=models.Q(channel=Channel.EMAIL.value, endpoint__isnull=True)
                | models.Q(channel=Channel.WEBHOOK.value, endpoint__isnull=False),
                name="outbox_message_webhook_has_endpoint",
            ),
            models.CheckConstraint(
                condition=~models.Q(state=State.SENDING.value) | models.Q(leased_until__isnull=False),
                name="outbox_message_sending_is_leased",
            ),
            models.CheckConstraint(
                condition=~models.Q(state=State.DISMISSED.value) | ~models.Q(dismiss_reason=""),
                name="outbox_message_dismissed_has_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.channel} {self.uuid}"


class Delivery(models.Model):
    """One attempt at a message; rows are only added."""

    message = models.ForeignKey(
        Message, on_delete=models.CASCADE, related_name="deliveries", verbose_name="消息", help_text="哪条消息"
    )
    at = models.DateTimeField("时间", help_text="这次发送的时刻")
    is_taken = models.BooleanField("收下", help_text="对方是否收下")
    status = models.PositiveIntegerField("应答码", null=True, blank=True, help_text="对方的 HTTP 或 SMTP 应答码")
    milliseconds = models.PositiveIntegerField("毫秒", help_text="这次发送用时")
    reason = models.CharField("原因", max_length=REASON_LENGTH, blank=True, help_text="没有收下的原因，不含收件人")

    class Meta:
        verbose_name = "一次发送"
        verbose_name_plural = "各次发送"
        indexes: ClassVar = [models.Index(fields=["message", "at"], name="outbox_delivery_message")]

    def __str__(self) -> str:
        return f"{self.message_id} {self.at:%Y-%m-%d %H:%M}"
