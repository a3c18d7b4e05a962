"""Errors of lists.

ListTooLong   more rows than the wanted file can hold
"""

from chengshu.base.errors import ChengshuError


class ListTooLong(ChengshuError):
    """The list has more rows than the wanted file can hold."""

    code = "LIST_TOO_LONG"
