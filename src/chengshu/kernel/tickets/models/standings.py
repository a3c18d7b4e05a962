"""How tickets stood from one moment until the next, as far as figures ask: what was done, called back, rated or void."""

from typing import Any, ClassVar, NoReturn

from django.db import models
from django.db.models import F, Q

from chengshu.kernel.tickets.errors import TicketError
from chengshu.kernel.tickets.models.tickets import KEY_LENGTH, Ticket

_PLACE = ("kind", "category", "organisation")


class TicketStanding(models.Model):
    """What figures tell of a ticket, from `since_at` until `ended_at`; at any moment at most one row of it holds.

    A ticket of which nothing is to tell, such as one that is worked on for the first time, has none. Kind, category and
    organisation stand here too, so that figures need no other table.
    """

    ticket = models.ForeignKey(
        Ticket, on_delete=models.PROTECT, related_name="standings", verbose_name="工单", help_text="所属的工单"
    )
    kind = models.CharField("种类", max_length=KEY_LENGTH, help_text="工单种类")
    category = models.CharField("类别", max_length=KEY_LENGTH, blank=True, help_text="当时的类别")
    organisation = models.ForeignKey(
        "organisations.Organisation",
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name="负责单位",
        help_text="当时负责的单位",
    )
    since_at = models.DateTimeField("起", help_text="从这一刻起是这样")
    ended_at = models.DateTimeField("止", null=True, blank=True, help_text="到这一刻为止；现在还是这样的为空")
    work_done_at = models.DateTimeField("办完时间", null=True, blank=True, help_text="当时的办完时刻")
    followed_up_at = models.DateTimeField("回访时间", null=True, blank=True, help_text="当时的回访时刻")
    rating = models.PositiveSmallIntegerField("评价", null=True, blank=True, help_text="当时的评价，一至五分")
    rated_at = models.DateTimeField("评价时间", null=True, blank=True, help_text="当时的评价时刻")
    is_void = models.BooleanField("作废", default=False, help_text="当时是不是已经作废")

    class Meta:
        verbose_name = "工单当时的情形"
        verbose_name_plural = "工单当时的情形"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["ticket"], condition=Q(ended_at__isnull=True), name="tickets_standing_one_holds"
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | Q(ended_at__gte=F("since_at")),
                name="tickets_standing_ends_after_start",
            ),
        ]
        indexes: ClassVar = [
            # Figures read nothing but these two.
            models.Index(
                fields=["work_done_at", "since_at", "ended_at", "followed_up_at", *_PLACE],
                condition=Q(work_done_at__isnull=False),
                name="tickets_standing_done",
            ),
            models.Index(
                fields=["rated_at", "since_at", "ended_at", "rating", *_PLACE],
                condition=Q(rated_at__isnull=False),
                name="tickets_standing_rated",
            ),
            models.Index(
                fields=["ticket", "since_at", "ended_at"], condition=Q(is_void=True), name="tickets_standing_void"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.ticket_id} {self.since_at:%Y-%m-%d %H:%M}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Add how the ticket stands, or end it.

        Raises:
            TicketError: anything but the end is to be changed.
        """
        if self.pk and set(kwargs.get("update_fields") or ()) != {"ended_at"}:
            raise TicketError("工单当时的情形已经固定，不能修改")
        super().save(*args, **kwargs)

    def delete(self, *_args: Any, **_kwargs: Any) -> NoReturn:
        """Refuse.

        Raises:
            TicketError: always.
        """
        raise TicketError("工单当时的情形不能删除")
