"""Errors of the official calendar.

CalendarError
└── NoticeInvalid   a file of notices cannot be read, or its days contradict each other
"""

from chengshu.base.errors import ChengshuError


class CalendarError(ChengshuError):
    """The root of the errors of the official calendar."""

    code = "CALENDAR_ERROR"


class NoticeInvalid(CalendarError):
    """A file of notices cannot be read, or its days contradict each other or the week."""

    code = "NOTICE_INVALID"
