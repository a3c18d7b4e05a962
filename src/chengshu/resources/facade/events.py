"""The door of what the house tells other systems' catalogues of its own work."""

from chengshu.resources.queries.events import list_events

__all__ = ["list_events"]
