"""Who sees which entries: what is published is everybody's, the rest its department's; rights live in SQL."""

from datetime import date
from typing import Any, ClassVar, Self, TypeVar

from django.db import models
from django.db.models import Q

from chengshu.kernel.grants import facade as grants

M = TypeVar("M", bound=models.Model)

SEE = "resources.see"
EDIT = "resources.edit"
APPROVE = "resources.approve"
DISPUTE = "resources.dispute"
KEEP_ELEMENTS = "resources.keep_elements"
SEE_SERVICE = "resources.see_service"


class CatalogueQuerySet(models.QuerySet[M]):
    """Rows that hang on a resource."""

    #: Path from a row to its resource, such as `resource__`; empty for the resource itself.
    path: ClassVar[str] = "resource__"

    def visible_to(self, viewer: grants.Viewer, *, on: date) -> Self:
        """Leave what is published, and what belongs to organisations whose drafts the viewer may see that day."""
        if not viewer.is_active:
            return self.none()
        within = Q(**{f"{self.path}department__in": grants.permitted(viewer, SEE, on=on)})
        return self.filter(Q(**{f"{self.path}state": "published"}) | within)

    def permitted_to(self, viewer: grants.Viewer, permission: str, *, on: date) -> Self:
        """Leave what belongs to organisations where the viewer may do this that day."""
        return self.filter(**{f"{self.path}department__in": grants.permitted(viewer, permission, on=on)})


class CatalogueManager(models.Manager[M]):
    """Gives rows that hang on a resource."""

    rows: ClassVar[type[CatalogueQuerySet[Any]]] = CatalogueQuerySet

    def get_queryset(self) -> CatalogueQuerySet[M]:
        """Return all rows."""
        return self.rows(self.model, using=self._db)

    def visible_to(self, viewer: grants.Viewer, *, on: date) -> CatalogueQuerySet[M]:
        """Leave what the viewer may see that day."""
        return self.get_queryset().visible_to(viewer, on=on)

    def permitted_to(self, viewer: grants.Viewer, permission: str, *, on: date) -> CatalogueQuerySet[M]:
        """Leave what the viewer may do this with that day."""
        return self.get_queryset().permitted_to(viewer, permission, on=on)


class ResourceQuerySet(CatalogueQuerySet[M]):
    """Resources themselves."""

    path = ""


class ResourceManager(CatalogueManager[M]):
    """Gives resources."""

    rows = ResourceQuerySet
