"""Errors of tickets.

TicketError
├── TicketNotFound     there is none, or the person may not see it
├── TicketChanged      somebody else acted first; says who did what
├── ActionNotOffered   the step is not offered in the ticket's state
├── ActionRefused      a guard does not let the step pass
├── InputMissing       something that the step needs was not given, or is no value that it may have
├── NothingToUndo      the last step cannot be taken back, or not by this person
├── KindInvalid        a kind contradicts itself; says where
├── KindTwice          two kinds, or two guards, with one key
└── KindUnknown        nobody registered the kind
"""

from chengshu.base.errors import ChengshuError


class TicketError(ChengshuError):
    """The root of the errors of tickets."""

    code = "TICKET_ERROR"


class TicketNotFound(TicketError):
    """There is no such ticket, or the person may not see it; which of them is not told."""

    code = "TICKET_NOT_FOUND"


class TicketChanged(TicketError):
    """Somebody else acted first: the person decided on what no longer stands."""

    code = "TICKET_CHANGED"


class ActionNotOffered(TicketError):
    """The step is not offered in the ticket's state."""

    code = "ACTION_NOT_OFFERED"


class ActionRefused(TicketError):
    """A guard does not let the step pass."""

    code = "ACTION_REFUSED"


class InputMissing(TicketError):
    """Something that the step needs was not given, or is no value that it may have."""

    code = "INPUT_MISSING"


class NothingToUndo(TicketError):
    """The last step cannot be taken back, or not by this person."""

    code = "NOTHING_TO_UNDO"


class KindInvalid(TicketError):
    """A kind contradicts itself."""

    code = "KIND_INVALID"


class KindTwice(TicketError):
    """Two different kinds, or guards, were registered under one key."""

    code = "KIND_TWICE"


class KindUnknown(TicketError):
    """Nobody registered the kind."""

    code = "KIND_UNKNOWN"
