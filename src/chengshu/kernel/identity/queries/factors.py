"""Reads of second factors."""

from datetime import date

from allauth.mfa.models import Authenticator
from django.conf import settings

from chengshu.kernel.accounts.facade import User
from chengshu.kernel.grants.facade import Grant
from chengshu.kernel.identity.contracts import FACTOR_LABELS, Factor, FactorKind


def list_factors(user: User) -> list[Factor]:
    """Return the person's second factors, the oldest first."""
    return [_factor(row) for row in Authenticator.objects.filter(user=user).order_by("created_at", "pk")]


def has_factors(user: User) -> bool:
    """Tell whether the person can be asked for a second factor."""
    return bool(Authenticator.objects.filter(user=user).exclude(type=FactorKind.RECOVERY_CODES).exists())


def is_factor_required(user: User, *, on: date) -> bool:
    """Tell whether a role that the person holds anywhere demands a second factor."""
    roles: frozenset[str] = settings.SECOND_FACTOR_ROLES
    return bool(roles) and Grant.objects.filter(account=user, role__in=roles).in_force_on(on).exists()


def _factor(row: Authenticator) -> Factor:
    kind = FactorKind(row.type)
    wrapped = row.wrap()
    return Factor(
        id=row.pk,
        kind=kind,
        name=wrapped.name if kind is FactorKind.PASSKEY else str(FACTOR_LABELS[kind]),
        created_at=row.created_at,
        last_used_at=row.last_used_at,
        left=len(wrapped.get_unused_codes()) if kind is FactorKind.RECOVERY_CODES else None,
    )
