"""What crosses the boundary of tickets. A kind of ticket is data made of these."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from django.utils.functional import Promise

Text = str | Promise
"""A text for people; a lazy translation counts."""


class Mode(StrEnum):
    """In what a clock counts. Minutes and clock hours run day and night unless the clock keeps office hours."""

    MINUTES = "minutes"
    HOURS = "hours"
    WORKING_DAYS = "working_days"


class SegmentState(StrEnum):
    """What a clock does from a segment's start until the next segment. `VOID`: the round never was."""

    RUN = "run"
    PAUSE = "pause"
    STOP = "stop"
    VOID = "void"


class ClockState(StrEnum):
    """How a clock stands."""

    IDLE = "idle"
    RUNNING = "running"
    PAUSED = "paused"
    STOPPED = "stopped"


class Level(StrEnum):
    """How near a clock is to its limit."""

    CALM = "calm"
    YELLOW = "yellow"
    RED = "red"


class Verb(StrEnum):
    """What an action does to a clock."""

    START = "start"
    PAUSE = "pause"
    RESUME = "resume"
    STOP = "stop"


class Role(StrEnum):
    """What a state is for.

    In `WORK` the matter is not done; in `FOLLOW_UP` (回访) it is, and the person has not been asked; in `RATING` the
    person has been asked and has not rated; `END` closes; `VOID` ends what should never have been opened.
    """

    WORK = "work"
    FOLLOW_UP = "follow_up"
    RATING = "rating"
    END = "end"
    VOID = "void"


class Input(StrEnum):
    """What an action asks of the person."""

    NOTE = "note"
    OUTCOME = "outcome"
    RATING = "rating"
    ASSIGNEE = "assignee"
    PRIORITY = "priority"


class Outcome(StrEnum):
    """How a call-back ended."""

    SOLVED = "solved"
    UNSOLVED = "unsolved"
    UNREACHED = "unreached"


@dataclass(frozen=True, slots=True)
class Limit:
    """How much a clock may count: `amount` (at least 1) in the units of `mode`."""

    mode: Mode
    amount: int


@dataclass(frozen=True, slots=True)
class ClockSpec:
    """One clock of a kind.

    Args:
        key: stable.
        label: as people call it, such as 修复时限.
        limits: by priority; the empty key holds for the priorities that are not named.
        in_office_hours: whether minutes and hours count only while offices are open.
        counts_first_day: whether the day on which it starts is the first working day; by law it is not.
        ends_with_office: whether the last working day ends when offices close; else at midnight (民法典 art. 203).
        yellow_pct: at which share of the limit a warning is due.
        red_pct: at which share an alarm is due; at 100 when the limit itself is over.
    """

    key: str
    label: Text
    limits: Mapping[str, Limit]
    in_office_hours: bool = False
    counts_first_day: bool = False
    ends_with_office: bool = False
    yellow_pct: int = 75
    red_pct: int = 100

    def limit_for(self, priority: str) -> Limit:
        """Return the limit of this priority.

        Raises:
            KeyError: there is none, not even a common one.
        """
        return self.limits[priority] if priority in self.limits else self.limits[""]


@dataclass(frozen=True, slots=True)
class Segment:
    """One piece of a clock's life; it lasts until the next one. `limit` holds from here on for the whole round."""

    state: SegmentState
    started_at: datetime
    limit: Limit
    round: int = 1
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Reading:
    """A clock as read at a moment.

    `elapsed` and `remaining` are in counted time; for working days 24 hours are one day; `remaining` is negative when
    the limit is over. `due_at` is the last moment in time; for a paused clock it is known only when it is past.
    """

    key: str
    label: Text
    state: ClockState
    round: int = 0
    limit: Limit | None = None
    elapsed: timedelta = timedelta()
    remaining: timedelta = timedelta()
    started_at: datetime | None = None
    since: datetime | None = None
    due_at: datetime | None = None
    yellow_at: datetime | None = None
    red_at: datetime | None = None
    is_provisional: bool = False
    level: Level = Level.CALM
    reason: str = ""

    @property
    def is_active(self) -> bool:
        """Whether it has started and not stopped."""
        return self.state in {ClockState.RUNNING, ClockState.PAUSED}


@dataclass(frozen=True, slots=True)
class Effect:
    """What an action does to one clock."""

    verb: Verb
    clock: str


@dataclass(frozen=True, slots=True)
class State:
    """One state of a kind."""

    key: str
    label: Text
    role: Role = Role.WORK


