"""Errors of grants.

GrantError
├── PermissionRefused    the account may not do this; answered by 403 and audited
│   └── ExistenceHidden  the account may not even know that the thing exists; answered by 404 and audited
├── RegistrationWrong    a role or permission is registered twice or not at all; a fault of the program
├── GrantNotFound        there is no such grant in sight
├── GrantInvalid         role, days, scope or reason cannot be kept as given
├── GrantTwice           the account has this role there already
├── GrantEnded           the grant has ended before
├── SelfGrant            nobody gives grants to himself
├── MoreThanHeld         nobody gives or takes what he does not hold himself
└── LastAdministrator    nobody would be left who can give grants there
"""

from chengshu.base.errors import ChengshuError


class GrantError(ChengshuError):
    """The root of the errors of grants."""

    code = "GRANT_ERROR"


class PermissionRefused(GrantError):
    """The account may not do this."""

    code = "PERMISSION_REFUSED"


class ExistenceHidden(PermissionRefused):
    """The account may not do this, and is not to learn whether the thing exists."""

    code = "EXISTENCE_HIDDEN"


class RegistrationWrong(GrantError):
    """A role or permission is registered twice or not at all."""

    code = "REGISTRATION_WRONG"


class GrantNotFound(GrantError):
    """There is no such grant in sight."""

    code = "GRANT_NOT_FOUND"


class GrantInvalid(GrantError):
    """Role, days, scope or reason cannot be kept as given."""

    code = "GRANT_INVALID"


class GrantTwice(GrantError):
    """The account has this role there already, on one of the days."""

    code = "GRANT_TWICE"


class GrantEnded(GrantError):
    """The grant has ended before."""

    code = "GRANT_ENDED"


class SelfGrant(GrantError):
    """Nobody gives grants to himself."""

    code = "SELF_GRANT"


class MoreThanHeld(GrantError):
    """Nobody gives or takes what he does not hold himself."""

    code = "MORE_THAN_HELD"


class LastAdministrator(GrantError):
    """Nobody would be left who can give grants there."""

    code = "LAST_ADMINISTRATOR"
