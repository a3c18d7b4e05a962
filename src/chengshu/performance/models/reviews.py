"""Review: the department's look, finance's spot check of a drawn sample, objections, and what is to be mended."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from chengshu.performance.models.evaluations import EvaluatedIndicator, Evaluation
from chengshu.performance.models.rights import ReviewedManager


class SpotCheck(models.Model):
    """One drawing of evaluations to be scored again. Seed and shares are kept: anybody can draw it once more."""

    year = models.PositiveSmallIntegerField(help_text="Budget year")
    name = models.CharField(max_length=120, help_text="What people call it")
    seed = models.BigIntegerField(help_text="Seed of the drawing")
    size = models.PositiveIntegerField(help_text="How many were asked for")
    frame = models.JSONField(help_text="The drawing as data: strata, sizes, risk weights, and the drawn ids in order")
    frame_digest = models.CharField(max_length=64, help_text="SHA-256 of what it was drawn from, in canonical form")
    drawn_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", help_text="Who")
    drawn_at = models.DateTimeField(help_text="When")

    class Meta:
        """Constraints."""

        constraints: ClassVar = [models.CheckConstraint(condition=Q(size__gte=1), name="spot_check_draws_something")]

    def __str__(self) -> str:
        return self.name


class ReviewState(models.TextChoices):
    """Where a review stands."""

    OPEN = "open"
    ISSUED = "issued"  # the unit sees it and may object
    OBJECTED = "objected"
    SETTLED = "settled"


class Review(models.Model):
    """One evaluation scored again, beside the unit's own score, never over it."""

    evaluation = models.ForeignKey(
        Evaluation, on_delete=models.PROTECT, related_name="reviews", help_text="What is reviewed"
    )
    spot_check = models.ForeignKey(
        SpotCheck,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="reviews",
        help_text="The drawing; null = chosen",
    )
    stratum = models.CharField(max_length=120, blank=True, default="", help_text="Stratum that it was drawn from")
    reviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="Who reviews",
    )
    state = models.CharField(max_length=12, choices=ReviewState, default=ReviewState.OPEN, help_text="Where it stands")
    version = models.PositiveIntegerField(default=1, help_text="Grows with every edit")
    total = models.DecimalField(max_digits=9, decimal_places=4, null=True, blank=True, help_text="Reviewed total")
    grade = models.CharField(max_length=10, blank=True, default="", help_text="Reviewed grade")
    own_total = models.DecimalField(
        max_digits=9, decimal_places=4, null=True, blank=True, help_text="The unit's total when it was last edited"
    )
    own_grade = models.CharField(max_length=10, blank=True, default="", help_text="The unit's grade at that time")
    evaluation_version = models.PositiveIntegerField(default=1, help_text="Version of the self-evaluation it looked at")
    opinion = models.TextField(blank=True, default="", help_text="复核意见")
    edited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="Last editor",
    )
    edited_at = models.DateTimeField(help_text="When it was last edited")

    objects = ReviewedManager["Review"]()

    class Meta:
        """Constraints, and an index for lists."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["spot_check", "evaluation"], name="review_once_per_spot_check"),
            models.CheckConstraint(condition=Q(state__in=ReviewState.values), name="review_state_known"),
        ]
        indexes: ClassVar = [models.Index(fields=["state", "edited_at"], name="review_state_edited")]

    def __str__(self) -> str:
        return f"review {self.evaluation_id}"


class ReviewedScore(models.Model):
    """One line's score by the reviewer, with the reason. Line of the execution rate: `indicator` is null."""

    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="scores", help_text="The review")
    indicator = models.ForeignKey(
        EvaluatedIndicator, on_delete=models.PROTECT, null=True, blank=True, related_name="+", help_text="The line"
    )
    score = models.DecimalField(max_digits=9, decimal_places=4, help_text="复核分")
    own_score = models.DecimalField(
        max_digits=9, decimal_places=4, null=True, blank=True, help_text="The unit's score at that time"
    )
    rule_score = models.DecimalField(
        max_digits=9, decimal_places=4, null=True, blank=True, help_text="The rules' score at that time"
    )
    reason = models.CharField(max_length=500, help_text="Why it differs from the unit's")

    class Meta:
        """Constraints."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["review", "indicator"], name="reviewed_once_per_line"),
            models.UniqueConstraint(
                fields=["review"], condition=Q(indicator__isnull=True), name="reviewed_execution_once"
            ),
            models.CheckConstraint(condition=Q(score__gte=0), name="reviewed_score_not_negative"),
            models.CheckConstraint(condition=~Q(reason=""), name="reviewed_score_has_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.indicator_id}: {self.score}"


class Objection(models.Model):
    """What the unit holds against a review, and the answer."""

    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="objections", help_text="The review")
    text = models.TextField(help_text="异议")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", help_text="Who")
    raised_at = models.DateTimeField(help_text="When")
    is_upheld = models.BooleanField(null=True, blank=True, help_text="Whether it was accepted; null = not answered")
    answer = models.TextField(blank=True, default="", help_text="答复")
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="Who answered",
    )
    answered_at = models.DateTimeField(null=True, blank=True, help_text="When")

    class Meta:
        """Constraints."""

        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(text=""), name="objection_says_something"),
            models.CheckConstraint(
                condition=Q(is_upheld__isnull=True) | ~Q(answer=""), name="objection_answer_says_something"
            ),
        ]

    def __str__(self) -> str:
        return self.text[:40]


class Rectification(models.Model):
    """Something to be mended, followed as a ticket of the kernel, and carried into next year's goals."""

    evaluation = models.ForeignKey(
        Evaluation, on_delete=models.PROTECT, related_name="rectifications", help_text="Where it was found"
    )
    indicator = models.ForeignKey(
        EvaluatedIndicator, on_delete=models.PROTECT, null=True, blank=True, related_name="+", help_text="The line"
    )
    review = models.ForeignKey(
        Review, on_delete=models.PROTECT, null=True, blank=True, related_name="+", help_text="The review that found it"
    )
    problem = models.TextField(help_text="问题")
    ticket_id = models.BigIntegerField(null=True, blank=True, unique=True, help_text="The ticket that follows it")
    raised_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", help_text="Who")
    raised_at = models.DateTimeField(help_text="When")

    objects = ReviewedManager["Rectification"]()

    class Meta:
        """Constraints, and an index for lists."""

        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(problem=""), name="rectification_says_something"),
        ]
        indexes: ClassVar = [models.Index(fields=["-raised_at"], name="rectification_raised")]

    def __str__(self) -> str:
        return self.problem[:40]
