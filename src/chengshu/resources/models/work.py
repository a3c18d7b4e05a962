"""今日待办: one line for each thing that a department owes. No table keeps them: each is read from what is owed."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import ExpressionWrapper, F, QuerySet
from django.db.models.sql.compiler import SQLCompiler
from django.db.models.sql.datastructures import BaseTable

from chengshu.resources.contracts.work import WorkKind

HEAD = "w_"
"""Before the names of columns, so that no part's annotation has the name of a column of its own table."""


_KINDS = tuple(WorkKind)
Part = tuple[WorkKind, QuerySet[Any, Any]]
"""Rows of one kind, in the columns of a work item."""


def number_expression(kind: WorkKind) -> Any:
    """Give the number of a row among all kinds, from which its kind and its key can be told again."""
    return ExpressionWrapper(F("pk") * len(_KINDS) + _KINDS.index(kind), models.BigIntegerField())


class UnionTable(BaseTable):
    """Stands in FROM where a table would: the rows of several queries, one below the other."""

    def __init__(self, parts: Sequence[Part], table_name: str, alias: str | None) -> None:
        super().__init__(table_name, alias)
        self._parts = tuple(parts)

    def as_sql(self, compiler: SQLCompiler, connection: Any) -> tuple[str, tuple[Any, ...]]:
        """Write the union with its name."""
        (_kind, rows), *others = self._parts
        union = rows.union(*(more for _other, more in others), all=True)
        sql, params = union.query.get_compiler(connection=connection).as_sql()
        return f"({sql}) {compiler.quote_name_unless_alias(self.table_alias or self.table_name)}", tuple(params)

    def relabeled_clone(self, change_map: dict[str | None, str]) -> Self:
        """Return the same under another name."""
        return self.__class__(self._parts, self.table_name, change_map.get(self.table_alias, self.table_alias))

    def narrowed_to(self, numbers: Iterable[int]) -> Self:
        """Return only the rows of these numbers, which each part finds by its own key."""
        keys = defaultdict(list)
        for number in numbers:
            key, at = divmod(number, len(_KINDS))
            keys[_KINDS[at]].append(key)
        parts = [(kind, rows.filter(pk__in=keys[kind])) for kind, rows in self._parts if kind in keys]
        return self.__class__(parts, self.table_name, self.table_alias)


class WorkItemQuerySet(QuerySet["WorkItem"]):
    """Work items, read from the parts that they are given."""

    def in_bulk(self, id_list: Iterable[int] | None = None, *, field_name: str = "pk") -> dict[Any, "WorkItem"]:
        """Give the items of some numbers; the database looks at these rows alone, not at all that is owed."""
        alias = self.query.get_initial_alias()
        table = self.query.alias_map[alias]
        if id_list is None or field_name != "pk" or not isinstance(table, UnionTable):
            return super().in_bulk(id_list, field_name=field_name)
        numbers = list(id_list)
        if not numbers:
            return {}
        narrowed = self.all()
        narrowed.query.alias_map[alias] = table.narrowed_to(numbers)
        return super(WorkItemQuerySet, narrowed).in_bulk(numbers)


class WorkItemManager(models.Manager["WorkItem"]):
    """Gives work items; without parts to read them from there are none."""

    def get_queryset(self) -> WorkItemQuerySet:
        """Return nothing."""
        return WorkItemQuerySet(self.model, using=self._db).none()

    def read_from(self, parts: Sequence[Part]) -> WorkItemQuerySet:
        """Give the rows of all parts as work items; each part's columns are those of this model, in their order."""
        items = WorkItemQuerySet(self.model, using=self._db)
        alias = items.query.get_initial_alias()
        items.query.alias_map[alias] = UnionTable(parts, self.model._meta.db_table, alias)  # noqa: SLF001 - Django's documented API
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
