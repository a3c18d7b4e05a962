"""The door of what the house tells other systems' catalogues of its own work."""

from chengshu.resources.operations.event_telling import tell_events
from chengshu.resources.queries.events import EventsTold, list_events

__all__ = ["EventsTold", "list_events", "tell_events"]
