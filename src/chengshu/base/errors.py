"""The root of every error that the house raises on purpose.

ChengshuError
├── documents.errors.DocumentError      a file that cannot be turned into rows
├── performance.errors.PerformanceError a form, rule set or batch at fault
└── kernel.*.errors                     accounts, files, jobs
"""

from typing import ClassVar


class ChengshuError(Exception):
    """An expected fault: says what happened, where, and what to do about it.

    `code` is stable and machine-readable; `message` is for people, in Chinese; `details` are the facts behind it
    as plain strings and numbers, so that no program has to parse the message.
    """

    code: ClassVar[str] = "ERROR"

    def __init__(self, message: str, **details: str | int | None) -> None:
        super().__init__(message)
        self.message = message
        self.details = details
