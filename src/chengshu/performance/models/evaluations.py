"""Self-evaluation: each promised indicator with its result, the evidence under it, and its score."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from chengshu.performance.models.goals import GoalIndicator
from chengshu.performance.models.projects import ProjectYear
from chengshu.performance.models.rights import YearlyManager
from chengshu.performance.models.sheets import Sheet


class Evaluation(Sheet):
    """The self-evaluation of one year. Money comes from budget and payments, targets from the approved goals."""

    project_year = models.OneToOneField(
        ProjectYear, on_delete=models.PROTECT, related_name="evaluation", help_text="The year"
    )
    rules = models.CharField(max_length=80, help_text="Rule set that scores it")
    actual = models.TextField(blank=True, default="", help_text="年度总体目标完成情况")
    execution_score = models.DecimalField(
        max_digits=9, decimal_places=4, null=True, blank=True, help_text="Score of the execution rate"
    )
    total = models.DecimalField(max_digits=9, decimal_places=4, null=True, blank=True, help_text="总分")
    grade = models.CharField(max_length=10, blank=True, default="", help_text="评分等级")
    error_count = models.PositiveIntegerField(default=0, help_text="Findings of level error at the last edit")
    breach_count = models.PositiveIntegerField(default=0, help_text="Findings of level breach at the last edit")
    indicator_count = models.PositiveIntegerField(default=0, help_text="Indicators promised")
    indicator_weight = models.DecimalField(
        max_digits=9, decimal_places=4, default=0, help_text="Points of the promised indicators"
    )
    evidence_count = models.PositiveIntegerField(default=0, help_text="Indicators that rest on a measurement")
    evidence_weight = models.DecimalField(
        max_digits=9, decimal_places=4, default=0, help_text="Points of the indicators that rest on a measurement"
    )

    objects = YearlyManager["Evaluation"]()

    class Meta:
        """Constraints, and indexes for inboxes and dashboards."""

        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(total__isnull=True) | Q(total__gte=0), name="evaluation_total_not_negative"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["state", "edited_at", "state_at"], name="evaluation_state_since"),
            models.Index(fields=["grade"], name="evaluation_grade"),
            models.Index(fields=["project_year", "state"], name="evaluation_year_state"),
        ]

    def __str__(self) -> str:
        return f"evaluation {self.project_year_id}"


class EvaluatedIndicator(models.Model):
    """One indicator's result. The rules' score stays beside the one given by hand, with the reason for the change."""

    evaluation = models.ForeignKey(
        Evaluation, on_delete=models.PROTECT, related_name="indicators", help_text="The self-evaluation"
    )
    goal = models.OneToOneField(
        GoalIndicator, on_delete=models.PROTECT, related_name="evaluated", help_text="The promise"
    )
    actual = models.CharField(max_length=200, blank=True, default="", help_text="实际完成值 as printed")
    measurement_id = models.BigIntegerField(
        null=True, blank=True, help_text="The measurement that gave the value; null = by document"
    )
    document = models.ForeignKey(
        "files.StoredFile", on_delete=models.PROTECT, null=True, blank=True, related_name="+", help_text="佐证材料"
    )
    document_note = models.CharField(
        max_length=200, blank=True, default="", help_text="Where in the document it stands"
    )
    rule_score = models.DecimalField(
        max_digits=9, decimal_places=4, null=True, blank=True, help_text="Score by the rule set; null = not to be said"
    )
    score = models.DecimalField(max_digits=9, decimal_places=4, null=True, blank=True, help_text="得分")
    score_reason = models.CharField(
        max_length=300, blank=True, default="", help_text="Why the score differs from the rules'; empty = it does not"
    )
    deviation = models.TextField(blank=True, default="", help_text="偏差原因分析及改进措施")

    class Meta:
        """Constraints, and the index that a measurement's use is found by."""

        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(score__isnull=True) | Q(score__gte=0), name="evaluated_score_not_negative"
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["measurement_id"], name="evaluated_measurement")]

    def __str__(self) -> str:
        return f"{self.goal_id}: {self.actual}"
