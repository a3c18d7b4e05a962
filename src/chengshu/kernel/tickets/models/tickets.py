"""Tickets, what happened to them, and their numbers."""

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from chengshu.kernel.tickets.models.appending import AppendingManager, AppendingModel

TITLE_LENGTH = 200
NOTE_LENGTH = 2000
KEY_LENGTH = 32


class TicketQuerySet(models.QuerySet["Ticket"]):
    """Composable conditions on tickets."""

    def visible_to(self, viewer_id: int, organisations: models.QuerySet[Any, Any]) -> "TicketQuerySet":
        """Leave those of these organisations, and those that the person handles or opened."""
        return self.filter(Q(organisation__in=organisations) | Q(assignee=viewer_id) | Q(opened_by=viewer_id))

    def still_open(self) -> "TicketQuerySet":
        """Leave those that are not closed."""
        return self.filter(closed_at__isnull=True)


class Ticket(models.Model):
    """One matter to be settled in time. `due_at` only serves lists; what a page says of a clock is computed."""

    kind = models.CharField("种类", max_length=KEY_LENGTH, help_text="登记的工单种类")
    number = models.CharField("编号", max_length=24, unique=True, help_text="前缀、年份和序号，如 BX-2026-000001")
    title = models.CharField("标题", max_length=TITLE_LENGTH, help_text="一句话说明什么事")
    description = models.TextField("说明", blank=True, help_text="详细情况")
    organisation = models.ForeignKey(
        "organisations.Organisation",
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name="负责单位",
        help_text="对这张工单负责的单位",
    )
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="开单人",
        help_text="开单人；系统自己开的为空",
    )
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="承办人",
        help_text="承办人；还没有指派的为空",
    )
    priority = models.CharField("优先级", max_length=KEY_LENGTH, help_text="种类规定的优先级，决定时限")
    category = models.CharField("类别", max_length=KEY_LENGTH, blank=True, help_text="种类规定的类别，如网络侧、用户侧")
    state = models.CharField("状态", max_length=KEY_LENGTH, help_text="种类规定的状态")
    subject = models.CharField("关联对象", max_length=128, blank=True, help_text="所办之事的种类与编号，如 form:12")
    version = models.PositiveIntegerField("版本", default=1, help_text="每次变动加一，用来发现两人同时修改")
    opened_at = models.DateTimeField("开单时间", help_text="开单的时刻")
    work_done_at = models.DateTimeField("办完时间", null=True, blank=True, help_text="进入回访的时刻；退回办理后清空")
    followed_up_at = models.DateTimeField(
        "回访时间", null=True, blank=True, help_text="回访到本人的时刻；没有联系上的为空"
    )
    rating = models.PositiveSmallIntegerField("评价", null=True, blank=True, help_text="一至五分；没有评价的为空")
    rated_at = models.DateTimeField("评价时间", null=True, blank=True, help_text="登记评价的时刻")
    closed_at = models.DateTimeField("办结时间", null=True, blank=True, help_text="办结或作废的时刻；未办结的为空")
    due_at = models.DateTimeField(
        "最近到期", null=True, blank=True, help_text="在走的时限中最早的到期时刻，只供列表排序；都暂停时为空"
    )

    objects = TicketQuerySet.as_manager()

    class Meta:
        verbose_name = "工单"
        verbose_name_plural = "工单"
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(title=""), name="tickets_ticket_has_title"),
            models.CheckConstraint(
                condition=Q(rating__isnull=True) | Q(rating__gte=1, rating__lte=5), name="tickets_ticket_rating_1_to_5"
            ),
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True) | Q(due_at__isnull=True), name="tickets_ticket_closed_owes_nothing"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["assignee", "closed_at", "due_at"], name="tickets_ticket_inbox"),
            models.Index(fields=["organisation", "closed_at", "due_at"], name="tickets_ticket_unit_due"),
            # Who may see a ticket is read from this index alone, so that counting a long list touches no row.
            models.Index(fields=["kind", "organisation", "assignee", "opened_by"], name="tickets_ticket_sight"),
            # What is owed of some kinds is found among the open ones alone.
            models.Index(
                fields=["kind", "organisation", "assignee"],
                condition=Q(closed_at__isnull=True),
                name="tickets_ticket_open_of_kind",
            ),
            models.Index(fields=["opened_at", "id"], name="tickets_ticket_opened"),
            models.Index(fields=["due_at", "id"], name="tickets_ticket_due"),
            models.Index(fields=["kind", "work_done_at"], name="tickets_ticket_work_done"),
            models.Index(fields=["kind", "rated_at"], name="tickets_ticket_rated"),
            models.Index(fields=["subject"], name="tickets_ticket_subject"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"


class TicketEvent(AppendingModel):
    """One thing that happened to a ticket; the version is that which it led to."""

    ticket = models.ForeignKey(
        Ticket, on_delete=models.PROTECT, related_name="events", verbose_name="工单", help_text="所属的工单"
    )
    version = models.PositiveIntegerField("版本", help_text="这件事之后工单的版本")
    action = models.CharField("操作", max_length=KEY_LENGTH, help_text="种类的操作，或 open、assign、comment 等")
    from_state = models.CharField("原状态", max_length=KEY_LENGTH, blank=True, help_text="之前的状态；开单时为空")
    to_state = models.CharField("新状态", max_length=KEY_LENGTH, help_text="之后的状态")
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="操作人",
        help_text="操作人；系统自己做的为空",
    )
    at = models.DateTimeField("时间", help_text="发生的时刻")
    note = models.TextField("说明", blank=True, help_text="操作人写的话")
    data = models.JSONField("数据", default=dict, blank=True, help_text="变动的旧值和新值、回访结果、评分等")

    objects = AppendingManager()

    class Meta:
        verbose_name = "工单经过"
        verbose_name_plural = "工单经过"
        indexes: ClassVar = [models.Index(fields=["ticket", "version"], name="tickets_event_ticket_version")]

    def __str__(self) -> str:
        return f"{self.ticket_id} {self.action}"


class Attachment(AppendingModel):
    """A file kept with a ticket."""

    ticket = models.ForeignKey(
        Ticket, on_delete=models.PROTECT, related_name="attachments", verbose_name="工单", help_text="所属的工单"
    )
    event = models.ForeignKey(
        TicketEvent,
        on_delete=models.PROTECT,
        related_name="attachments",
        verbose_name="经过",
        help_text="附上文件的那一步",
    )
    file = models.ForeignKey(
        "files.StoredFile", on_delete=models.PROTECT, related_name="+", verbose_name="文件", help_text="存储的文件"
    )

    objects = AppendingManager()

    class Meta:
        verbose_name = "工单附件"
        verbose_name_plural = "工单附件"

    def __str__(self) -> str:
        return f"{self.ticket_id} {self.file_id}"


class NumberSeries(models.Model):
    """The last number given in one series; locked while the next is given, so that none is skipped or doubled."""

    prefix = models.CharField("前缀", max_length=8, help_text="种类的编号前缀")
    year = models.PositiveSmallIntegerField("年份", help_text="编号的年份")
    last = models.PositiveIntegerField("末号", default=0, help_text="已经用掉的最大序号")

    class Meta:
        verbose_name = "工单编号"
        verbose_name_plural = "工单编号"
        constraints: ClassVar = [models.UniqueConstraint(fields=["prefix", "year"], name="tickets_numberseries_once")]

    def __str__(self) -> str:
        return f"{self.prefix}-{self.year}-{self.last}"
