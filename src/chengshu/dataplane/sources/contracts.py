"""What readers of sources give and take."""

from dataclasses import dataclass

FAR_SINCE = "2099-01-01"
"""From here on a moment means "for ever" (2099-12-31, 9999-12-31 23:59:59): reading on after it, nothing would be new."""


@dataclass(frozen=True, slots=True)
class Refused:
    """A row that cannot be read into the declared columns.

    `row` is the record's number as a spreadsheet shows it (the header is 1; 0 where rows have no order). `raw` is the
    record as it came: a line, or a JSON object of column and text. `column` is empty where the whole record is at fault.
    """

    row: int
    column: str
    raw: str
    reason: str


@dataclass(frozen=True, slots=True)
class Retyped:
    """A column whose values are mostly not of the declared type: a sample of them, and the share of the sample."""

    column: str
    declared: str
    example: str
    share: float


@dataclass(frozen=True, slots=True)
class Drift:
    """How the columns of a delivery differ from those declared, found before a row is taken."""

    added: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    renamed: tuple[tuple[str, str], ...] = ()
    """Pairs that look like one column: the declared name, the name that came. Both stand among the others too."""
    retyped: tuple[Retyped, ...] = ()
    sampled: int = 0
    """Rows of the sample; fewer than a sample may hold are all there are."""
    headings: tuple[tuple[str, str], ...] = ()
    """Headings that stood for declared columns, with these; no difference."""

    def __bool__(self) -> bool:
        return bool(self.added or self.missing or self.retyped)


@dataclass(frozen=True, slots=True)
class Mark:
    """Up to where a table was read: the highest value, and the keys of rows that have it and were read.

    The keys are needed where many rows share one value, such as a second: the rest of them may be written later.
    `far` are the keys of rows that were read and whose value is a moment from FAR_SINCE on: it never becomes the mark.
    """

    value: str
    taken: tuple[str, ...] = ()
    far: tuple[str, ...] = ()
