"""What a viewer holds, and which organisations lie beneath: read at once, and kept while one page is made.

A page asks a dozen times what its viewer may see. What he holds is a handful of rows, the same each time; while a
request only reads, they are read once. Whatever writes reads them anew each time.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar, cast

from chengshu.kernel.grants.contracts import Viewer
from chengshu.kernel.grants.models import Grant, GrantQuerySet
from chengshu.kernel.organisations.facade import Ancestry, Kind, Organisation

MOST_NAMED = 100
"""Up to so many organisations are named by their ids, from which a database guesses well how many rows they have."""

T = TypeVar("T")
_kept: ContextVar[dict[Any, Any] | None] = ContextVar("chengshu_grants_kept", default=None)


@dataclass(frozen=True, slots=True)
class Holding:
    """A grant in force, as rights look at it. `scope_kind` is empty for one that is not limited to a subject."""

    role: str
    place: int
    is_city: bool
    scope_kind: str
    scope_id: int | None


@contextmanager
def keep_while_reading() -> Iterator[None]:
    """Keep what is read here until the block ends; what is changed meanwhile may not show in it."""
    token = _kept.set({})
    try:
        yield
    finally:
        _kept.reset(token)


def grants_of(viewer: Viewer, *, on: date) -> GrantQuerySet:
    """Return the viewer's own grants that held that day; none for an account that is closed."""
    if not viewer.is_active or viewer.pk is None:
        return Grant.objects.none()
    return Grant.objects.filter(account=viewer.pk).in_force_on(on)


def list_holdings(viewer: Viewer, *, on: date) -> tuple[Holding, ...]:
    """Return what the viewer holds that day, by organisation."""
    if not viewer.is_active or viewer.pk is None:
        return ()

    def read() -> tuple[Holding, ...]:
        columns = ("role", "organisation_id", "organisation__kind", "scope_kind", "scope_id")
        rows = grants_of(viewer, on=on).order_by("organisation_id", "scope_kind", "scope_id", "pk")
        return tuple(
            Holding(role, place, kind == Kind.CITY, scope_kind, scope_id)
            for role, place, kind, scope_kind, scope_id in rows.values_list(*columns)
        )

    return _keep(("holdings", viewer.pk, on), read)


def ids_beneath(places: frozenset[int]) -> tuple[int, ...] | None:
    """Return the ids of the organisations and of all beneath them; None where they are more than can be named."""

    def read() -> tuple[int, ...] | None:
        beneath = Ancestry.objects.filter(ancestor__in=places).order_by("descendant_id")
        found = tuple(beneath.values_list("descendant_id", flat=True).distinct()[: MOST_NAMED + 1])
        return found if len(found) <= MOST_NAMED else None

    return _keep(("beneath", places), read)


def is_everything(places: frozenset[int]) -> bool:
    """Tell whether there is no organisation that does not lie beneath these."""

    def read() -> bool:
        beneath = Ancestry.objects.filter(ancestor__in=places).values("descendant_id")
        return not Organisation.objects.exclude(pk__in=beneath).exists()

    return _keep(("everything", places), read)


def _keep(key: object, read: Callable[[], T]) -> T:
    kept = _kept.get()
    if kept is None:
        return read()
    if key not in kept:
        kept[key] = read()
    return cast("T", kept[key])
