"""今日待办: one line for each thing that a department owes. No table keeps them: each is read from what is owed."""

from collections.abc import Sequence
from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import QuerySet
from django.db.models.sql.compiler import SQLCompiler
from django.db.models.sql.datastructures import BaseTable

HEAD = "w_"
"""Before the names of columns, so that no part's annotation has the name of a column of its own table."""


class UnionTable(BaseTable):
    """Stands in FROM where a table would: the rows of several queries, one below the other."""

    def __init__(self, rows: QuerySet[Any, Any], table_name: str, alias: str | None) -> None:
        super().__init__(table_name, alias)
        self._rows = rows

    def as_sql(self, compiler: SQLCompiler, connection: Any) -> tuple[str, tuple[Any, ...]]:
        """Write the union with its name."""
        sql, params = self._rows.query.get_compiler(connection=connection).as_sql()
        return f"({sql}) {compiler.quote_name_unless_alias(self.table_alias or self.table_name)}", tuple(params)

    def relabeled_clone(self, change_map: dict[str | None, str]) -> Self:
        """Return the same under another name."""
        return self.__class__(self._rows, self.table_name, change_map.get(self.table_alias, self.table_alias))


class WorkItemManager(models.Manager["WorkItem"]):
    """Gives work items; without parts to read them from there are none."""

    def get_queryset(self) -> QuerySet["WorkItem"]:
        """Return nothing."""
        return super().get_queryset().none()

    def read_from(self, parts: Sequence[QuerySet[Any, Any]]) -> QuerySet["WorkItem"]:
        """Give the rows of all parts as work items; each part's columns are those of this model, in their order."""
        rows, *others = parts
        items: QuerySet[WorkItem] = super().get_queryset()
        alias = items.query.get_initial_alias()
        union = rows.union(*others, all=True)
        items.query.alias_map[alias] = UnionTable(union, self.model._meta.db_table, alias)  # noqa: SLF001 - Django's documented API
        return items


class WorkItem(models.Model):
    """Something that a department owes today."""

    number = models.BigIntegerField(primary_key=True, db_column="w_number", help_text="Unique among all kinds")
    kind = models.CharField(max_length=8, db_column="w_kind", help_text="What is owed")
    subject_id = models.BigIntegerField(db_column="w_subject", help_text="Id of the issue, entry, delivery …")
    department = models.ForeignKey(
        "organisations.Organisation",
        on_delete=models.DO_NOTHING,
        related_name="+",
        db_column="w_department",
        db_constraint=False,
        help_text="Who owes it",
    )
    title = models.TextField(db_column="w_title", help_text="What it is about")
    place = models.TextField(db_column="w_place", help_text="Resource, source or number that it belongs to")
    note = models.TextField(db_column="w_note", help_text="What was said of it")
    amount = models.BigIntegerField(null=True, db_column="w_amount", help_text="Rows that are owed; null = not rows")
    since_at = models.DateTimeField(db_column="w_since", help_text="Since when it is owed")
    due_at = models.DateTimeField(null=True, db_column="w_due", help_text="Until when; null = no due time")

    objects: ClassVar[WorkItemManager] = WorkItemManager()

    class Meta:
        """Nothing is kept."""

        managed = False

    def __str__(self) -> str:
        return f"{self.kind} {self.subject_id}"
