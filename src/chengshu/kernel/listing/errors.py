"""Errors of lists.

ListTooLong          more rows than the wanted file can hold
SavedViewError       a view of a list cannot be kept or is not there
├── ViewNameInvalid  the name is empty, too long or has signs that nobody sees
├── ViewNameTaken    the person has a view of this name for this list
├── ViewTooLong      search and filters together are too long to be kept
├── TooManyViews     the person has as many views of this list as one may have
└── ViewNotFound     there is none, or it is somebody else's
"""

from chengshu.base.errors import ChengshuError


class ListTooLong(ChengshuError):
    """The list has more rows than the wanted file can hold."""

    code = "LIST_TOO_LONG"


class SavedViewError(ChengshuError):
    """The root of the errors of saved views."""

    code = "SAVED_VIEW_ERROR"


class ViewNameInvalid(SavedViewError):
    """The name is empty, too long or has signs that nobody sees."""

    code = "VIEW_NAME_INVALID"


class ViewNameTaken(SavedViewError):
    """The person has a view of this name for this list."""

    code = "VIEW_NAME_TAKEN"


class ViewTooLong(SavedViewError):
    """Search and filters together are too long to be kept."""

    code = "VIEW_TOO_LONG"


class TooManyViews(SavedViewError):
    """The person has as many views of this list as one may have."""

    code = "TOO_MANY_VIEWS"


class ViewNotFound(SavedViewError):
    """There is no such view, or it is somebody else's."""

    code = "VIEW_NOT_FOUND"
