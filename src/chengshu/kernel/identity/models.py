"""Sessions as people know them. Second factors and applications are kept by the libraries that check them."""

from typing import ClassVar

from django.conf import settings
from django.db import models

from chengshu.kernel.identity.contracts import METHOD_LABELS, Method


class Session(models.Model):
    """One log-in on one device. It ends, and stays as the trace of who was inside from where."""

    account = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", verbose_name="账号", help_text="谁登录的"
    )
    key = models.CharField("会话", max_length=40, unique=True, help_text="浏览器会话的键，结束会话时用")
    method = models.CharField(
        "方式", max_length=16, choices=[(m.value, METHOD_LABELS[m]) for m in Method], help_text="怎样登录的"
    )
    address = models.CharField("来源", max_length=45, blank=True, help_text="登录时的网络地址")
    agent = models.CharField("浏览器", max_length=256, blank=True, help_text="登录时浏览器报的名字")
    started_at = models.DateTimeField("登录时间", help_text="登录的时刻")
    seen_at = models.DateTimeField("最近使用", help_text="最近一次操作，精确到分钟")
    ended_at = models.DateTimeField("结束时间", null=True, blank=True, help_text="退出、超时或被结束的时刻")

    class Meta:
        verbose_name = "会话"
        verbose_name_plural = "会话"
        indexes: ClassVar = [models.Index(fields=["account", "ended_at"], name="identity_session_open")]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(method__in=[m.value for m in Method]), name="identity_session_method_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.account_id} {self.started_at:%Y-%m-%d %H:%M}"


class CityIdentity(models.Model):
    """The link between an account and a person of the city's identity provider, who goes by issuer and subject."""

    account = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", verbose_name="账号", help_text="谁的账号"
    )
    issuer = models.CharField("签发者", max_length=255, help_text="统一身份的签发者地址")
    subject = models.CharField("编号", max_length=255, help_text="统一身份给此人的编号，不会变，也不会给别人")
    linked_at = models.DateTimeField("绑定时间", help_text="绑定的时刻")
    used_at = models.DateTimeField("最近使用", help_text="最近一次用它登录的时刻")

    class Meta:
        verbose_name = "统一身份"
        verbose_name_plural = "统一身份"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["issuer", "subject"], name="identity_city_person_once"),
        ]

    def __str__(self) -> str:
        return f"{self.account_id} {self.subject}"
