"""What crosses the boundary of accounts."""

from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """What a person does here; each role is a Django group of the same name."""

    OFFICER = "officer"
    REVIEWER = "reviewer"
    ADMIN = "admin"


ROLE_LABELS = {Role.OFFICER: "绩效专员", Role.REVIEWER: "财政复核", Role.ADMIN: "管理员"}


@dataclass(frozen=True, slots=True)
class NewAccount:
    """What is needed to open an account; `password` is plain and is stored hashed only."""

    login_name: str
    display_name: str
    organisation_name: str
    role: Role
    password: str
