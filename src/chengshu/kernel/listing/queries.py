"""From a list's state to its rows; the database searches, sorts and pages. And the views that people keep."""

import hashlib
from functools import reduce
from operator import or_
from typing import Any

from django.core.cache import cache
from django.core.exceptions import EmptyResultSet
from django.db.models import Q, QuerySet

from chengshu.kernel.accounts.models import User
from chengshu.kernel.listing.contracts import ListingSpec
from chengshu.kernel.listing.models import SavedView
from chengshu.kernel.listing.state import GONE, ListState, find_sort_column

MANY, VERY_MANY = 10_000, 100_000
"""Beyond these a count may be a minute or ten old: to count them anew for each page costs more than the page."""
REMEMBERED = {VERY_MANY: 600.0, MANY: 60.0}  # seconds, by how many there are more than


def count_rows(rows: QuerySet[Any]) -> int:
    """Count rows; of more than MANY the count is remembered for a while, for everybody who asks the same."""
    counted = rows.order_by().values("pk")
    try:
        asked = repr(counted.query.sql_with_params())
    except EmptyResultSet:
        return 0
    key = f"listing:count:{hashlib.sha256(asked.encode()).hexdigest()}"
    remembered: int | None = cache.get(key)
    if remembered is not None:
        return remembered
    count = counted.count()
    seconds = next((seconds for bound, seconds in REMEMBERED.items() if count > bound), None)
    if seconds is not None:
        cache.set(key, count, seconds)
    return count


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


def page_keys(rows: QuerySet[Any], *, start: int, end: int, count: int) -> list[Any]:
    """Return the primary keys of ordered rows from `start` to `end`, counted from 0; `count` is how many rows there are.

    In the second half they are counted from the end, for people go to the last page more often than to the middle; but
    not where the count may be old.
    """
    keys = rows.values_list("pk", flat=True)
    if count > MANY or start <= count // 2:
        return list(keys[start:end])
    return list(keys.reverse()[count - end : count - start])[::-1]


def list_saved_views(owner: User, list_key: str) -> QuerySet[SavedView]:
    """Return the owner's views of a list, by name."""
    return SavedView.objects.filter(owner=owner, list_key=list_key).order_by("name")


def _order(spec: ListingSpec, sort: str) -> list[str]:
    column = find_sort_column(spec, sort)
    names = [*(column.order_by if column else ()), "pk"]
    if not sort.startswith("-"):
        return names
    return [name[1:] if name.startswith("-") else f"-{name}" for name in names]
