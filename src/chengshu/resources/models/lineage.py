"""Saved lineage: who told it and in which versions, statements with what could not be read, tables, columns, edges."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from chengshu.resources.contracts.lineage import NodeKind, TellerKind
from chengshu.resources.models.editions import AppendOnlyManager
from chengshu.resources.models.resources import DataResource

SEE_LINEAGE = "resources.see_lineage"
KEEP_LINEAGE = "resources.keep_lineage"

TABLE_LENGTH, COLUMN_LENGTH = 600, 400
"""So long may names be in signs: what PostgreSQL still takes into an index, whatever the script."""


class LineageTeller(models.Model):
    """血缘来源: scripts or reports of a department, events of others, our own runs, the registered indicators."""

    title = models.CharField(max_length=200, unique=True, help_text="名称")
    kind = models.CharField(max_length=12, choices=[(k.value, k.value) for k in TellerKind], help_text="How it comes")
    department = models.ForeignKey(
        "organisations.Organisation",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="Who answers for it; null = the platform itself",
    )
    dialect = models.CharField(max_length=16, blank=True, default="", help_text="SQL dialect of its scripts")
    version = models.PositiveIntegerField(default=0, help_text="Number of the edition in force; 0 = none")
    statement_count = models.PositiveIntegerField(default=0, help_text="Statements in force")
    fault_count = models.PositiveIntegerField(default=0, help_text="Places that could not be read")
    told_at = models.DateTimeField(help_text="When it last told something")
    digest = models.CharField(max_length=64, blank=True, default="", help_text="Of what it said; empty = has editions")

    class Meta:
        """Constraints, and an index for the list."""

        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(title=""), name="teller_named"),
            models.CheckConstraint(condition=Q(kind__in=[k.value for k in TellerKind]), name="teller_kind_known"),
        ]
        indexes: ClassVar = [models.Index(fields=["told_at"], name="teller_told")]

    def __str__(self) -> str:
        return self.title


class LineageEdition(models.Model):
    """A version of what a teller handed in, whole, with what came of reading it."""

    teller = models.ForeignKey(LineageTeller, on_delete=models.PROTECT, related_name="editions", help_text="Of whom")
    number = models.PositiveIntegerField(help_text="From 1")
    scripts = models.JSONField(help_text="The scripts: name and text of each")
    dialect = models.CharField(max_length=16, help_text="SQL dialect")
    digest = models.CharField(max_length=64, help_text="SHA-256 of dialect and scripts")
    statement_count = models.PositiveIntegerField(help_text="Statements in it")
    edge_count = models.PositiveIntegerField(help_text="Edges between columns that it told")
    fault_count = models.PositiveIntegerField(help_text="Places that could not be read")
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+", help_text="Who"
    )
    taken_at = models.DateTimeField(help_text="When it was handed in")

    objects = AppendOnlyManager["LineageEdition"]()

    class Meta:
        """Constraints."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["teller", "number"], name="lineage_edition_once"),
            models.CheckConstraint(condition=Q(number__gte=1), name="lineage_edition_counts_from_one"),
        ]

    def __str__(self) -> str:
        return f"{self.teller_id} v{self.number}"


class LineageStatement(models.Model):
    """A statement, run or job that is in force, by the name under which it comes again."""

    teller = models.ForeignKey(LineageTeller, on_delete=models.CASCADE, related_name="statements", help_text="Of whom")
    name = models.CharField(max_length=500, help_text="Script and number, or the job's name")
    script = models.CharField(max_length=400, blank=True, default="", help_text="Name of the script")
    line = models.PositiveIntegerField(default=0, help_text="Line of the script that it begins on; 0 = none")
    kind = models.CharField(max_length=60, blank=True, default="", help_text="INSERT, MERGE …; empty = not read at all")
    told_at = models.DateTimeField(help_text="When it was told, or the run was")

    class Meta:
        """Constraints."""

        constraints: ClassVar = [models.UniqueConstraint(fields=["teller", "name"], name="lineage_statement_once")]

    def __str__(self) -> str:
        return self.name


class LineageFault(models.Model):
    """读不出的语句: what of a statement could not be read, and why."""

    statement = models.ForeignKey(
        LineageStatement, on_delete=models.CASCADE, related_name="faults", help_text="The statement"
    )
    reason = models.TextField(help_text="Why, and the cure")

    class Meta:
        """Nothing beside the columns."""

    def __str__(self) -> str:
        return self.reason


