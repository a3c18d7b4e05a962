"""Stored files; their bytes lie in `FILES_ROOT` by digest."""

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models

from chengshu.kernel.files.contracts import SCAN_LABELS, Scan


class StoredFile(models.Model):
    """One file under the name that its owner gave it. Equal contents share the bytes on the disk."""

    uuid = models.UUIDField("编号", default=uuid.uuid4, unique=True, editable=False, help_text="对外的编号")
    name = models.CharField("文件名", max_length=255, help_text="上传时的文件名，不含目录")
    sha256 = models.CharField("摘要", max_length=64, db_index=True, help_text="内容的 SHA-256，十六进制")
    size = models.BigIntegerField("大小", help_text="字节数")
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="上传人",
        help_text="上传人；系统自己存的为空",
    )
    created_at = models.DateTimeField("存入时间", help_text="存入的时刻")
    scan = models.CharField(
        "查毒",
        max_length=16,
        choices=[(scan.value, SCAN_LABELS[scan]) for scan in Scan],
        default=Scan.NONE.value,
        help_text="存入时查毒的结果",
    )

    class Meta:
        verbose_name = "文件"
        verbose_name_plural = "文件"
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(size__gt=0), name="files_storedfile_size_above_0"),
            models.CheckConstraint(
                condition=models.Q(scan__in=[scan.value for scan in Scan]), name="files_storedfile_scan_known"
            ),
        ]

    def __str__(self) -> str:
        return self.name
