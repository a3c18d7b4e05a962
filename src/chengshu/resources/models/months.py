"""月度履职记录: what had to be done in a month that is over, as it stood then."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from chengshu.resources.contracts.months import Chapter, MonthTopic
from chengshu.resources.models.editions import AppendOnlyQuerySet


class MonthManager(models.Manager["MonthRecord"]):
    """Gives rows that are added and read, nothing else."""

    def get_queryset(self) -> AppendOnlyQuerySet["MonthRecord"]:
        """Return all rows."""
        return AppendOnlyQuerySet(self.model, using=self._db)


class MonthRecord(models.Model):
    """One obligation or mechanism of a month; added once the month is over, never altered."""

    month_on = models.DateField(help_text="First day of the month")
    month_at = models.DateTimeField(help_text="Its first moment, in the zone of the house")
    ended_at = models.DateTimeField(help_text="The first moment after it")
    chapter = models.CharField(max_length=12, help_text="obligation or mechanism")
    topic = models.CharField(max_length=16, help_text="Which one")
    organisation = models.ForeignKey(
        "organisations.Organisation",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="Who owed it; null = the house as a whole",
    )
    items = models.PositiveIntegerField(help_text="How many things there were")
    kept = models.PositiveIntegerField(help_text="With how many of them all was well")
    noted_at = models.DateTimeField(help_text="When it was counted")

    objects = MonthManager()

    class Meta:
        """Constraints: one record of each kind, of something that there was."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["month_on", "topic", "organisation"], name="month_record_once"),
            models.UniqueConstraint(
                fields=["month_on", "topic"], condition=Q(organisation=None), name="month_record_of_house_once"
            ),
            models.CheckConstraint(condition=Q(items__gte=1, kept__lte=F("items")), name="month_record_counts"),
            models.CheckConstraint(condition=Q(month_on__day=1), name="month_record_names_first_day"),
            models.CheckConstraint(
                condition=Q(chapter__in=[one.value for one in Chapter]), name="month_record_chapter_known"
            ),
            models.CheckConstraint(
                condition=Q(topic__in=[one.value for one in MonthTopic]), name="month_record_topic_known"
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["chapter", "month_at"], name="month_record_chapter_at")]

    def __str__(self) -> str:
        return f"{self.month_on:%Y-%m} {self.topic}"
