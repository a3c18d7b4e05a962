"""Profiles of tables: what a table's columns look like, how they looked before, and when it was last delivered."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Max, QuerySet

from chengshu.resources.contracts.collection import DeliveryState
from chengshu.resources.models import DataResource, Delivery, QualityRule, TableProfile
from chengshu.resources.rules.table_tests import DRIFT, Measured, is_platform_kind, read_table_test


def columns_measured(rules: Iterable[QualityRule]) -> tuple[str, ...] | None:
    """Give the columns to be counted for the tests that the platform judges; None when no rule is such a test."""
    tests = [read_table_test(rule.definition) for rule in rules if is_platform_kind(rule.definition)]
    return tuple(dict.fromkeys(test.column for test in tests if test.column)) if tests else None


def list_history(resource: DataResource, table: str, *, before: int, last: int) -> list[Measured]:
    """Give what the profiles of the last versions before one measured, the newest first."""
    profiles: QuerySet[TableProfile] = TableProfile.objects.filter(resource=resource, table=table, version__lt=before)
    return [_measured(one) for one in profiles.order_by("-version")[:last]]


def last_delivery(resource: DataResource) -> datetime | None:
    """Give the moment when rows of a resource's source were last taken; None where it has no source."""
    taken = Delivery.objects.filter(
        source__resource=resource, source__is_active=True, state=DeliveryState.TAKEN
    ).aggregate(at=Max("ended_at"))
    at: datetime | None = taken["at"]
    return at


def list_profiles(resource: DataResource) -> QuerySet[TableProfile]:
    """List the profiles of a resource in sight, the newest first."""
    rows: QuerySet[TableProfile] = TableProfile.objects.filter(resource=resource)
    return rows.order_by("-made_at", "-version")


def needs_history(rule: QualityRule) -> bool:
    """Tell whether a rule is held against profiles."""
    return bool(rule.definition.get("kind") == DRIFT)


def _measured(profile: TableProfile) -> Measured:
    return Measured(
        profile.rows,
        {column["name"]: column["nulls"] for column in profile.columns},
        {column["name"]: column["distinct"] for column in profile.columns},
    )
