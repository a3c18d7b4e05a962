"""Who sees which batches, projects and papers; every queryset of this domain starts here, so that rights live in SQL."""

from datetime import date
from typing import Any, ClassVar, Protocol, Self, TypeVar

from django.db import models
from django.db.models import Q

from chengshu.kernel.accounts.contracts import Role
from chengshu.kernel.grants import facade as grants

M = TypeVar("M", bound=models.Model)

_SEE_ALL = frozenset({Role.REVIEWER.value, Role.ADMIN.value})


class Viewer(Protocol):
    """The part of an account that rights look at."""

    pk: int
    is_active: bool
    role: str


def batch_filter(viewer: Viewer, prefix: str = "") -> Q:
    """Give the condition that leaves the batches a viewer may see: all for reviewers, their own for officers.

    `prefix` is the path to the batch ("batch__"). Deleted batches are never visible; a retired account sees none.
    """
    return _own_or_all(viewer, prefix) & Q(**{f"{prefix}deleted_at__isnull": True})


def deleted_batch_filter(viewer: Viewer) -> Q:
    """Give the condition that leaves the deleted batches that a viewer may bring back: those he could delete."""
    return _own_or_all(viewer, "") & Q(deleted_at__isnull=False)


def _own_or_all(viewer: Viewer, prefix: str) -> Q:
    if not viewer.is_active:
        return Q(pk__in=())
    return Q() if viewer.role in _SEE_ALL else Q(**{f"{prefix}owner_id": viewer.pk})


class OwnedQuerySet(models.QuerySet[M]):
    """Rows that belong to a project, and by it to a unit. Each kind says how to reach the two."""

    #: Paths to the ids of unit and project.
    unit_path: ClassVar[str]
    project_path: ClassVar[str]

    def visible_to(self, viewer: grants.Viewer, *, on: date, permission: str = "performance.see_project") -> Self:
        """Leave the rows with which the viewer may do this on that day, grants limited to one project included."""
        return self.filter(
            grants.permit_filter(
                viewer, permission, on=on, kind="project", organisation=self.unit_path, subject=self.project_path
            )
        )


class OwnedManager(models.Manager[M]):
    """Gives the rows of one kind. Written out, since the type checker resolves made managers only in some orders."""

    rows: ClassVar[type[OwnedQuerySet[Any]]]

    def get_queryset(self) -> OwnedQuerySet[M]:
        """Return all rows."""
        return self.rows(self.model, using=self._db)

    def visible_to(
        self, viewer: grants.Viewer, *, on: date, permission: str = "performance.see_project"
    ) -> OwnedQuerySet[M]:
        """Leave the rows with which the viewer may do this on that day."""
        return self.get_queryset().visible_to(viewer, on=on, permission=permission)


class ProjectQuerySet(OwnedQuerySet[M]):
    """Filters over projects."""

    unit_path = "unit_id"
    project_path = "pk"


class ProjectManager(OwnedManager[M]):
    """Gives projects."""

    rows = ProjectQuerySet


class ProjectYearQuerySet(OwnedQuerySet[M]):
    """Filters over years of projects."""

    unit_path = "unit_id"
    project_path = "project_id"


class ProjectYearManager(OwnedManager[M]):
    """Gives years of projects."""

    rows = ProjectYearQuerySet


class YearlyQuerySet(OwnedQuerySet[M]):
    """Filters over what hangs on a project's year."""

    unit_path = "project_year__unit_id"
    project_path = "project_year__project_id"


class YearlyManager(OwnedManager[M]):
    """Gives what hangs on a project's year."""

    rows = YearlyQuerySet


class ReviewedQuerySet(OwnedQuerySet[M]):
    """Filters over what hangs on a self-evaluation."""

    unit_path = "evaluation__project_year__unit_id"
    project_path = "evaluation__project_year__project_id"


class ReviewedManager(OwnedManager[M]):
    """Gives what hangs on a self-evaluation."""

    rows = ReviewedQuerySet
