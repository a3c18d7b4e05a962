"""From a list's state to its rows; the database searches, sorts and pages. And the views that people keep."""

from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Q, QuerySet

from chengshu.kernel.accounts.models import User
from chengshu.kernel.listing.contracts import ListingSpec
from chengshu.kernel.listing.models import SavedView
from chengshu.kernel.listing.state import GONE, ListState, find_sort_column


def select_rows(spec: ListingSpec, rows: QuerySet[Any], state: ListState) -> QuerySet[Any]:
    """Return the rows that search and filters leave, sorted, all pages of them.

    The order ends with the primary key, so that no row is on two pages or on none; it runs the same way as the sort,
    so that one index serves both.
    """
    for word in state.query.split() if spec.search else ():
        rows = rows.filter(reduce(or_, (Q(**{lookup: word}) for lookup in spec.search)))
    for listed in spec.filters:
        if values := state.filters.get(listed.key):
            rows = rows.none() if values == (GONE,) else listed.narrow(rows, values)
    return rows.order_by(*_order(spec, state.sort))


def list_saved_views(owner: User, list_key: str) -> QuerySet[SavedView]:
    """Return the owner's views of a list, by name."""
    return SavedView.objects.filter(owner=owner, list_key=list_key).order_by("name")


def _order(spec: ListingSpec, sort: str) -> list[str]:
    column = find_sort_column(spec, sort)
    names = [*(column.order_by if column else ()), "pk"]
    if not sort.startswith("-"):
        return names
    return [name[1:] if name.startswith("-") else f"-{name}" for name in names]
