"""What the dashboard of the year adds up, kept by unit and year, and the marks of what has changed since.

The database itself sets a mark with every change of a year's money or self-evaluation (operations/year_marks.py), so
that no way of writing can forget it. A tally holds only while its unit and year bear no mark.
"""

from typing import Any, ClassVar

from django.db import models


def _sum_field(what: str) -> Any:
    return models.DecimalField(max_digits=24, decimal_places=4, default=0, help_text=what)


def _count_field(what: str) -> Any:
    return models.PositiveIntegerField(default=0, help_text=what)


class YearTally(models.Model):
    """The sums over all project years of one unit and budget year."""

    year = models.PositiveSmallIntegerField(help_text="Budget year")
    unit = models.ForeignKey(
        "organisations.Organisation", on_delete=models.PROTECT, related_name="+", help_text="Who carried out the years"
    )
    years = _count_field("Project years")
    initial = _sum_field("Sum of 年初预算数, in 元")
    budget = _sum_field("Sum of 全年预算数, in 元")
    executed = _sum_field("Sum of 全年执行数, in 元")
    scored = _count_field("Self-evaluations with a total")
    points = _sum_field("Sum of their totals")
    excellent = _count_field("Of grade 优")
    good = _count_field("Of grade 良")
    fair = _count_field("Of grade 中")
    poor = _count_field("Of grade 差")
    errors = _count_field("Findings of level error")
    breaches = _count_field("Findings of level breach")
    faulty = _count_field("Self-evaluations with either")
    approved = _count_field("Approved self-evaluations")
    indicators = _count_field("Indicators promised")
    measured = _count_field("Indicators that rest on a measurement")
    weight = _sum_field("Points of the indicators")
    measured_weight = _sum_field("Points of those that rest on a measurement")

    class Meta:
        """One row for a unit and year."""

        constraints: ClassVar = [models.UniqueConstraint(fields=["year", "unit"], name="year_tally_once")]

    def __str__(self) -> str:
        return f"{self.year} of unit {self.unit_id}"


class YearMark(models.Model):
    """A change that the tally of its unit and year does not hold yet.

    Each change sets a mark of its own, so that no two writers wait for each other.
    """

    year = models.PositiveSmallIntegerField(help_text="Budget year")
    unit_id = models.BigIntegerField(help_text="The unit; by number, since the database writes it")

    class Meta:
        """Found by unit and year."""

        indexes: ClassVar = [models.Index(fields=["year", "unit_id"], name="year_mark_unit")]

    def __str__(self) -> str:
        return f"{self.year} of unit {self.unit_id}"