class LineageTable(models.Model):
    """A table, report or indicator as it was told; `node` is what it goes by in the graph."""

    name = models.CharField(max_length=TABLE_LENGTH, unique=True, help_text="As it was told")
    node = models.CharField(max_length=TABLE_LENGTH, db_index=True, help_text="Code of its entry, or its own name")
    kind = models.CharField(max_length=12, choices=[(k.value, k.value) for k in NodeKind], help_text="What it is")
    title = models.CharField(max_length=200, blank=True, default="", help_text="What people call it")
    resource = models.ForeignKey(
        DataResource,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="lineage_tables",
        help_text="Its entry in the catalogue; null = none is known",
    )
    department = models.ForeignKey(
        "organisations.Organisation",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="Who answers for it: of its entry, or of who told it",
    )

    class Meta:
        """Constraints."""

        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(name="") & ~Q(node=""), name="lineage_table_named"),
            models.CheckConstraint(condition=Q(kind__in=[k.value for k in NodeKind]), name="lineage_table_kind_known"),
        ]

    def __str__(self) -> str:
        return self.name


class LineageColumn(models.Model):
    """A column of a table as it was told; `*` stands for the table's rows."""

    table = models.ForeignKey(LineageTable, on_delete=models.CASCADE, related_name="columns", help_text="Its table")
    name = models.CharField(max_length=COLUMN_LENGTH, db_index=True, help_text="As it was told")

    class Meta:
        """Constraints."""

        constraints: ClassVar = [models.UniqueConstraint(fields=["table", "name"], name="lineage_column_once")]

    def __str__(self) -> str:
        return self.name


class LineageEdge(models.Model):
    """One source of one column, as a statement says."""

    statement = models.ForeignKey(
        LineageStatement, on_delete=models.CASCADE, related_name="edges", db_index=False, help_text="Which says so"
    )
    source = models.ForeignKey(LineageColumn, on_delete=models.PROTECT, related_name="+", help_text="From where")
    target = models.ForeignKey(LineageColumn, on_delete=models.PROTECT, related_name="+", help_text="To where")
    way = models.PositiveSmallIntegerField(help_text="0 constant, 1 identity, 2 expression, 3 aggregate, 4 rows only")

    class Meta:
        """Constraints."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["statement", "source", "target", "way"], name="lineage_edge_once"),
            models.CheckConstraint(condition=Q(way__lte=4), name="lineage_way_known"),
        ]

    def __str__(self) -> str:
        return f"{self.source_id} → {self.target_id}"


class LineageEvent(models.Model):
    """An event of OpenLineage as it was posted; the same content again is the same event."""

    teller = models.ForeignKey(
        LineageTeller, on_delete=models.PROTECT, related_name="events", help_text="Its namespace"
    )
    digest = models.CharField(max_length=64, unique=True, help_text="SHA-256 of the content in canonical form")
    story = models.CharField(max_length=64, db_index=True, help_text="Run that it belongs to, or digest of its job")
    body = models.JSONField(help_text="The event")
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+", help_text="Who"
    )
    received_at = models.DateTimeField(db_index=True, help_text="When it came")

    class Meta:
        """Nothing beside the columns."""

    def __str__(self) -> str:
        return self.digest


class LineageState(models.Model):
    """How the built graph stands to what is saved; there is one row."""

    revision = models.PositiveBigIntegerField(default=0, help_text="Grows with everything that is told")
    built_revision = models.PositiveBigIntegerField(default=0, help_text="Up to where the graph was built")
    built_at = models.DateTimeField(null=True, blank=True, help_text="When")
    tables = models.PositiveIntegerField(default=0, help_text="Nodes of the built graph")
    columns = models.PositiveIntegerField(default=0, help_text="Columns of the built graph")
    edges = models.PositiveIntegerField(default=0, help_text="Edges of the built graph")

    class Meta:
        """One row."""

        constraints: ClassVar = [models.CheckConstraint(condition=Q(id=1), name="lineage_state_is_one")]

    def __str__(self) -> str:
        return f"{self.built_revision}/{self.revision}"