@dataclass(frozen=True, slots=True)
class Action:
    """One step of a kind, offered to whoever has `permission` where the ticket belongs.

    Args:
        key: stable.
        label: as on the button.
        sources: the states in which it is offered.
        target: the state that it leads to; empty to stay.
        permission: of the grants, such as `tickets.handle`.
        guards: names of registered guards, all of which must let it pass.
        effects: on clocks, in order.
        requires: what the person must give.
        sets_assignee: whether who takes the step becomes the one who handles the ticket.
    """

    key: str
    label: Text
    sources: frozenset[str]
    target: str
    permission: str
    guards: tuple[str, ...] = ()
    effects: tuple[Effect, ...] = ()
    requires: frozenset[Input] = frozenset()
    sets_assignee: bool = False


@dataclass(frozen=True, slots=True)
class Choice:
    """One value that a ticket may have, and how people call it."""

    key: str
    label: Text


@dataclass(frozen=True, slots=True)
class TicketKind:
    """One kind of ticket, as a domain registers it.

    Args:
        key: stable.
        label: as people call it, such as 故障报修.
        prefix: of its numbers; capital letters.
        states: the first is where tickets begin.
        actions: in the order of the page; the first one offered is the next step.
        clocks: in the order of the page.
        opening: effects on clocks when a ticket is opened.
        priorities: the first holds when nobody chooses.
        categories: such as 网络侧 and 用户侧; may be empty.
        open_permission: what it takes to open one.
        view_permission: what it takes to see those of others.
        needs_follow_up: whether closing without a call-back is impossible.
        needs_rating: whether closing without asking for a rating is impossible.
        is_opened_by_hand: whether people open one on the page for tickets; others come from a domain's own pages.
        subject_page: the address, by its name, of the page where what the ticket is about is worked on; it takes the
            number that the ticket's subject ends with. Empty when there is none.
        subject_label: what that page is called.
    """

    key: str
    label: Text
    prefix: str
    states: tuple[State, ...]
    actions: tuple[Action, ...]
    clocks: tuple[ClockSpec, ...]
    opening: tuple[Effect, ...]
    priorities: tuple[Choice, ...]
    categories: tuple[Choice, ...] = ()
    open_permission: str = "tickets.open"
    view_permission: str = "tickets.view"
    needs_follow_up: bool = True
    needs_rating: bool = True
    is_opened_by_hand: bool = True
    subject_page: str = ""
    subject_label: Text = ""

    def state(self, key: str) -> State:
        """Return the state with this key.

        Raises:
            KeyError: there is none.
        """
        return {state.key: state for state in self.states}[key]

    def clock(self, key: str) -> ClockSpec:
        """Return the clock with this key.

        Raises:
            KeyError: there is none.
        """
        return {clock.key: clock for clock in self.clocks}[key]

    def action(self, key: str) -> Action:
        """Return the action with this key.

        Raises:
            KeyError: there is none.
        """
        return {action.key: action for action in self.actions}[key]

    def actions_from(self, state: str) -> tuple[Action, ...]:
        """Return the steps that a state offers, in order."""
        return tuple(action for action in self.actions if state in action.sources)


@dataclass(frozen=True, slots=True)
class NewTicket:
    """What is needed to open a ticket; empty priority and category take the first that the kind has."""

    kind: str
    title: str
    organisation_id: int
    description: str = ""
    priority: str = ""
    category: str = ""
    subject: str = ""


@dataclass(frozen=True, slots=True)
class Given:
    """What a person gives with an action; each part only where the action asks for it or it is welcome."""

    note: str = ""
    outcome: Outcome | None = None
    rating: int | None = None
    assignee_id: int | None = None
    priority: str = ""


NOTHING_GIVEN = Given()


@dataclass(frozen=True, slots=True)
class GuardFacts:
    """What a guard may look at."""

    state: str
    priority: str
    category: str
    subject: str
    opened_by_id: int | None
    assignee_id: int | None
    actor_id: int | None
    given: Given


@dataclass(frozen=True, slots=True)
class Escalation:
    """News that a clock has come to yellow or red, for those who registered to hear it; of several at once, of one red.

    `told` are the accounts that the ticket's own notification has told already; `at` is the moment of the sweep.
    """

    ticket_id: int
    number: str
    kind: str
    title: str
    organisation_id: int
    assignee_id: int | None
    clock: str
    clock_label: Text
    level: Level
    due_at: datetime | None
    at: datetime
    told: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Acted:
    """News that a step was taken with a ticket, for those who registered to hear it; `actor_id` None is the system."""

    ticket_id: int
    kind: str
    action: str
    state: str
    version: int
    note: str
    actor_id: int | None


@dataclass(frozen=True, slots=True)
class SweepResult:
    """What a sweep did: how many clocks it escalated, and the tickets at which it failed with the reason."""

    yellow: int = 0
    red: int = 0
    failed: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class BatchOutcome:
    """What became of one ticket of a batch; `error` is empty when it went well."""

    ticket_id: int
    number: str
    error: str = ""
    code: str = ""
