"""The money of a project's year: what was planned by source, how it was adjusted, what was paid."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from chengshu.performance.contracts.year import FundSource, TableKind
from chengshu.performance.models.appending import AppendOnlyManager
from chengshu.performance.models.projects import ProjectYear
from chengshu.performance.models.rights import YearlyManager

_SOURCES = [(source.value, source.value) for source in FundSource]
_TABLES = [(kind.value, kind.value) for kind in TableKind]


class BudgetLine(models.Model):
    """The initial budget of one fund source in a year."""

    project_year = models.ForeignKey(
        ProjectYear, on_delete=models.PROTECT, related_name="budget_lines", help_text="The year"
    )
    source = models.CharField(max_length=16, choices=_SOURCES, help_text="Fund source as on the form")
    initial_yuan = models.DecimalField(max_digits=20, decimal_places=4, help_text="年初预算数, in 元")

    objects = YearlyManager["BudgetLine"]()

    class Meta:
        """Constraints."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["project_year", "source"], name="budget_line_once_per_source"),
            models.CheckConstraint(condition=Q(initial_yuan__gte=0), name="budget_line_not_negative"),
            models.CheckConstraint(
                condition=Q(source__in=[source.value for source in FundSource]), name="budget_line_source_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.source} {self.initial_yuan}"


class BudgetAdjustment(models.Model):
    """One change of the budget, with its date, reason and document. A wrong one is taken back by a further one."""

    project_year = models.ForeignKey(
        ProjectYear, on_delete=models.PROTECT, related_name="adjustments", help_text="The year"
    )
    source = models.CharField(max_length=16, choices=_SOURCES, help_text="Fund source as on the form")
    amount_yuan = models.DecimalField(max_digits=20, decimal_places=4, help_text="Change in 元; negative = less")
    adjusted_on = models.DateField(help_text="Day of the document")
    reason = models.CharField(max_length=300, help_text="Why")
    document_number = models.CharField(max_length=100, blank=True, default="", help_text="文号")
    document = models.ForeignKey(
        "files.StoredFile", on_delete=models.PROTECT, null=True, blank=True, related_name="+", help_text="The document"
    )
    undoes = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="undone_by", help_text="Taken back by it"
    )
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", help_text="Who")
    recorded_at = models.DateTimeField(help_text="When it was entered")

    objects = AppendOnlyManager["BudgetAdjustment"]()

    class Meta:
        """Constraints, and an index for the year's history."""

        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(amount_yuan=0), name="adjustment_changes_something"),
            models.CheckConstraint(condition=~Q(reason=""), name="adjustment_has_reason"),
            models.CheckConstraint(
                condition=Q(source__in=[source.value for source in FundSource]), name="adjustment_source_known"
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["project_year", "adjusted_on"], name="adjustment_year_day")]

    def __str__(self) -> str:
        return f"{self.source} {self.amount_yuan}"


class Receipt(models.Model):
    """What became of one table that was handed in: rows sent, taken, already known, refused.

    The rows are taken in pieces, each with its counts in one transaction, so that the receipt adds up at any moment
    and an interrupted import goes on after the last piece.
    """

    kind = models.CharField(max_length=16, choices=_TABLES, help_text="What the rows are")
    stored = models.ForeignKey(
        "files.StoredFile", on_delete=models.PROTECT, related_name="+", help_text="The file as handed in"
    )
    name = models.CharField(max_length=255, help_text="Its name")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", help_text="Who")
    imported_at = models.DateTimeField(help_text="When it was handed in")
    job = models.ForeignKey(
        "jobs.Job", on_delete=models.PROTECT, null=True, blank=True, related_name="+", help_text="The long work on it"
    )
    finished_at = models.DateTimeField(null=True, blank=True, help_text="When its last row was done; null = not yet")
    fault = models.CharField(max_length=300, blank=True, default="", help_text="Why its rows could not be read on")
    sent = models.PositiveIntegerField(default=0, help_text="Rows done so far")
    taken = models.PositiveIntegerField(default=0, help_text="Rows that became records")
    repeated = models.PositiveIntegerField(default=0, help_text="Rows that were known already, equal in all")
    rejected = models.PositiveIntegerField(default=0, help_text="Rows refused, each kept with its fault")

    class Meta:
        """Constraints, and an index for a person's receipts."""

        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(sent=models.F("taken") + models.F("repeated") + models.F("rejected")),
                name="receipt_adds_up",
            ),
            models.CheckConstraint(condition=Q(kind__in=[kind.value for kind in TableKind]), name="receipt_kind_known"),
        ]
        indexes: ClassVar = [models.Index(fields=["author", "imported_at"], name="receipt_author_moment")]

    def __str__(self) -> str:
        return self.name


class Payment(models.Model):
    """One payment. `voucher` is its number in the paying system, unique in the year: an import may be repeated."""

    project_year = models.ForeignKey(
        ProjectYear, on_delete=models.PROTECT, related_name="payments", help_text="The year it counts in"
    )
    source = models.CharField(max_length=16, choices=_SOURCES, help_text="Fund source as on the form")
    voucher = models.CharField(max_length=60, help_text="凭证号")
    amount_yuan = models.DecimalField(max_digits=20, decimal_places=4, help_text="In 元; negative = paid back")
    paid_on = models.DateField(help_text="Day of payment")
    purpose = models.CharField(max_length=300, blank=True, default="", help_text="摘要")
    receipt = models.ForeignKey(
        Receipt, on_delete=models.PROTECT, related_name="payments", help_text="The import that brought it"
    )

    objects = AppendOnlyManager["Payment"]()

    class Meta:
        """Constraints, and an index for execution over time."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["project_year", "voucher"], name="payment_once_per_voucher"),
            models.CheckConstraint(condition=~Q(amount_yuan=0), name="payment_moves_money"),
            models.CheckConstraint(
                condition=Q(source__in=[source.value for source in FundSource]), name="payment_source_known"
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["project_year", "paid_on"], name="payment_year_day")]

    def __str__(self) -> str:
        return self.voucher


class RejectedRow(models.Model):
    """A row of a table that was refused, as it stood there, with its place and what is wrong with it."""

    receipt = models.ForeignKey(Receipt, on_delete=models.PROTECT, related_name="rejections", help_text="The import")
    line = models.PositiveIntegerField(help_text="Row in the file, from 1 with the header")
    row = models.JSONField(help_text="The cells by their header")
    fault = models.CharField(max_length=40, help_text="What is wrong, as the rules name it")
    value = models.CharField(max_length=200, blank=True, default="", help_text="The text at fault")

    class Meta:
        """An index for the order of the file."""

        indexes: ClassVar = [models.Index(fields=["receipt", "line"], name="rejected_row_line")]

    def __str__(self) -> str:
        return f"{self.line}: {self.fault}"
