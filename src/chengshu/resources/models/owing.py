"""Who sees what a department owes: those with the right at that department."""

from datetime import date
from typing import Any, ClassVar, Self, TypeVar

from django.db import models

from chengshu.kernel.grants import facade as grants

M = TypeVar("M", bound=models.Model)

SEE_QUALITY = "resources.see_quality"
RECTIFY = "resources.rectify"
CHECK = "resources.check_quality"


class OwedQuerySet(models.QuerySet[M]):
    """Rows that an organisation owes."""

    #: Path from a row to its issue, such as `issue__`; empty for the issue itself.
    path: ClassVar[str] = ""

    def visible_to(self, viewer: grants.Viewer, *, on: date) -> Self:
        """Leave what is owed by organisations whose quality the viewer may see that day."""
        return self.permitted_to(viewer, SEE_QUALITY, on=on)

    def permitted_to(self, viewer: grants.Viewer, permission: str, *, on: date) -> Self:
        """Leave what is owed by organisations where the viewer may do this that day."""
        return self.filter(**{f"{self.path}organisation__in": grants.permitted(viewer, permission, on=on)})


class IssuePartQuerySet(OwedQuerySet[M]):
    """Rows that hang on an issue."""

    path = "issue__"


class OwedManager(models.Manager[M]):
    """Gives what organisations owe."""

    rows: ClassVar[type[OwedQuerySet[Any]]] = OwedQuerySet

    def get_queryset(self) -> OwedQuerySet[M]:
        """Return all rows."""
        return self.rows(self.model, using=self._db)

    def visible_to(self, viewer: grants.Viewer, *, on: date) -> OwedQuerySet[M]:
        """Leave what the viewer may see that day."""
        return self.get_queryset().visible_to(viewer, on=on)

    def permitted_to(self, viewer: grants.Viewer, permission: str, *, on: date) -> OwedQuerySet[M]:
        """Leave what the viewer may do this with that day."""
        return self.get_queryset().permitted_to(viewer, permission, on=on)


class IssuePartManager(OwedManager[M]):
    """Gives what hangs on issues."""

    rows = IssuePartQuerySet
