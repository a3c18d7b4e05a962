"""Quality: rules of resources, checks and what they found, issues that departments owe, and corrected sheets."""

from enum import StrEnum
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from chengshu.resources.contracts.quality import (
    IssueState,
    RowFate,
    RuleOrigin,
    RuleSeverity,
    RunKind,
    RunState,
)
from chengshu.resources.models.editions import AppendOnlyManager
from chengshu.resources.models.owing import IssuePartManager, OwedManager
from chengshu.resources.models.resources import DataResource
from chengshu.resources.models.rights import CatalogueManager


def _one_of(name: str, kinds: type[StrEnum]) -> Q:
    return Q(**{f"{name}__in": [kind.value for kind in kinds]})


def _person(help_text: str) -> Any:
    return models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text=help_text,
    )


class QualityRule(models.Model):
    """A rule that a resource's rows are held to; what it was before stands in its revisions."""

    resource = models.ForeignKey(
        DataResource, on_delete=models.PROTECT, related_name="quality_rules", db_index=False, help_text="The resource"
    )
    key = models.CharField(max_length=60, help_text="Stable, unique in the resource")
    name = models.CharField(max_length=300, help_text="The rule in words")
    definition = models.JSONField(help_text="Kind, columns and what the kind asks, in the form of rule files")
    severity = models.CharField(max_length=8, default=RuleSeverity.MAJOR.value, help_text="critical, major or minor")
    threshold = models.DecimalField(max_digits=7, decimal_places=6, default=0, help_text="Share that may fail, 0 to 1")
    is_active = models.BooleanField(default=True, help_text="Whether checks ask it")
    origin = models.CharField(max_length=10, help_text="catalogue or person")
    revision = models.PositiveIntegerField(default=1, help_text="Number of the revision in force")
    changed_at = models.DateTimeField(help_text="When it was last changed")
    changed_by = _person("By whom; null = by the system")

    objects = CatalogueManager["QualityRule"]()

    class Meta:
        """Constraints."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["resource", "key"], name="quality_rule_once"),
            models.CheckConstraint(condition=~Q(key="") & ~Q(name=""), name="quality_rule_named"),
            models.CheckConstraint(condition=Q(threshold__gte=0, threshold__lte=1), name="quality_threshold_is_share"),
            models.CheckConstraint(condition=_one_of("severity", RuleSeverity), name="quality_severity_known"),
            models.CheckConstraint(condition=_one_of("origin", RuleOrigin), name="quality_origin_known"),
        ]
        indexes: ClassVar = [models.Index(fields=["changed_at"], name="quality_rule_changed")]

    def __str__(self) -> str:
        return self.name


class RuleRevision(models.Model):
    """A rule as it was from one change to the next, and why it was changed."""

    rule = models.ForeignKey(QualityRule, on_delete=models.PROTECT, related_name="revisions", help_text="The rule")
    number = models.PositiveIntegerField(help_text="From 1")
    name = models.CharField(max_length=300, help_text="The rule in words")
    definition = models.JSONField(help_text="As the rule's")
    severity = models.CharField(max_length=8, help_text="As the rule's")
    threshold = models.DecimalField(max_digits=7, decimal_places=6, help_text="As the rule's")
    is_active = models.BooleanField(help_text="As the rule's")
    reason = models.CharField(max_length=400, blank=True, default="", help_text="Why it was changed")
    author = _person("Who changed it; null = the system")
    changed_at = models.DateTimeField(help_text="When")

    objects = AppendOnlyManager["RuleRevision"]()

    class Meta:
        """Constraints."""

        constraints: ClassVar = [models.UniqueConstraint(fields=["rule", "number"], name="rule_revision_once")]

    def __str__(self) -> str:
        return f"{self.rule_id} r{self.number}"


class CheckRun(models.Model):
    """A check of one version of a resource's table."""

    resource = models.ForeignKey(
        DataResource, on_delete=models.PROTECT, related_name="check_runs", db_index=False, help_text="The resource"
    )
    kind = models.CharField(max_length=8, help_text="full or recheck")
    state = models.CharField(max_length=12, default=RunState.RUNNING.value, help_text="How it stands")
    table = models.CharField(max_length=220, help_text="Zone and name of the lake's table")
    version = models.PositiveBigIntegerField(null=True, blank=True, help_text="Version of the table; null = not known")
    month_on = models.DateField(help_text="First day of the month that it counts for")
    rows = models.PositiveBigIntegerField(default=0, help_text="Rows looked at")
    failed_rules = models.PositiveIntegerField(default=0, help_text="Rules that more rows broke than may")
    fault = models.CharField(max_length=500, blank=True, default="", help_text="Why it failed, and the cure")
    author = _person("Who had it checked; null = the system")
    started_at = models.DateTimeField(help_text="When it began")
    finished_at = models.DateTimeField(null=True, blank=True, help_text="When it ended")

    objects = CatalogueManager["CheckRun"]()

    class Meta:
        """Constraints, and indexes for lists."""

        constraints: ClassVar = [
            models.CheckConstraint(condition=_one_of("kind", RunKind), name="check_kind_known"),
            models.CheckConstraint(condition=_one_of("state", RunState), name="check_state_known"),
            models.CheckConstraint(
                condition=Q(state="running", finished_at=None) | (~Q(state="running") & Q(finished_at__isnull=False)),
                name="check_ends_once",
            ),
            models.CheckConstraint(condition=~Q(state="done") | Q(version__isnull=False), name="check_names_version"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["resource", "started_at"], name="check_resource_started"),
            models.Index(fields=["started_at"], name="check_started"),
            models.Index(fields=["month_on", "resource"], name="check_month_resource"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.resource_id} v{self.version}"


class RuleOutcome(models.Model):
    """What one rule found in one check."""

    run = models.ForeignKey(CheckRun, on_delete=models.CASCADE, related_name="outcomes", help_text="The check")
    rule = models.ForeignKey(QualityRule, on_delete=models.PROTECT, related_name="outcomes", help_text="The rule")
    revision = models.PositiveIntegerField(help_text="Revision of the rule that was asked")
    checked = models.PositiveBigIntegerField(default=0, help_text="Rows (cells, for completeness) looked at")
    failed = models.PositiveBigIntegerField(default=0, help_text="Of these, how many failed")
    unattached = models.PositiveBigIntegerField(default=0, help_text="Failing rows beyond what one check attaches")
    is_passed = models.BooleanField(help_text="Whether no more failed than may")
    observed = models.CharField(max_length=300, blank=True, default="", help_text="What a test of the table saw")
    fault = models.CharField(max_length=300, blank=True, default="", help_text="Why it could not be asked")
    milliseconds = models.PositiveIntegerField(default=0, help_text="Its part of the time")

    class Meta:
        """Constraints."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["run", "rule"], name="outcome_once"),
            models.CheckConstraint(condition=Q(failed__lte=F("checked")), name="outcome_failed_among_checked"),
        ]

    def __str__(self) -> str:
        return f"{self.rule_id} {self.failed}/{self.checked}"


class QualityIssue(models.Model):
    """Failing rows of one rule that a department owes, carried by a ticket. It is open as long as a row is owed."""

    resource = models.ForeignKey(
        DataResource, on_delete=models.PROTECT, related_name="quality_issues", help_text="The resource"
    )
    rule = models.ForeignKey(QualityRule, on_delete=models.PROTECT, related_name="issues", help_text="The rule")
    organisation = models.ForeignKey(
        "organisations.Organisation", on_delete=models.PROTECT, related_name="+", help_text="Who owes it"
    )
    opened_in = models.ForeignKey(
        CheckRun, on_delete=models.PROTECT, related_name="issues", help_text="The check that found it"
    )
    ticket = models.OneToOneField(
        "tickets.Ticket", on_delete=models.PROTECT, null=True, related_name="+", help_text="The ticket that carries it"
    )
    recurrence_of = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="recurrences", help_text="Earlier issue"
    )
    state = models.CharField(max_length=10, default=IssueState.OPEN.value, help_text="open, rectified or void")
    rows_total = models.PositiveIntegerField(help_text="Rows ever in it")
    rows_owed = models.PositiveIntegerField(help_text="Rows that still fail")
    rows_verified = models.PositiveIntegerField(default=0, help_text="Rows that a check found fixed or gone")
    rows_void = models.PositiveIntegerField(default=0, help_text="Rows that were never wrong")
    opened_at = models.DateTimeField(help_text="When it was found")
    settled_at = models.DateTimeField(null=True, blank=True, help_text="When the last row was settled")

    objects = OwedManager["QualityIssue"]()

    class Meta:
        """Constraints: nothing is settled while a row fails. Indexes for lists."""

        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(state="open", rows_owed__gt=0, settled_at=None)
                | Q(state__in=["rectified", "void"], rows_owed=0, settled_at__isnull=False),
                name="issue_open_while_rows_owed",
            ),
            models.CheckConstraint(
                condition=Q(rows_total=F("rows_owed") + F("rows_verified") + F("rows_void")), name="issue_rows_add_up"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["organisation", "state", "opened_at"], name="issue_owing_state"),
            models.Index(fields=["opened_at"], name="issue_opened"),
            models.Index(fields=["rule", "state"], name="issue_rule_state"),
        ]

    def __str__(self) -> str:
        return f"issue {self.pk}"


class IssueRow(models.Model):
    """One failing row of an issue, by its key; who proves it right is the check that verified it."""

    issue = models.ForeignKey(QualityIssue, on_delete=models.PROTECT, related_name="rows", help_text="The issue")
    rule = models.ForeignKey(
        QualityRule, on_delete=models.PROTECT, related_name="+", db_index=False, help_text="The issue's rule"
    )
    key = models.JSONField(help_text="Cells of the key columns as text, in their order; none = the table as a whole")
    former_key = models.JSONField(null=True, blank=True, help_text="The key as found, when that itself was corrected")
    key_digest = models.CharField(max_length=64, help_text="SHA-256 of the key")
    value = models.TextField(blank=True, default="", help_text="The failing cell as found; shown masked by its grade")
    fate = models.CharField(max_length=6, default=RowFate.OWED.value, help_text="owed, fixed, gone or void")
    seen_in = models.ForeignKey(CheckRun, on_delete=models.PROTECT, related_name="+", help_text="Check that found it")
    verified_in = models.ForeignKey(
        CheckRun, on_delete=models.PROTECT, null=True, blank=True, related_name="+", help_text="Check that proves it"
    )
    settled_at = models.DateTimeField(null=True, blank=True, help_text="When it was fixed, gone or void")
    failing_in = models.ForeignKey(
        CheckRun,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        db_index=False,
        related_name="+",
        help_text="The last re-check that found it failing still",
    )
    failing_value = models.TextField(  # noqa: DJ001 - an empty cell is not the same as none that changed
        null=True,
        blank=True,
        help_text="The failing cell in that re-check, where it is another one than as found",
    )

    objects = IssuePartManager["IssueRow"]()

    class Meta:
        """Constraints: a failing row is owed once. Indexes for lists."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["issue", "key_digest"], name="issue_row_once"),
            models.UniqueConstraint(
                fields=["rule", "key_digest"], condition=Q(fate="owed"), name="row_owed_once_by_rule"
            ),
            models.CheckConstraint(condition=_one_of("fate", RowFate), name="row_fate_known"),
            models.CheckConstraint(
                condition=Q(fate="owed", verified_in=None, settled_at=None)
                | Q(fate__in=["fixed", "gone"], verified_in__isnull=False, settled_at__isnull=False)
                | Q(fate="void", settled_at__isnull=False),
                name="row_verified_by_a_check",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["rule", "key_digest"], name="row_rule_key")]

    def __str__(self) -> str:
        return f"row of {self.issue_id}"


