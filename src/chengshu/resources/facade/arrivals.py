"""The door of refused arrivals (被拒来件): what was handed in, refused as a whole, and kept as it came."""

from chengshu.resources.contracts.arrivals import HEAD_KEPT, MOST_KEPT, Arrival, ArrivalKind
from chengshu.resources.models import COLLECT, RefusedArrival
from chengshu.resources.operations.arrivals import Sender, forget_arrivals, keep_refused
from chengshu.resources.queries.arrivals import list_arrival_places, list_arrivals

__all__ = [
    "COLLECT",
    "HEAD_KEPT",
    "MOST_KEPT",
    "Arrival",
    "ArrivalKind",
    "RefusedArrival",
    "Sender",
    "forget_arrivals",
    "keep_refused",
    "list_arrival_places",
    "list_arrivals",
]
