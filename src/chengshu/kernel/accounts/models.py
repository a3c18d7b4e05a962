"""Accounts and the count of failed logins."""

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models

from chengshu.kernel.accounts.contracts import ROLE_LABELS, Role

_ROLE_CHOICES = [(role.value, ROLE_LABELS[role]) for role in Role]


class UserManager(BaseUserManager["User"]):
    """Finds accounts; they are opened by `operations.create_account`."""


class User(PermissionsMixin, AbstractBaseUser):
    """A person who works here. Accounts are retired (`is_active`), never deleted: the audit speaks of them."""

    login_name = models.CharField("登录名", max_length=64, unique=True, help_text="登录时输入的名字")
    display_name = models.CharField("姓名", max_length=64, help_text="页面上显示的名字")
    organisation_name = models.CharField("单位", max_length=128, blank=True, help_text="所在单位的名称")
    role = models.CharField("角色", max_length=16, choices=_ROLE_CHOICES, help_text="绩效专员、财政复核或管理员")
    is_active = models.BooleanField("启用", default=True, help_text="停用后不能登录，记录保留")
    created_at = models.DateTimeField("开户时间", help_text="账号建立的时刻")

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "login_name"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        verbose_name = "账号"
        verbose_name_plural = "账号"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(role__in=[role.value for role in Role]), name="accounts_user_role_known"
            ),
        ]

    def __str__(self) -> str:
        return self.display_name

    def get_full_name(self) -> str:
        """Return the name that pages show."""
        return self.display_name

    def get_short_name(self) -> str:
        """Return the name that pages show."""
        return self.display_name


class LoginThrottle(models.Model):
    """Wrong passwords in a row for one login name, whether or not such an account exists."""

    name_digest = models.CharField("登录名摘要", max_length=64, unique=True, help_text="登录名的带密钥摘要，不存原文")
    failures = models.PositiveIntegerField("连续失败次数", default=0, help_text="上次成功以来输错的次数")
    paused_until = models.DateTimeField("暂停至", null=True, blank=True, help_text="此刻之前不接受登录")

    class Meta:
        verbose_name = "登录限制"
        verbose_name_plural = "登录限制"

    def __str__(self) -> str:
        return f"{self.failures}"


class AddressThrottle(models.Model):
    """Failed logins from one address, whatever names were tried; a success does not take them back."""

    address_digest = models.CharField(
        "来源摘要", max_length=64, unique=True, help_text="来源地址的带密钥摘要，不存原文"
    )
    failures = models.PositiveIntegerField("失败次数", default=0, help_text="自起算时刻以来失败的次数")
    counted_since = models.DateTimeField("起算时刻", help_text="从这一刻起计数，过了暂停时长就重新起算")
    paused_until = models.DateTimeField("暂停至", null=True, blank=True, help_text="此刻之前不接受来自该地址的登录")

    class Meta:
        verbose_name = "来源限制"
        verbose_name_plural = "来源限制"

    def __str__(self) -> str:
        return f"{self.failures}"
