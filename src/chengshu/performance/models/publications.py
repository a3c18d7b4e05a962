"""Publication: what the public sees of a self-evaluation, and the trace that stays when it is taken down."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from chengshu.performance.models.evaluations import Evaluation
from chengshu.performance.models.rights import ReviewedManager


class Publication(models.Model):
    """One publication of one evaluation: the record as it stood then, so that later edits change nothing public."""

    evaluation = models.ForeignKey(
        Evaluation, on_delete=models.PROTECT, related_name="publications", help_text="What was published"
    )
    year = models.PositiveSmallIntegerField(default=0, help_text="Budget year")
    project = models.CharField(max_length=200, default="", help_text="Name of the project as published")
    department = models.CharField(max_length=200, blank=True, default="", help_text="主管部门 as published")
    unit = models.CharField(max_length=200, blank=True, default="", help_text="实施单位 as published")
    grade = models.CharField(max_length=10, blank=True, default="", help_text="评分等级 as published")
    total = models.DecimalField(max_digits=9, decimal_places=4, null=True, blank=True, help_text="总分 as published")
    budget_yuan = models.DecimalField(max_digits=20, decimal_places=4, default=0, help_text="全年预算数, in 元")
    slug = models.CharField(max_length=60, unique=True, help_text="Its address")
    record = models.JSONField(help_text="The published record of the form, without anything marked secret")
    annex = models.JSONField(help_text="The evidence annex as published")
    digest = models.CharField(max_length=64, help_text="SHA-256 of record and annex in canonical form")
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", help_text="Who"
    )
    published_at = models.DateTimeField(help_text="When")
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="Who took it down",
    )
    withdrawn_at = models.DateTimeField(null=True, blank=True, help_text="When it was taken down; null = public")
    withdrawal_reason = models.CharField(max_length=300, blank=True, default="", help_text="Why it was taken down")

    objects = ReviewedManager["Publication"]()

    class Meta:
        """Constraints, and indexes for the public list."""

        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["evaluation"], condition=Q(withdrawn_at__isnull=True), name="published_once_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True) | ~Q(withdrawal_reason=""), name="withdrawal_has_reason"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["-published_at"], name="publication_published"),
            models.Index(fields=["year", "unit"], name="publication_year_unit"),
            models.Index(fields=["project"], name="publication_project"),
        ]

    def __str__(self) -> str:
        return self.slug
