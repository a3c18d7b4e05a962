"""What crosses the boundary of accounts."""

from dataclasses import dataclass
from enum import StrEnum

from django.utils.translation import gettext_lazy as _


class Role(StrEnum):
    """What a person is called here beside the name; what he may do is a matter of grants."""

    OFFICER = "officer"
    REVIEWER = "reviewer"
    ADMIN = "admin"


ROLE_LABELS = {Role.OFFICER: _("绩效专员"), Role.REVIEWER: _("财政复核"), Role.ADMIN: _("管理员")}


@dataclass(frozen=True, slots=True)
class NewAccount:
    """What is needed to open an account; `password` is plain and is stored hashed only. None: comes in otherwise."""

    login_name: str
    display_name: str
    organisation_name: str
    role: Role
    password: str | None