class PlannedCheck(models.Model):
    """That a resource is to be checked in a month."""

    resource = models.ForeignKey(
        DataResource, on_delete=models.PROTECT, related_name="planned_checks", help_text="The resource"
    )
    month_on = models.DateField(help_text="First day of the month")
    month_at = models.DateTimeField(help_text="The same as a moment, in the zone of the house")
    planned_at = models.DateTimeField(help_text="When it was planned")
    planned_by = _person("By whom; null = the system")

    objects = CatalogueManager["PlannedCheck"]()

    class Meta:
        """Constraints."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["month_on", "resource"], name="planned_once_a_month"),
            models.CheckConstraint(condition=Q(month_on__day=1), name="plan_names_first_day"),
        ]

    def __str__(self) -> str:
        return f"{self.month_on:%Y-%m} {self.resource_id}"


class ReturnedSheet(models.Model):
    """A corrected sheet of an issue that came back, and the version of the table that it made."""

    issue = models.ForeignKey(QualityIssue, on_delete=models.PROTECT, related_name="returns", help_text="The issue")
    name = models.CharField(max_length=200, help_text="File name")
    digest = models.CharField(max_length=64, help_text="SHA-256 of the file")
    author = _person("Who handed it in")
    taken_at = models.DateTimeField(help_text="When")
    sent = models.PositiveIntegerField(help_text="Rows in the sheet")
    taken = models.PositiveIntegerField(help_text="Rows that were corrected")
    rejected = models.PositiveIntegerField(help_text="Rows that were refused")
    version = models.PositiveBigIntegerField(null=True, blank=True, help_text="The table's version; null = none made")

    objects = IssuePartManager["ReturnedSheet"]()

    class Meta:
        """Constraints."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["issue", "digest"], name="sheet_taken_once"),
            models.CheckConstraint(condition=Q(sent=F("taken") + F("rejected")), name="sheet_rows_add_up"),
        ]

    def __str__(self) -> str:
        return self.name


