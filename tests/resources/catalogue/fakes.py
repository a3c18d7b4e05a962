"""Entries of the catalogue for the tests, with as little said as the database takes."""

from itertools import count
from typing import Any

from conftest import NOW

from chengshu.kernel.organisations.facade import Organisation
from chengshu.resources.models import DataResource, Field

_numbers = count(1)


def add_resource(unit: Organisation, *, fields: int = 0, **more: Any) -> DataResource:
    """Keep a draft of a unit; `more` overrides its columns."""
    number = next(_numbers)
    told = {
        "code": f"T{number:05}",
        "name": f"{unit.code}的资源{number}",
        "department": unit,
        "group": "department",
        "kind": "table",
        "cycle": "monthly",
        "sharing": "conditional",
        "opening": "refused",
        "classification": "general",
        "profile": "national",
        "created_at": NOW,
        "edited_at": NOW,
        "field_count": fields,
    } | more
    resource = DataResource.objects.create(**told)
    Field.objects.bulk_create(
        Field(resource=resource, number=at, code=f"f{at}", name=f"信息项{at}", type="text") for at in range(fields)
    )
    return resource


def publish(resource: DataResource) -> DataResource:
    """Let an entry stand as published, without an edition."""
    resource.state, resource.version, resource.published_at = "published", 1, NOW
    resource.save()
    return resource
