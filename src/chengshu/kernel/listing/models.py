"""Views of lists that people keep."""

from typing import ClassVar

from django.conf import settings
from django.db import models

NAME_LENGTH = 40
QUERY_LENGTH = 4000
"""In signs of the address; servers and proxies take no much longer ones."""


class SavedView(models.Model):
    """One person's name for a state of a list: search, filters, sort, columns, page size, unit of money."""

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name="保存人",
        help_text="只有保存人自己看得到",
    )
    list_key = models.CharField("列表", max_length=64, help_text="列表的固定名称，如 forms")
    name = models.CharField("名称", max_length=NAME_LENGTH, help_text="保存人起的名称")
    query = models.CharField(
        "条件", max_length=QUERY_LENGTH, blank=True, help_text="列表地址中问号之后的部分；默认状态为空"
    )
    created_at = models.DateTimeField("保存时间", help_text="保存的时刻")

    class Meta:
        verbose_name = "保存的视图"
        verbose_name_plural = "保存的视图"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["owner", "list_key", "name"], name="listing_savedview_name_once"),
            models.CheckConstraint(condition=~models.Q(name=""), name="listing_savedview_has_name"),
        ]

    def __str__(self) -> str:
        return self.name
