"""One page of a list out of the database, always in two queries besides what the rows themselves bring."""

from collections.abc import Callable, Sequence
from functools import reduce
from operator import or_
from typing import Any, TypeVar

from django.db.models import Q, QuerySet

from chengshu.kernel.http.contracts import PageAsked

T = TypeVar("T")


def narrow_to_words(rows: QuerySet[Any], asked: PageAsked, lookups: Sequence[str]) -> QuerySet[Any]:
    """Leave the rows that have each word of the search in one of the lookups, such as `name__icontains`."""
    for word in asked.q.split():
        rows = rows.filter(reduce(or_, (Q(**{lookup: word}) for lookup in lookups)))
    return rows


def read_page(
    rows: QuerySet[Any], asked: PageAsked, write: Callable[[Any], T], *, order: Sequence[str]
) -> dict[str, Any]:
    """Give the asked page as `Page` has it.

    The order ends with the primary key, so that no row is on two pages or on none. Keys are found first, by an index
    alone where there is one: on a late page the database then passes over keys, not over whole rows.
    """
    last = "-pk" if order and order[-1].startswith("-") else "pk"
    first = (asked.page - 1) * asked.size
    keys = list(rows.order_by(*order, last).values_list("pk", flat=True)[first : first + asked.size])
    found = rows.order_by().in_bulk(keys)
    return {
        "items": [write(found[key]) for key in keys if key in found],
        "page": asked.page,
        "size": asked.size,
        "count": rows.order_by().count(),
    }