class RefusedCorrection(models.Model):
    """A row of a corrected sheet that was not taken, with the reason and the cure."""

    sheet = models.ForeignKey(ReturnedSheet, on_delete=models.CASCADE, related_name="refusals", help_text="The sheet")
    row = models.PositiveIntegerField(help_text="Row in the sheet, from 1")
    cells = models.JSONField(help_text="The row as it was read")
    reason = models.CharField(max_length=400, help_text="Why, and the cure")

    class Meta:
        """An index for the receipt."""

        indexes: ClassVar = [models.Index(fields=["sheet", "row"], name="refused_correction_place")]

    def __str__(self) -> str:
        return f"{self.sheet_id} {self.row}"


class TakenCorrection(models.Model):
    """A row of a corrected sheet that was taken, and what the next re-check made of it."""

    sheet = models.ForeignKey(
        ReturnedSheet, on_delete=models.CASCADE, related_name="corrections", help_text="The sheet"
    )
    row = models.PositiveIntegerField(help_text="Row in the sheet, from 1")
    issue_row = models.ForeignKey(
        IssueRow, on_delete=models.PROTECT, related_name="corrections", help_text="The failing row it is meant for"
    )
    fate = models.CharField(
        max_length=6,
        blank=True,
        default="",
        help_text="As the row's after the re-check; owed = fails still, empty = none yet",
    )
    value = models.TextField(blank=True, default="", help_text="The cell that fails still")
    checked_in = models.ForeignKey(
        CheckRun, on_delete=models.PROTECT, null=True, blank=True, related_name="+", help_text="The re-check"
    )

    class Meta:
        """Constraints."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["sheet", "row"], name="taken_correction_once"),
            models.CheckConstraint(
                condition=Q(fate="", checked_in=None) | _one_of("fate", RowFate), name="taken_correction_fate_known"
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["issue_row"], condition=Q(fate=""), name="taken_correction_waiting")]

    def __str__(self) -> str:
        return f"{self.sheet_id} {self.row}"
