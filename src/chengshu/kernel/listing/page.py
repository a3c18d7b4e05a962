"""One page of a list, in the words that its template uses."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext

from chengshu.kernel.accounts.models import User
from chengshu.kernel.listing.contracts import (
    BatchAction,
    Column,
    ExportFormat,
    Filter,
    Kind,
    ListingSpec,
    MoneyUnit,
    Text,
)
from chengshu.kernel.listing.formats import format_value, unit_label
from chengshu.kernel.listing.models import NAME_LENGTH
from chengshu.kernel.listing.queries import count_rows, list_saved_views, page_keys, select_rows
from chengshu.kernel.listing.state import GONE, ListState, default_columns

_NEIGHBOURS = 2


@dataclass(frozen=True, slots=True)
class Header:
    """A column's head: its label with the unit, and the address that sorts by it."""

    column: Column
    unit: str
    direction: str
    sort_address: str


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell: what is shown, where it leads."""

    column: Column
    content: str | SafeString
    url: str | None


@dataclass(frozen=True, slots=True)
class Row:
    """One row with the id that batch actions post."""

    id: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Option:
    """One value of a filter or column chooser, and whether it is chosen."""

    value: str
    label: Text
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class Chip:
    """One thing that narrows the list, and the address without it."""

    label: Text
    value: Text
    address: str


@dataclass(frozen=True, slots=True)
class ViewLink:
    """A view that the person keeps of this list, its address, and whether the list stands so now."""

    id: int
    name: str
    address: str
    is_current: bool


class Listing:
    """A list bound to rows and a state. Templates read it; nothing is asked of the database before they do."""

    def __init__(
        self,
        spec: ListingSpec,
        rows: QuerySet[Any],
        state: ListState,
        batch_actions: Sequence[BatchAction] = (),
        viewer: User | None = None,
        total: int | None = None,
    ) -> None:
        self.spec = spec
        self.state = state
        self.batch_actions = batch_actions
        self.viewer = viewer
        self._source = rows
        self._total = total
        self.all_rows = select_rows(spec, rows, state)

    @cached_property
    def count(self) -> int:
        """How many rows search and filters leave; of very many, as of up to a minute ago."""
        if self._total is not None and not self.is_narrowed:
            return self._total
        return count_rows(self.all_rows)

    @cached_property
    def page_count(self) -> int:
        """How many pages there are, at least 1."""
        return max(1, -(-self.count // self.state.size))

    @cached_property
    def page(self) -> int:
        """The page shown, from 1; the last one when the address asks beyond it."""
        return min(self.state.page, self.page_count)

    @property
    def first(self) -> int:
        """The number of the first row shown, from 1; 0 when there is none."""
        return (self.page - 1) * self.state.size + 1 if self.count else 0

    @property
    def last(self) -> int:
        """The number of the last row shown."""
        return min(self.page * self.state.size, self.count)

    @property
    def count_text(self) -> str:
        """The count, thousands apart."""
        return f"{self.count:,}"

    @property
    def first_text(self) -> str:
        """The number of the first row shown, thousands apart."""
        return f"{self.first:,}"

    @property
    def last_text(self) -> str:
        """The number of the last row shown, thousands apart."""
        return f"{self.last:,}"

    @cached_property
    def columns(self) -> tuple[Column, ...]:
        """The chosen columns."""
        return tuple(column for column in self.spec.columns if column.key in self.state.columns)

    @property
    def has_money(self) -> bool:
        """Whether the unit of money can be switched."""
        return any(column.kind is Kind.MONEY for column in self.columns)

    @cached_property
    def is_narrowed(self) -> bool:
        """Whether search or filters are at work."""
        return bool(self.state.query or self.state.filters)

    def headers(self) -> Iterator[Header]:
        """Give the heads of the chosen columns; an unsortable one has no address."""
        for column in self.columns:
            descending = f"-{column.key}"
            direction = {column.key: "ascending", descending: "descending"}.get(self.state.sort, "")
            target = descending if direction == "ascending" else column.key
            address = self.state.address(self.spec, sort=target) if column.order_by else ""
            yield Header(column, unit_label(column.kind, self.state.unit), direction, address)

    def rows(self) -> Iterator[Row]:
        """Give the rows of the page.

        Their keys are found first, by an index alone where there is one: on a late page the database then passes over
        keys, not over whole rows.
        """
        keys = page_keys(self.all_rows, start=max(0, self.first - 1), end=self.last, count=self.count)
        found = self._source.in_bulk(keys)
        for row in (found[key] for key in keys if key in found):
            yield Row(self.spec.row_id(row), tuple(self._cell(column, row) for column in self.columns))

    def _cell(self, column: Column, row: Any) -> Cell:
        value = column.value(row)
        content: str | SafeString = format_value(value, column.kind, self.state.unit)
        if column.template:
            context = {"row": row, "value": value, "text": content}
            content = mark_safe(render_to_string(column.template, context).strip())  # noqa: S308 - rendered with escaping
        return Cell(column, content, column.url(row) if column.url else None)

    def chips(self) -> Iterator[Chip]:
        """Give what narrows the list, each with the address without it."""
        if self.state.query:
            yield Chip(gettext("搜索"), self.state.query, self.state.address(self.spec, query=""))
        for listed in self.spec.filters:
            chosen = self.state.filters.get(listed.key, ())
            labels = {choice.value: choice.label for choice in listed.choices()} if chosen else {}
            labels[GONE] = gettext("已不存在的选项")
            for value in chosen:
                rest = {**self.state.filters, listed.key: tuple(other for other in chosen if other != value)}
                yield Chip(listed.label, labels[value], self.state.address(self.spec, filters=rest))

    def filter_options(self) -> Iterator[tuple[Filter, list[Option]]]:
        """Give each filter with its values."""
        for listed in self.spec.filters:
            chosen = self.state.filters.get(listed.key, ())
            yield listed, [Option(c.value, c.label, c.value in chosen) for c in listed.choices()]

    def column_options(self) -> list[Option]:
        """Return the columns that may be hidden."""
        return [Option(c.key, c.label, c.key in self.state.columns) for c in self.spec.columns[1:]]

    def size_options(self) -> list[tuple[int, str]]:
        """Return the page sizes with their addresses."""
        return [(size, self.state.address(self.spec, size=size)) for size in self.spec.page_sizes]

    def pages(self) -> list[tuple[int, str]]:
        """Return the pages offered: first, last and the neighbours; a gap is page 0."""
        near = range(self.page - _NEIGHBOURS, self.page + _NEIGHBOURS + 1)
        numbers = sorted({1, self.page_count, *(n for n in near if 1 <= n <= self.page_count)})
        offered: list[tuple[int, str]] = []
        for number in numbers:
            if offered and number - offered[-1][0] > 1:
                offered.append((0, ""))
            offered.append((number, self.state.address(self.spec, page=number)))
        return offered

    @property
    def previous_address(self) -> str:
        """The address of the page before; empty on the first."""
        return self.state.address(self.spec, page=self.page - 1) if self.page > 1 else ""

    @property
    def next_address(self) -> str:
        """The address of the page after; empty on the last."""
        return self.state.address(self.spec, page=self.page + 1) if self.page < self.page_count else ""

    @property
    def view_name_length(self) -> int:
        """How long the name of a saved view may be, in signs."""
        return NAME_LENGTH

    @cached_property
    def saved_views(self) -> list[ViewLink]:
        """The views that the viewer keeps of this list, by name."""
        if self.viewer is None:
            return []
        kept = list_saved_views(self.viewer, self.spec.key)
        return [ViewLink(view.pk, view.name, f"?{view.query}", view.query == self.query_to_save) for view in kept]

    @property
    def query_to_save(self) -> str:
        """What a saved view keeps of the state: all but the page."""
        return urlencode(self.state.pairs(self.spec, page=1))

    @property
    def address(self) -> str:
        """The address of the list as it stands."""
        return self.state.address(self.spec)

    @property
    def clear_address(self) -> str:
        """The address without search and filters."""
        return self.state.address(self.spec, query="", filters={})

    @property
    def unit_address(self) -> str:
        """The address with the other unit of money."""
        other = MoneyUnit.YUAN if self.state.unit is MoneyUnit.WAN else MoneyUnit.WAN
        return self.state.address(self.spec, unit=other, page=self.page)

    @property
    def search_fields(self) -> list[tuple[str, str]]:
        """The hidden fields of the search form, which sets the search itself."""
        return self.state.pairs(self.spec, query="")

    @property
    def filter_fields(self) -> list[tuple[str, str]]:
        """The hidden fields of the filter form, which sets the filters itself."""
        return self.state.pairs(self.spec, filters={})

    @property
    def column_fields(self) -> list[tuple[str, str]]:
        """The hidden fields of the column chooser, which sets all columns but the first itself."""
        pairs = self.state.pairs(self.spec, columns=default_columns(self.spec))
        return [*pairs, ("columns", self.spec.columns[0].key)]

    @property
    def csv_address(self) -> str:
        """The address that takes the list away as CSV."""
        return self._export_address(ExportFormat.CSV)

    @property
    def xlsx_address(self) -> str:
        """The address that takes the list away as XLSX."""
        return self._export_address(ExportFormat.XLSX)

    def _export_address(self, file_format: ExportFormat) -> str:
        return "?" + urlencode([*self.state.pairs(self.spec), ("export", file_format.value)])
