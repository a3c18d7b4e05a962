"""Errors of identity.

IdentityError
├── FactorWrong         the code or the passkey was not right
├── FactorRequired      the last second factor of somebody whose role demands one is not to be removed
├── FactorTwice         there is such a factor already
├── FactorNotFound      the person has no such factor
├── StepLost            the first step of a log-in is too long ago, or never was
├── CityLoginRefused    the city's identity provider, or what it answered, does not let this person in
├── ApplicationInvalid  an application cannot be registered like this
└── KeyUnreadable       a kept signing key is damaged
"""

from chengshu.base.errors import ChengshuError


class IdentityError(ChengshuError):
    """The root of the errors of identity."""

    code = "IDENTITY_ERROR"


class FactorWrong(IdentityError):
    """The code or the passkey was not right; which of them is not told."""

    code = "FACTOR_WRONG"


class FactorRequired(IdentityError):
    """The last second factor of somebody whose role demands one is not to be removed."""

    code = "FACTOR_REQUIRED"


class FactorTwice(IdentityError):
    """There is such a factor already."""

    code = "FACTOR_TWICE"


class FactorNotFound(IdentityError):
    """The person has no such factor."""

    code = "FACTOR_NOT_FOUND"


class StepLost(IdentityError):
    """The first step of a log-in is too long ago, or never was."""

    code = "STEP_LOST"


class CityLoginRefused(IdentityError):
    """The city's identity provider, or what it answered, does not let this person in."""

    code = "CITY_LOGIN_REFUSED"


class ApplicationInvalid(IdentityError):
    """An application cannot be registered like this."""

    code = "APPLICATION_INVALID"


class KeyUnreadable(IdentityError):
    """A kept signing key is damaged."""

    code = "KEY_UNREADABLE"
