"""The filters that the lists share: by the values of a column, or by named conditions."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial, reduce
from operator import or_
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.functional import Promise
from django.utils.timezone import localdate

from chengshu.kernel.accounts.facade import User
from chengshu.kernel.listing.facade import Choice, Filter
from chengshu.performance import facade
from chengshu.performance.ui.wording import words

Rows = QuerySet[Any]


def by_column(viewer: User, column: str, label: Promise, *, lookup: str, name: Callable[[str], str] = str) -> Filter:
    """Filter by the values that a column of the viewer's forms has; `name` writes them for people."""

    def choices() -> list[Choice]:
        return [Choice(value, name(value)) for value in facade.list_values(viewer, column, on=localdate())]

    return Filter(column, label, choices, partial(narrow_in, lookup))


def by_condition(key: str, label: Promise, named: Mapping[str, tuple[Promise, Q]]) -> Filter:
    """Filter by named conditions, any of which may hold."""

    def choices() -> list[Choice]:
        return [Choice(name, shown) for name, (shown, _condition) in named.items()]

    def narrow(rows: Rows, values: Sequence[str]) -> Rows:
        return rows.filter(reduce(or_, (named[value][1] for value in values)))

    return Filter(key, label, choices, narrow)


def by_batch(viewer: User, label: Promise, *, lookup: str) -> Filter:
    """Filter by the viewer's batches, newest first."""

    def choices() -> list[Choice]:
        rows = facade.list_batches(viewer, on=localdate()).order_by("-created_at").values_list("pk", "name")
        return [Choice(str(pk), name) for pk, name in rows]

    return Filter("batch", label, choices, partial(narrow_in, lookup))


def narrow_in(lookup: str, rows: Rows, values: Sequence[str]) -> Rows:
    """Leave the rows whose column has one of the values."""
    return rows.filter(**{f"{lookup}__in": list(values)})


def list_code_choices(viewer: User) -> list[Choice]:
    """Offer the classes of the viewer's findings by name."""
    named = words()
    return [Choice(code, named.code(code)) for code in facade.list_codes(viewer, on=localdate())]


def list_level_choices() -> list[Choice]:
    """Offer the levels by name."""
    return [Choice(level, name) for level, name in words().levels.items()]
