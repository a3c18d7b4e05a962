"""What several pages of tickets share: the person, the moment, what a form gave, how a ticket is shown."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.timezone import localdate

from chengshu.kernel.accounts.models import User
from chengshu.kernel.accounts.queries import authenticated_user
from chengshu.kernel.calendars import facade as calendars
from chengshu.kernel.organisations import facade as organisations
from chengshu.kernel.tickets.contracts import Action, Given, Input, Level, Outcome, Reading, Role, TicketKind
from chengshu.kernel.tickets.errors import TicketError
from chengshu.kernel.tickets.models import Ticket
from chengshu.kernel.tickets.queries.clocks import leading_clock, read_clocks
from chengshu.kernel.tickets.queries.tickets import list_held, list_offered
from chengshu.kernel.tickets.registry import list_kinds
from chengshu.kernel.tickets.rules.kinds import choose_main_step
from chengshu.kernel.tickets.wording import ClockWords, describe_clock

_OUTCOMES_FORWARD = (Outcome.SOLVED, Outcome.UNREACHED)


@dataclass(frozen=True, slots=True)
class Visit:
    """Who asks, and when; read once a request."""

    viewer: User
    now: datetime

    @classmethod
    def of(cls, request: HttpRequest) -> "Visit":
        """Read them from the request."""
        return cls(authenticated_user(request), timezone.now())


@dataclass(frozen=True, slots=True)
class Failure:
    """What a person tried and why it was not done, so that the page can show both again."""

    ticket_id: int
    action: str
    error: TicketError
    values: Mapping[str, str] = field(default_factory=dict)

    @property
    def status(self) -> int:
        """The HTTP status that says so."""
        codes = {"TICKET_CHANGED": 409, "ACTION_NOT_OFFERED": 409, "NOTHING_TO_UNDO": 409}
        return codes.get(self.error.code, 422)


@dataclass(frozen=True, slots=True)
class StepForm:
    """One step as a page offers it: a plain button, or a form for what it asks."""

    action: Action
    outcomes: tuple[Outcome, ...]
    failure: Failure | None = None
    is_primary: bool = False

    @property
    def asks_note(self) -> bool:
        """Whether a note is needed."""
        return Input.NOTE in self.action.requires

    @property
    def asks_rating(self) -> bool:
        """Whether a rating is needed."""
        return Input.RATING in self.action.requires

    @property
    def asks_priority(self) -> bool:
        """Whether the priority is to be chosen."""
        return Input.PRIORITY in self.action.requires

    @property
    def asks_assignee(self) -> bool:
        """Whether somebody is to be chosen."""
        return Input.ASSIGNEE in self.action.requires

    @property
    def is_plain(self) -> bool:
        """Whether one press is enough."""
        return not self.action.requires


@dataclass(frozen=True, slots=True)
class TicketCard:
    """One ticket as a page shows it."""

    ticket: Ticket
    kind: TicketKind
    organisation_name: str
    clocks: tuple[ClockWords, ...]
    leading: ClockWords | None
    steps: tuple[StepForm, ...]

    @property
    def state_label(self) -> str:
        """The state in words."""
        return str(self.kind.state(self.ticket.state).label)

    @property
    def priority_label(self) -> str:
        """The priority in words."""
        return next((str(c.label) for c in self.kind.priorities if c.key == self.ticket.priority), self.ticket.priority)

    @property
    def category_label(self) -> str:
        """The category in words; empty when there is none."""
        return next((str(c.label) for c in self.kind.categories if c.key == self.ticket.category), "")

    @property
    def subject_address(self) -> str:
        """Where what it is about is worked on; empty when there is no such page."""
        number = self.ticket.subject.rpartition(":")[2]
        return reverse(self.kind.subject_page, args=[number]) if self.kind.subject_page and number else ""

    @property
    def is_over(self) -> bool:
        """Whether its first clock is over the limit."""
        return self.leading is not None and self.leading.reading.level is Level.RED


def build_cards(tickets: Iterable[Ticket], visit: Visit, failure: Failure | None = None) -> list[TicketCard]:
    """Return the tickets with clocks, names and steps; a fixed number of queries, however many there are.

    Tickets of a kind that nobody registers any more are left out: nothing can be said or done about them.
    """
    kinds = {kind.key: kind for kind in list_kinds()}
    listed = [ticket for ticket in tickets if ticket.kind in kinds]
    today = localdate(visit.now)
    places = {ticket.organisation_id for ticket in listed}
    names = organisations.names_on(places, today)
    held = list_held(visit.viewer, places, on=today)
    readings = read_clocks(listed, calendars.load_calendar(), now=visit.now)
    cards = []
    for ticket in listed:
        kind = kinds[ticket.kind]
        offered = list_offered(ticket, kind, visit.viewer, held[ticket.organisation_id])
        primary = choose_main_step(kind, ticket.state, offered)
        steps = tuple(_step(kind, ticket, action, failure, is_primary=action is primary) for action in offered)
        clocks = readings[ticket.pk]
        leading = leading_clock(clocks)
        name = names.get(ticket.organisation_id, "")
        cards.append(
            TicketCard(ticket, kind, name, _words(clocks), describe_clock(leading) if leading else None, steps)
        )
    return cards


def _words(readings: Iterable[Reading]) -> tuple[ClockWords, ...]:
    return tuple(describe_clock(reading) for reading in readings)


def _step(kind: TicketKind, ticket: Ticket, action: Action, failure: Failure | None, *, is_primary: bool) -> StepForm:
    goes_back = bool(action.target) and kind.state(action.target).role is Role.WORK
    outcomes = (Outcome.UNSOLVED,) if goes_back else _OUTCOMES_FORWARD
    failed = failure if failure and (failure.ticket_id, failure.action) == (ticket.pk, action.key) else None
    return StepForm(action, outcomes if Input.OUTCOME in action.requires else (), failed, is_primary)


def read_given(request: HttpRequest) -> Given:
    """Read what a form gave; what is no value counts as not given."""
    outcome = request.POST.get("outcome", "")
    return Given(
        note=request.POST.get("note", ""),
        outcome=Outcome(outcome) if outcome in set(Outcome) else None,
        rating=read_number(request.POST.get("rating", "")),
        assignee_id=read_number(request.POST.get("assignee", "")),
        priority=request.POST.get("priority", ""),
    )


def read_number(text: str) -> int | None:
    """Read a whole number, or None."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else None


def read_next(request: HttpRequest, fallback: str) -> str:
    """Return where the form wants to go afterwards; only places of this site."""
    wanted = request.POST.get("next", "")
    is_own = url_has_allowed_host_and_scheme(wanted, allowed_hosts=None)
    return wanted if is_own and wanted.startswith(reverse("tickets:inbox").removesuffix("inbox/")) else fallback
