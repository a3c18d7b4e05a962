"""What crosses the boundary of indicators."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum

from django.utils.functional import Promise

Text = str | Promise
Cell = str | int | bool | Decimal | None
"""A canonical value of a fact: moments and days are texts in ISO 8601, moments in UTC."""


class Direction(StrEnum):
    """Which way is better."""

    UP = "up"
    DOWN = "down"


class Aggregation(StrEnum):
    """How facts become one value. Every fact has a numerator n and a denominator d."""

    COUNT = "count"  # Σ n; no denominator
    RATIO = "ratio"  # Σ n ÷ Σ d
    PERCENTILE = "percentile"  # the n of rank ⌈p · facts⌉ (nearest rank)


class FactKind(StrEnum):
    """What a column of facts holds; decides how its values are written down, alike on every database."""

    TEXT = "text"
    INTEGER = "integer"
    DECIMAL = "decimal"
    BOOLEAN = "boolean"
    DAY = "day"
    MOMENT = "moment"


class Mask(StrEnum):
    """How a column is shown to people: as it is, the first sign only, or the first three and last four."""

    NONE = "none"
    NAME = "name"
    NUMBER = "number"


@dataclass(frozen=True, slots=True)
class FactColumn:
    """A column of the query beside `fact_key`, `numerator` and `denominator`: what a reader wants to see of a fact.

    A masked column is masked before it enters the digest: the evidence can be handed out and recomputed as it is.
    """

    name: str
    label: Text
    kind: FactKind = FactKind.TEXT
    mask: Mask = Mask.NONE


@dataclass(frozen=True, slots=True)
class IndicatorSpec:
    """One registered indicator.

    Args:
        key: stable, `domain.name`.
        name: as it stands on the form.
        unit: of the value, as forms and evidence write it: `%`, `件`, `分钟`; empty for a bare number. Pages translate it.
        direction: which way is better.
        aggregation: how facts become the value.
        sql: one SELECT that both databases understand. It gives one row a counted fact with the columns `fact_key`
            (unique, never null), `numerator`, `denominator` (not for counts) and those of `columns`, in any order.
            Parameters by name: `%(from)s` and `%(until)s` (moments; the window is from ≤ t < until), `%(organisation)s`
            (id whose subtree is counted, or null for all), and `%(<kind>)s` for each other scope kind (id or null).
        definition: in words what is counted over what, for people who read no SQL.
        columns: shown in samples and kept in the evidence.
        scopes: kinds of scope beside the organisation, such as `project`.
        factor: the value is this times the aggregate: 100 for per cent.
        divisor: and divided by this: 60 for minutes out of seconds, whose facts stay exact.
        digits: decimals of the value, rounded half up.
        percentile: p in (0, 1) for `percentile`.
        is_stock: what is held at the end of the window; the query then does not ask for `from`.
    """

    key: str
    name: Text
    unit: str
    direction: Direction
    aggregation: Aggregation
    sql: str
    definition: Text
    columns: tuple[FactColumn, ...] = ()
    scopes: tuple[str, ...] = ()
    factor: int = 1
    divisor: int = 1
    digits: int = 2
    percentile: Decimal | None = None
    is_stock: bool = False


@dataclass(frozen=True, slots=True)
class AwaitedSpec:
    """An indicator that is promised by this key before anything can count it.

    Whoever builds what is counted registers the indicator under the same key, and what is promised by it is measured
    from then on. Until then there is no figure: neither a measured nor a typed one.

    Args:
        key, name, unit, definition: as of the indicator to come.
        reason: what has to be there first, for people.
    """

    key: str
    name: Text
    unit: str
    definition: Text
    reason: Text


@dataclass(frozen=True, slots=True)
class Fact:
    """One counted row in canonical form: its key, numerator, denominator (None for counts), then the columns."""

    key: str
    numerator: Decimal
    denominator: Decimal | None
    columns: tuple[Cell, ...] = ()


@dataclass(frozen=True, slots=True)
class Scope:
    """Over what is measured: a kind, its id and its outward code; all empty for the whole city."""

    kind: str = ""
    id: int | None = None
    code: str = ""

    def __str__(self) -> str:
        return f"{self.kind}:{self.code}" if self.kind else ""


@dataclass(frozen=True, slots=True)
class Window:
    """The days measured, both included, in the city's time zone."""

    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Tally:
    """What a pass over the facts gives. `value` is None when nothing stands below the line."""

    value: Decimal | None
    numerator: Decimal
    denominator: Decimal | None
    counted: int
    digest: str
    sample: tuple[Fact, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class Verification:
    """A measurement measured again: whether the facts are the same, both digests and values, and what changed.

    `changed` lists keys of facts that were added, removed or differ (at most a page of them); None when the counted
    rows were not kept, so that the digest alone can tell.
    """

    same: bool
    was: str
    now: str
    was_value: Decimal | None
    now_value: Decimal | None
    added: tuple[str, ...] | None = None
    removed: tuple[str, ...] | None = None
    altered: tuple[str, ...] | None = None
