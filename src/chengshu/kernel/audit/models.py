"""The audit's tables: entries, their places in the chain, and the signed heads of days. All of them only grow."""

from typing import Any, ClassVar, NoReturn, TypeVar

from django.conf import settings
from django.db import models

from chengshu.kernel.audit.errors import AuditIsAppendOnly

T = TypeVar("T", bound=models.Model)
_HASH_LENGTH = 64


class AppendOnlyQuerySet(models.QuerySet[T]):
    """Rows are read and added, nothing else."""

    def update(self, **kwargs: Any) -> NoReturn:
        """Refuse.

        Raises:
            AuditIsAppendOnly: always.
        """
        raise AuditIsAppendOnly(f"审计记录不能修改（{', '.join(kwargs)}）")

    def delete(self) -> NoReturn:
        """Refuse.

        Raises:
            AuditIsAppendOnly: always.
        """
        raise AuditIsAppendOnly("审计记录不能删除")


class AppendOnly(models.Model):
    """A row that is added once; the database's own guards refuse the rest as well."""

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Add the row.

        Raises:
            AuditIsAppendOnly: the row has been kept before.
        """
        if not self._state.adding:
            raise AuditIsAppendOnly("审计记录不能修改")
        super().save(*args, **{**kwargs, "force_insert": True})

    def delete(self, *_args: Any, **_kwargs: Any) -> NoReturn:
        """Refuse.

        Raises:
            AuditIsAppendOnly: always.
        """
        raise AuditIsAppendOnly("审计记录不能删除")


class Entry(AppendOnly):
    """Who did or saw what, when, from where, on which object, from what to what, and why."""

    at = models.DateTimeField("时间", db_index=True, help_text="发生的时刻")
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="操作人",
        help_text="操作人；系统自己做的为空",
    )
    actor_name = models.CharField("登录名", max_length=64, blank=True, default="", help_text="操作人当时的登录名")
    action = models.CharField("动作", max_length=64, db_index=True, help_text="领域与动作，如 performance.correct_cell")
    subject = models.CharField("对象", max_length=128, db_index=True, help_text="对象的种类与编号，如 form:12")
    reason = models.CharField("事由", max_length=256, blank=True, help_text="为什么")
    details = models.JSONField("细节", default=dict, blank=True, help_text="动作的数据")
    before = models.JSONField("改前", null=True, blank=True, help_text="改动之前的值；不涉及时为空")
    after = models.JSONField("改后", null=True, blank=True, help_text="改动之后的值；不涉及时为空")
    address = models.CharField("来源地址", max_length=45, blank=True, default="", help_text="从哪个网络地址来")
    session = models.CharField("会话", max_length=32, blank=True, default="", help_text="登录会话的摘要")
    request = models.CharField("请求", max_length=64, blank=True, default="", help_text="请求编号，与日志相同")
    digest = models.CharField("摘要", max_length=_HASH_LENGTH, help_text="全部内容的 SM3 摘要")

    objects = AppendOnlyQuerySet["Entry"].as_manager()

    class Meta:
        verbose_name = "审计记录"
        verbose_name_plural = "审计记录"
        indexes: ClassVar = [
            models.Index(fields=["subject", "at"], name="audit_entry_subject_at"),
            models.Index(fields=["actor", "at"], name="audit_entry_actor_at"),
            models.Index(fields=["action", "at"], name="audit_entry_action_at"),
        ]

    def __str__(self) -> str:
        return f"{self.action} {self.subject}"


class Link(AppendOnly):
    """The place of one entry in the chain. Unique numbers and predecessors: the chain cannot fork."""

    sequence = models.BigIntegerField("序号", primary_key=True, help_text="链上的次序，从 1 起，不缺号")
    entry = models.OneToOneField(
        Entry, on_delete=models.PROTECT, related_name="link", verbose_name="记录", help_text="这个位置上的审计记录"
    )
    previous = models.CharField(
        "前一环", max_length=_HASH_LENGTH, unique=True, help_text="前一环的散列值；第一环为 64 个 0"
    )
    hash = models.CharField("散列值", max_length=_HASH_LENGTH, help_text="序号、记录编号、记录摘要和前一环的 SM3")

    objects = AppendOnlyQuerySet["Link"].as_manager()

    class Meta:
        verbose_name = "审计链"
        verbose_name_plural = "审计链"
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(sequence__gte=1), name="audit_link_sequence_from_one"),
        ]

    def __str__(self) -> str:
        return f"{self.sequence}"


class Head(AppendOnly):
    """What was signed over one day's links."""

    day = models.DateField("日期", unique=True, help_text="封存的是哪一天的记录")
    first = models.BigIntegerField("首环", unique=True, help_text="当天第一环的序号")
    last = models.BigIntegerField("末环", unique=True, help_text="当天最后一环的序号")
    root = models.CharField(
        "根", max_length=_HASH_LENGTH, help_text="当天各环散列值的默克尔树根（SM3，RFC 6962 的树形）"
    )
    previous = models.CharField(
        "前一封存", max_length=_HASH_LENGTH, unique=True, help_text="前一封存的散列值；第一个为 64 个 0"
    )
    hash = models.CharField("散列值", max_length=_HASH_LENGTH, help_text="以上各项的 SM3")
    ed25519_key = models.CharField("Ed25519 密钥", max_length=32, help_text="签名所用密钥的编号")
    ed25519 = models.CharField("Ed25519 签名", max_length=128, help_text="签名，base64")
    sm2_key = models.CharField("SM2 密钥", max_length=32, blank=True, default="", help_text="签名所用密钥的编号")
    sm2 = models.CharField(
        "SM2 签名", max_length=128, blank=True, default="", help_text="签名，base64；没有装 SM2 时为空"
    )

    objects = AppendOnlyQuerySet["Head"].as_manager()

    class Meta:
        verbose_name = "每日封存"
        verbose_name_plural = "每日封存"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(first__gte=1, last__gte=models.F("first")), name="audit_head_range_not_empty"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.day}"
