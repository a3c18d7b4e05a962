"""What the budget pays for: a project, and each of its years."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from chengshu.performance.models.rights import ProjectManager, ProjectYearManager


class Project(models.Model):
    """A funded project. It is ended, never deleted: the years speak of it."""

    code = models.CharField(max_length=40, unique=True, help_text="项目编码, unique in the city")
    name = models.CharField(max_length=200, help_text="项目名称")
    department = models.ForeignKey(
        "organisations.Organisation", on_delete=models.PROTECT, related_name="+", help_text="主管部门"
    )
    unit = models.ForeignKey(
        "organisations.Organisation", on_delete=models.PROTECT, related_name="+", help_text="实施单位; rights follow it"
    )
    started_on = models.DateField(help_text="First day that money may be spent")
    ended_on = models.DateField(null=True, blank=True, help_text="Last day; null = goes on")
    is_secret = models.BooleanField(default=False, help_text="Never published")
    description = models.TextField(blank=True, default="", help_text="What it does, in the unit's words")
    created_at = models.DateTimeField(help_text="When it was entered")

    objects = ProjectManager["Project"]()

    class Meta:
        """Constraints, and an index for every list."""

        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(code="") & ~Q(name=""), name="project_named"),
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True) | Q(ended_on__gte=F("started_on")), name="project_ends_after_start"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["unit", "name"], name="project_unit_name"),
            models.Index(fields=["department", "name"], name="project_department_name"),
            models.Index(fields=["name"], name="project_name"),
        ]

    def __str__(self) -> str:
        return self.name


class ProjectYear(models.Model):
    """One budget year of a project: goals, money, monitoring, self-evaluation and review hang on it.

    The sums are kept beside the rows that they add up, written in the same transaction, so that lists of many
    thousand years sort and sum by columns.
    """

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="years", help_text="The project")
    unit = models.ForeignKey(
        "organisations.Organisation", on_delete=models.PROTECT, related_name="+", help_text="Who carried out this year"
    )
    year = models.PositiveSmallIntegerField(help_text="Budget year")
    initial_yuan = models.DecimalField(max_digits=20, decimal_places=4, default=0, help_text="年初预算数, in 元")
    budget_yuan = models.DecimalField(
        max_digits=20, decimal_places=4, default=0, help_text="全年预算数 (adjusted), in 元"
    )
    executed_yuan = models.DecimalField(max_digits=20, decimal_places=4, default=0, help_text="全年执行数, in 元")
    created_at = models.DateTimeField(help_text="When the year was opened")

    objects = ProjectYearManager["ProjectYear"]()

    class Meta:
        """Constraints, and an index for every list."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["project", "year"], name="project_once_per_year"),
            models.CheckConstraint(condition=Q(year__gte=1990, year__lte=2100), name="project_year_plausible"),
            models.CheckConstraint(condition=Q(initial_yuan__gte=0), name="project_year_initial_not_negative"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["year", "unit"], name="project_year_unit"),
            models.Index(fields=["year", "budget_yuan"], name="project_year_budget"),
            models.Index(fields=["unit", "year"], name="project_year_of_unit"),
            models.Index(fields=["year", "id"], name="project_year_latest"),
        ]

    def __str__(self) -> str:
        return f"{self.project_id}/{self.year}"
