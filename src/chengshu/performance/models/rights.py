"""Who sees which batches, projects and papers; every queryset of this domain starts here, so that rights live in SQL."""

from datetime import date
from typing import Any, ClassVar, Self, TypeVar

from django.db import models
from django.db.models import Exists, Q

from chengshu.kernel.grants import facade as grants
from chengshu.kernel.organisations.facade import Kind

M = TypeVar("M", bound=models.Model)

Viewer = grants.Viewer

IMPORT_FORMS = "performance.import_form"
SEE_FORMS = "performance.see_form"
EDIT_FORMS = "performance.edit_form"


def batch_filter(viewer: Viewer, *, on: date, prefix: str = "", permission: str = SEE_FORMS) -> Q:
    """Give the condition that leaves the batches a viewer may see, or with EDIT_FORMS those that he may change.

    These are what he imported himself, as long as he may import for its organisation, and what was imported for
    organisations where he has the permission. `prefix` is the path to the batch ("batch__"). Deleted batches are
    never visible; a retired account sees none.
    """
    return _reached(viewer, on, prefix, permission) & Q(**{f"{prefix}deleted_at__isnull": True})


def deleted_batch_filter(viewer: Viewer, *, on: date) -> Q:
    """Give the condition that leaves the deleted batches that a viewer may bring back: those he could delete."""
    return _reached(viewer, on, "", EDIT_FORMS) & Q(deleted_at__isnull=False)


def _reached(viewer: Viewer, on: date, prefix: str, permission: str) -> Q:
    own = grants.permitted(viewer, IMPORT_FORMS, on=on)
    everything = grants.permitted(viewer, permission, on=on)
    nowhere = Q(**{f"{prefix}organisation__isnull": True})
    # What was imported before there were organisations is its importer's, and theirs who answer for a whole city.
    whole_city = everything.filter(descendant__kind=Kind.CITY)
    mine = Q(**{f"{prefix}organisation__in": own}) | (nowhere & Exists(own))
    theirs = Q(**{f"{prefix}organisation__in": everything}) | (nowhere & Exists(whole_city))
    return (Q(**{f"{prefix}owner_id": viewer.pk}) & mine) | theirs


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
