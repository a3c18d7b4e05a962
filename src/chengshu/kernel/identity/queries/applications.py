"""Reads of applications: those that let people in by us, and what a person authorised."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, Max, Q, QuerySet
from oauth2_provider.models import AccessToken, Application, RefreshToken

from chengshu.kernel.accounts.facade import User
from chengshu.kernel.grants.facade import Grant


@dataclass(frozen=True, slots=True)
class Authorisation:
    """An application that may ask about a person. `used_at` is when it got its last token."""

    id: int
    name: str
    used_at: datetime


def list_applications() -> QuerySet[Application]:
    """Return the registered applications, unordered, each with `people`: how many have tokens of it that live."""
    people = Count("refreshtoken__user", Q(refreshtoken__revoked=None), distinct=True)
    rows: QuerySet[Application] = Application.objects.annotate(people=people)
    return rows


def list_authorisations(user: User, *, now: datetime) -> list[Authorisation]:
    """Return the applications that hold tokens of the person, by name."""
    living = RefreshToken.objects.filter(user=user, revoked=None).values("application")
    running = AccessToken.objects.filter(user=user, expires__gt=now).values("application")
    rows = Application.objects.filter(Q(pk__in=living) | Q(pk__in=running))
    used = Max("refreshtoken__created", filter=Q(refreshtoken__user=user))
    found = rows.annotate(used_at=used).order_by("name", "pk")
    return [Authorisation(row.pk, row.name, row.used_at or row.updated) for row in found]


def list_organisation_codes(user: User, *, on: date) -> list[str]:
    """Return the codes of the organisations where the person has a role that day."""
    codes = Grant.objects.filter(account=user).in_force_on(on).values_list("organisation__code", flat=True)
    return sorted(set(codes))
