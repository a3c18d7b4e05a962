"""The door of the catalogue."""

from chengshu.resources.contracts.catalogue import (
    Access,
    Classification,
    Cycle,
    Group,
    ListKind,
    ResourceKind,
    ResourceState,
)
from chengshu.resources.models import DataResource
from chengshu.resources.queries.catalogue import get_resource, list_departments, list_resources

__all__ = [
    "Access",
    "Classification",
    "Cycle",
    "DataResource",
    "Group",
    "ListKind",
    "ResourceKind",
    "ResourceState",
    "get_resource",
    "list_departments",
    "list_resources",
]
