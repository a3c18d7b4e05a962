"""The door of taking deliveries into the lake; apart from the rest because what it stands on is heavy to import."""

from chengshu.resources.operations.delivering import bring_interface, take_delivery
from chengshu.resources.queries.lake import open_lake, raw_table, to_schema

__all__ = ["bring_interface", "open_lake", "raw_table", "take_delivery", "to_schema"]
