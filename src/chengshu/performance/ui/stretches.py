"""Long forms on the screen: a stretch of the indicators at a time; print and download stay whole."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from chengshu.performance.facade import FormRecord

INDICATORS_AT_ONCE = 200
SOURCE_ROWS_AT_ONCE = 400
_INDICATOR = re.compile(r"/indicators/(\d{1,6})(?:/|$)")


@dataclass(frozen=True, slots=True)
class Stretch:
    """The indicators that a page shows: `number` counts the stretches from 1, of `count`."""

    number: int
    count: int
    indicators: int

    @property
    def shown(self) -> range:
        """The indicators from 0, as in the record."""
        start = (self.number - 1) * INDICATORS_AT_ONCE
        return range(start, min(start + INDICATORS_AT_ONCE, self.indicators))

    @property
    def first(self) -> int:
        """The first indicator shown, from 1."""
        return self.shown.start + 1

    @property
    def last(self) -> int:
        """The last indicator shown, from 1."""
        return self.shown.stop

    @property
    def before(self) -> int | None:
        """The stretch before; None at the first."""
        return self.number - 1 if self.number > 1 else None

    @property
    def after(self) -> int | None:
        """The stretch after; None at the last."""
        return self.number + 1 if self.number < self.count else None

    def holds(self, pointer: str) -> bool:
        """Tell whether what a pointer leads to is on the page: every part of the form but the other indicators."""
        number = _indicator_of(pointer)
        return number is None or number in self.shown


def choose_stretch(stored: FormRecord, asked: str, pointer: str) -> Stretch:
    """Choose the stretch that the address asks for, else the one with the chosen cell, else the first."""
    indicators = len(stored.content.record["indicators"])
    count = max(1, -(-indicators // INDICATORS_AT_ONCE))
    number = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 7 else 0
    if not 1 <= number <= count:
        number = (_indicator_of(pointer) or 0) // INDICATORS_AT_ONCE + 1
    return Stretch(min(number, count), count, indicators)


def choose_source_rows(stored: FormRecord, stretch: Stretch) -> Sequence[dict[str, object]]:
    """Give the rows of the source, of a long one those that the page's values came from."""
    rows: list[dict[str, object]] = stored.content.rows
    if len(rows) <= SOURCE_ROWS_AT_ONCE or stretch.count == 1:
        return rows
    places = {
        str(origin["place"])
        for field, origin in stored.content.origins.items()
        if (number := _indicator_of(field)) is not None and number in stretch.shown
    }
    at = [index for index, row in enumerate(rows) if _is_from(row, places)]
    return rows[at[0] : at[-1] + 1] if at else rows[:SOURCE_ROWS_AT_ONCE]


def _is_from(row: dict[str, object], places: set[str]) -> bool:
    cells = row["cells"]
    return isinstance(cells, list) and any(str(cell["place"]) in places for cell in cells)


def _indicator_of(pointer: str) -> int | None:
    found = _INDICATOR.match(pointer)
    return int(found[1]) if found else None
