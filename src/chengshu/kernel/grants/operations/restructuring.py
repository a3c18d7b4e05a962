"""Changes of organisations by people: who may make them is asked here, what they do stands in `kernel.organisations`.

Renaming takes the right at the organisation. Whatever changes the tree takes it at what the organisation belongs to,
so that nobody ends, splits or moves away the very unit on which his own right rests; and at the new place as well.
"""

from collections.abc import Sequence
from datetime import date, datetime

from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from chengshu.kernel.accounts.facade import User
from chengshu.kernel.grants.queries import is_permitted, require, require_in_city
from chengshu.kernel.organisations import facade as organisations
from chengshu.kernel.organisations.facade import (
    ImportReceipt,
    NewOrganisation,
    Organisation,
    OrganisationInvalid,
    Part,
)

MANAGE = "organisations.manage"
IMPORT_REASON_LENGTH = 200


def found_below(new: NewOrganisation, *, actor: User, now: datetime, reason: str) -> Organisation:
    """Found an organisation below another one.

    Raises:
        PermissionRefused: the actor may not manage organisations there.
        OrganisationError: code, name, place or day cannot be, or no place is given.
    """
    if new.parent_id is None:
        raise OrganisationInvalid(_("请选择上级。"))
    require(actor, MANAGE, new.parent_id, on=localdate(now))
    return organisations.create_organisation(new, actor=actor, now=now, reason=reason)


def rename(organisation_id: int, name: str, *, on: date, actor: User, now: datetime, reason: str) -> None:
    """Give an organisation another name; raises PermissionRefused, OrganisationError."""
    require(actor, MANAGE, organisation_id, on=localdate(now))
    organisations.rename_organisation(organisation_id, name, on=on, actor=actor, now=now, reason=reason)


def move(organisation_id: int, parent_id: int, *, on: date, actor: User, now: datetime, reason: str) -> None:
    """Put an organisation with all below it under another one; raises PermissionRefused, OrganisationError."""
    require_structure(actor, organisation_id, now=now)
    require(actor, MANAGE, parent_id, on=localdate(now))
    organisations.move_organisation(organisation_id, parent_id, on=on, actor=actor, now=now, reason=reason)


def merge(organisation_id: int, into_id: int, *, on: date, actor: User, now: datetime, reason: str) -> None:
    """End an organisation and give what it has to another one; raises PermissionRefused, OrganisationError."""
    require_structure(actor, organisation_id, now=now)
    require(actor, MANAGE, into_id, on=localdate(now))
    organisations.merge_organisations([organisation_id], into_id, on=on, actor=actor, now=now, reason=reason)


def split(
    organisation_id: int, parts: Sequence[Part], *, on: date, actor: User, now: datetime, reason: str
) -> list[Organisation]:
    """End an organisation and found its parts at its place; raises PermissionRefused, OrganisationError."""
    require_structure(actor, organisation_id, now=now)
    return organisations.split_organisation(organisation_id, parts, on=on, actor=actor, now=now, reason=reason)


def end(organisation_id: int, *, on: date, actor: User, now: datetime, reason: str) -> None:
    """End an organisation without a successor; raises PermissionRefused, OrganisationError."""
    require_structure(actor, organisation_id, now=now)
    organisations.end_organisation(organisation_id, on=on, actor=actor, now=now, reason=reason)


def require_structure(actor: User, organisation_id: int, *, now: datetime) -> None:
    """Pass if the actor may change the organisation's place in the tree; raises PermissionRefused."""
    today = localdate(now)
    require(actor, MANAGE, _place(organisation_id, today), on=today)


def may_restructure(actor: User, organisation_id: int, *, on: date) -> bool:
    """Tell whether the actor may change the organisation's place in the tree."""
    return is_permitted(actor, MANAGE, _place(organisation_id, on), on=on)


def preview_import(table: Sequence[Sequence[str]], *, on: date, actor: User, now: datetime) -> ImportReceipt:
    """Tell what an import of the table would do, and do nothing.

    Raises:
        PermissionRefused: the actor does not manage the organisations of the whole city, any of which a table names.
        TableUnreadable, ChangeInFuture: the import could not begin.
    """
    require_in_city(actor, MANAGE, on=localdate(now))
    return organisations.preview_organisations(table, on=on, now=now)


def take_import(table: Sequence[Sequence[str]], *, on: date, actor: User, now: datetime, reason: str) -> ImportReceipt:
    """Import the table; raises as `preview_import` does."""
    require_in_city(actor, MANAGE, on=localdate(now))
    return organisations.import_organisations(table, on=on, actor=actor, now=now, reason=reason)


def _place(organisation_id: int, on: date) -> int:
    """Return what the organisation belongs to; a root belongs to itself."""
    ancestors = organisations.ancestors_on(organisation_id, on)
    return ancestors[-1].id if ancestors else organisation_id
