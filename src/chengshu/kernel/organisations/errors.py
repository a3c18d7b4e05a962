"""Errors of organisations.

OrganisationError
├── OrganisationNotFound   there is none with this id or code
├── OrganisationInvalid    code, name or kind cannot be kept as given
├── CodeTaken              another organisation has the code
├── ChangeRefused          the tree cannot change so on this day
│   ├── ChangeInFuture     the day has not come: rights follow the tree at once
│   ├── ChangeTooEarly     something recorded later would be rewritten
│   ├── PlaceImpossible    the parent is of a lower kind, is below the organisation, or is not there on that day
│   ├── OrganisationEnded  the organisation has ended
│   └── HasChildren        others still belong to it
└── TableUnreadable        the table to be imported has no row that names its columns
"""

from chengshu.base.errors import ChengshuError


class OrganisationError(ChengshuError):
    """The root of the errors of organisations."""

    code = "ORGANISATION_ERROR"


class OrganisationNotFound(OrganisationError):
    """There is no organisation with this id or code."""

    code = "ORGANISATION_NOT_FOUND"


class OrganisationInvalid(OrganisationError):
    """Code, name or kind cannot be kept as given."""

    code = "ORGANISATION_INVALID"


class CodeTaken(OrganisationError):
    """Another organisation has the code."""

    code = "CODE_TAKEN"


class ChangeRefused(OrganisationError):
    """The tree cannot change so on this day."""

    code = "CHANGE_REFUSED"


class ChangeInFuture(ChangeRefused):
    """The day has not come; rights follow the tree at once, so a change is entered when it takes effect."""

    code = "CHANGE_IN_FUTURE"


class ChangeTooEarly(ChangeRefused):
    """Something recorded for a later day would be rewritten."""

    code = "CHANGE_TOO_EARLY"


class PlaceImpossible(ChangeRefused):
    """The parent is of a lower kind, is below the organisation itself, or is not there on that day."""

    code = "PLACE_IMPOSSIBLE"


class OrganisationEnded(ChangeRefused):
    """The organisation has ended and changes no more."""

    code = "ORGANISATION_ENDED"


class HasChildren(ChangeRefused):
    """Others still belong to the organisation."""

    code = "HAS_CHILDREN"


class TableUnreadable(OrganisationError):
    """The table to be imported has no row that names its columns."""

    code = "TABLE_UNREADABLE"
