"""The audit's one table."""

from typing import Any, ClassVar, NoReturn

from django.conf import settings
from django.db import models

from chengshu.kernel.audit.errors import AuditIsAppendOnly


class EntryQuerySet(models.QuerySet["Entry"]):
    """Entries are read and added, nothing else."""

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


class Entry(models.Model):
    """Who did or saw what, when, on which object, and why."""

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
    action = models.CharField("动作", max_length=64, db_index=True, help_text="领域与动作，如 performance.correct_cell")
    subject = models.CharField("对象", max_length=128, db_index=True, help_text="对象的种类与编号，如 form:12")
    reason = models.CharField("事由", max_length=256, blank=True, help_text="为什么")
    details = models.JSONField("细节", default=dict, blank=True, help_text="动作的数据，如旧值和新值")

    objects = EntryQuerySet.as_manager()

    class Meta:
        verbose_name = "审计记录"
        verbose_name_plural = "审计记录"
        indexes: ClassVar = [models.Index(fields=["subject", "at"], name="audit_entry_subject_at")]

    def __str__(self) -> str:
        return f"{self.action} {self.subject}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Add the entry.

        Raises:
            AuditIsAppendOnly: the entry has been kept before.
        """
        if self.pk:
            raise AuditIsAppendOnly("审计记录不能修改")
        super().save(*args, **kwargs)

    def delete(self, *_args: Any, **_kwargs: Any) -> NoReturn:
        """Refuse.

        Raises:
            AuditIsAppendOnly: always.
        """
        raise AuditIsAppendOnly("审计记录不能删除")
