"""What a domain declares about a list; the list pattern does the rest."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Text = str | Promise
"""A text for people; a lazy translation counts."""

_SEARCH = _("搜索")
_EMPTY = _("没有记录。")


class Kind(StrEnum):
    """How a column's values are shown, aligned and exported."""

    TEXT = "text"
    NUMBER = "number"
    MONEY = "money"
    PERCENT = "percent"
    DATE = "date"
    MOMENT = "moment"
    DEADLINE = "deadline"
    """A moment until which something is in time; the end of a day is shown as that day."""


class MoneyUnit(StrEnum):
    """The unit in which a list shows its money; one for the whole list."""

    YUAN = "yuan"
    WAN = "wan"


class ExportFormat(StrEnum):
    """The files that a list can be taken away as."""

    CSV = "csv"
    XLSX = "xlsx"


@dataclass(frozen=True, slots=True)
class Column:
    """One column.

    Args:
        key: stable name in the address and in exports.
        label: the header; without the unit.
        value: from a row to its value: str, int, Decimal, date, aware datetime or None. Money in 元, percent as
            printed (`96.5` for 96.5 %).
        kind: how the value is shown.
        order_by: ORM names to sort by, ascending; empty when the column cannot be sorted.
        url: from a row to the address that the cell leads to; None for a plain cell.
        template: a template for the cell, given `row` and `value`; empty for the plain value.
        is_shown: whether the column is seen before anybody chooses columns.
    """

    key: str
    label: Text
    value: Callable[[Any], object]
    kind: Kind = Kind.TEXT
    order_by: tuple[str, ...] = ()
    url: Callable[[Any], str | None] | None = None
    template: str = ""
    is_shown: bool = True

    @property
    def is_numeric(self) -> bool:
        """Whether values stand at the right."""
        return self.kind in {Kind.NUMBER, Kind.MONEY, Kind.PERCENT}

    @property
    def style(self) -> str:
        """The class of its cells: numbers stand at the right, days and moments are not broken over lines."""
        if self.is_numeric:
            return "numeric"
        return "moment" if self.kind in {Kind.DATE, Kind.MOMENT, Kind.DEADLINE} else ""


@dataclass(frozen=True, slots=True)
class Choice:
    """One value of a filter, as in the address and as people read it."""

    value: str
    label: Text


@dataclass(frozen=True, slots=True)
class Filter:
    """One filter: several of its values may be chosen, any of which a row must have.

    `choices` is asked once a page. `narrow` gets the rows and the chosen values, all of them known choices.
    """

    key: str
    label: Text
    choices: Callable[[], Sequence[Choice]]
    narrow: Callable[[QuerySet[Any], Sequence[str]], QuerySet[Any]]


@dataclass(frozen=True, slots=True)
class BatchAction:
    """Something to do with the selected rows: the page posts their ids as `selected` to `url`."""

    label: Text
    url: str


@dataclass(frozen=True, slots=True)
class ListingSpec:
    """One list.

    Args:
        key: stable, unique on its page; letters, digits, `-`.
        columns: in the order of the page; the first is the row's name and cannot be hidden.
        default_sort: a sortable column's key, with `-` before it for descending.
        filters: in the order of the page.
        search: ORM lookups such as `project__icontains`, any of which may match each word of the search.
        search_hint: what the search looks at, shown in the empty box.
        page_sizes: the first is the one before anybody chooses.
        row_id: from a row to the id that batch actions post.
        empty: what an empty list tells to do next.
        file_name: of the export, without its ending.
    """

    key: str
    columns: tuple[Column, ...]
    default_sort: str
    filters: tuple[Filter, ...] = ()
    search: tuple[str, ...] = ()
    search_hint: Text = _SEARCH
    page_sizes: tuple[int, ...] = (50, 100, 200)
    row_id: Callable[[Any], str] = lambda row: str(row.pk)
    empty: Text = _EMPTY
    file_name: str = "列表"
