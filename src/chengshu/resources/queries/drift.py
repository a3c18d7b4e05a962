"""What accepting a held delivery would do: which columns it may not lack, and what becomes of the table."""

from collections.abc import Collection
from dataclasses import dataclass

from chengshu.resources.contracts.collection import DeliveryState, WriteMode
from chengshu.resources.models import DataSource, Delivery, Field

SAMPLED = 1000
"""Rows that are looked at before a row is taken."""


@dataclass(frozen=True, slots=True)
class DriftEffect:
    """What accepting means: rows that came (at least, where `is_more`), rows that the table holds, columns in the way."""

    rows: int
    is_more: bool
    held: int | None
    replaces: bool
    firm: tuple[str, ...]


def list_firm(source: DataSource, missing: Collection[str]) -> list[str]:
    """List the missing columns that may not be empty: declared so, of the source's key, or of the linked entry's key."""
    keys = set(source.key)
    if source.resource_id is not None:
        keys |= set(Field.objects.filter(resource=source.resource_id, is_key=True).values_list("code", flat=True))
    declared = [(column["name"], column.get("is_nullable", True)) for column in source.columns]
    return [name for name, may_be_empty in declared if name in missing and (name in keys or not may_be_empty)]


def tell_effect(delivery: Delivery) -> DriftEffect:
    """Tell what accepting a held delivery would do."""
    source, drift = delivery.source, delivery.drift
    rows = int(drift.get("sampled", 0))
    taken = Delivery.objects.filter(source=source, state=DeliveryState.TAKEN.value, rows_held__isnull=False)
    held = taken.order_by("-version", "-ended_at").values_list("rows_held", flat=True).first()
    firm = tuple(list_firm(source, drift.get("missing", ())))
    return DriftEffect(rows, rows >= SAMPLED, held, source.mode == WriteMode.REPLACE.value, firm)
