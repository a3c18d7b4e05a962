"""Tables of tickets."""

from chengshu.kernel.tickets.models.clocks import ClockSegment, Forecast, RaisedLevel, Settlement
from chengshu.kernel.tickets.models.standings import TicketStanding
from chengshu.kernel.tickets.models.tickets import Attachment, NumberSeries, Ticket, TicketEvent, TicketQuerySet

__all__ = [
    "Attachment",
    "ClockSegment",
    "Forecast",
    "NumberSeries",
    "RaisedLevel",
    "Settlement",
    "Ticket",
    "TicketEvent",
    "TicketQuerySet",
    "TicketStanding",
]
