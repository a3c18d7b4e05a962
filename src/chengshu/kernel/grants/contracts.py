"""What crosses the boundary of grants."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Protocol

from django.utils.functional import Promise

Text = str | Promise

EVERYTHING = "*"
"""In a role's permissions: every permission that is registered, now or later."""
ALL_READING = "read:*"
"""In a role's permissions: every registered permission that only reads."""


class HouseRole(StrEnum):
    """The roles that the house itself knows; domains may register others."""

    OFFICER = "officer"
    DEPARTMENT_REVIEWER = "department_reviewer"
    FINANCE_REVIEWER = "finance_reviewer"
    AUDITOR = "auditor"
    ADMIN = "admin"
    TICKET_HANDLER = "ticket_handler"


class Viewer(Protocol):
    """The part of an account that rights look at."""

    pk: int
    is_active: bool


@dataclass(frozen=True, slots=True)
class Permission:
    """One thing that may be done. `key` is domain and verb; `is_reading` when it changes nothing."""

    key: str
    label: Text
    is_reading: bool = False


@dataclass(frozen=True, slots=True)
class RoleSpec:
    """A role: a name for permissions that go together. `permissions` may hold EVERYTHING or ALL_READING."""

    key: str
    label: Text
    permissions: frozenset[str]
    description: Text


@dataclass(frozen=True, slots=True)
class NewGrant:
    """What is needed to give a grant.

    It holds from `since` until before `until` (None: without an end), for the organisation and all below it. `scope`
    is empty for everything there, or the one subject that it is limited to, such as `project:12`.
    """

    account_id: int
    role: str
    organisation_id: int
    since: date
    reason: str
    until: date | None = None
    scope: str = ""
