"""Where a list stands, as its address says: search, filters, sort, page, columns, unit of money."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import urlencode

from django.http import QueryDict

from chengshu.base.texts import drop_controls
from chengshu.kernel.listing.contracts import Column, ListingSpec, MoneyUnit

RESERVED = ("q", "sort", "page", "size", "columns", "unit", "export")
GONE = "gone"  # stands for chosen values that a filter no longer has
_MAX_SEARCH = 200


@dataclass(frozen=True, slots=True)
class ListState:
    """One state of a list. Every state is an address and every address a state: unknown texts fall to defaults, unknown choices to GONE."""

    query: str
    sort: str
    page: int
    size: int
    columns: tuple[str, ...]
    unit: MoneyUnit
    filters: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def pairs(self, spec: ListingSpec, **changes: Any) -> list[tuple[str, str]]:
        """Return what the address of this state with `changes` says; defaults are left out.

        A change of what is listed goes back to the first page.
        """
        state = replace(self, **({"page": 1} | changes if changes else {}))
        standing = {
            "q": (state.query, ""),
            "sort": (state.sort, spec.default_sort),
            "unit": (state.unit.value, MoneyUnit.YUAN.value),
            "size": (str(state.size), str(spec.page_sizes[0])),
            "columns": (",".join(state.columns), ",".join(default_columns(spec))),
            "page": (str(state.page), "1"),
        }
        chosen = [(key, value) for key, values in sorted(state.filters.items()) for value in values]
        return chosen + [(key, value) for key, (value, default) in standing.items() if value != default]

    def address(self, spec: ListingSpec, **changes: Any) -> str:
        """Return the query part of that address, `?` before it."""
        return "?" + urlencode(self.pairs(spec, **changes))


def default_columns(spec: ListingSpec) -> tuple[str, ...]:
    """Return the keys of the columns that are seen before anybody chooses."""
    return tuple(column.key for column in spec.columns if column.is_shown)


def find_sort_column(spec: ListingSpec, sort: str) -> Column | None:
    """Return the sortable column that `sort` names, or None."""
    key = sort.removeprefix("-")
    return next((column for column in spec.columns if column.key == key and column.order_by), None)


def read_state(spec: ListingSpec, params: QueryDict) -> ListState:
    """Read the state out of the address."""
    sort = params.get("sort", "")
    size = _whole_number(params.get("size", ""))
    return ListState(
        query=drop_controls(params.get("q", "")).strip()[:_MAX_SEARCH],
        sort=sort if find_sort_column(spec, sort) else spec.default_sort,
        page=max(1, _whole_number(params.get("page", "")) or 1),
        size=size if size in spec.page_sizes else spec.page_sizes[0],
        columns=_read_columns(spec, params.getlist("columns")),
        unit=MoneyUnit.WAN if params.get("unit") == MoneyUnit.WAN else MoneyUnit.YUAN,
        filters=_read_filters(spec, params),
    )


def _read_columns(spec: ListingSpec, texts: list[str]) -> tuple[str, ...]:
    """Return the chosen columns in the order of the list; the first column is always there."""
    wanted = {key for text in texts for key in text.split(",")}
    known = [column.key for column in spec.columns]
    if not wanted & set(known):
        return default_columns(spec)
    return tuple(key for key in known if key in wanted or key == known[0])


def _read_filters(spec: ListingSpec, params: QueryDict) -> dict[str, tuple[str, ...]]:
    chosen = {}
    for listed in spec.filters:
        given = [value for value in params.getlist(listed.key) if value]
        known = [choice.value for choice in listed.choices()] if given else []
        if given:
            # A choice that is gone (a batch put away since) leaves nothing; dropping it would show everything.
            chosen[listed.key] = tuple(value for value in known if value in given) or (GONE,)
    return chosen


def _whole_number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None
